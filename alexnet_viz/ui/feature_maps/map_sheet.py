"""The sheet of all channels of a layer: its order, the sheet, and what it shows in words."""

from typing import NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from alexnet_viz.analysis.first_layer import first_kernels
from alexnet_viz.model.activations import ChannelStatistics, answering, channel_statistics
from alexnet_viz.network.layers import shape_text
from alexnet_viz.render.charts.colour_limits import PERCENTILES, Limits, diverges, share_outside
from alexnet_viz.render.charts.contact_sheet import Contact, contact_sheet
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import escaped, listed, offered, running, t
from alexnet_viz.ui.components import foreign_picture, live_model
from alexnet_viz.ui.components.contact_sheet import contact
from alexnet_viz.ui.components.known_pictures import known_to
from alexnet_viz.ui.components.picture_places import place_name
from alexnet_viz.ui.components.subject import Subject

Floats = NDArray[np.float32]

MOST_NAMED = 3
"""Most channels that the sentence under the sheet names."""
ALONE = 1000
"""How many times larger than any other a unit's value is for the sentence to name it alone."""


class Sheet(NamedTuple):
    """Statistics of a layer's channels."""

    numbers: ChannelStatistics
    colour: NDArray[np.float64] | None
    """Colour selectivity of each channel's kernel, 0 to 1; None except for the first layer's."""


def described(subject: Subject, layer: str, maps: Floats) -> Sheet:
    """The statistics of a layer's maps, float32 (C, H, W) or (C,)."""
    reader = first_kernels(subject.result, layer)
    if not reader:
        return Sheet(channel_statistics(maps), None)
    from alexnet_viz.interpretability.kernels import colour_selectivity, kernels

    weights = kernels(live_model.model(subject).get_submodule(reader))
    return Sheet(channel_statistics(maps), colour_selectivity(weights))


def order_box(colours: bool) -> None:
    """Draw the choice of an order; by colour only if ``colours``."""
    options = [each for each in state.options("order") if colours or each != "colour"]
    chosen = state.use("order")
    st.selectbox(
        t("maps.order"),
        help=t("maps.order_help"),
        width=150,
        **offered(
            "maps.order_",
            "order",
            options=options,
            shown={"value": chosen if chosen in options else "number"},
        ),
    )


def order(sheet: Sheet) -> NDArray[np.intp]:
    """Channel numbers in drawing order: ascending, or by a statistic, largest first."""
    numbers = sheet.numbers
    by = {
        "mean": numbers.mean,
        "max": numbers.maximum,
        "variance": numbers.deviation,
        "zeros": numbers.zeros,
        "colour": sheet.colour,
    }.get(state.use("order"))
    if by is None:
        return np.arange(len(numbers.mean))
    return np.argsort(-by, kind="stable")


def show_sheet(
    key: str, layer: str, maps: Floats, sheet: Sheet, limits: Limits | None, channel: int
) -> None:
    """Show all channels of a layer, with ``channel`` marked.

    ``key`` identifies the network, its weights and the picture in caches.
    """
    single = maps.ndim == 1
    numbers = sheet.numbers
    drawn = order(sheet)
    contact(
        _drawn(f"{key}/{layer}/{state.get('order')}", limits, maps, drawn),
        drawn,
        maps[None] if single else np.stack([numbers[field] for field in (0, 1, 2, 4)]),
        limits,
        signed=diverges(maps, limits),
        selected=channel,
        alt=t("maps.alt", count=len(maps), layer=layer),
    )


def caution(subject: Subject) -> None:
    """Say what weights of a few classes cannot know of another picture, and who does."""
    known = known_to(subject.weights)
    if known and foreign_picture.foreign(subject):
        st.markdown(t(f"maps.only_{known.things}", count=len(known.kinds)))
        foreign_picture.other_weights()


def answer(subject: Subject, layer: str, maps: Floats) -> None:
    """Say which channels answer most to the picture, and how much of it a cell sees."""
    single = maps.ndim == 1
    if not maps.any():
        st.markdown(t("maps.answer_none", count=len(maps), layer=layer))
        return
    channels = answering(maps)[:MOST_NAMED]
    first = int(channels[0])
    if single and len(maps) > 1 and 0 <= ALONE * maps[channels[1]] < maps[first]:
        named = _named(subject, layer, first)
        alone = {"most": named, "value": float(maps[first]), "times": ALONE}
        st.markdown(t("maps.answer_alone", count=len(maps), layer=layer, **alone))
        return
    row = subject.result[layer]
    words = t(
        "maps.answer_units" if single else "maps.answer",
        count=len(maps),
        layer=layer,
        most=listed([_named(subject, layer, int(channel)) for channel in channels]),
        values=listed([f"{maps[channel].mean():.4g}" for channel in channels]),
    )
    if row.receptive_field and not single:
        down, across = row.receptive_field
        _, height, width = subject.result.input_shape
        field = {"field": f"{down.size}×{across.size}", "picture": f"{height}×{width}"}
        down, across = (
            (at + 0.5) / size
            for at, size in zip(
                np.unravel_index(maps[first].argmax(), maps[first].shape),
                maps[first].shape,
                strict=True,
            )
        )
        place = t("maps.where", channel=first, place=place_name(down, across))
        words = running(words, place, t("maps.field", **field))
    st.markdown(words)


def _named(subject: Subject, layer: str, channel: int) -> str:
    """A channel's number, bold; an output unit's with its class."""
    title = subject.output_title(layer, channel)
    return t("maps.numbered", channel=channel, title=escaped(title)) if title else f"**{channel}**"


def legend(layer: str, maps: Floats, sheet: Sheet, limits: Limits | None) -> None:
    """Say what the sheet shows, in which colours and in which order, and how to use it."""
    single = maps.ndim == 1
    numbers = sheet.numbers
    silent = int(((numbers.maximum == 0) & (numbers.minimum == 0)).sum())
    st.caption(
        t(
            "maps.shown_units" if single else "maps.shown",
            count=len(maps),
            layer=layer,
            size=shape_text(maps.shape[1:]),
            scale=_scale_words(maps, limits),
            silent=_silent_words(silent, single),
        )
    )
    if state.get("order") == "colour" and sheet.colour is None:
        st.caption(t("maps.order_elsewhere"))
    st.caption(t("maps.caption_units" if single else "maps.caption"))


@st.cache_data(max_entries=24, show_spinner=False)
def _drawn(key: str, limits: Limits | None, _maps: Floats, _order: NDArray[np.intp]) -> Contact:
    return contact_sheet(_maps, _order, limits)


def _silent_words(silent: int, single: bool) -> str:
    if not silent:
        return t("maps.none_silent")
    return t("maps.silent_units" if single else "maps.silent", count=silent)


def _scale_words(maps: Floats, limits: Limits | None) -> str:
    """The limits of the colour scale in words."""
    if limits is None:
        return t("maps.limits_own")
    words = t("maps.limits", low=limits[0], high=limits[1])
    if state.use("scale") != "percentile":
        return words
    low, high = PERCENTILES
    share = 100 * share_outside(maps, limits)
    return t("maps.clipped", scale=words, low=low, high=high, share=share)
