"""Imports the heavy libraries in a thread while the first page is being read.

Streamlit ends every rerun with a full garbage collection, about 210 ms with torch, pandas and
plotly in memory; freezing the objects that exist after start-up reduces that to almost nothing.
"""

import gc
import threading

import streamlit as st


@st.cache_resource(show_spinner=False)
def start() -> threading.Thread:
    """Start the thread, once per process; it does not call Streamlit."""
    thread = threading.Thread(target=_warm, name="warm-up", daemon=True)
    thread.start()
    return thread


def _warm() -> None:
    import pandas  # noqa: F401
    import plotly.graph_objects  # noqa: F401
    import torch  # noqa: F401

    gc.collect()
    gc.freeze()
