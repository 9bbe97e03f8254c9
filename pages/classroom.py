"""For teachers: a link with its QR code, the offline check, and what a class answered."""

from alexnet_viz.ui import require_shell
from alexnet_viz.ui.classroom import section

require_shell()
section()
