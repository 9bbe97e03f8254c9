"""The towers of a network: the channels that each holds, and what it fetches from the others.

One GPU of 3 GB could not hold the 2012 network, so it was cut over two; in a spec that cut is
``groups=2``.  This module computes the towers: N of them, N the largest ``groups`` of any learned
layer unless a number of GPUs is given, each holding 1/N of the channels of every layer (Krizhevsky
et al. 2012, section 3.2 and Figure 2; layers/layers-145.cfg of computerhistory/AlexNet-Source-Code
names them conv1a, conv1b …).

- Every tower has the whole image.
- A convolution with c groups reads C/c channels, of which a tower holds C/N: it fetches
  (C/c - C/N)·H·W values from the others, conv3 of the paper (c = 1) the other half, conv2, conv4
  and conv5 (c = N) nothing.  A dense layer does the same; nearly all have one group.
- LRN reads size//2 channels beyond its own.  Where its windows stop at the towers, as in the 2012
  code, whose rnorm layers have 48 and 128 channels, nothing crosses; where they do not, the maps
  next to the cut do (channels 46 to 49 of conv1's 96 have other values).
- Layers that work channel by channel, such as ReLU, pooling and dropout, and flatten need only the
  tower's own maps.  So does softmax, for which towers would exchange one sum each.
- The backward pass transfers as much as the forward pass: the gradients of the fetched values
  return to the tower that holds them.

A ``Placement`` (``alexnet_viz.analysis.towers.placements``) says which tower holds a layer.  Where
channels do not divide evenly, the first towers hold one more.
"""

from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import prod
from typing import Literal

from alexnet_viz.analysis.towers.placements import Last, Placement, placement
from alexnet_viz.network.layers import Shape
from alexnet_viz.network.trace import FLOAT32_BYTES, Row, Trace
from alexnet_viz.text.problem import Problem

Reads = Literal["image", "own", "some", "all"]

MAX_TOWERS = 64
"""Most towers that are shown; each takes three columns of a table.  Convolutions of more groups are
depthwise ones."""

BATCH, MAX_BATCH = 128, 100_000
"""Images in a batch: as in the paper (section 5), and the most that may be given."""


@dataclass(frozen=True)
class Stage:
    """One layer, cut over the towers.  Tuples have one entry for each tower."""

    name: str
    kind: str
    row: Row
    held: tuple[range, ...]
    """Output channels, or features, of each tower."""
    shapes: tuple[Shape, ...]
    params: tuple[int, ...]
    macs: tuple[int, ...]
    reads: Reads
    """The whole image, only the tower's own channels, some of another's too, or all channels."""
    kernel_depth: int | None
    """Input channels (dense: features) that one output reads; None for other layers."""
    pieces: tuple[tuple[range, ...], ...]
    """``pieces[i][j]``: the input channels that tower i fetches from tower j; empty for i = j."""

    @property
    def channels(self) -> tuple[int, ...]:
        """The number of output channels, or features, of each tower."""
        return tuple(map(len, self.held))

    @property
    def fetches(self) -> tuple[tuple[int, ...], ...]:
        """``fetches[i][j]``: values that tower i fetches from tower j, for one image, forward."""
        values = prod(self.row.input_shape[1:])
        return tuple(tuple(values * len(piece) for piece in row) for row in self.pieces)

    @property
    def fetched(self) -> tuple[int, ...]:
        """The values that each tower fetches from all others."""
        return tuple(map(sum, self.fetches))

    @property
    def crossing(self) -> int:
        """The values that all towers fetch for one image, forward; as many return backward."""
        return sum(self.fetched)


@dataclass(frozen=True)
class Towers:
    """A trace cut into ``count`` towers; of a network that fails, the stages before the failure."""

    placement: Placement
    stages: tuple[Stage, ...]

    @property
    def count(self) -> int:
        """The number of towers, each on its own GPU."""
        return self.placement.gpus

    @property
    def params(self) -> tuple[int, ...]:
        """Learnable numbers of each tower."""
        return self._totals([stage.params for stage in self.stages])

    @property
    def macs(self) -> tuple[int, ...]:
        """Multiply-accumulates of each tower, one image."""
        return self._totals([stage.macs for stage in self.stages])

    @property
    def activations(self) -> tuple[int, ...]:
        """The output values of all layers of each tower, for one image."""
        return self._totals([tuple(map(prod, stage.shapes)) for stage in self.stages])

    @property
    def crossing(self) -> int:
        """The values that all towers fetch for one image, forward; as many return backward."""
        return sum(stage.crossing for stage in self.stages)

    @property
    def crossing_bytes(self) -> int:
        """``crossing`` in bytes, in float32."""
        return FLOAT32_BYTES * self.crossing

    def _totals(self, parts: list[tuple[int, ...]]) -> tuple[int, ...]:
        return tuple(map(sum, zip((0,) * self.count, *parts, strict=True)))


