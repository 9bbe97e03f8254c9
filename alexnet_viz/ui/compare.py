"""The parts of the Compare page: who is compared, totals, and the table of matches."""

from typing import Any

import pandas as pd
import streamlit as st

from alexnet_viz.compare import Match
from alexnet_viz.layers import shape_text
from alexnet_viz.trace import Trace, trace
from alexnet_viz.ui import choose, library, state
from alexnet_viz.ui.tables import describe
from alexnet_viz.ui.words import t

SIZES = frozenset(
    ("input_shape", "output_shape", "params", "macs", "quotient", "receptive_field",
     "effective_stride", "start")
)  # fmt: skip
"""What follows from the layers before; the rest is what a layer does."""


def compare_row() -> list[Trace]:
    """Choose two to four networks and the input they all get; return their traces.

    Empty while fewer than two are chosen.
    """
    chosen = st.multiselect(
        t("compare.networks"),
        list(library.networks()),
        format_func=choose.variant_titles(),
        max_selections=4,
        **state.bound("compare", value=list(state.get("compare"))),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        choose.size_box(width=130, default=224, disabled=state.get("own"))
        st.toggle(t("compare.native"), help=t("compare.native_help"), **state.bound("own"))
        st.toggle(t("compare.differing"), **state.bound("differing"))
    if len(chosen) < 2:
        st.info(t("compare.too_few"), icon=":material/add:")
        return []
    size = None if state.get("own") else state.get("input") or 224
    return [trace(library.networks()[variant], size) for variant in chosen]


def summaries(traces: list[Trace], titles: list[str]) -> None:
    """Totals of each network, as a small table."""
    frame = pd.DataFrame(
        {
            title: {
                t("choose.input"): shape_text(each.input_shape),
                t("column.params"): f"{each.params:,}",
                t("column.macs"): f"{each.macs:,}",
                t("compare.neurons"): f"{each.neurons:,}",
            }
            for each, title in zip(traces, titles, strict=True)
        }
    )
    st.table(frame)


def match_table(matches: list[Match], titles: list[str], *, only_differing: bool) -> dict[str, Any]:
    """The table for the plate: per network what the layer does, its output and its parameters."""
    shown = [match for match in matches if match.differing or not only_differing]
    headers = {"compare.does": False, "column.output_shape": True, "column.params": True}
    column = [{"title": t(key), "unit": "", "numeric": right} for key, right in headers.items()]
    names = {"title": t("column.name"), "unit": "", "numeric": False}
    return {
        "label": t("page.compare.title"),
        "sort": t("plate.sort"),
        "groups": [{"title": "", "span": 1}, *({"title": name, "span": 3} for name in titles)],
        "columns": [names, *column * len(titles)],
        "rows": [_line(match) for match in shown],
        "total": None,
        "wrap": True,
    }


def _line(match: Match) -> dict[str, Any]:
    cells, keys, lit = [match.name], [match.name], [bool(match.differing)]
    does = bool(match.differing - SIZES)
    for row in match.rows:
        cells += (
            [describe(row), shape_text(row.output_shape), f"{row.params:,}"]
            if row
            else ["–", "", ""]
        )
        keys += [row.kind, row.elements, row.params] if row else [None, None, None]  # type: ignore[list-item]
        lit += [does, "output_shape" in match.differing, "params" in match.differing]
    return {"name": match.name, "cells": cells, "keys": keys, "lit": lit}
