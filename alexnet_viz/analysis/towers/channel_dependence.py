"""Which maps a unit can see: the channels of every earlier layer that its value depends on.

Only channels are followed, not positions: a unit sees a map if some weight path leads from that map
to it.  A convolution or dense layer of c groups sees the 1/c of the channels in its group, LRN the
``size`` neighbours inside its own group, softmax all; everything else keeps to its channel.
``receptive_field`` answers the same question for positions.
"""

from collections.abc import Iterable

from alexnet_viz.network.layers import LRN, Conv, Flatten, Linear, Softmax
from alexnet_viz.network.trace import Row, Trace

Channels = frozenset[int]


def seen(trace: Trace, layer: str, channel: int) -> dict[str, Channels]:
    """By layer, in order, the output channels that one unit sees; the last entry is the unit.

    >>> from alexnet_viz.network.trace import trace
    >>> from alexnet_viz.variants import VARIANTS
    >>> paper = VARIANTS["alexnet_2012_paper"]
    >>> len(seen(trace(paper), "conv5", 0)["conv1"])
    96
    >>> len(seen(trace(paper.edited(id="cut", conv3={"groups": 2})), "conv5", 0)["conv1"])
    48

    Raises:
        KeyError: no such layer.
        IndexError: it has no such channel.
    """
    if not 0 <= channel < trace.by_name[layer].output_shape[0]:
        raise IndexError(channel)
    rows = list(trace.rows)
    while rows[-1].name != layer:
        rows.pop()
    found = frozenset((channel,))
    lit = {}
    for row in reversed(rows):
        lit[row.name] = found
        found = _inputs(row, found)
    return dict(reversed(lit.items()))


def _inputs(row: Row, outputs: Channels) -> Channels:
    """Input channels that these output channels of one layer read."""
    layer, arriving, leaving = row.layer, row.input_shape[0], row.output_shape[0]
    if isinstance(layer, Conv | Linear):
        read, written = arriving // layer.groups, leaving // layer.groups
        return _union(range(group * read, (group + 1) * read)
                      for group in {output // written for output in outputs})  # fmt: skip
    if isinstance(layer, LRN) and layer.region == "channels":
        each = arriving // layer.groups
        return _union(
            range(
                max(output // each * each, output - layer.size // 2),
                min((output // each + 1) * each, output + (layer.size - 1) // 2 + 1),
            )
            for output in outputs
        )
    if isinstance(layer, Flatten):
        return frozenset(output * arriving // leaving for output in outputs)
    if isinstance(layer, Softmax):
        return frozenset(range(arriving))
    return outputs


def _union(parts: Iterable[range]) -> Channels:
    return frozenset(channel for part in parts for channel in part)
