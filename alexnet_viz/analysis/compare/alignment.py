"""Traces of several networks joined by layer name, and their totals.

A layer's name is its role and the same in every variant, so a comparison is a join on names.

- **Order.**  The names are merged so that every network's own order is kept where that is possible.
  At each step the next name is the first head, in the order of the networks, that comes later in no
  other network's list.  Where two networks contradict each other (pool1 before norm1 in CaffeNet,
  after it in the paper) the network given first decides; ``changed_order`` names the layers.
- **Difference.**  ``alexnet_viz.analysis.compare.canonical`` finds what differs between the rows of
  one role.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from alexnet_viz.analysis.compare.canonical import differing
from alexnet_viz.network.trace import Row, Trace


@dataclass(frozen=True)
class Match:
    """The rows of one layer name, one per network, and what differs between them."""

    name: str
    rows: tuple[Row | None, ...]
    """None where the network has no such layer or failed before it."""
    differing: frozenset[str]
    """Keys of columns, names of layer fields, ``present``."""


def aligned(traces: Sequence[Trace]) -> list[Match]:
    """One match per layer name, in the merged order.

    >>> from alexnet_viz.network.trace import trace
    >>> from alexnet_viz.variants import VARIANTS
    >>> paper = VARIANTS["alexnet_2012_paper"]
    >>> merged = paper.edited(id="merged", conv2={"groups": 1})
    >>> {m.name: sorted(m.differing) for m in aligned([trace(paper), trace(merged)]) if m.differing}
    {'conv2': ['groups', 'macs', 'params']}
    """
    # layers after a failure have no rows, but their order still counts
    names = _merged([[layer.name for layer in trace.network.layers] for trace in traces])
    matches = []
    for name in names:
        rows = tuple(trace.by_name.get(name) for trace in traces)
        if any(rows):
            matches.append(Match(name, rows, differing(rows)))
    return matches


def changed_order(traces: Sequence[Trace]) -> frozenset[str]:
    """Names of the layers that stand in a different order in two of the networks."""
    changed: set[str] = set()
    for one, other in combinations([tuple(trace.by_name) for trace in traces], 2):
        place = {name: index for index, name in enumerate(other)}
        shared = [name for name in one if name in place]
        for before, after in combinations(shared, 2):
            if place[before] > place[after]:
                changed |= {before, after}
    return frozenset(changed)


def _merged(orders: list[list[str]]) -> list[str]:
    merged: list[str] = []
    orders = [order for order in orders if order]
    while orders:
        heads = [order[0] for order in orders]
        free = (head for head in heads if not any(head in order[1:] for order in orders))
        merged.append(next(free, heads[0]))
        rest = ([name for name in order if name != merged[-1]] for order in orders)
        orders = [order for order in rest if order]
    return merged
