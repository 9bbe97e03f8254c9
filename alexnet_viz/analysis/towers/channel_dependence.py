"""The channels of every earlier layer that a unit's value depends on.

Positions are left out: a unit depends on a channel if some path of ``Layer.channels_read`` leads
from that channel to it.  ``receptive_field`` answers the same question for positions.
"""

from alexnet_viz.network.trace import Trace

Channels = frozenset[int]


def seen(trace: Trace, layer: str, channel: int) -> dict[str, Channels]:
    """By layer, in order, the output channels that one unit depends on; the last is the unit.

    >>> from alexnet_viz.network.trace import trace
    >>> from alexnet_viz.variants import VARIANTS
    >>> paper = VARIANTS["alexnet_2012_paper"]
    >>> len(seen(trace(paper), "conv5", 0)["conv1"])
    96
    >>> len(seen(trace(paper.edited(id="cut", conv3={"groups": 2})), "conv5", 0)["conv1"])
    48

    Raises:
        KeyError: no such layer.
        IndexError: the layer has no such channel.
    """
    if not 0 <= channel < trace.by_name[layer].output_shape[0]:
        raise IndexError(channel)
    rows = list(trace.rows)
    while rows[-1].name != layer:
        rows.pop()
    found = range(channel, channel + 1)
    lit = {}
    for row in reversed(rows):
        lit[row.name] = frozenset(found)
        found = row.layer.channels_read(found, row.input_shape)
    return dict(reversed(lit.items()))
