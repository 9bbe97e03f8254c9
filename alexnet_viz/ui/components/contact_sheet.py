"""The component of a contact sheet: hovering shows a cell's value, a click chooses its channel.

Streamlit's images do not report the position of the pointer.
"""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from alexnet_viz.render.charts.colour_limits import Limits
from alexnet_viz.render.charts.contact_sheet import FIRST, LAST, Contact, sheet_colours
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.components.component import pack, registered, room

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

MOST_ENLARGED, LEAST_WIDTH = 8, 320
"""Most screen pixels for a pixel of the sheet, and the width that it may have anyway."""
BELOW = "2.2rem"
"""The height of the line under the sheet."""
_SHOWN = "_contact_shown"
"""Session key of (turn, channel sent last, channel that the component shows)."""


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
    """Show a sheet; ``order`` has the channels in drawing order.

    ``numbers`` are mean, maximum, minimum and share of zeros of every channel (4, channels), or the
    values of units (1, units).  A click on a tile sets the choice ``channel``.
    """
    width, height = sheet.size
    most = max(MOST_ENLARGED * width, LEAST_WIDTH)
    place = room("contact", f"calc(min(100cqw, {most}px) * {height / width:.4f} + {BELOW})")
    turn, told = _told(selected)
    single = len(numbers) == 1
    header = {
        "columns": sheet.columns,
        "tile": sheet.tile,
        "size": sheet.size,
        "most": most,
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
    with place:
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
    """The number of the last instruction to the component, and the channel that it chose.

    A channel that was clicked on the sheet is not sent back, so that a click does not send the
    sheet again.
    """
    turn, told, shown = st.session_state.get(_SHOWN, (0, None, None))
    if selected != shown:
        turn, told = turn + 1, selected
        st.session_state[_SHOWN] = (turn, told, selected)
    return turn, told
