"""Networks compared: by layer, in one table, by cost, by input size, and for one picture."""

from alexnet_viz.ui import require_shell
from alexnet_viz.ui.compare import view

require_shell()
view()
