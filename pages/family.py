"""The family tree of the variants, and the chosen network's ancestors with their changes."""

from alexnet_viz.ui import require_shell
from alexnet_viz.ui.components.variant_filters import filters
from alexnet_viz.ui.family import family_tree

require_shell()
shown = filters()
family_tree.show_tree(shown)
family_tree.show_chosen()
family_tree.show_list(shown)
