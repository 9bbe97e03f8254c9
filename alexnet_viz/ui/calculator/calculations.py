"""Parts of the Calculator page: one window, a chain of layers, and the 224/227 table."""

from dataclasses import replace
from typing import Any, cast

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from alexnet_viz.analysis.formulas import output_size_formula
from alexnet_viz.analysis.inputs.case_224 import figures
from alexnet_viz.network.geometry import (
    MAX_INPUT_SIZE,
    ROUNDINGS,
    Rounding,
    output_size,
    sizes_giving,
    slide,
)
from alexnet_viz.network.layers import Conv
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.render.diagrams.ruler import ruler
from alexnet_viz.render.tables.cases import cases_table
from alexnet_viz.render.tables.trace_table import trace_table
from alexnet_viz.text.problem import Problem, Problems
from alexnet_viz.ui.app import chain_link, library, state
from alexnet_viz.ui.app.words import escaped, labels, language, offered, t
from alexnet_viz.ui.components import network_picker, summary
from alexnet_viz.ui.components.downloads import Files, drawing_file, grid_file, layers_file
from alexnet_viz.ui.components.plate import plate
from alexnet_viz.ui.components.table_view import grid_table
from alexnet_viz.ui.components.window_words import window_words
from alexnet_viz.variants import VARIANTS

PAPER, WORKS_WITH_FLOOR = "alexnet_2012_paper", "alexnet_2012_227"
WINDOW = ("w", "f", "s", "before", "after", "d")
MOST_STEPS = 200
"""Most rows of the table that are computed."""
BASE, TURN, WRITTEN = "_chain.base", "_chain.turn", "_chain.written"
RESULT = ("name", "output_shape", "quotient", "padding", "params", "macs", "receptive_field")


def verdict() -> None:
    """Show which of 224 and 227 is right: both, and why."""
    other = VARIANTS[WORKS_WITH_FLOOR].input_size
    st.markdown(t("calculator.verdict", **figures(), other=other))


def _rule() -> Rounding:
    """The chosen rounding rule; a fresh page begins with the paper's conv1, which rounds up.

    A link from before the rule was always written means rounding down.
    """
    if state.use("rule") is None:
        fresh = all(map(state.is_default, WINDOW))
        conv1 = VARIANTS[PAPER]["conv1"]
        assert isinstance(conv1, Conv)
        state.put("rule", conv1.rounding if fresh else "floor")
    return cast("Rounding", state.get("rule"))


def one_window() -> tuple[DeltaGenerator, list[Files]]:
    """Show one window's ruler and N, the inputs (W, F, S, P, rule) below, and the inverse.

    Returns the place of the Download menu, and the drawing for it.
    """
    drawings: list[Files] = []
    rule = _rule()
    size, kernel, stride, before, after, dilation = (state.use(choice) for choice in WINDOW)
    try:
        window = slide(size, kernel, stride, (before, after), dilation, rule)
    except Problem as problem:
        st.warning(escaped(problem.explained(language())))
    else:
        svg = ruler(window, language())
        plate(svg, key="window", pickable=False)
        drawings.append(drawing_file(svg, "window", t("calculator.window")))
        left, right = st.columns([2, 3], vertical_alignment="center")
        with left:
            st.latex(output_size_formula(window))
        with right:
            window_words(window)
    for place, choice in zip(st.columns(6), WINDOW, strict=True):
        with place:
            st.number_input(t(f"calculator.{choice}"), **state.number(choice))
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"
    ):
        st.segmented_control(t("choose.rounding"), required=True, **offered("choose.rule.", "rule"))
        menu = st.container(width="content")
    left, right = st.columns([1, 4], vertical_alignment="bottom")
    with left:
        st.number_input(t("calculator.want"), **state.number("want"))
    with right:
        wanted = state.get("want")
        found = sizes_giving(
            wanted, lambda w: output_size(w, kernel, stride, (before, after), dilation, rule)
        )
        st.markdown(_range_words("calculator.inputs", found, wanted=wanted))
    st.caption(t("layer.ruler_caption"))
    return menu, drawings


def _range_words(key: str, found: range, **values: object) -> str:
    if not found:
        return t(f"{key}_none", **values)
    if len(found) == 1:
        return t(f"{key}_one", low=found[0], **values)
    if found[-1] == MAX_INPUT_SIZE:
        return t(f"{key}_from", low=found[0], **values)
    return t(key, low=found[0], high=found[-1], count=len(found), **values)


def repairs() -> Files:
    """Show input, padding and rounding, and the resulting conv1, pool5, fc6 and parameters."""
    table = cases_table(language())
    plate(
        key="repairs",
        table=grid_table(table.grid, [case.key for case in table.rows]),
        pickable=False,
    )
    st.caption(t("calculator.case_caption", **figures()))
    return grid_file(table.grid, table.records, "alexnet_224_227")


