"""Imports the heavy libraries in a thread after the first page has been painted.

The pages that run a network, draw a chart or show a table need them; importing takes one to two
seconds, and meanwhile the interpreter has little time for anything else.  A page that needs one of
them earlier imports it itself.
"""

import gc
import threading

import streamlit as st

SECONDS = 2.0
"""From the end of the first page run until the imports begin: the browser paints in that time."""


@st.cache_resource(show_spinner=False)
def after_first_paint() -> threading.Timer:
    """Start the timer, once per process; its thread does not call Streamlit."""
    timer = threading.Timer(SECONDS, _warm)
    timer.name, timer.daemon = "warm-up", True
    timer.start()
    return timer


def _warm() -> None:
    import pandas  # noqa: F401
    import plotly.graph_objects  # noqa: F401
    import torch  # noqa: F401

    # Python's own full collections then pass over the objects of these libraries
    gc.collect()
    gc.freeze()
