"""The menu of a page's files: one button, which opens every table and drawing in every format."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

import streamlit as st

from alexnet_viz.network.trace import Trace
from alexnet_viz.render.export.formats import FORMATS
from alexnet_viz.render.tables.grid import Grid, as_json, comma_separated, latex, markdown
from alexnet_viz.render.tables.trace_table import EXPORTS
from alexnet_viz.text import has
from alexnet_viz.ui.app.words import language, t


class Files(NamedTuple):
    """One thing to take away, in one or more formats."""

    title: str
    file: str
    """The name of the file, without its suffix."""
    writers: Mapping[str, Callable[[], str | bytes]]
    """By format; one that is not in ``KINDS`` is the suffix too."""


KINDS = {
    name: (kind.extension, kind.media_type)
    for name, kind in ({name: FORMATS[name] for name in ("svg", "png", "html")} | EXPORTS).items()
}
"""Suffix and media type of the formats that have a name."""


def download_menu(*things: Files, key: str) -> None:
    """Draw the menu; a file is written only when its button is pressed."""
    with st.popover(t("show.download"), icon=":material/download:", key=f"{key}.download"):
        download_buttons(*things, key=key)


def download_buttons(*things: Files, key: str) -> None:
    """A row of buttons a thing, each for a format, under the thing's title."""
    for number, thing in enumerate(things):
        if thing.title:
            st.markdown(thing.title)
        with st.container(horizontal=True):
            for name, write in thing.writers.items():
                suffix, media_type = KINDS.get(name, (name, None))
                words = f"show.format.{name}"
                st.download_button(
                    t(words) if has(words) else name.rpartition(".")[2].upper(),
                    data=partial(_encoded, write, name),
                    file_name=f"{thing.file}.{suffix}",
                    mime=media_type,
                    on_click="ignore",
                    key=f"{key}.{number}.{name}" if number else f"{key}.{name}",
                )


def layers_file(result: Trace, keys: list[str], title: str = "") -> Files:
    """The table of a trace with these columns."""
    spoken = language()
    writers = {
        name: partial(export.render, result, keys, spoken)
        for name, export in EXPORTS.items()
        if name != "table"
    }
    return Files(title or t("show.table"), f"{result.network.id}_{result.input_shape[-1]}", writers)


def grid_file(grid: Grid, record: object, file: str, title: str = "") -> Files:
    """Any other table; ``record`` is its content as JSON data."""
    return Files(
        title or grid.title or t("show.table"),
        file,
        {
            "csv": lambda: comma_separated(grid),
            "markdown": lambda: markdown(grid),
            "latex": lambda: latex(grid),
            "json": lambda: as_json(record),
        },
    )


def drawing_file(svg: str, file: str, title: str = "") -> Files:
    """A drawing as lines, and as pixels where the system has the letters for it."""
    from alexnet_viz.render.export.png import PROBES, drawable, png

    spoken = language()
    writers: dict[str, Callable[[], str | bytes]] = {"svg": lambda: svg}
    if all(map(drawable, PROBES[spoken])):
        writers["png"] = partial(png, svg, spoken)
    return Files(title or t("show.drawing"), file, writers)


def _encoded(write: Callable[[], str | bytes], format: str) -> bytes:
    content = write()
    if isinstance(content, bytes):
        return content
    # Excel takes CSV for UTF-8 only with a byte order mark
    return content.encode("utf-8-sig" if format == "csv" else "utf-8")
