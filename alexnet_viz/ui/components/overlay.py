"""The component of one map: over the picture, and by itself, with exact values.

A cell is drawn around the centre of its receptive field, as wide as the distance to the next cell.
If the map were stretched over the whole picture, as is usual, the corners of conv1's maps would be
off by almost a cell.
"""

from io import BytesIO

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from alexnet_viz.network.receptive_field import ReceptiveField
from alexnet_viz.network.trace import Row
from alexnet_viz.pictures.images import Pixels
from alexnet_viz.render.charts.colour_limits import Limits
from alexnet_viz.render.charts.contact_sheet import FIRST, LAST, sheet_colours
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.components.component import pack, registered, room

_HTML = """<div class="overlay">
  <div class="panes">
    <div class="pane picture"><img alt=""><canvas></canvas><div class="field" hidden></div></div>
    <div class="pane map" tabindex="0" role="img">
      <canvas></canvas><div class="cell" hidden></div>
    </div>
  </div>
  <div class="below">
    <div class="scale">
      <span class="low"></span><i class="strip"></i><span class="high"></span>
    </div>
    <label class="opacity"><span></span><input type="range" min="0" max="100" step="5"></label>
    <div class="tip" aria-live="polite"></div>
  </div>
</div>"""

_MOUNT = registered("overlay", _HTML)

STACKED = "max(29vh, 12rem)"
"""Side of each of two pictures one above the other: both are on the first screen, if it is not so
low that they would be too small."""

Floats = NDArray[np.float32]


def overlay(
    plane: Floats,
    limits: Limits,
    seen: Pixels,
    row: Row,
    *,
    signed: bool,
    key: str,
    alt: str,
    small: bool = False,
    stacked: bool = False,
) -> None:
    """Show a map, float32 (H, W), of a layer over ``seen``, the network's input as a picture.

    The slider sets ``opacity``, a click ``cell_row`` and ``cell_column``.  A ``small`` overlay has
    no slider and no hint; in a ``stacked`` one the map is under the picture, both as large as the
    screen has room for.
    """

    def moved() -> None:
        opacity = st.session_state[key].opacity
        if isinstance(opacity, int) and 0 <= opacity <= 100:
            state.put("opacity", opacity)

    def kept() -> None:
        match st.session_state[key].cell:
            case [int(row), int(column)] if 0 <= row < len(plane) and 0 <= column < plane.shape[1]:
                state.put("cell_row", row)
                state.put("cell_column", column)

    height, width = seen.shape[:2]
    header = {
        "size": plane.shape,
        "picture": (height, width),
        "limits": limits,
        "opacity": state.use("opacity"),
        "place": (0, 0, 1, 1),
        "fields": None,
        "small": small,
        "side": STACKED if stacked else None,
        "cell": kept_cell(plane.shape),
        "alt": alt,
        "words": {
            "seen": t("maps.sees"),
            "opacity": t("maps.opacity"),
            "hint": t("maps.overlay_hint"),
            "cell": t("maps.tip_cell", row="{row}", column="{column}", value="{value}"),
        },
    }
    if row.receptive_field:
        vertical, horizontal = row.receptive_field
        top, tall = covered(vertical, plane.shape[0], height)
        left, wide = covered(horizontal, plane.shape[1], width)
        header["place"] = (left, top, wide, tall)
        header["fields"] = (_in_shares(vertical, height), _in_shares(horizontal, width))
    pictures = f"2 * min(100cqw, {STACKED})" if stacked else "min(50cqw, 26rem)"
    with room(key, f"calc({pictures} + {'5rem' if small else '8rem'})"):
        _MOUNT(
            key=key,
            data=pack(
                header,
                seen=_compressed(seen),
                plane=plane.astype("<f4").tobytes(),
                colours=sheet_colours(signed)[FIRST : LAST + 1].tobytes(),
            ),
            on_opacity_change=moved,
            on_cell_change=kept,
        )


def kept_cell(shape: tuple[int, ...]) -> tuple[int, int] | None:
    """The chosen cell, if a map of this shape (H, W) has it."""
    row, column = state.use("cell_row"), state.use("cell_column")
    inside = None not in (row, column) and row < shape[0] and column < shape[1]
    return (row, column) if inside else None


def covered(field: ReceptiveField, cells: int, pixels: int) -> tuple[float, float]:
    """Start and length of a map's cells along an axis, as shares of the picture.

    >>> covered(ReceptiveField(size=11, effective_stride=4), 55, 227)  # 3.5 to 223.5 of 227
    (0.015418502202643172, 0.9691629955947136)
    """
    middle = field.start + field.size / 2
    return (middle - field.effective_stride / 2) / pixels, cells * field.effective_stride / pixels


def _in_shares(field: ReceptiveField, pixels: int) -> tuple[float, float, float]:
    """Size, stride and start of a receptive field as shares of the picture."""
    return field.size / pixels, field.effective_stride / pixels, field.start / pixels


def _compressed(seen: Pixels) -> bytes:
    """The picture as lossy WebP, a tenth of the size of its PNG."""
    buffer = BytesIO()
    Image.fromarray(seen).save(buffer, format="WEBP", quality=88)
    return buffer.getvalue()
