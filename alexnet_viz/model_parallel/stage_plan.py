"""One stage as every process sees it: the channels of each tower, and what each has to fetch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from alexnet_viz.analysis.towers.split import Stage


class Route(NamedTuple):
    """Sending and receiving tower of a tensor."""

    source: int
    target: int

    @property
    def reversed(self) -> "Route":
        """The opposite direction."""
        return Route(self.target, self.source)


@dataclass(frozen=True)
class StagePlan:
    """A stage and the channels of all towers at its input and output."""

    stage: Stage
    inputs: tuple[range, ...]
    """Input channels that each tower has before it fetches any."""
    outputs: tuple[range, ...]
    """Output channels that each tower computes."""
    fetches: Mapping[Route, range]
    """Input channels to send forward, by sender and receiver."""

    @property
    def reads_image(self) -> bool:
        """Whether the stage reads the image, for which no gradient is needed."""
        return self.stage.reads == "image"


def stage_plans(stages: Sequence[Stage], count: int) -> tuple[StagePlan, ...]:
    """Return the plans of all stages for ``count`` towers.

    Every tower computes whole whatever comes before the first convolution or dense layer.
    """
    plans = []
    inputs = (range(stages[0].row.input_shape[0]),) * count
    for stage in stages:
        whole = stage.reads == "image" and not stage.row.layer.weighted
        outputs = (range(stage.row.output_shape[0]),) * count if whole else stage.held
        fetches = {
            Route(source, target): piece
            for target, row in enumerate(stage.pieces)
            for source, piece in enumerate(row)
            if piece
        }
        plans.append(StagePlan(stage, inputs, outputs, fetches))
        inputs = outputs
    return tuple(plans)


def narrow(tensor: Tensor, wanted: range, present: range) -> Tensor:
    """Return a view (images, ``wanted``, …) of a tensor (images, ``present``, …), of any dtype."""
    assert present.start <= wanted.start <= wanted.stop <= present.stop, (wanted, present)
    return tensor.narrow(1, wanted.start - present.start, len(wanted))


def gather_channels(parts: Mapping[range, Tensor], needed: range) -> Tensor:
    """Concatenate tensors (images, channels, …) by their channels to (images, ``needed``, …).

    Raises:
        AssertionError: no part has some needed channel, so the plan fetches too little.
    """
    pieces, end = [], needed.start
    for present in sorted(parts, key=lambda part: part.start):
        wanted = overlap(present, needed)
        if wanted:
            assert wanted.start == end, f"channels {end} to {wanted.start - 1} are missing"
            pieces.append(narrow(parts[present], wanted, present))
            end = wanted.stop
    assert end == needed.stop, f"channels {end} to {needed.stop - 1} are missing"
    if not pieces:  # nothing is needed
        return next(iter(parts.values()))[:, :0]
    return pieces[0] if len(pieces) == 1 else torch.cat(pieces, dim=1)


def overlap(one: range, other: range) -> range:
    """Return the intersection of two ranges of step 1.

    >>> overlap(range(0, 4), range(2, 6))
    range(2, 4)
    """
    first, stop = max(one.start, other.start), min(one.stop, other.stop)
    return range(first, max(first, stop))
