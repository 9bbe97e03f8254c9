"""The pages of the app; no other room imports streamlit.

``app`` is the frame (menu, language, choices, links), ``components`` are the parts that several
pages share, and every other folder has the parts of one page of ``pages/``.  A page imports what it
needs from its own folder and from ``components``, never from another page.
"""

from alexnet_viz.ui.app.request_guard import middleware
from alexnet_viz.ui.app.routes import routes
from alexnet_viz.ui.app.sessions import swept
from alexnet_viz.ui.app.shell import require_shell, run_app
from alexnet_viz.ui.app.uploads import UploadQuota

__all__ = ["UploadQuota", "middleware", "require_shell", "routes", "run_app", "swept"]
