"""Exercises of one kind after another, until so many are right in a row."""

from alexnet_viz.ui import require_shell
from alexnet_viz.ui.practice.training import training

require_shell()
training()
