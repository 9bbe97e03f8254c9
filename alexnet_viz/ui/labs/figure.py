"""What a lab shows: its pictures, the sentences that say what they mean, its tables."""

import re
from functools import partial
from typing import Any

import streamlit as st

from alexnet_viz.teaching.labs.lab import Lab, Look
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.components.downloads import Files, drawing_file, grid_file
from alexnet_viz.ui.components.plate import plate
from alexnet_viz.ui.components.table_view import grid_table
from alexnet_viz.ui.labs import lab_state
from alexnet_viz.ui.labs.lab_state import Bench
from alexnet_viz.ui.labs.lab_words import say
from alexnet_viz.ui.labs.live_network import live

SMALLEST = 300
"""Pixels below which a lab's drawing scrolls instead of shrinking."""

LEAST = 14
"""Pixels of a drawing's smallest text."""

LOW = 0.7
"""Height of drawings by their width up to which they stay in view while the page scrolls."""


def looked_at(lab: Lab, values: dict[str, Any]) -> Look:
    """What the values lead to."""
    if lab.runs_at(values):
        with st.spinner(t("maps.running")):
            return lab.look({**values, "live": live()}, say(lab))
    return lab.look(values, say(lab))


def is_low(look: Look) -> bool:
    """Whether the drawings leave room for something else in a window."""
    sides = [
        re.match(r'<svg[^>]* width="(\d+)" height="(\d+)"', each.svg) for each in look.drawings
    ]
    return sum(int(each[2]) / int(each[1]) for each in sides if each) <= LOW


def show_drawings(look: Look, at: Bench) -> None:
    """Show the pictures; a frame that is moved on one sets controls."""
    for number, drawing in enumerate(look.drawings):
        plate(
            drawing.svg,
            key=f"{at.place}.{number}" if number else at.place,
            pickable=False,
            smallest=SMALLEST,
            least=LEAST,
            hold=partial(lab_state.put_all, at),
        )
        if drawing.caption:
            st.caption(drawing.caption)


def show_sentences(look: Look) -> None:
    """Show what the pictures mean, and the tables."""
    for sentence in look.sentences:
        st.markdown(sentence)


def show_tables(look: Look, place: str) -> None:
    """Show the tables, under the pictures."""
    for number, table in enumerate(look.tables):
        names = [str(n) for n in range(len(table.grid.rows))]
        plate(key=f"{place}.table{number}", table=grid_table(table.grid, names), pickable=False)
        if table.caption:
            st.caption(table.caption)


def files(lab: Lab, look: Look) -> list[Files]:
    """What can be taken away."""
    found = [drawing_file(each.svg, each.file, each.caption) for each in look.drawings]
    for table in look.tables:
        record = [dict(zip(table.grid.header, row, strict=True)) for row in table.grid.rows]
        found.append(grid_file(table.grid, record, table.file))
    return found
