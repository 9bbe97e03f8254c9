"""A contact sheet to point at: hover names the channel and its numbers, a click opens it.

Plain Streamlit shows images but cannot say where on one the pointer is.
"""

from base64 import b64encode
from importlib.resources import files

import streamlit as st

from alexnet_viz.figures.maps import Contact
from alexnet_viz.ui import state

_HTML = """<div class="contact" tabindex="0" role="application">
  <div class="frame">
    <img alt=""><div class="mark chosen"></div><div class="mark pointed"></div>
  </div>
  <div class="tip" aria-live="polite"></div>
</div>"""

_ASSETS = files(__package__)
_MOUNT = st.components.v2.component(
    "alexnet_viz_contact",
    html=_HTML,
    css=(_ASSETS / "contact.css").read_text("utf-8"),
    js=(_ASSETS / "contact.js").read_text("utf-8"),
)


def contact(
    sheet: Contact, order: list[int], labels: list[str], *, selected: int, alt: str
) -> None:
    """Show a sheet; ``order`` are the channels in drawing order, ``labels`` what each says.

    Picking a tile sets the choice ``channel``.
    """

    def picked() -> None:
        channel = st.session_state["contact"].channel
        if isinstance(channel, int) and channel >= 0:
            state.put("channel", channel)

    _MOUNT(
        key="contact",
        data={
            "src": f"data:image/png;base64,{b64encode(sheet.png).decode()}",
            "columns": sheet.columns,
            "tile": sheet.tile,
            "size": sheet.size,
            "order": order,
            "labels": labels,
            "selected": selected,
            "alt": alt,
        },
        default={"channel": None},
        on_channel_change=picked,
    )
