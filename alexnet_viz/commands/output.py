"""Prints a grid in the format asked for, or data as JSON; writes a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alexnet_viz.render.tables.grid import WRITERS, Grid, as_json
from alexnet_viz.text import Language
from alexnet_viz.text.problem import Problem, Problems, shown


def printed(format: str, grid: Grid | None, record: object) -> int:
    """Print a grid, or the record if JSON is asked for or there is no grid; return 0."""
    if format == "json" or grid is None:
        print(as_json(record))
    else:
        print(WRITERS[format](grid), end="")
    return 0


def saved(path: str, content: str | bytes) -> None:
    """Write a file.

    Raises:
        Problem: it cannot be written.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        Path(path).write_bytes(data)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise Problem("export_unwritable", path=shown(path, 255), reason=reason) from None


@contextmanager
def refusals(as_data: bool, language: Language) -> Iterator[None]:
    """Print the problems of a file that is refused as JSON too, if data are asked for."""
    try:
        yield
    except Problems as refused:
        if as_data:
            print(as_json({"problems": refused.sentences(language)}))
        raise
