"""A contact sheet to point at: hover names the channel, the cell and its value; a click opens it.

Plain Streamlit shows images but cannot say where on one the pointer is.
"""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from alexnet_viz.render.charts.colour_limits import Limits
from alexnet_viz.render.charts.contact_sheet import FIRST, LAST, Contact, sheet_colours
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.components.component import pack, registered

_HTML = """<div class="contact" tabindex="0" role="application">
  <div class="frame">
    <img alt=""><div class="mark chosen"></div><div class="mark pointed"></div>
  </div>
  <div class="below">
    <div class="tip" aria-live="polite"></div>
    <div class="scale">
      <span class="low"></span><i class="strip"></i><span class="high"></span>
    </div>
  </div>
</div>"""

_MOUNT = registered("contact", _HTML)

_SHOWN = "_contact_shown"
"""(turn, channel told last, channel the component shows) of this session's sheet."""


def contact(
    sheet: Contact,
    order: NDArray[np.intp],
    numbers: NDArray[np.float32],
    limits: Limits | None,
    *,
    signed: bool,
    selected: int,
    alt: str,
) -> None:
    """Show a sheet; ``order`` are the channels in drawing order.

    ``numbers`` are mean, maximum, minimum and share of zeros of every channel (4, channels), or the
    values of units (1, units).  Picking a tile sets the choice ``channel``.
    """
    turn, told = _told(selected)
    single = len(numbers) == 1
    header = {
        "columns": sheet.columns,
        "tile": sheet.tile,
        "size": sheet.size,
        "limits": limits,
        "signed": signed,
        "turn": turn,
        "selected": told,
        "alt": alt,
        "words": {
            "channel": t("maps.tip_unit" if single else "maps.tip_channel", channel="{channel}"),
            "cell": t("maps.tip_cell", row="{row}", column="{column}", value="{value}"),
            "statistics": t(
                "maps.tip_statistics", mean="{mean}", max="{max}", min="{min}", zeros="{zeros}"
            ),
        },
    }
    _MOUNT(
        key="contact",
        data=pack(
            header,
            png=sheet.png,
            colours=sheet_colours(signed)[FIRST : LAST + 1].tobytes(),
            order=order.astype("<u4").tobytes(),
            numbers=numbers.astype("<f4").tobytes(),
        ),
        on_channel_change=_picked,
    )


def _picked() -> None:
    channel = st.session_state["contact"].channel
    if isinstance(channel, int) and channel >= 0:
        turn, told, _ = st.session_state[_SHOWN]
        st.session_state[_SHOWN] = (turn, told, channel)
        state.put("channel", channel)


def _told(selected: int) -> tuple[int, int]:
    """What to tell the component: the channel chosen elsewhere, and the number of that order.

    A channel picked on the sheet is not told back, so that a click sends no sheet again.
    """
    turn, told, shown = st.session_state.get(_SHOWN, (0, None, None))
    if selected != shown:
        turn, told = turn + 1, selected
        st.session_state[_SHOWN] = (turn, told, selected)
    return turn, told
