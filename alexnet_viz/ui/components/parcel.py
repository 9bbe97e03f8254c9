"""What a component gets: a header and the arrays it speaks of, as one piece of bytes.

As JSON the arrays would have to be spelled in base64, a third longer.  ``unpack`` in ``parcel.js``
reads a parcel; ``script`` puts it before a component's own JavaScript, which Streamlit takes as one
module.
"""

import json
import struct
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

_ASSETS = files(__package__)


def pack(header: Mapping[str, Any], **parts: bytes) -> bytes:
    """Four bytes with the header's length, the header as JSON, then the parts one by one."""
    sizes = {"parts": {name: len(part) for name, part in parts.items()}}
    text = json.dumps({**header, **sizes}).encode()
    return b"".join((struct.pack("<I", len(text)), text, *parts.values()))


def script(name: str) -> str:
    """A component's JavaScript with ``unpack`` and the numbers' spelling before it."""
    return "\n".join((_ASSETS / file).read_text("utf-8") for file in ("parcel.js", f"{name}.js"))
