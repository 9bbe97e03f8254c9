"""The weights of the live pages: those available, a visitor's own file, the model card."""

from alexnet_viz.ui import require_shell
from alexnet_viz.ui.weights import model_card, shelf

require_shell()
shelf.known()
shelf.own_file()
model_card.card()
