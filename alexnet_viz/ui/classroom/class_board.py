"""What a class answered: its codes are pasted, and every exercise has a histogram.

Nothing is stored: the codes are in the session's field, and no link can carry them.
"""

import streamlit as st

from alexnet_viz.render.diagrams.graph.bars import bars
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.teaching.sheets.board import Board, Item, Outcome, board
from alexnet_viz.teaching.slips.diagnosis import said
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.components.downloads import download_menu, grid_file
from alexnet_viz.ui.components.plate import plate

MOST_LETTERS = 40_000


def class_board() -> None:
    """Draw the field for the codes right, and the histograms left."""
    left, right = st.columns([62, 38], gap="large")
    with right:
        st.text_area(
            t("board.paste"), height=260, max_chars=MOST_LETTERS,
            **state.bound("codes", value=state.use("codes") or ""),
        )  # fmt: skip
        found = board(state.get("codes") or "")
        _lines(found)
        if found.sheet:
            record = [dict(zip(_header(), row, strict=True)) for row in _rows(found)]
            name = f"alexnet_class_{found.sheet.seed}"
            download_menu(grid_file(_grid(found), record, name, t("board.file")), key="board")
    with left:
        st.markdown(_sentence(found) if found.sheet else t("board.empty"))
        for number, item in enumerate(found.items, 1):
            _item(number, item)
        if any(item.of("other") for item in found.items):
            st.caption(t("board.other_says"))


def _lines(found: Board) -> None:
    """Say which lines do not count, and which count once."""
    words = {line: t("board.twice", line=line, first=first) for line, first in found.repeated}
    for line, problem in found.refused:
        why = escaped(problem.explained(language()))
        words[line] = t("board.line", line=line, why=why)
    if words:
        st.warning("  \n".join(words[line] for line in sorted(words)))


def _sentence(found: Board) -> str:
    assert found.sheet
    worst = min(found.items, key=lambda item: item.of("right"))
    answers = found.counted * len(found.items)
    versions = (t("board.of_version", letter=it, n=n) for it, n in found.versions.items())
    return t(
        "board.says",
        n=found.counted,
        seed=found.sheet.seed,
        versions=", ".join(versions) if language() == "en" else "，".join(versions),
        share=100 * sum(item.of("right") for item in found.items) / answers,
        number=found.items.index(worst) + 1,
        title=t(f"exercise.title.{worst.entry.generator}"),
        right=worst.of("right"),
    )


def _item(number: int, item: Item) -> None:
    title = t(f"exercise.title.{item.entry.generator}")
    st.subheader(t("board.item", number=number, title=title), anchor=False)
    outcomes = list(item.counts)
    svg = bars(
        [(name_of(each), item.counts[each]) for each in outcomes],
        title=t("board.chart", number=number),
        shares=True,
        lit=[place for place, each in enumerate(outcomes) if each.group == "right"],
        hatched=[place for place, each in enumerate(outcomes) if each.group == "other"],
    )
    plate(svg, key=f"board.{number}", pickable=False, smallest=300)
    examples = {each: it for each, it in item.examples.items() if each.group != "right"}
    if examples:
        with st.expander(t("board.examples")):
            for each, diagnosis in examples.items():
                words = said(diagnosis, language())
                st.markdown(t("board.example", name=name_of(each), said=escaped(words)))


def name_of(outcome: Outcome) -> str:
    """An outcome in a few words."""
    if outcome.group == "slip":
        return t(f"slip_name.{outcome.name}")
    if outcome.group == "other":
        return t("board.other_is", what=t(f"board.answers.{outcome.name}"))
    return t(f"board.{outcome.group}")


def _header() -> tuple[str, ...]:
    columns = ("number", "exercise", "difficulty", "group", "what", "count", "share")
    return tuple(t(f"board.{name}") for name in columns)


def _rows(found: Board) -> list[tuple[int | float | str, ...]]:
    return [
        (
            number,
            t(f"exercise.title.{item.entry.generator}"),
            item.entry.tier,
            t(f"board.{outcome.group}"),
            name_of(outcome),
            count,
            round(100 * count / found.counted, 1),
        )
        for number, item in enumerate(found.items, 1)
        for outcome, count in item.counts.items()
    ]


def _grid(found: Board) -> Grid:
    return Grid("", _header(), tuple(_rows(found)), frozenset((1, 3, 4)))
