"""The traces of the registered variants, kept: some pages read all of them at every run."""

from functools import lru_cache

from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.variants import VARIANTS

KEPT = 256
"""Most traces that are kept, about 40 kB each: all variants at four input sizes."""


def variant_trace(network: Network, input_size: int | None = None) -> Trace:
    """``trace``, which is looked up if the network is a registered variant as it is declared.

    Raises:
        Problem: as ``trace`` does.
    """
    if VARIANTS.get(network.id) is network:
        return _kept(network.id, input_size)
    return trace(network, input_size)


@lru_cache(maxsize=KEPT)
def _kept(id: str, input_size: int | None) -> Trace:
    return trace(VARIANTS[id], input_size)
