"""Every AlexNet this project knows, in one explicit registry.

One file a source.  The ids end up in people's links and are never renamed.
"""

from alexnet_viz.spec import Network
from alexnet_viz.variants import krizhevsky_2012

VARIANTS: dict[str, Network] = {
    network.id: network for source in (krizhevsky_2012,) for network in source.NETWORKS
}
