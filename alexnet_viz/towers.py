"""The towers of a network: who holds which maps, and what has to cross from one to another.

Two GPUs of 3 GB could not hold the 2012 network, so it was cut in two; in a spec that cut is
``groups=2``.  This module reads it back: N towers, N the largest ``groups`` of any convolution,
each holding 1/N of the channels of every map (Krizhevsky et al. 2012, section 3.2 and Figure 2;
layers/layers-145.cfg of computerhistory/AlexNet-Source-Code names them conv1a, conv1b …).

- Every tower has the whole image.
- A convolution with c groups reads C/c channels, of which a tower holds C/N: it fetches
  (C/c - C/N)·H·W values from the others, conv3 of the paper (c = 1) the other half, conv2, conv4
  and conv5 (c = N) nothing.  A dense layer reads everything.
- Layers that work on one channel, and dropout, ReLU and flatten, stay where their maps are.  So
  does LRN: it does in the 2012 code, whose rnorm layers see 48 and 128 channels, and in a merged
  network it would read at most size//2 channels beyond the cut (46 to 49 of conv1's 96 differ).
  So does softmax, whose towers would exchange one sum each.
- The output layer, the last learned one, is where sources differ.  ``last="first"`` leaves it whole
  on the first tower, as the released code does (layers-145.cfg: fc1000 has gpu=0 only);
  ``last="halves"`` splits it like Figure 2 of the paper.

Channels that do not divide evenly go to the first towers.
"""

from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Literal

from alexnet_viz.layers import Conv, Linear, Shape
from alexnet_viz.problem import Problem
from alexnet_viz.spec import Network
from alexnet_viz.trace import FLOAT32_BYTES, Row, Trace

Last = Literal["first", "halves"]
Reads = Literal["image", "own", "all"]

MAX_TOWERS = 64
"""Most towers that are shown; each is three columns of a table.  A convolution of more groups is a
depthwise one, and nobody gave every map a GPU of its own."""


@dataclass(frozen=True)
class Stage:
    """One layer, cut over the towers.  Tuples have one entry a tower."""

    name: str
    kind: str
    row: Row
    channels: tuple[int, ...]
    """Output channels, or features, that each tower holds."""
    shapes: tuple[Shape, ...]
    params: tuple[int, ...]
    macs: tuple[int, ...]
    reads: Reads
    """The whole image, only the tower's own maps, or those of others too."""
    kernel_depth: int | None
    """Input channels (dense: features) that one output reads; None for other layers."""
    fetches: tuple[tuple[int, ...], ...]
    """``fetches[i][j]``: values tower i fetches from tower j, for one image, forward."""

    @property
    def fetched(self) -> tuple[int, ...]:
        """Values each tower fetches from the others."""
        return tuple(map(sum, self.fetches))

    @property
    def crossing(self) -> int:
        """Values fetched from other towers, all towers together."""
        return sum(self.fetched)


@dataclass(frozen=True)
class Towers:
    """A trace seen as ``count`` towers; the stages so far if the network failed."""

    count: int
    stages: tuple[Stage, ...]

    @property
    def params(self) -> tuple[int, ...]:
        """Learnable numbers of each tower."""
        return tuple(
            sum(stage.params[tower] for stage in self.stages) for tower in range(self.count)
        )

    @property
    def macs(self) -> tuple[int, ...]:
        """Multiply-accumulates of each tower, one image."""
        return tuple(sum(stage.macs[tower] for stage in self.stages) for tower in range(self.count))

    @property
    def crossing(self) -> int:
        """Values that cross between towers for one image, forward."""
        return sum(stage.crossing for stage in self.stages)

    @property
    def crossing_bytes(self) -> int:
        """Bytes of those values in float32."""
        return FLOAT32_BYTES * self.crossing


