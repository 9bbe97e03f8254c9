"""For teachers: a link with its QR code, whether the app works offline, and how to use it."""

from alexnet_viz.ui import require_shell
from alexnet_viz.ui.classroom.how_to import how_to
from alexnet_viz.ui.classroom.link_builder import link_builder
from alexnet_viz.ui.classroom.offline import offline

require_shell()
link_builder()
offline()
how_to()
