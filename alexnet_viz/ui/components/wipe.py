"""The component of maps over a picture, divided by a line that the pointer moves.

With Streamlit's own slider every position of the line would be a round trip.  Here the line, the
opacity and the value under the pointer need no server; several maps share them.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple

from PIL import Image

from alexnet_viz.pictures.images import Pixels
from alexnet_viz.render.charts.attribution import OVER, Layer
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.components.component import pack, registered

_HTML = """<div class="wipe">
  <div class="panes"></div>
  <div class="tip" aria-live="polite"></div>
  <div class="below">
    <label class="line-at"><span></span><input type="range" min="0" max="100" step="1"></label>
    <label class="opacity"><span></span><input type="range" min="0" max="100" step="5"></label>
  </div>
</div>"""

_MOUNT = registered("wipe", _HTML)


class Pane(NamedTuple):
    """One map over the picture."""

    title: str
    layer: Layer


def wipe(seen: Pixels, panes: Sequence[Pane], *, key: str) -> None:
    """Show maps over the same picture, uint8 (height, width, 3), side by side."""
    header = {
        "size": seen.shape[:2],
        "panes": [
            {"title": pane.title, "limits": pane.layer.limits, "alt": _alt(pane)} for pane in panes
        ],
        "opacity": round(100 * OVER),
        "words": {
            "line": t("attribution.wipe"),
            "opacity": t("attribution.opacity"),
            "hint": t("attribution.wipe_hint"),
            "value": t("attribution.wipe_value", row="{row}", column="{column}", value="{value}"),
        },
    }
    parts = {"seen": _png(seen)}
    for number, pane in enumerate(panes):
        parts[f"steps{number}"] = pane.layer.steps.tobytes()
        parts[f"colours{number}"] = pane.layer.colours.tobytes()
    _MOUNT(key=key, data=pack(header, **parts))


def _alt(pane: Pane) -> str:
    low, high = pane.layer.limits
    return t("attribution.alt", title=pane.title, low=low, high=high)


def _png(seen: Pixels) -> bytes:
    """The picture as PNG: lossless, because the values refer to its pixels."""
    buffer = BytesIO()
    Image.fromarray(seen).save(buffer, format="PNG", compress_level=4)
    return buffer.getvalue()