def chain() -> list[Files]:
    """Show the windows of a network in an editable table, recomputed after every change."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        network_picker.variant_box(width=330)
        network_picker.size_box(width=130)
        st.button(
            t("calculator.reset"),
            key="chain.reset",
            icon=":material/undo:",
            on_click=state.put,
            args=("chain", None),
        )
    network = library.networks()[state.get("variant")]
    edited = _editor(network)
    try:
        size = state.get("input") or network.input_size
        spec = Network.from_dict(chain_link.spec(edited, network.input_shape[0], size))
    except Problems as problem:
        st.warning("\n".join(f"- {escaped(line)}" for line in problem.sentences(language())))
        return []
    result = trace(spec)
    summary.failure(result)
    _chain_table(result)
    _chain_inverse(spec)
    return [layers_file(result, list(RESULT), t("calculator.chain"))]


def _editor(network: Network) -> chain_link.Chain:
    """The editable table of steps; its edits become the choice ``chain``.

    Streamlit keeps a table's edits separate from the rows it was first given.  So new rows are
    given only when something else has changed them: another network, a link, Back, the button, the
    language (which renames the columns), or a return to this page.
    """
    chain, own = state.use("chain"), chain_link.of(network)
    base, made_for = st.session_state.get(BASE, (None, None))
    now = (network.id, language())
    if made_for and made_for[0] != network.id and chain == st.session_state.get(WRITTEN):
        chain = None  # another network was chosen, and the link has no chain
    if made_for != now or chain != st.session_state.get(WRITTEN) or state.arrived():
        base = chain or own
        st.session_state[BASE] = (base, now)
        st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    whole: dict[str, Any] = {
        name: st.column_config.NumberColumn(t(f"calculator.field.{name}"), min_value=0, step=1)
        for name in chain_link.NUMBERS
    }
    steps = pd.DataFrame(base, columns=list(chain_link.FIELDS))
    frame = _edited(
        steps.astype(dict.fromkeys(chain_link.NUMBERS, "Int64")),
        {
            **whole,
            "name": st.column_config.TextColumn(t("column.name"), required=True),
            "kind": st.column_config.SelectboxColumn(
                t("column.kind"), options=chain_link.KINDS, required=True,
                format_func=labels("kind.", chain_link.KINDS),
            ),
            "rounding": st.column_config.SelectboxColumn(
                t("column.rounding"),
                options=ROUNDINGS,
                required=True,
                format_func=labels("rounding.", ROUNDINGS),
            ),
        },
    )  # fmt: skip
    edited = tuple(
        {key: None if pd.isna(value) else value for key, value in step.items()}
        for step in frame.head(MOST_STEPS).to_dict("records")
    )
    if len(frame) > MOST_STEPS:
        st.warning(t("calculator.too_many", count=len(frame), most=MOST_STEPS))
    st.session_state[WRITTEN] = edited if edited and edited != own else None
    state.put("chain", st.session_state[WRITTEN])
    if edited and not chain_link.linkable(edited):
        st.info(
            t("calculator.not_linkable", steps=chain_link.MAX_STEPS), icon=":material/link_off:"
        )
    return edited


def _edited(steps: pd.DataFrame, columns: dict[str, Any]) -> pd.DataFrame:
    """The steps with the edits that the browser reports.

    Edits of rows or columns that the table lacks come from another table or from nobody's hand:
    they are dropped and said, and a fresh table is drawn.
    """

    def editor() -> pd.DataFrame:
        return st.data_editor(
            steps,
            num_rows="dynamic",
            placeholder="–",
            hide_index=True,
            key=f"chain.editor.{st.session_state[TURN]}",
            column_config=columns,
        )

    try:
        return editor()
    except (LookupError, ValueError, TypeError, AttributeError):
        st.session_state[TURN] += 1
        st.warning(t("calculator.no_such_row", last=len(steps)), icon=":material/grid_off:")
        return editor()


def _chain_table(result: Trace) -> None:
    """Show what comes out of every step, and the totals."""
    grid = trace_table(result, RESULT, language()).grid
    # a layer without parameters has none to count
    rows = tuple(tuple(None if cell == 0 else cell for cell in row) for row in grid.rows)
    table = grid_table(replace(grid, rows=rows), [row.name for row in result.rows])
    plate(key="chain.table", table=table, pickable=False)
    if not result.failure:
        st.markdown(
            t("calculator.chain_total", n=result.rows[-1].elements, params=result.params,
              macs=result.macs)
        )  # fmt: skip


def _chain_inverse(network: Network) -> None:
    left, right = st.columns([1, 4], vertical_alignment="bottom")
    with left:
        st.number_input(t("calculator.features"), **state.number("features"))

    def arriving(size: int) -> int:
        result = trace(network, size)
        return 0 if result.failure else result.rows[-1].elements

    with right:
        wanted = state.get("features")
        found = sizes_giving(wanted, arriving)
        st.markdown(_range_words("calculator.inputs", found, wanted=f"{wanted:,}"))
