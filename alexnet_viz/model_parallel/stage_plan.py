"""One stage of the walk, as every process sees it: who has which channels, who needs whose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from alexnet_viz.analysis.towers.split import Stage
from alexnet_viz.network.layers import Conv, Linear


class Parcel(NamedTuple):
    """From which tower to which."""

    source: int
    target: int

    @property
    def returned(self) -> "Parcel":
        """The way back."""
        return Parcel(self.target, self.source)


@dataclass(frozen=True)
class Leg:
    """A stage and the channels of all towers before and behind it."""

    stage: Stage
    before: tuple[range, ...]
    """By tower, the input channels it has."""
    behind: tuple[range, ...]
    """By tower, the output channels it makes."""
    pieces: Mapping[Parcel, range]
    """Input channels, by who has them and who fetches them."""

    @property
    def of_image(self) -> bool:
        """Whether it reads the image, which learns nothing."""
        return self.stage.reads == "image"


def legs(stages: Sequence[Stage], count: int) -> tuple[Leg, ...]:
    """The walk through the stages of ``count`` towers.

    What comes before the first learned layer is the image's, and every tower does it whole.
    """
    walk = []
    before = (range(stages[0].row.input_shape[0]),) * count
    for stage in stages:
        whole = stage.reads == "image" and not isinstance(stage.row.layer, Conv | Linear)
        behind = (range(stage.row.output_shape[0]),) * count if whole else stage.held
        pieces = {
            Parcel(source, target): piece
            for target, row in enumerate(stage.pieces)
            for source, piece in enumerate(row)
            if piece
        }
        walk.append(Leg(stage, before, behind, pieces))
        before = behind
    return tuple(walk)


def cut(tensor: Tensor, wanted: range, present: range) -> Tensor:
    """The channels ``wanted`` of a tensor (images, ``present``, …)."""
    assert present.start <= wanted.start <= wanted.stop <= present.stop, (wanted, present)
    return tensor.narrow(1, wanted.start - present.start, len(wanted))


def gathered(parts: Mapping[range, Tensor], needed: range) -> Tensor:
    """The channels ``needed``, put together from parts that hold some each.

    Raises:
        AssertionError: the parts leave a gap: the plan fetches too little.
    """
    pieces, end = [], needed.start
    for present in sorted(parts, key=lambda part: part.start):
        wanted = shared(present, needed)
        if wanted:
            assert wanted.start == end, f"channels {end} to {wanted.start - 1} are missing"
            pieces.append(cut(parts[present], wanted, present))
            end = wanted.stop
    assert end == needed.stop, f"channels {end} to {needed.stop - 1} are missing"
    if not pieces:  # nothing is needed
        return next(iter(parts.values()))[:, :0]
    return pieces[0] if len(pieces) == 1 else torch.cat(pieces, dim=1)


def shared(one: range, other: range) -> range:
    """The channels of both."""
    first, stop = max(one.start, other.start), min(one.stop, other.stop)
    return range(first, max(first, stop))
