"""The History section of the Towers page: the gain of each idea in 2012 and in 2017."""

import streamlit as st

from alexnet_viz.analysis.history import (
    FILES,
    IDEAS,
    RETEST_FILES,
    RETEST_SOURCE,
    RUNS,
    SOURCE,
    Idea,
    Run,
    agrees,
    cost,
    gain,
)
from alexnet_viz.render.charts.history import gains
from alexnet_viz.render.tables.history import (
    history_record,
    ideas_table,
    points,
    runs_table,
    signed,
)
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.components.chart import chart
from alexnet_viz.ui.components.downloads import download_menu, grid_file
from alexnet_viz.ui.components.plate import plate
from alexnet_viz.ui.components.table_view import grid_table
from alexnet_viz.variants import VARIANTS
from alexnet_viz.variants.traces import variant_trace

PER_ROW = 2
"""Ideas in a row."""


def history_section() -> None:
    """Draw it."""
    params = {run.variant: variant_trace(VARIANTS[run.variant]).params for run in RUNS.values()}
    st.header(t("history.figure_title"), anchor=False)
    parts = "; ".join(
        f"{idea.title.of(language())} {signed(gain(idea), 2)}"
        + (f" / {signed(idea.retest.gain, 1)}" if idea.retest else "")
        for idea in IDEAS
    )
    chart(gains(language()), "history.gains", t("history.alt", parts=parts))
    st.caption(t("history.caption"))
    st.markdown(t("history.lead"))
    for first in range(0, len(IDEAS), PER_ROW):
        places = st.columns(PER_ROW, gap="medium")
        for idea, place in zip(IDEAS[first : first + PER_ROW], places, strict=False):
            with place:
                _idea(idea, params)
    st.header(t("history.runs"), anchor=False)
    runs = runs_table(params, language()).grid
    plate(table=grid_table(runs, list(RUNS)), key="history.runs", pickable=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(t("history.architectures"))
        for run in RUNS.values():
            _link(run, run.id)
    st.caption(t("history.runs_caption"))
    for run in RUNS.values():
        if run.caveat and run.against is None:  # others are shown with their ideas
            st.caption(t("history.about_run", run=run.id, caveat=run.caveat.of(language())))
    st.caption(t("history.caveats"))
    logs = f"[{SOURCE}]({FILES}/layers)"
    retest = f"[{escaped(RETEST_SOURCE)}]({RETEST_FILES})"
    st.caption(f"{t('history.source', source=logs)}  \n{t('history.retest_source', source=retest)}")
    record = history_record(params, language())
    ideas = grid_file(ideas_table(language()).grid, record, "alexnet_ideas")
    download_menu(ideas, grid_file(runs, record, "alexnet_runs"), key="history")


def _idea(idea: Idea, params: dict[str, int]) -> None:
    """The results of 2012 and 2017 for one idea, and a link to the architecture without it."""
    run = RUNS[idea.without]
    st.markdown(
        t("history.idea_says", title=idea.title.of(language()), says=idea.says.of(language()))
    )
    lines = [
        t("history.told_2012", run=run.id, url=run.url, cost=points(cost(run)), stated=_stated(run))
    ]
    if run.caveat:
        lines.append(t("history.caveat", caveat=run.caveat.of(language())))
    if idea.retest:
        lines.append(
            t(
                "history.told_2017",
                url=idea.retest.url,
                with_it=idea.retest.with_it,
                without=idea.retest.without,
                note=idea.retest.note.of(language()),
            )
        )
    st.markdown("\n".join(f"- {line}" for line in lines))
    _link(run, t("history.open", params=params[run.variant]))


def _link(run: Run, label: str) -> None:
    """A link to a run's architecture."""
    st.page_link(
        "pages/architecture.py",
        label=label,
        icon=":material/account_tree:",
        query_params={"variant": run.variant},
        width="content",
    )


def _stated(run: Run) -> str:
    """The cost of a change according to the paper, and whether its log agrees."""
    if run.stated is None:
        return t("history.stated_nothing")
    said = points(run.stated, 1)
    if agrees(run):
        return t("history.stated_same", stated=said, where=run.stated_where)
    return t("history.stated_other", stated=said, where=run.stated_where)
