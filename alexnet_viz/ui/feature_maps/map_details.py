"""Parts of the Feature maps page: the colour scale, one channel, distribution, statistics."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from alexnet_viz.network.trace import Row
from alexnet_viz.pictures.images import Picture, Pixels
from alexnet_viz.pictures.preprocessing import cropped
from alexnet_viz.render.charts.colour_limits import PERCENTILES, own_limits
from alexnet_viz.render.charts.histogram import histogram
from alexnet_viz.serving.shown import ChannelBeside, LayerSheet, OneChannel
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import offered, running, t
from alexnet_viz.ui.components import live_model
from alexnet_viz.ui.components.chart import chart
from alexnet_viz.ui.components.overlay import kept_cell, overlay
from alexnet_viz.ui.components.subject import Subject


def scale_box() -> None:
    """Draw the choice of the values that the colour scale is fitted to."""
    low, high = PERCENTILES
    st.selectbox(
        t("maps.scale"),
        help=t("maps.scale_help", low=low, high=high),
        width=180,
        **offered("maps.scale_", "scale", low=low, high=high),
    )


def one_channel(row: Row, sheet: LayerSheet, one: OneChannel, seen: Pixels) -> None:
    """One channel of a layer beside its sheet, and ways to others."""
    single, channel, limits = sheet.single, one.channel, sheet.limits
    words = t("maps.enlarged_unit" if single else "maps.enlarged", channel=channel, layer=row.name)
    st.header(words, anchor=False)
    if sheet.values is not None:
        value = sheet.values[channel]
        rank = 1 + int((sheet.values > value).sum())
        st.markdown(t("maps.unit_value", value=value, rank=rank, count=len(sheet.values)))
        st.image(
            seen, caption=t("maps.sees"), alt=t("maps.sees"), width="stretch", output_format="PNG"
        )
    else:
        overlay(
            one.plane,
            limits or own_limits(one.plane, sheet.signed),
            seen,
            row,
            signed=sheet.signed,
            key="overlay",
            alt=words,
            stacked=True,
        )
    st.page_link(
        "pages/channel.py", label=_lens_words(sheet.shape), icon=":material/center_focus_strong:"
    )
    st.number_input(
        t("maps.unit" if single else "maps.channel"),
        min_value=0,
        max_value=sheet.shape[0] - 1,
        step=1,
        width=150,
        **state.bound("channel", value=channel),
    )
    if not single:
        laid = t("maps.overlay_caption" if row.receptive_field else "maps.overlay_stretched")
        own = limits is None  # then both have the same colours
        st.caption(laid if own else running(laid, t("maps.lens_colours")))


def _lens_words(shape: tuple[int, ...]) -> str:
    """The label of the link to the Channel page, which opens on the cell that was clicked."""
    cell = kept_cell(shape[1:]) if len(shape) == 3 else None
    return t("maps.lens_cell", row=cell[0], column=cell[1]) if cell else t("maps.lens")


def distribution(sheet: LayerSheet, one: OneChannel) -> None:
    """The histogram of the layer's values and of the channel's."""
    name = t("maps.one_unit" if sheet.single else "maps.one_channel", channel=one.channel)
    words = {word: t(f"maps.histogram.{word}") for word in ("zero", "value", "count", "limit")}
    words |= {word: t(f"maps.histogram.{word}") for word in ("hover", "hover_zero")}
    figure = histogram(
        one.values,
        sheet.limits or own_limits(one.plane, sheet.signed),
        (t("maps.whole_layer", layer=sheet.layer), name),
        words,
    )
    chart(figure, "histogram", t("maps.histogram.alt", layer=sheet.layer))
    st.caption(t("maps.histogram.caption"))


def side_by_side(
    subject: Subject, layer: str, channel: int, pictures: Sequence[tuple[str, Picture]]
) -> None:
    """The same channel for several pictures on one colour scale."""
    ask = ChannelBeside(layer, channel, state.use("scale"))
    planes, limits, signed = live_model.shown(subject, [each for _, each in pictures], ask).value
    row, side = subject.result[layer], subject.result.input_shape
    st.header(t("maps.side_by_side", channel=channel, layer=layer), anchor=False)
    for place, (column, (title, picture), plane) in enumerate(
        zip(st.columns(len(pictures)), pictures, planes, strict=True)
    ):
        with column:
            if plane.ndim == 0:
                st.metric(title, f"{plane:.6g}")
                st.image(cropped(picture, side[1], side[0]), alt=title, output_format="PNG")
                continue
            overlay(
                plane,
                limits,
                cropped(picture, side[1], side[0]),
                row,
                signed=signed,
                key=f"overlay.{place}",
                alt=title,
                small=True,
            )
            st.caption(t("maps.side_caption", title=title, max=plane.max()))
    st.caption(t("maps.side_scale", low=limits[0], high=limits[1]))


def statistics(sheet: LayerSheet) -> None:
    """Mean, max, min, variance and share of zeros of every channel, sortable."""
    numbers = sheet.numbers
    with st.expander(t("maps.statistics"), key="statistics"):
        columns = {
            t("maps.channel"): np.arange(len(numbers.mean)),
            t("maps.mean"): numbers.mean,
            t("maps.max"): numbers.maximum,
            t("maps.min"): numbers.minimum,
            t("maps.variance"): numbers.deviation**2,
            t("maps.zeros"): 100 * numbers.zeros,
        }
        if sheet.colour is not None:
            columns[t("maps.colour")] = sheet.colour
        st.dataframe(pd.DataFrame(columns), hide_index=True, key="statistics.table")
