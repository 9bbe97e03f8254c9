"""The network split over GPUs: the split, memory, a real run, kernels, history."""

from alexnet_viz.ui import require_shell
from alexnet_viz.ui.towers import section

require_shell()
section()
