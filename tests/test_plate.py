"""The component of drawings and tables: the room that is kept free for it."""

import re
from typing import Any

from alexnet_viz.ui.components.plate import LEGEND, LINE, ROW, _height


def below(svg: str, table: dict[str, Any] | None, *, legend: bool = False) -> int:
    """The pixels that a plate reserves under its drawing."""
    found = re.search(r"\+ (\d+)px\)$", _height(svg, table, 820, legend=legend))
    assert found
    return int(found[1])


def table(rows: int, **more: Any) -> dict[str, Any]:
    return {"groups": [], "rows": [{}] * rows, "total": None, **more}


def test_a_drawing_reserves_its_line_and_its_legend() -> None:
    svg = '<svg width="900" height="300"><g data-layer="conv1"/></svg>'
    assert below(svg, None) == LINE
    assert below(svg, None, legend=True) == LINE + LEGEND
    assert below('<svg width="900" height="300"></svg>', None) == 0


def test_a_table_that_scrolls_reserves_no_more_than_its_height() -> None:
    assert below("", table(10)) == 11 * ROW
    assert below("", table(138, height=500)) == 500
    assert below("", table(3, height=500)) == 4 * ROW
