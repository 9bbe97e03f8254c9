"""A row of small pictures to choose from, which Streamlit's buttons cannot show."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.resources import files
from io import BytesIO

import streamlit as st
from PIL import Image

from alexnet_viz.pictures.images import Picture

SIDE = 96
"""Pixels of a thumbnail's side, for screens of two device pixels a CSS pixel."""

_ASSETS = files(__package__)
_MOUNT = st.components.v2.component(
    "alexnet_viz_thumbnails",
    html='<div class="thumbnails" role="radiogroup"></div>',
    css=(_ASSETS / "thumbnails.css").read_text("utf-8"),
    js=(_ASSETS / "thumbnails.js").read_text("utf-8"),
)


def thumbnails(
    pictures: Mapping[str, tuple[str, Picture]],
    chosen: str | None,
    on_pick: Callable[[str], None],
    *,
    label: str,
    key: str,
) -> None:
    """Show ``pictures``, (title, picture) by name; a choice calls ``on_pick`` with the name.

    ``label`` names the row for a screen reader; ``chosen`` None marks none of them.
    """

    def picked() -> None:
        name = st.session_state[key].picked
        if name in pictures:
            on_pick(name)

    shown = [
        {"name": name, "title": title, "image": thumbnail(picture)}
        for name, (title, picture) in pictures.items()
    ]
    _MOUNT(
        key=key,
        data={"pictures": tuple(shown), "chosen": chosen, "label": label},
        default={"picked": None},
        on_picked_change=picked,
        height=60,
    )


def thumbnail(picture: Picture) -> str:
    """The middle square of a picture as a JPEG of 96×96 pixels, a data URI."""
    return _encoded(picture, SIDE)


@lru_cache(maxsize=64)
def _encoded(picture: Picture, side: int) -> str:
    image = Image.fromarray(picture.rgb)
    short = min(image.size)
    left, top = (image.width - short) // 2, (image.height - short) // 2
    square = image.crop((left, top, left + short, top + short)).resize((side, side))
    buffer = BytesIO()
    square.save(buffer, "JPEG", quality=85)
    return f"data:image/jpeg;base64,{b64encode(buffer.getvalue()).decode()}"
