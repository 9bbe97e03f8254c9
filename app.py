"""AlexNet Viz in a browser: ``streamlit run app.py``.

The server imports this file to get its ASGI application; for every page run, Streamlit executes it.
"""

import streamlit as st
from starlette.middleware import Middleware

from alexnet_viz.ui import UploadQuota, middleware, routes, run_app, swept

if __name__ == "__main__":
    run_app()
else:
    layers = [*middleware(), Middleware(UploadQuota)]
    app = st.App(__file__, routes=routes(), middleware=layers, lifespan=swept)
