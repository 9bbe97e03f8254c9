"""All variants of AlexNet, in one explicit registry.

One file per source; the order here is the order of the menu.  Ids are part of links and are never
renamed.  Layer names are roles, the same in every variant:

``conv1 relu1 norm1 pool1 … conv5 relu5 pool5``  the five stages, in any order within
``flatten fc6 relu6 drop6 fc7 relu7 drop7 fc8 prob``  the classifier
``norm2b``      a second layer of its kind in the same stage
``drop5 drop6``  dropout on the input of fc6, of fc7
"""

from alexnet_viz.network.spec import Network
from alexnet_viz.variants import (
    article_000,
    article_001,
    article_002,
    article_003,
    article_004,
    batch_norm,
    caffe,
    caffe_ports,
    krizhevsky_2012,
    krizhevsky_runs,
    one_tower,
    one_weird_trick,
    one_weird_trick_ports,
    textbook,
    torch7,
    zeiler_fergus,
)

SOURCES = (
    krizhevsky_2012,
    krizhevsky_runs,
    caffe,
    one_weird_trick,
    torch7,
    zeiler_fergus,
    textbook,
    caffe_ports,
    one_weird_trick_ports,
    one_tower,
    batch_norm,
    article_000,
    article_001,
    article_002,
    article_003,
    article_004,
)

VARIANTS: dict[str, Network] = {
    network.id: network for source in SOURCES for network in source.NETWORKS
}
"""All variants by id, in the order of the menu."""
