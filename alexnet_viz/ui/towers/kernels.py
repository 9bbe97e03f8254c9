"""The Kernels section of the Towers page: whether the towers' first kernels differ."""

from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from alexnet_viz.analysis.first_layer import first_kernels
from alexnet_viz.analysis.towers.split import split
from alexnet_viz.network.layers import shape_text
from alexnet_viz.render.charts.kernels_by_tower import dot_rows, kernel_sheets, sheets_png
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.navigation import go_to
from alexnet_viz.ui.app.words import escaped, t
from alexnet_viz.ui.components import live_model, network_picker
from alexnet_viz.ui.components.chart import chart
from alexnet_viz.ui.components.downloads import Files, download_menu, grid_file
from alexnet_viz.ui.components.subject import Subject, choose_subject
from alexnet_viz.ui.towers.kernel_ranking import (
    Ranking,
    chosen_ranking,
    pointed,
    rank_row,
    title,
)
from alexnet_viz.ui.towers.permutation_test import show_test, tested, verdict
from alexnet_viz.variants import VARIANTS

PAPER = (
    "https://proceedings.neurips.cc/paper_files/paper/2012/file/"
    "c399862d3b9d6b76c8436e924a68c45b-Paper.pdf"
)
DISTILL = "https://doi.org/10.23915/distill.00024.008"
OFFERED = 4
"""Most networks with towers that are offered where there are none."""


def kernels_section() -> None:
    """Draw it."""
    place = st.container()
    subject = choose_subject(st.container())
    with place:
        _answer(subject)


def _answer(subject: Subject) -> None:
    """The kernels, and whether the towers differ as the paper claims."""
    if not live_model.affordable(subject):
        _claim()
        return
    first = subject.result.rows[0]
    network = escaped(network_picker.variant_title(subject.result.network.id))
    if not first_kernels(subject.result, first.name):
        st.info(t("towers_kernels.no_colours", network=network, layer=_described(first)))
        _offer()
        _claim()
        return
    sizes = _sizes(subject)
    ranking = chosen_ranking(subject, first.name, sizes)
    st.header(title(ranking), anchor=False)
    _sheets(ranking)
    if len(sizes) == 1:
        words = {"network": network, "layer": first.name, "count": sizes[0]}
        st.info(t("towers_kernels.not_applicable", **words))
        _offer()
    found = tested(ranking) if len(sizes) > 1 else {}
    if found:
        st.markdown(verdict(subject, ranking, found))
    elif subject.weights is None:
        st.markdown(t("towers_kernels.untrained"))
    rank_row(sizes)
    several = len(sizes) > 1
    st.caption(t("towers_kernels.caption" if several else "towers_kernels.caption_one"))
    _claim()
    _dots(ranking)
    if found:
        show_test(ranking, found)
    _numbers(ranking)


def _claim() -> None:
    """What the paper says of the towers' kernels, and what is known since."""
    st.markdown(t("towers_kernels.claim", paper=PAPER))
    st.markdown(t("towers_kernels.since", paper=PAPER, distill=DISTILL))


def _described(first: Any) -> str:
    """A layer's name and input shape."""
    return f"{first.name} ({shape_text(first.input_shape)})"


def _sizes(subject: Subject) -> tuple[int, ...]:
    """The number of the first layer's kernels on each tower."""
    towers = split(subject.result)
    return towers.stages[0].channels if towers else (subject.result.rows[0].output_shape[0],)


def _sheets(it: Ranking) -> None:
    """The kernels as pictures; a click opens a kernel's channel."""
    key = "sheet" if it.seed is None else "sheet_dealt"
    titles = [
        t(f"towers_kernels.{key if len(it.towers) > 1 else 'sheet_one'}",
          tower=tower, count=len(numbers))
        for tower, numbers in enumerate(it.towers)
    ]  # fmt: skip
    figure = kernel_sheets(it.kernels, it.towers, titles, pointed(it))
    alt = t("towers_kernels.alt", layer=it.layer)
    picked = chart(figure, "kernels.sheets", alt, on_select="rerun", selection_mode="points")
    for point in picked.selection.points[:1]:
        go_to(it.layer, int(np.ravel(point["customdata"])[0]))()
        st.switch_page("pages/channel.py")


def _dots(it: Ranking) -> None:
    """The distribution of every measure over each tower's kernels."""
    names = [t("towers_kernels.tower", tower=tower) for tower in range(len(it.towers))]
    chart(
        dot_rows(
            {t(f"towers_kernels.{name}"): values for name, values in it.measures.items()},
            it.towers,
            names if len(names) > 1 else [""],
            pointed(it),
            t("towers_kernels.mean", value="{value}"),
        ),
        "kernels.dots",
        t("towers_kernels.dots_alt", layer=it.layer),
    )
    st.caption(t("towers_kernels.dots", cells=it.kernels[0, 0].size))


def _numbers(it: Ranking) -> None:
    """The measures of every kernel as files."""
    dealt_to = () if it.seed is None else (t("towers_kernels.dealt_to"),)
    names = [t(f"towers_kernels.{name}") for name in it.measures]
    rows, record = [], []
    for tower, numbers in enumerate(it.towers):
        for place, number in enumerate(map(int, numbers), 1):
            values = [round(float(each[number]), 6) for each in it.measures.values()]
            home = int(it.home[number])
            rows.append((number, home, *(tower for _ in dealt_to), place, *values))
            shown = {"kernel": number, "tower": home, "shown_in": tower, "place": place}
            record.append(shown | dict(zip(it.measures, values, strict=True)))
    grid = Grid(
        title="",
        header=(t("towers_kernels.number"), t("towers_kernels.home"), *dealt_to,
                t("towers_kernels.place"), *names),
        rows=tuple(rows),
        words=frozenset(),
    )  # fmt: skip
    table = grid_file(grid, record, f"{it.layer}_kernels")
    pictures = {"png": partial(sheets_png, it.kernels, it.towers)}
    sheets = Files(t("towers_kernels.png"), f"{it.layer}_kernels", pictures)
    download_menu(table, sheets, key="kernels")


def _offer() -> None:
    """Buttons for networks with towers."""
    st.markdown(t("towers.try"))
    with st.container(horizontal=True):
        for variant in [v for v, network in VARIANTS.items() if network.towers > 1][:OFFERED]:
            st.button(
                network_picker.variant_title(variant),
                key=f"kernels.{variant}",
                on_click=state.put,
                args=("variant", variant),
            )
