"""The parts of the Feature maps page: a layer's sheet, one channel, the statistics."""

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from alexnet_viz.activations import ChannelStatistics, channel_statistics
from alexnet_viz.figures.maps import contact_sheet, enlarged, is_signed, limits_of, own_limits
from alexnet_viz.layers import shape_text
from alexnet_viz.ui import state
from alexnet_viz.ui.contact import contact
from alexnet_viz.ui.words import labels, t

Floats = NDArray[np.float32]
Limits = tuple[float, float]
Pixels = NDArray[np.uint8]


def scale_choices() -> None:
    """The scope of the colour scale and the order of the channels."""
    for choice, options in (
        ("scale", ("map", "layer", "shared")),
        ("order", ("number", "mean", "max", "zeros")),
    ):
        st.segmented_control(
            t(f"maps.{choice}"),
            options,
            format_func=labels(f"maps.{choice}_", options),
            required=True,
            **state.bound(choice),
        )


def limits(kept: dict[str, Floats], layer: str) -> Limits | None:
    """The limits of the colour scale in the chosen scope; None for each map its own."""
    maps = kept[layer]
    scope = state.use("scale")
    if scope == "shared":
        return limits_of(kept.values(), is_signed(maps))
    if scope == "map" and maps.ndim == 3:
        return None
    return limits_of([maps], is_signed(maps))  # a single unit has no scale of its own


def sheet(layer: str, maps: Floats, scale: Limits | None) -> int:
    """All channels on one sheet; returns the channel that is chosen."""
    numbers = channel_statistics(maps)
    order = _order(numbers)
    chosen = min(state.use("channel"), len(maps) - 1)
    single = maps.ndim == 1
    scope = t("maps.limits", low=scale[0], high=scale[1]) if scale else t("maps.limits_own")
    st.markdown(
        t(
            "maps.shown_units" if single else "maps.shown",
            count=len(maps),
            layer=layer,
            size=shape_text(maps.shape[1:]),
            scale=scope,
            dead=int(((numbers.maximum == 0) & (numbers.minimum == 0)).sum()),
        )
    )
    contact(
        contact_sheet(maps, order, scale),
        [int(channel) for channel in order],
        [_label(channel, numbers, single) for channel in order],
        selected=chosen,
        alt=t("maps.alt", count=len(maps), layer=layer),
    )
    st.caption(t("maps.caption"))
    return int(chosen)


def _order(numbers: ChannelStatistics) -> NDArray[np.intp]:
    """Channels as they are drawn: by number, or by a statistic, largest first."""
    by = {"mean": numbers.mean, "max": numbers.maximum, "zeros": numbers.zeros}
    chosen = state.use("order")
    if chosen == "number":
        return np.arange(len(numbers.mean))
    return np.argsort(-by[chosen], kind="stable")


def _label(channel: int, numbers: ChannelStatistics, single: bool) -> str:
    if single:
        return t("maps.label_unit", channel=channel, value=numbers.mean[channel])
    return t(
        "maps.label",
        channel=channel,
        mean=numbers.mean[channel],
        max=numbers.maximum[channel],
        min=numbers.minimum[channel],
        zeros=numbers.zeros[channel],
    )


def one_channel(layer: str, maps: Floats, channel: int, scale: Limits | None, seen: Pixels) -> None:
    """One channel enlarged, with exact values under the pointer, beside what the network sees."""
    single = maps.ndim == 1
    words = t("maps.enlarged_unit" if single else "maps.enlarged", channel=channel, layer=layer)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.subheader(words, anchor=False)
        st.number_input(
            t("maps.unit" if single else "maps.channel"),
            min_value=0,
            max_value=len(maps) - 1,
            step=1,
            width=150,
            **state.bound("channel", value=channel),
        )
    if single:
        st.markdown(t("maps.unit_value", value=maps[channel]))
        return
    own = scale or own_limits(maps[channel])
    signed = scale is not None and is_signed(maps)
    with st.container(horizontal=True):
        st.plotly_chart(
            enlarged(maps[channel], own, signed, t("maps.hover")),
            width="content",
            key="enlarged",
            alt=words,
            config={"displaylogo": False},
        )
        st.image(seen, caption=t("maps.sees"), width=320, output_format="PNG")


def statistics(maps: Floats) -> None:
    """Mean, max, min, deviation and share of zeros of every channel, sortable."""
    numbers = channel_statistics(maps)
    with st.expander(t("maps.statistics"), key="statistics"):
        frame = pd.DataFrame(
            {
                t("maps.channel"): np.arange(len(maps)),
                t("maps.mean"): numbers.mean,
                t("maps.max"): numbers.maximum,
                t("maps.min"): numbers.minimum,
                t("maps.deviation"): numbers.deviation,
                t("maps.zeros"): 100 * numbers.zeros,
            }
        )
        st.dataframe(frame, hide_index=True, key="statistics.table")
