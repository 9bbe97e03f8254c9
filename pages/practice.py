"""Exercises of one kind until so many are right in a row, and sheets of exercises."""

from alexnet_viz.ui import require_shell
from alexnet_viz.ui.practice import section

require_shell()
section()
