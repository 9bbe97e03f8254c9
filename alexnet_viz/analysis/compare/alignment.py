"""Networks side by side, layer by layer.

A layer's name is its role and the same in every variant, so comparing is a join on names.

- **Order.**  The names are merged so that every network's own order is kept where that is possible:
  at each step the next name is the first head, taking the networks as given, that no other network
  has still to reach after something else.  Where two networks contradict each other (pool1 before
  norm1 in CaffeNet, after it in the paper) the network given first decides, and ``changed_order``
  names the layers.
- **Difference.**  Rows are compared in the columns of ``COMPARED`` and, where they are of one kind,
  in the fields of the layer: LRN's constants, where dropout is put right, whether a bias is there.
  Receptive fields are left out: one different padding would mark every layer behind it.  So is
  the rule of rounding where every window fits exactly: nothing was rounded.
  ``present`` means that some network has no such layer, or failed before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import combinations

from alexnet_viz.analysis.columns import COLUMNS
from alexnet_viz.network.layers import LRN
from alexnet_viz.network.trace import Row, Trace

COMPARED = (
    "kind", "input_shape", "output_shape", "kernel_size", "stride", "padding", "groups",
    "rounding", "quotient", "params", "macs",
)  # fmt: skip


@dataclass(frozen=True)
class Match:
    """The rows that play one role, one a network, and what differs between them."""

    name: str
    rows: tuple[Row | None, ...]
    """None where the network has no such layer or failed before it."""
    differing: frozenset[str]
    """Keys of columns, names of layer fields, and ``present``."""


def aligned(traces: Sequence[Trace]) -> list[Match]:
    """One entry a layer name, in the merged order.

    >>> from alexnet_viz.network.trace import trace
    >>> from alexnet_viz.variants import VARIANTS
    >>> paper = VARIANTS["alexnet_2012_paper"]
    >>> merged = paper.edited(id="merged", conv2={"groups": 1})
    >>> {m.name: sorted(m.differing) for m in aligned([trace(paper), trace(merged)]) if m.differing}
    {'conv2': ['groups', 'macs', 'params']}
    """
    # the layers a network never reached still say where those it did reach belong
    names = _merged([[layer.name for layer in trace.network.layers] for trace in traces])
    matches = []
    for name in names:
        rows = tuple(trace.by_name.get(name) for trace in traces)
        if any(rows):
            matches.append(Match(name, rows, differing(rows)))
    return matches


def changed_order(traces: Sequence[Trace]) -> frozenset[str]:
    """The layers that two of the networks have in a different order."""
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


def differing(rows: tuple[Row | None, ...]) -> frozenset[str]:
    """What differs between rows of one role, one a network: column keys, fields, ``present``."""
    present = [row for row in rows if row]
    found = {key for key in COMPARED if len({COLUMNS[key].value(row) for row in present}) > 1}
    if all(window.exact for row in present for window in row.slides or ()):
        found.discard("rounding")  # nothing was rounded
    if len(present) < len(rows):
        found.add("present")
    if "kind" not in found:
        facts = [_fields(row) for row in present]
        found |= {name for name in facts[0] if len({fact[name] for fact in facts}) > 1}
    return frozenset(found)


def _fields(row: Row) -> dict[str, object]:
    """What a layer declares and no column shows."""
    names = [field.name for field in fields(row.layer) if field.name not in ("name", *COLUMNS)]
    values = {name: getattr(row.layer, name) for name in names}
    if isinstance(row.layer, LRN):
        # 1e-4 divided by 5 cells and 2e-5 undivided are the same function
        values["effective_alpha"] = row.layer.effective_alpha
        values["groups"] = row.layer.groups
    return values
