"""AlexNet Viz in a browser: ``streamlit run app.py``.

The server imports this file to get its ASGI application; for every page run, Streamlit executes it.
"""

import streamlit as st

from alexnet_viz.ui import middleware, routes, run_app

if __name__ == "__main__":
    run_app()
else:
    app = st.App(__file__, routes=routes(), middleware=middleware())
