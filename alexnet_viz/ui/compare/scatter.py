"""The Scatter view: parameters and multiply-accumulates of every network at its own input."""

from operator import attrgetter
from typing import Any

import streamlit as st

from alexnet_viz.analysis.claims.expression import PAPER
from alexnet_viz.analysis.compare.ancestry import about, frameworks, norm
from alexnet_viz.render.charts.scatter import Point, beyond, scatter
from alexnet_viz.render.theme import FRAMEWORK_COLOURS, GREY, VARIANT_COLOURS
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import escaped, language, offered, t
from alexnet_viz.ui.compare.chosen_networks import add, compared_box
from alexnet_viz.ui.components import network_picker, summary
from alexnet_viz.ui.components.chart import chart
from alexnet_viz.ui.components.variant_filters import filters
from alexnet_viz.variants import VARIANTS
from alexnet_viz.variants.traces import variant_trace


def scatter_view() -> None:
    """Draw it."""
    shown = filters()
    if not shown:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            t("scatter.says"), required=True, **offered("scatter.says_", "scatter_says")
        )
        st.segmented_control(
            t("scatter.range"), required=True, **offered("scatter.range_", "scatter_range")
        )
    points = [_point(id) for id in shown if variant_trace(VARIANTS[id]).failure is None]
    near = state.get("scatter_range") == "near"
    figure = scatter(points, _colours(), state.use("compare"), language(), near=near)
    chart(figure, "scatter", t("scatter.alt"), on_select=_clicked, selection_mode="points")
    _say(points)
    compared_box()
    st.caption(t("scatter.caption"))
    failing, outside = len(shown) - len(points), beyond(points, near=near)
    if failing or outside:
        st.caption(t("scatter.left_out", failing=failing, outside=outside))


def _say(points: list[Point]) -> None:
    """Show the range of the costs, and how many networks cost what the paper's does."""
    if not points:
        return
    ends = [end(points, key=attrgetter(key)) for key in ("params", "macs") for end in (min, max)]
    paper = variant_trace(VARIANTS[PAPER])
    same = [it for it in points if (it.params, it.macs) == (paper.params, paper.macs)]
    st.markdown(
        t(
            "scatter.range_of",
            **{
                name: t(
                    "scatter.end", n=summary.counted(getattr(end, key)), network=escaped(end.title)
                )
                for name, key, end in zip(
                    ("least_params", "most_params", "least_macs", "most_macs"),
                    ("params", "params", "macs", "macs"),
                    ends,
                    strict=True,
                )
            },
            n=len(points),
            same=len(same),
        )
    )


def _point(id: str) -> Point:
    result = variant_trace(VARIANTS[id])
    return Point(id, network_picker.variant_title(id), result.params, result.macs, _group(id))


def _group(id: str) -> str:
    network = VARIANTS[id]
    match state.get("scatter_says"):
        case "towers":
            return t("scatter.towers", n=network.towers)
        case "norms":
            return t(f"family.norms_{norm(network)}")
    written = about(id).framework
    if not written:
        return t("family.papers")
    return written if written in FRAMEWORK_COLOURS else t("family.others")


def _colours() -> dict[str, str]:
    """The colour of each group of points."""
    match state.get("scatter_says"):
        case "towers":
            groups = [t("scatter.towers", n=n) for n in (1, 2)]
        case "norms":
            groups = [t(f"family.norms_{each}") for each in ("lrn", "batch_norm", "none")]
        case _:
            named = {name: FRAMEWORK_COLOURS[name] for name in frameworks()
                     if name in FRAMEWORK_COLOURS}  # fmt: skip
            return {t("family.papers"): GREY, **named, t("family.others"): GREY}
    return dict(zip(groups, VARIANT_COLOURS, strict=False))


def _clicked() -> None:
    """Add a network of the clicked point: the first that is not compared yet."""
    chosen: Any = st.session_state["scatter"]
    for point in chosen.selection.points:
        ids = str(point["customdata"][0]).split(",")
        new = [id for id in ids if id in VARIANTS and id not in state.get("compare")]
        if new:
            add(new[0])
