"""Registers the app's own components (Streamlit's components v2) and packs the data they get.

A component ``name`` consists of HTML, ``<name>.css``, and the scripts ``<name>*.js`` after
``component.js``, which holds what all of them share.  Streamlit takes a component's JavaScript as
one module, so the scripts are concatenated.

In the data of a component Streamlit looks whether a list or a dict is a table, for which it imports
pandas and pyarrow; a tuple arrives as the same list without that.
"""

import json
import struct
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import streamlit as st

from alexnet_viz.ui.app.style import style

_ASSETS = files(__package__)


def registered(name: str, html: str) -> Any:
    """The function that mounts the component ``alexnet_viz_<name>`` on a page."""
    return st.components.v2.component(
        f"alexnet_viz_{name}",
        html=html,
        css=(_ASSETS / f"{name}.css").read_text("utf-8"),
        js=script(name),
    )


def room(key: str, height: str) -> Any:
    """A container with room for the component of this key: the page does not move when it loads.

    ``height`` is a length in CSS, in which 100cqw is the width of the container.
    """
    style(f".st-key-{key.replace('.', '-')} {{ min-height: {height}; }}")
    return st.container(key=f"room.{key}")


def script(name: str) -> str:
    """A component's JavaScript: ``component.js``, then every file that begins with its name."""
    found = sorted(path.name for path in _ASSETS.iterdir())
    own = [file for file in found if file.startswith(name) and file.endswith(".js")]
    return "\n".join((_ASSETS / file).read_text("utf-8") for file in ("component.js", *own))


def pack(header: Mapping[str, Any], **parts: bytes) -> bytes:
    """A header and arrays as one piece of bytes, which ``unpack`` in ``component.js`` reads.

    Four bytes hold the header's length (little-endian); then come the header as JSON and the parts
    in order.  JSON alone would need base64, which is a third longer.
    """
    sizes = {"parts": {name: len(part) for name, part in parts.items()}}
    text = json.dumps({**header, **sizes}).encode()
    return b"".join((struct.pack("<I", len(text)), text, *parts.values()))
