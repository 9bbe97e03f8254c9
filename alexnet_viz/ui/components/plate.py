"""A drawing to point at, with a table tied to it.

Plain Streamlit cannot do this: a Plotly click on a filled shape never arrives, and neither its
charts nor its tables can light each other up under the pointer.  The component shows our own SVG
(the very one that is downloaded) and an HTML table with column groups; hovering answers in the
browser, a click sets the choice ``layer`` of the URL, and on request the tower's.
"""

from typing import Any

import streamlit as st

from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.components.component import registered

_HTML = """<div class="plate">
  <div class="legend"></div>
  <div class="picture"></div>
  <div class="bar">
    <div class="line" aria-live="polite"></div>
    <div class="tools">
      <button type="button" class="save-svg">SVG ↓</button>
      <button type="button" class="save-png">PNG ↓</button>
    </div>
  </div>
  <div class="rows"></div>
</div>"""

_MOUNT = registered("plate", _HTML)


def plate(
    svg: str = "",
    *,
    key: str,
    file: str = "drawing",
    table: dict[str, Any] | None = None,
    selected: str | None = None,
    tower: int | None = None,
    tower_choice: str = "",
    pickable: bool = True,
    choice: str = "layer",
    hint: str = "",
    smallest: int = 820,
    grow: float = 1.35,
    legend: list[tuple[str, str]] | None = None,
) -> None:
    """Show a drawing, a table, or both; picking a layer sets the choice ``layer``, or another.

    In a drawing of towers ``selected`` is lit on ``tower`` alone, or on all of them without one;
    picking a block sets the choice named ``tower_choice`` too, if one is named.

    A drawing fills the width it is given but never shrinks below ``smallest`` pixels: then it
    scrolls.  Where it shrinks its words do not, up to ``grow`` times their size.  ``legend`` says
    what the colours mean, as (colour, words).  ``svg`` must come from
    ``alexnet_viz.render.diagrams``, which escapes every text it is given.
    """

    def picked() -> None:
        chosen = st.session_state[f"plate.{key}"].picked or {}
        if chosen.get("layer") not in (None, "input"):
            state.put(choice, chosen["layer"])
        if tower_choice and chosen.get("tower") is not None:
            state.put(tower_choice, int(chosen["tower"]))

    _MOUNT(
        key=f"plate.{key}",
        data={
            "svg": svg,
            "table": table,
            "selected": selected,
            "tower": tower,
            "pickable": pickable,
            "file": file,
            "legend": legend or [],
            "grow": grow,
            "smallest": smallest,
            "hint": (hint or t("plate.hint")) if pickable else "",
        },
        default={"picked": None},
        on_picked_change=picked,
    )
