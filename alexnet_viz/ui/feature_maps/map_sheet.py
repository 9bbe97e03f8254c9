"""The sheet of all channels of a layer: its order, the sheet, and what it shows in words."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from alexnet_viz.network.layers import shape_text
from alexnet_viz.pictures.images import Picture
from alexnet_viz.render.charts.colour_limits import PERCENTILES
from alexnet_viz.serving import Ran
from alexnet_viz.serving.shown import ChannelOf, LayerSheet, OneChannel, SheetOf
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import escaped, listed, offered, running, t
from alexnet_viz.ui.components import foreign_picture, live_model
from alexnet_viz.ui.components.contact_sheet import contact
from alexnet_viz.ui.components.known_pictures import known_to
from alexnet_viz.ui.components.picture_places import place_name
from alexnet_viz.ui.components.subject import Subject

MOST_NAMED = 3
"""Most channels that the sentence under the sheet names."""
ALONE = 1000
"""How many times larger than any other a unit's value is for the sentence to name it alone."""


def sheet_of(subject: Subject, pictures: Sequence[Picture], layer: str) -> Ran:
    """The ``LayerSheet`` of the first picture; the others are for the colour scale."""
    return live_model.shown(
        subject, pictures, SheetOf(layer, state.use("order"), state.use("scale"))
    )


def channel_of(subject: Subject, picture: Picture, sheet: LayerSheet) -> OneChannel:
    """The chosen channel of a layer, or the one that answers most."""
    channel = live_model.chosen_channel(sheet.shape[0])
    if channel is None:
        channel = int(sheet.answering[0])
    found: OneChannel = live_model.shown(subject, [picture], ChannelOf(sheet.layer, channel)).value
    return found


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


def show_sheet(sheet: LayerSheet, channel: int) -> None:
    """Show all channels of a layer, with ``channel`` marked."""
    numbers = sheet.numbers
    contact(
        sheet.contact,
        sheet.order,
        np.stack([numbers[field] for field in (0, 1, 2, 4)])
        if sheet.values is None
        else sheet.values[None],
        sheet.limits,
        signed=sheet.signed,
        selected=channel,
        alt=t("maps.alt", count=sheet.shape[0], layer=sheet.layer),
    )


def caution(subject: Subject) -> None:
    """Say what weights of a few classes cannot know of another picture, and who does."""
    known = known_to(subject.weights)
    if known and foreign_picture.foreign(subject):
        st.markdown(t(f"maps.only_{known.things}", count=len(known.kinds)))
        foreign_picture.other_weights()


def answer(subject: Subject, sheet: LayerSheet) -> None:
    """Say which channels answer most to the picture, and how much of it a cell sees."""
    layer, count, means = sheet.layer, sheet.shape[0], sheet.numbers.mean
    if sheet.silent.all():
        st.markdown(t("maps.answer_none", count=count, layer=layer))
        return
    channels = sheet.answering[:MOST_NAMED]
    first = int(channels[0])
    if sheet.single and count > 1 and 0 <= ALONE * means[channels[1]] < means[first]:
        named = _named(subject, layer, first)
        alone = {"most": named, "value": float(means[first]), "times": ALONE}
        st.markdown(t("maps.answer_alone", count=count, layer=layer, **alone))
        return
    row = subject.result[layer]
    words = t(
        "maps.answer_units" if sheet.single else "maps.answer",
        count=count,
        layer=layer,
        most=listed([_named(subject, layer, int(channel)) for channel in channels]),
        values=listed([f"{means[channel]:.4g}" for channel in channels]),
    )
    if row.receptive_field and not sheet.single:
        down, across = row.receptive_field
        _, height, width = subject.result.input_shape
        field = {"field": f"{down.size}×{across.size}", "picture": f"{height}×{width}"}
        shape = sheet.shape[1:]
        cell = np.unravel_index(sheet.strongest[first], shape)
        down, across = ((at + 0.5) / size for at, size in zip(cell, shape, strict=True))
        place = t("maps.where", channel=first, place=place_name(down, across))
        words = running(words, place, t("maps.field", **field))
    st.markdown(words)


def _named(subject: Subject, layer: str, channel: int) -> str:
    """A channel's number, bold; an output unit's with its class."""
    title = subject.output_title(layer, channel)
    return t("maps.numbered", channel=channel, title=escaped(title)) if title else f"**{channel}**"


def legend(sheet: LayerSheet) -> None:
    """Say what the sheet shows, in which colours and in which order, and how to use it."""
    single = sheet.single
    st.caption(
        t(
            "maps.shown_units" if single else "maps.shown",
            count=sheet.shape[0],
            layer=sheet.layer,
            size=shape_text(sheet.shape[1:]),
            scale=_scale_words(sheet),
            silent=_silent_words(int(sheet.silent.sum()), single),
        )
    )
    if state.get("order") == "colour" and sheet.colour is None:
        st.caption(t("maps.order_elsewhere"))
    st.caption(t("maps.caption_units" if single else "maps.caption"))


def _silent_words(silent: int, single: bool) -> str:
    if not silent:
        return t("maps.none_silent")
    return t("maps.silent_units" if single else "maps.silent", count=silent)


def _scale_words(sheet: LayerSheet) -> str:
    """The limits of the colour scale in words."""
    if sheet.limits is None:
        return t("maps.limits_own")
    words = t("maps.limits", low=sheet.limits[0], high=sheet.limits[1])
    if state.use("scale") != "percentile":
        return words
    low, high = PERCENTILES
    return t("maps.clipped", scale=words, low=low, high=high, share=100 * sheet.outside)
