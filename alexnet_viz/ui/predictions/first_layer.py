"""What holds of any picture: which kernels of the first layer answer to it, and where."""

import numpy as np
import streamlit as st

from alexnet_viz.network.layers import Conv
from alexnet_viz.network.trace import Row
from alexnet_viz.pictures.images import Picture, Pixels
from alexnet_viz.render.charts.filters import tiles
from alexnet_viz.render.charts.spotlight import spotlight
from alexnet_viz.serving.scores import FirstKernels, FirstKernelsOf
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.components import live_model
from alexnet_viz.ui.components.overlay import covered
from alexnet_viz.ui.components.picture_places import place_name
from alexnet_viz.ui.components.subject import Subject

SHOWN = 5
SIDE = 176
"""Side of a picture on the screen, in pixels."""
KERNEL = 4
"""A kernel's side on the picture is its own, enlarged so many times."""


def first_layer(subject: Subject, picture: Picture, seen: Pixels) -> None:
    """Show the kernels that tell the places of the picture apart most, lit where they answer."""
    convolution, shown = _rows(subject)
    ask = FirstKernelsOf(convolution.name, shown.name, SHOWN)
    found: FirstKernels = live_model.shown(subject, [picture], ask).value
    if found.kernels.shape[1] != 3:
        return
    st.header(t("truth.heading", layer=convolution.name), anchor=False)
    st.markdown(
        t(
            "truth.says",
            answering=found.answering,
            count=found.total,
            layer=convolution.name,
            shown=len(found.channels),
        )
    )
    pictures = tiles(found.kernels)
    with st.container(horizontal=True, gap="small"):
        for channel, plane in zip(found.channels, found.planes, strict=True):
            _card(shown, channel, plane, pictures[channel], seen)


def _rows(subject: Subject) -> tuple[Row, Row]:
    """The first convolution, and the non-linearity after it or else itself."""
    rows = subject.result.rows
    at = next(place for place, row in enumerate(rows) if isinstance(row.layer, Conv))
    after = rows[at + 1]
    return rows[at], after if after.layer.family == "activation" else rows[at]


def _card(row: Row, channel: int, plane: live_model.Floats, tile: Pixels, seen: Pixels) -> None:
    """One kernel, the picture in the light of its map, and a link to the map."""
    height, width = seen.shape[:2]
    place = (0.0, 0.0, 1.0, 1.0)
    if row.receptive_field:
        vertical, horizontal = row.receptive_field
        top, tall = covered(vertical, plane.shape[0], height)
        left, wide = covered(horizontal, plane.shape[1], width)
        place = (left, top, wide, tall)
    lit = spotlight(seen, plane, place)
    large = tile.repeat(KERNEL, axis=0).repeat(KERNEL, axis=1)
    lit[: len(large) + 2, : large.shape[1] + 2] = 255
    lit[: len(large), : large.shape[1]] = large
    down, across = (
        (at + 0.5) / size
        for at, size in zip(np.unravel_index(plane.argmax(), plane.shape), plane.shape, strict=True)
    )
    with st.container(width=SIDE, gap="xxsmall"):
        st.image(
            lit,
            alt=t("truth.alt", channel=channel, place=place_name(down, across)),
            width=SIDE,
            output_format="PNG",
        )
        st.caption(t("truth.kernel", channel=channel, place=place_name(down, across)))
        st.page_link(
            "pages/feature_maps.py",
            label=t("truth.map", channel=channel),
            icon=":material/grid_view:",
            query_params={"layer": row.name, "channel": str(channel)},
        )
