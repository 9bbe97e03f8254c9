"""Imports the heavy libraries in a thread after the first page has been painted.

A cluster, if one is to compute, is connected when the server starts.

The pages that run a network, draw a chart or show a table need them; importing takes one to two
seconds, and meanwhile the interpreter has little time for anything else.  A page that needs one of
them earlier imports it itself.
"""

import gc
import os
import sys
import threading

import streamlit as st

from alexnet_viz.text.problem import Problem

SECONDS = 2.0
"""From the end of the first page run until the imports begin: the browser paints in that time."""


@st.cache_resource(show_spinner=False)
def after_first_paint() -> threading.Timer:
    """Start the timer, once per process; its thread does not call Streamlit."""
    timer = threading.Timer(SECONDS, _warm)
    timer.name, timer.daemon = "warm-up", True
    timer.start()
    return timer


def engine_ahead() -> None:
    """Connect to the cluster, if one is chosen, in a thread: its start takes ten seconds."""
    if os.environ.get("ALEXNET_VIZ_BACKEND"):
        threading.Thread(target=_connect, name="engine", daemon=True).start()


def _connect() -> None:
    from alexnet_viz.serving import prepare

    try:
        prepare()
    except Problem as problem:  # the pages say so too
        print(problem, file=sys.stderr, flush=True)


def _warm() -> None:
    import pandas  # noqa: F401
    import plotly.graph_objects  # noqa: F401
    import torch  # noqa: F401

    # Python's own full collections then pass over the objects of these libraries
    gc.collect()
    gc.freeze()