def split(trace: Trace, last: Last = "first", gpus: int | None = None) -> Towers | None:
    """The towers of a network; None if it has only one and ``gpus`` is None.

    >>> from alexnet_viz.network.trace import trace
    >>> from alexnet_viz.variants import VARIANTS
    >>> paper = trace(VARIANTS["alexnet_2012_paper"])
    >>> split(paper).params, split(paper, last="halves").params
    ((32531112, 28434112), (30482612, 30482612))
    >>> {stage.name: stage.crossing for stage in split(paper, "halves").stages if stage.crossing}
    {'conv3': 43264, 'fc6': 9216, 'fc7': 4096, 'fc8': 4096}

    Raises:
        Problem: more than ``MAX_TOWERS``.
    """
    count = trace.network.towers if gpus is None else gpus
    if gpus is None and count == 1:
        return None
    if count > MAX_TOWERS:
        raise Problem("too_many_towers", network=trace.network.id, groups=count, largest=MAX_TOWERS)
    return placed(trace, placement(trace.network, count, last))


def placed(trace: Trace, where: Placement) -> Towers:
    """The towers of a network whose layers are placed by ``where``."""
    stages: list[Stage] = []
    image = True
    held = _dealt(trace.input_shape[0], where.gpus)
    for row in trace.rows:
        made = _made(row, held, where)
        needed = [_needed(row, outputs) for outputs in made]
        nothing = (range(0),) * where.gpus
        pieces = tuple(
            nothing if image else _pieces(tower, needs, held) for tower, needs in enumerate(needed)
        )
        whole = any(map(len, needed)) and all(
            len(needs) in (0, row.input_shape[0]) for needs in needed
        )
        reads: Reads = "own"
        if image:
            reads = "image"
        elif any(map(any, pieces)):
            reads = "all" if whole else "some"
        stages.append(_stage(row, made, reads, pieces))
        image = image and not row.layer.weighted
        held = made
    return Towers(where, tuple(stages))


def _dealt(channels: int, count: int) -> tuple[range, ...]:
    """``channels`` divided evenly among the towers; the first towers take the remainder."""
    each, rest = divmod(channels, count)
    return _ranges([each + (tower < rest) for tower in range(count)])


def _made(row: Row, held: tuple[range, ...], where: Placement) -> tuple[range, ...]:
    """The output channels of each tower, given the input channels that each holds."""
    channels = row.output_shape[0]
    if row.name in where.whole:
        return _ranges([channels * (tower == where.whole[row.name]) for tower in range(len(held))])
    if row.layer.weighted:
        return _dealt(channels, len(held))
    # as many output channels as input channels; of a flatten, a run of features for each
    return _ranges([len(part) * channels // row.input_shape[0] for part in held])


def _needed(row: Row, outputs: range) -> range:
    """Input channels that a tower needs for its output channels.

    Of a softmax only its own: the towers exchange one sum each, which is not counted.
    """
    if not outputs or row.layer.family == "softmax":
        return outputs
    return row.layer.channels_read(outputs, row.input_shape)


def _pieces(tower: int, needed: range, held: tuple[range, ...]) -> tuple[range, ...]:
    """By tower, the channels it holds that ``tower`` needs and does not hold."""
    return tuple(
        range(0) if other == tower else _shared(needed, channels)
        for other, channels in enumerate(held)
    )


def _shared(one: range, other: range) -> range:
    first, stop = max(one.start, other.start), min(one.stop, other.stop)
    return range(first, stop) if first < stop else range(0)


def _ranges(parts: list[int]) -> tuple[range, ...]:
    """Consecutive ranges of the lengths ``parts``, from 0 on."""
    return tuple(range(*ends) for ends in pairwise(accumulate(parts, initial=0)))


def _stage(
    row: Row, made: tuple[range, ...], reads: Reads, pieces: tuple[tuple[range, ...], ...]
) -> Stage:
    channels = row.output_shape[0]
    return Stage(
        name=row.name,
        kind=row.kind,
        row=row,
        held=made,
        shapes=tuple((len(part), *row.output_shape[1:]) for part in made),
        # every output channel costs the same, so the cost splits like the channels
        params=tuple(row.params // channels * len(part) for part in made),
        macs=tuple(row.macs // channels * len(part) for part in made),
        reads=reads,
        kernel_depth=row.layer.kernel_depth(row.input_shape) if row.layer.weighted else None,
        pieces=pieces,
    )
