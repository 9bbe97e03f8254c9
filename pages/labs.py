"""A lab for every concept: the gallery, or the one lab that the link names."""

from alexnet_viz.teaching.labs.registry import LABS
from alexnet_viz.ui import require_shell
from alexnet_viz.ui.app import state
from alexnet_viz.ui.labs.frame import lab_page
from alexnet_viz.ui.labs.gallery import gallery

require_shell()
lab = LABS.get(state.use("lab"))
if lab:
    lab_page(lab)
else:
    gallery()
