"""The pages' side of Streamlit: choices, shell, components.  Only this package knows streamlit."""

from alexnet_viz.ui.app.shell import require_shell, run_app

__all__ = ["require_shell", "run_app"]
