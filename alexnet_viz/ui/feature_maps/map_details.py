"""Parts of the Feature maps page: the colour scale, one channel, distribution, statistics."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from alexnet_viz.network.trace import Row
from alexnet_viz.pictures.images import Picture, Pixels
from alexnet_viz.pictures.preprocessing import cropped
from alexnet_viz.render.charts.colour_limits import (
    PERCENTILES,
    Limits,
    diverges,
    is_signed,
    limits_of,
    own_limits,
    percentile_limits,
)
from alexnet_viz.render.charts.histogram import histogram
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import offered, running, t
from alexnet_viz.ui.components import live_model
from alexnet_viz.ui.components.chart import chart
from alexnet_viz.ui.components.overlay import kept_cell, overlay
from alexnet_viz.ui.components.subject import Subject
from alexnet_viz.ui.feature_maps.map_sheet import Sheet

Floats = NDArray[np.float32]
Run = Mapping[str, Floats]
"""Every layer's output for a picture."""


def scale_box() -> None:
    """Draw the choice of the values that the colour scale is fitted to."""
    low, high = PERCENTILES
    st.selectbox(
        t("maps.scale"),
        help=t("maps.scale_help", low=low, high=high),
        width=180,
        **offered("maps.scale_", "scale", low=low, high=high),
    )


def scale(runs: Sequence[Run], layer: str, channel: int | None = None) -> Limits | None:
    """The limits of the chosen colour scale over these runs; None: every map has its own.

    With a ``channel``, a map's own scale contains that channel of every run.
    """
    scope = state.use("scale")
    maps = [run[layer] for run in runs]
    signed = any(map(is_signed, maps))
    if scope == "percentile":
        return percentile_limits(maps, signed)
    if scope == "shared":
        return limits_of((each for run in runs for each in run.values()), signed)
    if scope == "map" and maps[0].ndim == 3:  # a single value has no scale of its own
        return None if channel is None else limits_of([each[channel] for each in maps], signed)
    return limits_of(maps, signed)


def one_channel(row: Row, maps: Floats, channel: int, limits: Limits | None, seen: Pixels) -> None:
    """One channel of maps (C, H, W), or unit of (C,), beside the sheet, and ways to others."""
    single = maps.ndim == 1
    words = t("maps.enlarged_unit" if single else "maps.enlarged", channel=channel, layer=row.name)
    st.header(words, anchor=False)
    if single:
        rank = 1 + int((maps > maps[channel]).sum())
        st.markdown(t("maps.unit_value", value=maps[channel], rank=rank, count=len(maps)))
        st.image(
            seen, caption=t("maps.sees"), alt=t("maps.sees"), width="stretch", output_format="PNG"
        )
    else:
        signed = diverges(maps, limits)
        overlay(
            maps[channel],
            limits or own_limits(maps[channel], signed),
            seen,
            row,
            signed=signed,
            key="overlay",
            alt=words,
            stacked=True,
        )
    st.page_link("pages/channel.py", label=_lens_words(maps), icon=":material/center_focus_strong:")
    st.number_input(
        t("maps.unit" if single else "maps.channel"),
        min_value=0,
        max_value=len(maps) - 1,
        step=1,
        width=150,
        **state.bound("channel", value=channel),
    )
    if not single:
        laid = t("maps.overlay_caption" if row.receptive_field else "maps.overlay_stretched")
        own = limits is None  # then both have the same colours
        st.caption(laid if own else running(laid, t("maps.lens_colours")))


def _lens_words(maps: Floats) -> str:
    """The label of the link to the Channel page, which opens on the cell that was clicked."""
    cell = kept_cell(maps.shape[1:]) if maps.ndim == 3 else None
    return t("maps.lens_cell", row=cell[0], column=cell[1]) if cell else t("maps.lens")


def distribution(layer: str, maps: Floats, channel: int, limits: Limits | None) -> None:
    """The histogram of the layer's values and of the channel's."""
    single = maps.ndim == 1
    name = t("maps.one_unit" if single else "maps.one_channel", channel=channel)
    words = {word: t(f"maps.histogram.{word}") for word in ("zero", "value", "count", "limit")}
    words |= {word: t(f"maps.histogram.{word}") for word in ("hover", "hover_zero")}
    figure = histogram(
        maps,
        maps[channel : channel + 1],
        limits or own_limits(maps[channel], diverges(maps, limits)),
        (t("maps.whole_layer", layer=layer), name),
        words,
    )
    chart(figure, "histogram", t("maps.histogram.alt", layer=layer))
    st.caption(t("maps.histogram.caption"))


def side_by_side(
    subject: Subject, layer: str, channel: int, pictures: Sequence[tuple[str, Picture]]
) -> None:
    """The same channel for several pictures on one colour scale."""
    runs = [live_model.activations(subject, picture)[0] for _, picture in pictures]
    limits = scale(runs, layer, channel)
    assert limits is not None
    row, side = subject.result[layer], subject.result.input_shape
    signed = diverges(runs[0][layer], limits)
    st.header(t("maps.side_by_side", channel=channel, layer=layer), anchor=False)
    for place, (column, (title, picture), run) in enumerate(
        zip(st.columns(len(pictures)), pictures, runs, strict=True)
    ):
        maps = run[layer]
        with column:
            if maps.ndim == 1:
                st.metric(title, f"{maps[channel]:.6g}")
                st.image(cropped(picture, side[1], side[0]), alt=title, output_format="PNG")
                continue
            overlay(
                maps[channel],
                limits,
                cropped(picture, side[1], side[0]),
                row,
                signed=signed,
                key=f"overlay.{place}",
                alt=title,
                small=True,
            )
            st.caption(t("maps.side_caption", title=title, max=maps[channel].max()))
    st.caption(t("maps.side_scale", low=limits[0], high=limits[1]))


def statistics(sheet: Sheet) -> None:
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
