"""Networks side by side: layer by layer, in one table, by cost, by input, and on one picture."""

from alexnet_viz.ui import require_shell
from alexnet_viz.ui.compare import view

require_shell()
view()
