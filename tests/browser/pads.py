"""A page with one pad of each kind; ``test_pad.py`` serves it.

``?truth=1`` shows the truth, ``?frozen=1`` freezes them, ``?only=NAME`` shows one, ``?w=330`` sets
the width, ``?slow=0.5`` makes each answer so many seconds late.  Under each stands the value that
Python has, and how often it was told one.
"""

from collections.abc import Callable
from io import BytesIO
from time import sleep
from typing import Any

import numpy as np
import streamlit as st
from PIL import Image

from alexnet_viz.teaching.control import Bars, Box, Cells, Curve, Order, Shares, Sort
from alexnet_viz.ui.app.routes import STYLE
from alexnet_viz.ui.app.style import style
from alexnet_viz.ui.components.pad import Drawn, pad

RAMP = np.add.outer(np.arange(60), 2 * np.arange(60)).astype(np.uint8)
EPOCHS = tuple(f"epoch {number}" for number in range(1, 10))


def png(grey: Any) -> bytes:
    buffer = BytesIO()
    Image.fromarray(grey).save(buffer, "PNG")
    return buffer.getvalue()


PADS: dict[str, tuple[Drawn, tuple[float, ...], dict[str, Any]]] = {
    "bars": (
        Bars("bars", 2, 0, 100, (10.0, 50.0)),
        (12.0, 40.5),
        {"labels": ("convolutions", "fully connected layers"), "unit": "%"},
    ),
    "shares": (
        Shares("shares", 3, 0, 100, (50.0, 30.0, 20.0)),
        (10.0, 30.0, 60.0),
        {"labels": ("conv1", "conv2", "fc6"), "unit": "%"},
    ),
    "curve": (
        Curve("curve", 9, 0, 60, (10.0,) * 9),
        (60.0, 50.0, 40.0, 33.0, 30.0, 25.0, 22.0, 20.0, 18.0),
        {"labels": EPOCHS, "unit": "%"},
    ),
    "cells": (Cells("cells", 2, 3, -9, 9, (0.0, 1, 2, 3, 4, 5)), (0.0, 1, 2, 3, 4, 9), {}),
    "kernel": (
        Cells("kernel", 3, 3, -2, 2, (0.0,) * 9, 0.5, paint=True),
        (-1.0, 0, 1) * 3,
        {"preview": RAMP},
    ),
    "mask": (
        Cells("mask", 4, 4, 0, 4, (0.0,) * 16, paint=True),
        (0.0, 1, 2, 3) * 4,
        {"under": png(RAMP)},
    ),
    "box": (Box("box", 60, 60, (10, 10, 30, 40)), (15, 20, 45, 50), {"under": png(RAMP)}),
    "order": (Order("order", 3, (0, 1, 2)), (0, 2, 1), {"labels": ("conv1", "LRN", "pool")}),
    "sort": (
        Sort("sort", 3, 2, (0, 0, 1)),
        (0, 1, 1),
        {
            "labels": ("edges", "colours", "noise"),
            "bins": ("GPU 0", "GPU 1"),
            "pictures": [png(RAMP[:11, :11])] * 3,
        },
    ),
}


def told(name: str) -> Callable[[Any], None]:
    def put(value: Any) -> None:
        st.session_state[f"value {name}"] = value
        st.session_state[f"count {name}"] = st.session_state.get(f"count {name}", 0) + 1

    return put


asked = st.query_params
sleep(float(asked.get("slow", 0)))
style(STYLE)
st.title("Pads")
with st.container(width=int(asked.get("w", 600))):
    for name, (control, truth, arguments) in PADS.items():
        if asked.get("only", name) != name:
            continue
        value = st.session_state.get(f"value {name}", control.default)
        pad(
            control,
            value,
            key=f"pads.{name}",
            label=f"Draw: {name}",
            on_change=told(name),
            truth=truth if "truth" in asked else None,
            enabled="frozen" not in asked,
            **arguments,
        )
        shown = ",".join(f"{number:g}" for number in value)
        st.text(f"{name} {shown} told {st.session_state.get(f'count {name}', 0)}")
    if st.button("Start again"):
        for name in PADS:
            st.session_state.pop(f"value {name}", None)
        st.rerun()
