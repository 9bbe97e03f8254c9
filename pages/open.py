"""A file of one's own as a network: dropped, read, explained, and on every page from then on."""

from alexnet_viz.trace import trace
from alexnet_viz.ui import opening, require_shell

require_shell()
opening.upload()
network = opening.opened()
if network is None:
    opening.formats()
else:
    opening.summary(trace(network))
    opening.known(network)
    opening.kin(network)
