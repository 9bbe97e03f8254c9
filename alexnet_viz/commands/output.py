"""Prints a grid in the format asked for, or data as JSON."""

from alexnet_viz.render.tables.grid import WRITERS, Grid, as_json


def printed(format: str, grid: Grid | None, record: object) -> int:
    """Print a grid, or the record if JSON is asked for or there is no grid; return 0."""
    if format == "json" or grid is None:
        print(as_json(record))
    else:
        print(WRITERS[format](grid), end="")
    return 0
