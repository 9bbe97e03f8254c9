"""Parts of the Channel page: choice of channel and cell, kernel."""

from typing import Any

import pandas as pd
import streamlit as st

from alexnet_viz.interpretability.kernels import (
    bias,
    colour_selectivity,
    kernel,
    orientation_selectivity,
)
from alexnet_viz.interpretability.lens import source, strongest
from alexnet_viz.network.layers import Linear, shape_text
from alexnet_viz.pictures.preprocessing import PAPER, cropped
from alexnet_viz.render.charts.kernels import enlarged, largest, slices
from alexnet_viz.serving.shown import ArrivingAt, ChannelMapOf
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.components import live_model, network_picker, picture_source
from alexnet_viz.ui.components.specimen import Specimen
from alexnet_viz.ui.components.subject import Subject

KERNEL_WIDTH = 340
"""Width in pixels of a sheet of a kernel's slices."""


def chosen(subject: Subject) -> Specimen:
    """Draw the choice of a layer, a channel and a picture; returns the channel for the picture."""
    result = subject.result
    with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
        layer = network_picker.layer_picker(result, width=220, note=False)
        picture = picture_source.chosen_picture()
        row = result[layer]
        count = row.output_shape[0]
        ask = ChannelMapOf(layer, live_model.chosen_channel(count))
        channel, plane, rank = live_model.shown(subject, [picture], ask).value
        single = len(row.output_shape) == 1
        st.number_input(
            t("channel.unit" if single else "channel.channel", last=count - 1),
            min_value=0,
            max_value=count - 1,
            step=1,
            width=170,
            **state.bound("channel", value=channel),
        )
        picture_source.picture()
    shape, image = result.input_shape, live_model.prepared(subject, picture)
    values, read = image, source(result, layer)
    if read.layer:
        values = live_model.shown(subject, [picture], ArrivingAt(layer)).value
    return Specimen(
        result=result,
        row=row,
        channel=channel,
        seen=cropped(picture, shape[1], shape[0]),
        image=image,
        how=subject.weights.preprocessing if subject.weights else PAPER,
        plane=plane,
        values=values.reshape(read.shape),
        rank=rank,
    )


def cell_of(it: Specimen) -> tuple[int, int]:
    """The chosen cell if the map has it, else the one with the largest value."""
    row, column = state.use("cell_row"), state.use("cell_column")
    if row is None or column is None or is_outside(it):
        return strongest(it.plane, 1)[0]
    return row, column


def is_outside(it: Specimen) -> bool:
    """Whether a cell is chosen that the map does not have."""
    row, column = state.get("cell_row"), state.get("cell_column")
    _, height, width = it.shape
    return None not in (row, column) and not (row < height and column < width)


def show_kernel(it: Specimen, module: Any) -> None:
    """Show all slices of the channel's kernel, which the lens shows one by one, and its numbers."""
    dense = isinstance(it.row.layer, Linear)
    st.subheader(t("channel.unit_weights" if dense else "channel.kernel"), anchor=False)
    weights = kernel(module, it.channel).reshape(-1, *_window(it))
    colour = bool(it.colours) and len(weights) == 3  # in groups it reads fewer
    if not colour:  # the lens shows the whole of a kernel in colour
        words = t(
            "channel.kernel_units" if it.reads_units else "channel.kernel_slices",
            layer=it.source.layer or t("lens.picture"),
            count=len(weights),
            first=it.reach(0, 0).channels.start,
            shape=shape_text(weights.shape),
            end=largest(weights),
        )
        st.image(
            enlarged(slices(weights), KERNEL_WIDTH),
            caption=words,
            alt=words,
            output_format="PNG",
            width="content",
        )
    numbers = {
        t("channel.weights"): f"{weights.size:,}",
        t("channel.least"): f"{weights.min():.4g}",
        t("channel.most"): f"{weights.max():.4g}",
        t("channel.bias"): f"{bias(module, it.channel):.4g}",
    }
    if colour:
        numbers |= {
            t("channel.colour"): f"{colour_selectivity(weights[None])[0]:.0%}",
            t("channel.orientation"): f"{orientation_selectivity(weights[None])[0]:.0%}",
        }
    st.table(pd.DataFrame({t("channel.number"): numbers.values()}, index=list(numbers)))
    if colour:
        st.caption(t("channel.selectivity"))


def _window(it: Specimen) -> tuple[int, int]:
    block = it.reach(0, 0)
    return len(block.rows), len(block.columns)
