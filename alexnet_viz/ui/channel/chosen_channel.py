"""Parts of the Channel page: choice of channel and cell, heading, kernel."""

from typing import Any

import pandas as pd
import streamlit as st

from alexnet_viz.interpretability.kernels import (
    bias,
    colour_selectivity,
    kernel,
    orientation_selectivity,
)
from alexnet_viz.interpretability.lens import strongest
from alexnet_viz.network.layers import Flatten, Linear, shape_text
from alexnet_viz.pictures.preprocessing import PAPER, cropped
from alexnet_viz.render.charts.kernels import enlarged, in_colour, largest, slices
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.navigation import go_to
from alexnet_viz.ui.app.words import escaped, t
from alexnet_viz.ui.components import live_model, network_picker, picture_source
from alexnet_viz.ui.components.specimen import Specimen
from alexnet_viz.ui.components.subject import Subject

KERNEL_WIDTH = {True: 264, False: 400}
"""Width in pixels of a kernel in colour (True) and of a sheet of slices."""


def chosen(subject: Subject) -> Specimen:
    """Draw the choice of a layer, a channel and a picture; returns the channel's activations."""
    result = subject.result
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layer = network_picker.layer_picker(result, width=330)
        count = result[layer].output_shape[0]
        channel = min(state.use("channel"), count - 1)
        single = len(result[layer].output_shape) == 1
        st.number_input(
            t("channel.unit" if single else "channel.channel", last=count - 1),
            min_value=0,
            max_value=count - 1,
            step=1,
            width=170,
            **state.bound("channel", value=channel),
        )
        picture = picture_source.picture()
    shape = result.input_shape
    return Specimen(
        result=result,
        row=result[layer],
        channel=channel,
        seen=cropped(picture, shape[1], shape[0]),
        image=live_model.prepared(subject, picture),
        how=subject.weights.preprocessing if subject.weights else PAPER,
        kept=live_model.activations(subject, picture)[0],
    )


def heading(subject: Subject, it: Specimen) -> None:
    """Show the channel, the class of an output unit, and a link to all channels."""
    names = {"layer": it.row.name, "channel": it.channel, "count": it.shape[0]}
    flat = len(it.row.output_shape) == 1
    with st.container(horizontal=True, vertical_alignment="center"):
        words = t("channel.unit_of" if flat else "channel.of", **names)
        more = _class(subject, it) if flat else f"{it.shape[1]}×{it.shape[2]}"
        st.subheader(" · ".join(filter(None, (words, more))), anchor=False)
        st.page_link(
            "pages/feature_maps.py",
            label=t("channel.back_units" if flat else "channel.back", layer=it.row.name),
            icon=":material/grid_view:",
        )
    if it.plane.size == 1:
        st.markdown(t("channel.one_value", layer=it.row.name))
    elif it.silent:
        st.markdown(t("channel.silent", layer=it.row.name, channel=it.channel))


def _class(subject: Subject, it: Specimen) -> str:
    """The class of an output unit; empty for a hidden unit."""
    rows = it.result.rows
    last = max(
        (i for i, row in enumerate(rows) if isinstance(row.layer, Linear)), default=len(rows)
    )
    return escaped(subject.class_name(it.channel)) if rows.index(it.row) >= last else ""


def cell_of(it: Specimen) -> tuple[int, int]:
    """The chosen cell if the map has it, else the one with the largest value."""
    _, height, width = it.shape
    row, column = state.use("cell_row"), state.use("cell_column")
    top = strongest(it.plane, 1)[0]
    if row is None or column is None:
        return top
    if row < height and column < width:
        return row, column
    if it.plane.size > 1:
        st.caption(
            t("channel.outside", row=row, column=column, height=height, width=width,
              layer=it.row.name)
        )  # fmt: skip
    return top


def show_kernel(it: Specimen, module: Any) -> None:
    """Show the channel's kernel and its numbers, or a link to the layer that has a kernel."""
    layer, channel = it.row.name, it.channel
    dense = isinstance(it.row.layer, Linear)
    st.subheader(t("channel.unit_weights" if dense else "channel.kernel"), anchor=False)
    if not it.row.layer.weighted:
        st.markdown(t("channel.no_kernel", layer=layer, kind=t(f"kind.{it.row.kind}")))
        if maker := maker_of(it):
            st.button(
                t("channel.maker", layer=maker, channel=channel),
                key="channel.maker",
                icon=":material/arrow_downward:",
                on_click=go_to(maker, channel),
            )
        return
    weights = kernel(module, channel).reshape(-1, *_window(it))
    colour = bool(it.colours) and len(weights) == 3  # in groups it reads fewer
    picture = in_colour(weights, bgr=it.how.bgr) if colour else slices(weights)
    kind = "colour" if colour else "units" if it.reads_units else "slices"
    words = t(
        f"channel.kernel_{kind}",
        layer=it.source.layer or t("lens.picture"),
        count=len(weights),
        first=it.reach(0, 0).channels.start,
        shape=shape_text(weights.shape),
        end=largest(weights),
    )
    st.image(
        enlarged(picture, KERNEL_WIDTH[colour]), caption=words, output_format="PNG", width="content"
    )
    numbers = {
        t("channel.weights"): f"{weights.size:,}",
        t("channel.least"): f"{weights.min():.4g}",
        t("channel.most"): f"{weights.max():.4g}",
        t("channel.bias"): f"{bias(module, channel):.4g}",
    }
    if colour:
        numbers |= {
            t("channel.colour"): f"{colour_selectivity(weights[None])[0]:.0%}",
            t("channel.orientation"): f"{orientation_selectivity(weights[None])[0]:.0%}",
        }
    st.table(pd.DataFrame({t("channel.number"): numbers.values()}, index=list(numbers)))
    if colour:
        st.caption(t("channel.selectivity"))


def maker_of(it: Specimen) -> str:
    """The learned layer that computed this channel; empty if a layer in between mixes channels."""
    rows = list(it.result.rows)
    for row in reversed(rows[: rows.index(it.row) + 1]):
        if row.layer.weighted:
            return row.name
        if isinstance(row.layer, Flatten):
            return ""
    return ""


def _window(it: Specimen) -> tuple[int, int]:
    block = it.reach(0, 0)
    return len(block.rows), len(block.columns)
