"""The component of the Channel page: for the cell under the pointer, how its value is computed.

Streamlit's images do not report the position of the pointer, and a round trip for every cell would
be too slow.  The component gets all data at once (``lens_parcel``) and computes the sums in the
browser, in double precision from the network's own float32 values.
"""

from typing import Any

import streamlit as st

from alexnet_viz.render.theme import GROUND, ORANGE, PADDING, YELLOW
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.components.component import registered, room
from alexnet_viz.ui.components.lens_parcel import packed, rule_of
from alexnet_viz.ui.components.specimen import Specimen

_HTML = """<div class="lens">
  <div class="places">
    <figure class="seen">
      <canvas></canvas><figcaption></figcaption>
      <label class="opacity"><span></span><input type="range" min="0" max="100" step="5"></label>
    </figure>
    <figure class="map">
      <canvas tabindex="0" role="application"></canvas><figcaption></figcaption>
      <div class="scale">
        <span class="low"></span><i class="strip"></i><span class="high"></span>
        <span class="own"></span>
      </div>
    </figure>
    <figure class="below"><canvas></canvas><figcaption></figcaption></figure>
    <div class="said"><h2></h2></div>
  </div>
  <p class="line" aria-live="polite">
    <span class="place"></span> <output class="rule"></output> <span class="check"></span>
  </p>
  <div class="work">
    <div class="grids">
      <figure class="window"><canvas></canvas><figcaption></figcaption></figure>
      <span class="sign">×</span>
      <figure class="kernel"><canvas></canvas><figcaption></figcaption></figure>
      <span class="sign">=</span>
      <figure class="products"><canvas></canvas><figcaption></figcaption></figure>
      <p class="spot"></p>
    </div>
    <div class="parts">
      <p class="head"></p><ol class="bars"></ol><canvas class="sheet"></canvas>
    </div>
  </div>
  <div class="top"><p class="head"></p><div class="crops"></div></div>
</div>"""

_MOUNT = registered("lens", _HTML)
SIDE = "max(12rem, min(24rem, 33vh, 20.5cqw))"
"""Side of a picture under the lens, for the words beside it and the sum to be on the screen too."""
GOES_TO = ("layer", "channel", "cell_row", "cell_column")
FIXED = (
    "cell", "check", "field", "no_field", "opacity", "window", "kernel", "products", "colours",
    "look", "spot", "spot_outside", "crop", "own", "own_means",
)  # fmt: skip
"""Phrases that do not depend on the channel."""
COLOURS = {"field": YELLOW, "mark": ORANGE, "ground": GROUND, "padding": PADDING}


def lens(
    it: Specimen,
    module: Any,
    cell: tuple[int, int],
    said: tuple[str, list[str]],
    *,
    key: str,
    subject: str,
) -> None:
    """Show the lens for a channel; ``said`` are a title and sentences beside it.

    A click on a cell sets ``cell_row`` and ``cell_column``, a click on a contributing channel
    ``layer``, ``channel`` and the cell.  ``subject`` identifies network, weights and picture; when
    it changes, the component forgets its cell.
    """

    def kept() -> None:
        if _whole(place := st.session_state[key].cell, 2):
            state.put("cell_row", place[0])
            state.put("cell_column", place[1])

    def followed() -> None:
        if _whole(place := st.session_state[key].go, 3) and it.source.layer:
            values = (it.source.layer, *place)
            for choice, value in zip(GOES_TO, values, strict=True):
                state.put(choice, value)

    def faded() -> None:
        opacity = st.session_state[key].opacity
        if isinstance(opacity, int) and 0 <= opacity <= 100:
            state.put("opacity", opacity)

    header = {
        "key": f"{subject}/{it.row.name}/{it.channel}",
        "cell": cell,
        "opacity": state.use("opacity"),
        "side": SIDE,
        "said": said,
        "colours": COLOURS,
        "words": _words(it),
    }
    with room(key, f"calc({SIDE} + {_below(it)})"):
        _MOUNT(
            key=key,
            data=packed(it, module, header),
            on_cell_change=kept,
            on_go_change=followed,
            on_opacity_change=faded,
        )


def _below(it: Specimen) -> str:
    """The height of what is under the pictures at least: the sum, the window, the crops."""
    if it.plane.size == 1:
        return "22rem"
    return "34rem" if it.row.layer.weighted else "22rem"


def _whole(values: Any, count: int) -> bool:
    """Whether the browser sent ``count`` valid numbers of cells or channels."""
    return (
        isinstance(values, list)
        and len(values) == count
        and all(isinstance(each, int) and 0 <= each <= 100_000 for each in values)
    )


def _words(it: Specimen) -> dict[str, str]:
    """Phrases for the browser, which replaces the names in braces."""
    below = it.source.layer or t("lens.picture")
    names = {"layer": it.row.name, "channel": it.channel}
    rule = rule_of(it.row.layer)
    weighted = "weighted" if it.source.layer else "weighted_colours"
    parts = {
        "weighted": "weighted_units" if it.reads_units else weighted,
        "lrn": "lrn",
        "softmax": "softmax",
        "log_softmax": "softmax",
    }
    single = it.plane.size == 1
    return {
        **{name: t(f"lens.{name}") for name in FIXED},
        "field_cut": t("lens.unit_field" if single else "lens.field_cut"),
        "hint": t("lens.spot_hint" if rule == "weighted" else "lens.window_hint"),
        "channel": t("lens.unit" if it.reads_units else "lens.channel"),
        "map": t("lens.map", **names),
        "alt": t("lens.alt", **names),
        "below": t("lens.below", layer=below, slice="{slice}")
        if it.source.layer
        else t("lens.around"),
        "go": t("lens.go", layer=below, slice="{slice}"),
        "rule": t(f"lens.rule.{rule}"),
        "parts": t(f"lens.parts.{parts[rule]}", layer=below) if rule in parts else "",
        "top": t("lens.top", **names),
    }
