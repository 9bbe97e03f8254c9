"""The component with which a student draws: bars, curves, cells, boxes; bins and orders of things.

Streamlit has no widget for these controls of ``teaching.control``.  While something moves the
browser answers; the server hears of it when a stroke or an edit has ended.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zlib import crc32

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from alexnet_viz.render import theme
from alexnet_viz.render.diagrams.svg import text_width
from alexnet_viz.teaching.control import Bars, Box, Cells, Curve, Order, Shares, Sort, Value
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.components.component import pack, registered, room

Drawn = Bars | Shares | Curve | Cells | Box | Sort | Order
"""The controls that are drawn here; Streamlit has widgets for the others."""

_HTML = """<div class="pad" role="group">
  <div class="title"></div>
  <div class="stage"></div>
  <div class="legend"></div>
  <div class="tip"></div>
  <div class="live" aria-live="polite"></div>
</div>"""

_MOUNT = registered("pad", _HTML)

BAR, CURVE, BOX = 44, 260, 380
"""Heights in CSS pixels: of a bar's row, a curve, and at most of a box."""
CELL, GRID = 52, 420
"""Most CSS pixels of a cell's side and of a grid's width; numbers still fit into 32."""
LABEL, NARROW = 15, 136
"""Pixels: the size of the name of something to sort, and the width of a bin at least."""
AROUND = "6.2rem"
"""The height of the lines around the drawing."""


def pad(
    control: Drawn,
    value: Value,
    *,
    key: str,
    label: str,
    on_change: Callable[[Value], None],
    labels: Sequence[str] = (),
    pictures: Sequence[bytes] = (),
    bins: Sequence[str] = (),
    under: bytes | None = None,
    truth: Value | None = None,
    truth_label: str = "",
    yours_label: str = "",
    unit: str = "",
    enabled: bool = True,
    height: int | None = None,
    preview: NDArray[np.uint8] | None = None,
) -> None:
    """Show ``value`` of a control; a finished stroke or edit calls ``on_change`` with the new one.

    ``labels`` name the bars, points or items, ``bins`` the bins of a ``Sort``.  ``pictures`` are
    PNGs of the items, ``under`` is the PNG under a box or under painted cells.  ``truth`` is drawn
    beside the student's value on the same scale.  ``height`` is the drawing's in CSS pixels (bars,
    curve, box).  ``preview`` is a grey picture (H, W) with which the browser convolves painted
    cells as a kernel, without padding and with grey from 0 to 1, during the stroke.
    """

    def drawn() -> None:
        match st.session_state[key].drawn:
            case [_, *told] if enabled:
                try:
                    on_change(checked(control, told))
                except ValueError:
                    return  # not from this component's script: the page keeps its value

    header = {
        **_described(control),
        "value": tuple(value),
        "truth": None if truth is None else tuple(truth),
        "turn": _turn(key),
        "label": label,
        "labels": _labels(control, labels),
        "bins": _labels_of(bins, control.bins if isinstance(control, Sort) else 0),
        "unit": unit,
        "enabled": enabled,
        "tall": height,
        "preview": None if preview is None else preview.shape,
        "colours": {
            "yours": theme.BLUE,
            "truth": theme.VERMILION,
            "negative": theme.BLUE,
            "positive": theme.VERMILION,
        },
        "words": _words(control, yours_label, truth_label),
    }
    parts = {f"picture{number}": picture for number, picture in enumerate(pictures)}
    if under is not None:
        parts["under"] = under
    if preview is not None:
        parts["grey"] = np.ascontiguousarray(preview, np.uint8).tobytes()
    header["print"] = crc32(b"".join(parts.values()))
    drawing = _height(control, height, bool(pictures), preview is not None, labels)
    with room(key, f"calc({drawing} + {AROUND})"):
        _MOUNT(
            key=key,
            data=pack(header, **parts),
            default={"drawn": None},
            on_drawn_change=drawn,
        )


def checked(control: Drawn, told: Sequence[object]) -> Value:
    """What a browser told, as a value of the control, rounded to its steps.

    Raises:
        ValueError: it is no value of this control.
    """
    numbers = [_plain(number) for number in told]
    if isinstance(control, Box | Sort | Order) and not all(
        number.is_integer() for number in numbers
    ):
        raise ValueError(told)
    value: Value = control.parse(",".join(map(repr, numbers)))
    if isinstance(control, Box | Sort | Order):
        return value
    if isinstance(control, Shares) and abs(sum(value) - control.high) > control.step / 2:
        raise ValueError(told)
    return tuple(_on_step(number, control) for number in value)


