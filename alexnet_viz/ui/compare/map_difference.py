"""One layer of two networks for one picture: sheet of differences, one channel, numbers."""

from collections.abc import Sequence
from operator import attrgetter

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from alexnet_viz.analysis.columns import Column, word_column
from alexnet_viz.interpretability.map_difference import INPUT, LayerDifference, difference
from alexnet_viz.model.activations import channel_statistics
from alexnet_viz.network.layers import shape_text
from alexnet_viz.network.trace import Row
from alexnet_viz.pictures.images import Picture
from alexnet_viz.pictures.preprocessing import cropped
from alexnet_viz.render.charts.colour_limits import Limits, is_signed, limits_of
from alexnet_viz.render.charts.contact_sheet import contact_sheet
from alexnet_viz.render.tables.table import Table
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.compare.paired_models import Twin
from alexnet_viz.ui.components.contact_sheet import contact
from alexnet_viz.ui.components.downloads import download_menu, grid_file
from alexnet_viz.ui.components.overlay import overlay
from alexnet_viz.ui.components.plate import plate
from alexnet_viz.ui.components.table_view import grid_table

Floats = NDArray[np.float32]
FEW = 12
"""Most channels that are named; more are counted."""


def layer_title(layer: str) -> str:
    """The title of an entry: a layer's name, or "input of" it."""
    if layer.endswith(INPUT):
        return t("apart.reads", layer=layer.removesuffix(INPUT))
    return layer


def _row(twin: Twin, layer: str) -> Row:
    """The row whose output an entry shows."""
    rows = list(twin.result.rows)
    if layer.endswith(INPUT):
        names = [row.name for row in rows]
        return rows[names.index(layer.removesuffix(INPUT)) - 1]
    return twin.result[layer]


def sheet_heading(found: LayerDifference) -> bool:
    """Show how many channels differ; returns whether any does."""
    st.header(t("apart.sheet", layer=layer_title(found.layer)), anchor=False)
    differ, shape = found.channels or (), found.shapes[0]
    what = t("apart.units" if len(shape) == 1 else "apart.channels")
    if not differ:
        st.markdown(t("apart.none_differ", n=shape[0], what=what))
    elif len(differ) > FEW:
        st.markdown(t("apart.many_differ", n=len(differ), count=shape[0], what=what))
    else:
        named = ", ".join(map(str, differ))
        words = t("apart.few_differ", n=len(differ), count=shape[0], what=what, channels=named)
        st.markdown(words)
    return bool(differ)


def sheet_apart(found: LayerDifference, one: Floats, other: Floats) -> int:
    """Show the differences of all channels on one sheet; returns the chosen channel."""
    apart = difference(one, other)
    single = apart.ndim == 1
    limits = limits_of([apart], signed=True)
    chosen = min(_chosen(found), len(apart) - 1)
    numbers = channel_statistics(apart)
    order = np.arange(len(apart))
    contact(
        contact_sheet(apart, order, limits),
        order,
        apart[None] if single else np.stack([numbers[field] for field in (0, 1, 2, 4)]),
        limits,
        signed=True,
        selected=chosen,
        alt=t("apart.sheet", layer=layer_title(found.layer)),
    )
    st.caption(t("apart.sheet_caption", high=limits[1]))
    return chosen


def _chosen(found: LayerDifference) -> int:
    """The chosen channel; until one is chosen, the first that differs."""
    channel = state.use("channel")
    if channel is None:
        return found.channels[0] if found.channels else 0
    return int(channel)


def channel_apart(
    found: tuple[Twin, Twin],
    titles: Sequence[str],
    layer: LayerDifference,
    maps: tuple[Floats, Floats],
    channel: int,
    picture: Picture,
) -> None:
    """Show one channel of both on the same colour scale, and their difference on its own."""
    one, other = maps
    apart = difference(one, other)
    title = layer_title(layer.layer)
    if one.ndim == 1:
        st.header(t("apart.one_unit", channel=channel, layer=title), anchor=False)
        st.markdown(t("apart.unit", one=one[channel], other=other[channel], by=apart[channel]))
        return
    st.header(t("apart.channel", channel=channel, layer=title), anchor=False)
    signed = is_signed(one) or is_signed(other)
    both = limits_of([one[channel], other[channel]], signed)
    size = found[0].result.input_shape
    seen = cropped(picture, size[1], size[0])
    rows = [_row(twin, layer.layer) for twin in found]
    own = limits_of([apart[channel]], signed=True)
    shown: list[tuple[str, Floats, Limits, bool]] = [
        (titles[0], one[channel], both, signed),
        (titles[1], other[channel], both, signed),
        (t("apart.difference"), apart[channel], own, True),
    ]
    columns = st.columns(len(shown), gap="medium")
    for place, (column, (title, plane, limits, diverging)) in enumerate(
        zip(columns, shown, strict=True)
    ):
        with column:
            st.markdown(f"**{escaped(title)}**")
            overlay(plane, limits, seen, rows[min(place, 1)], signed=diverging,
                    key=f"apart.{place}", alt=title, small=True)  # fmt: skip
    st.caption(t("apart.channel_caption", low=both[0], high=both[1], by=own[1]))


def layers_table(apart: Sequence[LayerDifference], layer: str) -> None:
    """Show the numbers of every layer as a table to choose from, and as files."""
    table = Table(
        apart,
        (
            Column("layer", "", attrgetter("layer")),
            word_column("", "apart.head_layer", lambda each: layer_title(each.layer)),
            word_column("", "apart.head_shape", _shapes),
            Column("shapes", "", lambda each: list(map(list, each.shapes))),
            Column("largest", "apart.head_largest", attrgetter("largest"), text=_four_digits),
            Column("mean", "apart.head_mean", attrgetter("mean"), text=_four_digits),
            Column("relative", "", attrgetter("relative")),
            Column("", "apart.head_percent", _percent),
            Column("channels", "apart.head_differing", attrgetter("channels"), text=len),
        ),
        language(),
        title=t("apart.table"),
    )
    with st.expander(t("apart.table"), key="apart.table.open"):
        plate(
            table=grid_table(table.grid, [each.layer for each in apart]),
            key="apart.table",
            selected=layer,
            choice="apart_layer",
        )
    download_menu(grid_file(table.grid, table.records, "alexnet_maps_apart"), key="apart")


def _shapes(each: LayerDifference) -> str:
    return " / ".join(dict.fromkeys(map(shape_text, each.shapes)))


def _percent(each: LayerDifference) -> float | None:
    return None if each.largest is None else 100 * (each.relative or 0)


def _four_digits(value: float) -> float:
    return float(f"{value:.4g}")
