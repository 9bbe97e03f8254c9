"""The network on its GPUs: what stays, what crosses, what it takes, really run."""

from alexnet_viz.ui import require_shell
from alexnet_viz.ui.towers import section

require_shell()
section()
