"""A Plotly chart without Plotly's toolbar."""

from typing import Any

import streamlit as st


def chart(figure: Any, key: str, alt: str, **more: Any) -> Any:
    """Show a figure, described by ``alt`` to screen readers; returns ``plotly_chart``'s result."""
    return st.plotly_chart(figure, key=key, alt=alt, config={"displayModeBar": False}, **more)