def _plain(number: object) -> float:
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise ValueError(number)
    try:
        return float(number)
    except OverflowError as huge:
        raise ValueError(number) from huge


def _on_step(value: float, control: Bars | Shares | Curve | Cells) -> float:
    steps = round((value - control.low) / control.step)
    return min(control.high, max(control.low, round(control.low + steps * control.step, 10)))


def _turn(key: str) -> int | float | None:
    """The number of the last edit that arrived from the browser, which sends it with the value."""
    match getattr(st.session_state.get(key), "drawn", None):
        case [int() | float() as turn, *_]:
            return turn
    return None


def _described(control: Drawn) -> dict[str, Any]:
    match control:
        case Box():
            return {"kind": "box", "width": control.width, "height": control.height}
        case Sort():
            return {"kind": "sort", "count": control.count}
        case Order():
            return {"kind": "order", "count": control.count}
        case Cells():
            size = {"rows": control.rows, "columns": control.columns, "side": _side(control)}
            return {"kind": "cells", "paint": control.paint, **size, **_scale(control)}
    kinds: Mapping[type, str] = {Bars: "bars", Shares: "shares", Curve: "curve"}
    return {"kind": kinds[type(control)], "count": control.count, **_scale(control)}


def _scale(control: Bars | Shares | Curve | Cells) -> dict[str, float]:
    return {"low": control.low, "high": control.high, "step": control.step}


def _side(cells: Cells) -> int:
    return max(32, min(CELL, GRID // cells.columns))


def _labels(control: Drawn, labels: Sequence[str]) -> tuple[str, ...]:
    """A name for each bar, point or item: its number where none is given."""
    return _labels_of(labels, 0 if isinstance(control, Box | Cells) else control.count)


def _labels_of(labels: Sequence[str], count: int) -> tuple[str, ...]:
    return (*labels[:count], *(str(number + 1) for number in range(len(labels), count)))


def _words(control: Drawn, yours: str, truth: str) -> dict[str, str]:
    hint = {
        Bars: "pad.hint_bars",
        Shares: "pad.hint_shares",
        Curve: "pad.hint_curve",
        Box: "pad.hint_box",
        Sort: "pad.hint_sort",
        Order: "pad.hint_order",
    }
    if isinstance(control, Cells):
        hint[Cells] = "pad.hint_paint" if control.paint else "pad.hint_cells"
    return {
        "hint": t(hint[type(control)]),
        "frozen": t("pad.frozen"),
        "yours": yours or t("pad.yours"),
        "truth": truth or t("pad.truth"),
        "value": t("pad.value", name="{name}", value="{value}"),
        "both": t(
            "pad.both",
            name="{name}",
            yours="{yours}",
            value="{value}",
            truth="{truth}",
            true="{true}",
        ),
        "cell": t("pad.cell", row="{row}", column="{column}"),
        "brush": t("pad.brush"),
        "chosen": t("pad.chosen"),
        "box": t(
            "pad.box",
            left="{left}",
            top="{top}",
            right="{right}",
            bottom="{bottom}",
            width="{width}",
            height="{height}",
        ),
        "right": t("pad.right"),
        "belongs": t("pad.belongs", bin="{bin}"),
        "place": t("pad.place", n="{n}", all="{all}"),
        "picture": t("pad.picture"),
        "map": t("pad.map", low="{low}", high="{high}"),
        "mean": t("pad.mean", value="{value}"),
    }


def _height(
    control: Drawn, height: int | None, pictures: bool, preview: bool, labels: Sequence[str] = ()
) -> str:
    """The height that the drawing will have, as a length in CSS."""
    match control:
        case Cells():
            side = f"min({_side(control)}px, 100cqw / {control.columns})"
            beside = control.columns * _side(control) + 336
            below = f" + clamp(0px, {beside}px * 99 - 9900cqw, 14rem)" if preview else ""
            return f"{control.rows} * {side} + 4.2rem{below}"
        case Box():
            shape = control.height / control.width
            return f"min({height or BOX}px, {shape:.4f} * 100cqw) + 1.8rem"
        case Sort():
            rows = -(-control.count // control.bins)
            if any(text_width(label, LABEL) > NARROW for label in labels):
                return f"{44 * control.count + 90 * control.bins}px"  # one below the other
            return f"{rows * (76 if pictures else 44) + 60}px"
        case Order():
            return f"{-(-control.count // 3) * 44}px"
        case Curve():
            return f"{height or CURVE}px"
    return f"{max(height or 0, BAR * control.count) + 20}px"
