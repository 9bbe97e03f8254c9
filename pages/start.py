"""The first page: the network with a picture's maps on its blocks, and four questions answered."""

from alexnet_viz.ui import require_shell
from alexnet_viz.ui.start.questions import questions
from alexnet_viz.ui.start.stage import stage

require_shell()
stage()
questions()
