"""The training lab: a question of the paper, asked again of small networks that train here."""

from alexnet_viz.ui import require_shell
from alexnet_viz.ui.experiments.experiment_page import experiment_page

require_shell()
experiment_page()
