"""Who descends from whom, what changed on the way, and one network's line from the paper on."""

from alexnet_viz.ui import require_shell
from alexnet_viz.ui.components.variant_filters import filters
from alexnet_viz.ui.family import family_tree

require_shell()
shown = filters()
family_tree.show_tree(shown)
family_tree.show_chosen()
family_tree.show_list(shown)