def split(trace: Trace, last: Last = "first") -> Towers | None:
    """The towers of a network, or None where there is only one.

    >>> from alexnet_viz.trace import trace
    >>> from alexnet_viz.variants import VARIANTS
    >>> paper = trace(VARIANTS["alexnet_2012_paper"])
    >>> split(paper).params, split(paper, last="halves").params
    ((32531112, 28434112), (30482612, 30482612))
    >>> {stage.name: stage.crossing for stage in split(paper, "halves").stages if stage.crossing}
    {'conv3': 43264, 'fc6': 9216, 'fc7': 4096, 'fc8': 4096}

    Raises:
        Problem: more than ``MAX_TOWERS``.
    """
    count = trace.network.towers
    if count == 1:
        return None
    if count > MAX_TOWERS:
        raise Problem("too_many_towers", network=trace.network.id, groups=count, largest=MAX_TOWERS)
    output = _output_layer(trace.network)
    stages: list[Stage] = []
    image = True
    held = _parts(trace.input_shape[0], count)
    for row in trace.rows:
        made = _made(row, held, whole=last == "first" and row.name == output)
        fetches = ((0,) * count,) * count if image else _fetches(row, held, made)
        stages.append(_stage(row, made, fetches, image))
        image = image and not isinstance(row.layer, Conv | Linear)
        held = made
    return Towers(count, tuple(stages))


def _output_layer(network: Network) -> str:
    """The last learned layer, if every output of it reads all channels; else no layer's name."""
    learned = [layer for layer in network.layers if isinstance(layer, Conv | Linear)]
    whole = isinstance(learned[-1], Linear) or learned[-1].groups == 1
    return learned[-1].name if whole else ""


def _parts(channels: int, count: int) -> tuple[int, ...]:
    """``channels`` dealt out evenly, the first towers taking what is left over."""
    each, rest = divmod(channels, count)
    return tuple(each + (tower < rest) for tower in range(count))


def _made(row: Row, held: tuple[int, ...], whole: bool) -> tuple[int, ...]:
    """Output channels of each tower, given the input channels each holds."""
    channels = row.output_shape[0]
    if whole:
        return (channels, *(0 for _ in held[1:]))
    if isinstance(row.layer, Conv | Linear):
        return _parts(channels, len(held))
    # a layer that keeps its channels, or a flatten, which lays out each in a run of its own
    return tuple(part * channels // row.input_shape[0] for part in held)


def _fetches(row: Row, held: tuple[int, ...], made: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """What each tower's outputs read of the channels that each other tower holds."""
    if not isinstance(row.layer, Conv | Linear):
        return ((0,) * len(held),) * len(held)
    groups = row.layer.groups if isinstance(row.layer, Conv) else 1
    read = row.input_shape[0] // groups
    written = row.output_shape[0] // groups
    values = row.input_shape[1] * row.input_shape[2] if len(row.input_shape) == 3 else 1
    fetches = []
    for tower, outputs in enumerate(_ranges(made)):
        first, last = outputs.start // written, -(-outputs.stop // written)
        needed = range(first * read, last * read if outputs else first * read)
        fetches.append(
            tuple(
                0 if other == tower else values * len(_shared(needed, channels))
                for other, channels in enumerate(_ranges(held))
            )
        )
    return tuple(fetches)


def _shared(one: range, other: range) -> range:
    return range(max(one.start, other.start), min(one.stop, other.stop))


def _ranges(parts: tuple[int, ...]) -> list[range]:
    """Which channels each tower holds, the first tower the first ones."""
    return [range(*ends) for ends in pairwise(accumulate(parts, initial=0))]


def _stage(
    row: Row, made: tuple[int, ...], fetches: tuple[tuple[int, ...], ...], image: bool
) -> Stage:
    channels = row.output_shape[0]
    depth = None
    if isinstance(row.layer, Conv):
        depth = row.layer.kernel_depth(row.input_shape)
    elif isinstance(row.layer, Linear):
        depth = row.input_shape[0]
    return Stage(
        name=row.name,
        kind=row.kind,
        row=row,
        channels=made,
        shapes=tuple((part, *row.output_shape[1:]) for part in made),
        # every output channel costs the same, so the cost splits like the channels
        params=tuple(row.params // channels * part for part in made),
        macs=tuple(row.macs // channels * part for part in made),
        reads="image" if image else "all" if any(map(any, fetches)) else "own",
        kernel_depth=depth,
        fetches=fetches,
    )
