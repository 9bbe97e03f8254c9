"""The component of a diagram and a table of the same layers, which are highlighted together.

Streamlit cannot do this: a click on a filled shape of Plotly is not reported, and charts and tables
cannot highlight each other.  The component shows our own SVG, the one of the Download menu, and an
HTML table with column groups; hovering needs no server, and a click sets the choice ``layer`` and,
on request, the tower.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import streamlit as st

from alexnet_viz.ui.app import presenting, state
from alexnet_viz.ui.app.style import style
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.components.component import registered

_HTML = """<div class="plate">
  <div class="stage">
    <div class="picture"></div>
    <div class="card" role="dialog" hidden></div>
  </div>
  <div class="bar">
    <div class="line" aria-live="polite"></div>
    <div class="legend"></div>
  </div>
  <div class="rows"></div>
</div>"""

_MOUNT = registered("plate", _HTML)


WAYS = ("layer", "feature_maps", "channel", "towers")
"""The pages that a card may lead to; ``text/shell.toml`` names them."""
GO = "_plate_go"
"""The page that a card's button asked for, until the run that follows goes there."""

LINE, LEGEND, ROW = 23, 32, 28
"""Heights in pixels: the line below a drawing, its legend, a row of a table."""


class Detail(NamedTuple):
    """What the card beside a chosen block says of its layer, and where it leads."""

    title: str
    lines: Sequence[str]
    pages: Sequence[str]
    """Which of ``WAYS`` it leads to."""
    acts: Sequence[tuple[str, str]] = ()
    """What can be done to the layer on this page: (name, words)."""


def _height(svg: str, table: dict[str, Any] | None, smallest: int, *, legend: bool) -> str:
    """The height of a plate in CSS, which is kept free until its script has drawn it.

    A drawing is as wide as its place, at least ``smallest`` and at most 1.25 times its own width; a
    table that scrolls is as high as it says.
    """
    sides = re.match(r'<svg[^>]* width="(\d+)" height="(\d+)"', svg)
    across, down = map(int, sides.groups()) if sides else (1, 0)
    below = (LINE if "data-layer" in svg else 0) + (LEGEND if legend else 0)
    if table:
        rows = ROW * (1 + bool(table["groups"]) + len(table["rows"]) + bool(table["total"]))
        below += min(rows, table.get("height", rows))
    width = f"clamp({min(across, smallest)}px, 100cqw, {1.25 * across:.0f}px)"
    return f"calc({width} * {down / across:.4f} + {below}px)"


def plate(
    svg: str = "",
    *,
    key: str,
    table: dict[str, Any] | None = None,
    selected: str | None = None,
    tower: int | None = None,
    tower_choice: str = "",
    pickable: bool = True,
    choice: str = "layer",
    hint: str = "",
    smallest: int = 820,
    grow: float = 1.35,
    least: float = 0,
    legend: list[tuple[str, str]] | None = None,
    details: Mapping[str, Detail] | None = None,
    act: Callable[[str, str], None] | None = None,
    hold: Callable[[Mapping[str, int]], None] | None = None,
) -> None:
    """Show a diagram, a table, or both; a click on a layer sets the choice ``choice``.

    In a diagram of towers, ``selected`` is highlighted on ``tower``, or on all towers if it is
    None; a click on a block also sets the choice ``tower_choice``, if there is one.

    A diagram fills its width, but below ``smallest`` pixels it scrolls.  When it shrinks, its text
    shrinks less, by a factor of up to ``grow``, and not below ``least`` pixels if that is enough.
    ``legend`` has (colour, words).  ``details`` by
    layer open as a card beside the block that is clicked; ``act`` is called with the name of what
    a button of the card does, and the layer.  ``hold`` is called with the values that a moved frame
    sets, by the names that its ``grips.Grip`` has.
    ``svg`` must come from ``alexnet_viz.render.diagrams``, which escapes all text.
    """

    def picked() -> None:
        chosen = st.session_state[f"plate.{key}"].picked or {}
        if chosen.get("layer") not in (None, "input"):
            state.put(choice, chosen["layer"])
        if tower_choice and chosen.get("tower") is not None:
            state.put(tower_choice, int(chosen["tower"]))

    def gone() -> None:
        where = st.session_state[f"plate.{key}"].go
        if where["page"] in WAYS:
            state.put(choice, where["layer"])
            st.session_state[GO] = where["page"]

    def acted() -> None:
        asked = st.session_state[f"plate.{key}"].act
        if act:
            act(asked["act"], asked["layer"])

    def held() -> None:
        told = (st.session_state[f"plate.{key}"].held or {}).get("values", {})
        if hold:
            hold({str(name): int(value) for name, value in told.items()})

    if presenting.hidden("tables"):
        table = None
        if not svg:
            return
    data = {
        "svg": svg,
        "present": presenting.on(),
        "table": table,
        "selected": selected,
        "tower": tower,
        "pickable": pickable,
        "legend": tuple(legend or ()),
        "grow": grow,
        "least": least,
        "smallest": smallest,
        "hint": (hint or t("plate.hint")) if pickable else "",
        "details": tuple((name, it._asdict()) for name, it in (details or {}).items()),
        "ways": tuple({"page": page, "label": t(f"plate.way.{page}")} for page in WAYS),
        "close": t("plate.close"),
    }
    place = f"plate_{key.replace('.', '_')}"
    height = _height(svg, table, smallest, legend=bool(legend))
    with st.container(key=place, gap=None):
        style(
            f".st-key-{place} {{ container-type: inline-size; }} "
            f".st-key-{place} > :last-child {{ min-height: {height}; }}"
        )
        _MOUNT(
            key=f"plate.{key}",
            data=data,
            default={"picked": None, "held": None},
            on_picked_change=picked,
            on_go_change=gone,
            on_act_change=acted,
            on_held_change=held,
        )
    if page := st.session_state.pop(GO, None):
        st.switch_page(f"pages/{page}.py")
