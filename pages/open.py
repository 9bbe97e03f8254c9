"""A file of one's own as a network: dropped, read, explained, and on every page from then on."""

from alexnet_viz.trace import trace
from alexnet_viz.ui import opening, require_shell, show

require_shell()
opening.upload()
network = opening.opened()
if network is None:
    opening.formats()
else:
    result = trace(network)
    opening.summary(network)
    show.failure(result)
    show.totals(result)
    opening.see()
    opening.kin(network)
