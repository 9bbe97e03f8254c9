"""Whose numbers the live pages run with: which weights there are, your own, and their card."""

from alexnet_viz.ui import require_shell
from alexnet_viz.ui.weights import model_card, shelf

require_shell()
shelf.known()
shelf.own_file()
model_card.card()
