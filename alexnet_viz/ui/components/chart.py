"""A Plotly chart without Plotly's toolbar."""

from typing import Any

import streamlit as st

from alexnet_viz.ui.app import presenting

LEAST, THICKER = 20, 2
"""On a projector: pixels of the smallest text, and by how much lines are thicker."""


def chart(figure: Any, key: str, alt: str, **more: Any) -> Any:
    """Show a figure, described by ``alt`` to screen readers; returns ``plotly_chart``'s result."""
    if presenting.on():
        figure = _enlarged(figure)
    return st.plotly_chart(figure, key=key, alt=alt, config={"displayModeBar": False}, **more)


def _enlarged(figure: Any) -> Any:
    """A copy of a figure with text and lines for a projector."""
    from plotly.graph_objects import Figure

    plain = Figure(figure).to_plotly_json()
    _enlarge(plain["data"])
    _enlarge(plain["layout"])
    copy = Figure(plain)
    font = {"size": LEAST}
    copy.update_layout(font=font, legend_font=font)
    axis = {"tickfont": font, "title_font": font, "automargin": True}
    return copy.update_xaxes(axis).update_yaxes(axis)


def _enlarge(part: Any) -> None:
    """Raise the sizes of fonts and widths of lines in a part of a figure's plain data."""
    if isinstance(part, dict):
        for name, value in part.items():
            if name.endswith("font") and isinstance(value, dict):
                value["size"] = max(LEAST, _number(value.get("size", LEAST)))
            elif name == "line" and isinstance(value, dict) and _number(value.get("width", 2)):
                value["width"] = THICKER * _number(value.get("width", 2))
            else:
                _enlarge(value)
    elif isinstance(part, list | tuple):
        for each in part:
            _enlarge(each)


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else float(LEAST)
