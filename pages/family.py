"""Who descends from whom, what changed on the way, and one network's line from the paper on."""

from alexnet_viz.ui import family, require_shell
from alexnet_viz.ui.variant_filters import filters

require_shell()
shown = filters()
family.show_tree(shown)
family.show_chosen()
family.show_list(shown)
