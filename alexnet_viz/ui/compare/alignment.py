"""The Layers view: each network's differences from the first, and all layers side by side."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from alexnet_viz.analysis.compare.alignment import Match, aligned, changed_order
from alexnet_viz.analysis.compare.canonical import differing
from alexnet_viz.analysis.compare.difference_words import clause, sentence
from alexnet_viz.analysis.compare.differences import differences, named
from alexnet_viz.network.layers import shape_text
from alexnet_viz.network.trace import Trace
from alexnet_viz.render.charts.cost import compared_bars
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.render.tables.networks import compare_grid, compare_record
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.compare.chosen_networks import (
    chosen_traces,
    compared_box,
    input_boxes,
    native,
    say_inputs,
)
from alexnet_viz.ui.components import network_picker, summary
from alexnet_viz.ui.components.chart import chart
from alexnet_viz.ui.components.downloads import download_menu, grid_file
from alexnet_viz.ui.components.export_panel import report_file
from alexnet_viz.ui.components.plate import plate
from alexnet_viz.ui.components.table_view import describe, grid_table, plate_table

TOLD = 6
"""Differences of a network that are shown; the others are in an expander."""
ROOMY = 4
"""Most networks for which the table also has output shapes and parameters."""


def layers_view() -> None:
    """Draw it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = compared_box()
        input_boxes(native())
    traces = chosen_traces(chosen)
    if not traces:
        return
    titles = [network_picker.variant_title(trace.network.id) for trace in traces]
    left, right = st.columns([2, 3], gap="medium")
    with left:
        say_differences(traces, titles)
        st.markdown(say_inputs(traces, titles))
    with right:
        chart(compared_bars(traces, titles, language()), "bars", t("compare.bars"))
    _summaries(traces, titles)
    for trace in traces:
        summary.failure(trace)
    if moved := changed_order(traces):
        st.info(t("compare.order", layers=", ".join(sorted(moved))), icon=":material/swap_vert:")
    st.header(t("compare.table"), anchor=False)
    grid, record = compare_grid(traces, language()), compare_record(traces, language())
    file = "_vs_".join(trace.network.id for trace in traces)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.toggle(t("compare.differing"), **state.bound("differing"))
        download_menu(grid_file(grid, record, file), report_file(traces, file), key="compare")
    st.markdown(t("compare.legend", first=escaped(titles[0])))
    only = state.get("differing")
    plate(
        key="compare",
        table=match_table(traces, titles, only_differing=only),
        selected=state.use("layer"),
    )
    if len(titles) > ROOMY:
        st.caption(t("compare.roomy", most=ROOMY))


def say_differences(traces: list[Trace], titles: list[str]) -> None:
    """Show each network's differences from the first in a sentence; long lists in an expander."""
    first, *others = (trace.network for trace in traces)
    found = [differences(first, other) for other in others]
    lines = [
        f"- **{escaped(title)}** · {escaped(sentence(each, language(), TOLD))}"
        for title, each in zip(titles[1:], found, strict=True)
    ]
    st.markdown("\n".join([t("compare.against_first", first=escaped(titles[0])), "", *lines]))
    folded = [
        (title, each) for title, each in zip(titles[1:], found, strict=True) if len(each) > TOLD + 1
    ]
    if folded:
        with st.expander(t("compare.all_differences"), key="compare.differences"):
            for title, each in folded:
                clauses = (f"- {escaped(clause(one, language()))}" for one in each)
                st.markdown("\n".join([f"**{escaped(title)}**", "", *clauses]))


def _summaries(traces: list[Trace], titles: list[str]) -> None:
    """Show each network's totals in a small table."""
    heads = ("compare.network", "choose.input", "column.params", "column.macs", "compare.neurons")
    rows = tuple(
        (title, shape_text(each.input_shape), each.params, each.macs, each.neurons)
        for title, each in zip(titles, traces, strict=True)
    )
    grid = Grid(t("compare.totals"), tuple(map(t, heads)), rows, frozenset((0, 1)))
    table = grid_table(grid, [each.network.id for each in traces]) | {"wrap": True}
    plate(key="totals", table=table, pickable=False)


def match_table(
    traces: Sequence[Trace], titles: Sequence[str], *, only_differing: bool
) -> dict[str, Any]:
    """The table for the plate: each network's layer, its output shape and its parameters.

    For more than ``ROOMY`` networks only the layers.  What a layer does is lit where the sentence
    on that network names the layer, in the first network where any sentence does.
    """
    first, *others = (trace.network for trace in traces)
    told = [named(first, other) for other in others]
    told = [frozenset().union(*told), *told]
    matches = aligned(traces)
    shown = [it for it in matches if it.differing or it.name in told[0] or not only_differing]
    headers = {"compare.does": False, "column.output_shape": True, "column.params": True}
    span = len(headers) if len(titles) <= ROOMY else 1
    column = [(t(key), "", right) for key, right in headers.items()]
    return plate_table(
        t("compare.table"),
        [(t("column.name"), "", False), *column[:span] * len(titles)],
        [_line(match, told, span) for match in shown],
        groups=[("", 1), *((title, span) for title in titles)],
        wrap=True,
    )


def _line(match: Match, told: Sequence[frozenset[str]], span: int) -> dict[str, Any]:
    cells, keys = [match.name], [match.name]
    lit = [match.name in told[0]]
    first = match.rows[0]
    for row, names in zip(match.rows, told, strict=True):
        # numbers are lit in the first network at every difference, in the others at their own
        pair = (first, row)
        found = match.differing if row is first else differing(pair) if any(pair) else frozenset()
        does = (
            [describe(row), shape_text(row.output_shape), f"{row.params:,}" if row.params else ""]
            if row
            else ["–", "", ""]
        )
        cells += does[:span]
        values: list[Any] = [row.kind, row.elements, row.params] if row else [None, None, None]
        keys += values[:span]
        lit += [match.name in names, "output_shape" in found, "params" in found][:span]
    return {"name": match.name, "cells": cells, "keys": keys, "lit": lit}
