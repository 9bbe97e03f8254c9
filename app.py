"""AlexNet Viz in a browser: ``streamlit run app.py``."""

from alexnet_viz.ui import run_app

run_app()
