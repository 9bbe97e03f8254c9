"""Opens a visitor's file as a network, which all pages then offer."""

from alexnet_viz.network.trace import trace
from alexnet_viz.ui import require_shell
from alexnet_viz.ui.open import upload

require_shell()
upload.upload()
network = upload.opened()
if network is None:
    upload.formats()
else:
    upload.summary(trace(network))
    upload.known(network)
    upload.kin(network)
