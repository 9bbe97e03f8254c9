"""The two columns of a lab and of a lesson: the picture left, what is chosen and asked right."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

KEY = "picture_column"
"""The left column is never so narrow that a drawing's text is less than 14 px (frame.css)."""


def two_columns() -> Sequence[DeltaGenerator]:
    """The left column, for drawings of 640 units, and the right one."""
    with st.container(key=KEY):
        return st.columns([62, 38], gap="medium")
