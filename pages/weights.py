"""Whose numbers the live pages run with: which weights there are, your own, and their card."""

from alexnet_viz.ui import card, require_shell, shelf

require_shell()
shelf.known()
shelf.own_file()
card.card()
