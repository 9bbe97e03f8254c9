"""A tower's share of a layer as torch modules with slices of its weights.

An output channel of a convolution or a dense layer is one row of the weight, so a tower's share is
a contiguous range of rows.  Where that range begins or ends inside one of the layer's ``groups``,
it is split into ``Block``s: as many whole groups as possible, or a part of one group.  LRN also
reads the neighbouring channels in its window and discards their outputs.  All other layers compute
each channel independently.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from alexnet_viz.model.build import module
from alexnet_viz.model_parallel.stage_plan import narrow
from alexnet_viz.network.layers import Dropout
from alexnet_viz.network.trace import Row


@dataclass(frozen=True)
class Block:
    """Output channels of a layer that one torch module can compute from ``inputs``."""

    outputs: range
    inputs: range
    groups: int


class Share(NamedTuple):
    """A parameter of a tower, float32: the slice ``rows`` of the whole network's parameter."""

    name: str
    rows: range
    tensor: Tensor


def blocks(row: Row, outputs: range) -> tuple[Block, ...]:
    """Split the output channels of a tower so that each block is one plain layer.

    >>> from alexnet_viz.network.trace import trace
    >>> from alexnet_viz.variants import VARIANTS
    >>> conv2 = trace(VARIANTS["alexnet_2012_paper"])["conv2"]  # 96 to 256 channels in 2 groups
    >>> [(b.outputs, b.inputs, b.groups) for b in blocks(conv2, range(64, 256))]
    [(range(64, 128), range(0, 48), 1), (range(128, 256), range(48, 96), 1)]
    """
    if not outputs:
        return ()
    written = row.output_shape[0] // row.layer.groups
    return tuple(
        Block(
            each,
            row.layer.channels_read(each, row.input_shape),
            max(1, len(each) // written),
        )
        for each in _runs(outputs, written)
    )


def _runs(outputs: range, size: int) -> list[range]:
    """Split ``outputs`` into the end of a group, whole groups, and the start of a group."""
    first = min(-(-outputs.start // size) * size, outputs.stop)
    last = max(first, outputs.stop // size * size)
    ends = (outputs.start, first, last, outputs.stop)
    return [range(*pair) for pair in pairwise(ends) if pair[0] < pair[1]]


class Shard(nn.Module):
    """One layer of one tower: maps channels ``needed`` to channels ``held``.

    ``tensors`` are the whole layer's state, by "weight", "bias" …; only the rows ``held`` are
    copied.  Without a seed for ``dropout``, a dropout layer works as in evaluation.
    """

    def __init__(
        self, row: Row, held: range, tensors: Mapping[str, Tensor], dropout: int | None = None
    ) -> None:
        super().__init__()
        self.row = row
        self.blocks = blocks(row, held)
        self.parts = nn.ModuleList(
            _module(row, block, tensors)
            if dropout is None or not isinstance(row.layer, Dropout)
            else SharedDropout(row, dropout, block.outputs)
            for block in self.blocks
        )
        starts = [block.inputs.start for block in self.blocks]
        self.needed = range(min(starts), self.blocks[-1].inputs.stop) if starts else range(0)

    def forward(self, input: Tensor) -> Tensor:
        """Map (images, ``needed``, …) to (images, ``held``, …), both float32."""
        outputs = [
            part(narrow(input, block.inputs, self.needed))
            for block, part in zip(self.blocks, self.parts, strict=True)
        ]
        if self.row.layer.keeps_shape:  # LRN: drop the outputs of the neighbours that it read
            outputs = [
                narrow(output, block.outputs, block.inputs)
                for block, output in zip(self.blocks, outputs, strict=True)
            ]
        if not outputs:  # another tower has the whole layer
            return input.new_zeros(len(input), 0, *self.row.output_shape[1:])
        return outputs[0] if len(outputs) == 1 else torch.cat(outputs, dim=1)

    def shares(self) -> list[Share]:
        """Return this tower's parameters of the layer."""
        return [
            Share(f"{self.row.name}.{name}", block.outputs, tensor)
            for block, part in zip(self.blocks, self.parts, strict=True)
            for name, tensor in part.named_parameters()
        ]


def _module(row: Row, block: Block, tensors: Mapping[str, Tensor]) -> nn.Module:
    """The torch module of a block, with copies of its rows of the weights."""
    count = len(block.outputs)
    sizes: dict[str, Any] = {"out_channels": count, "out_features": count, "groups": block.groups}
    known = {field.name for field in fields(row.layer)}
    layer = replace(row.layer, **{name: sizes[name] for name in sizes.keys() & known})
    narrowed = replace(row, layer=layer, input_shape=(len(block.inputs), *row.input_shape[1:]))
    with torch.device("meta"):
        made = module(narrowed)
    rows = {
        name: tensor[block.outputs.start : block.outputs.stop].clone() if tensor.dim() else tensor
        for name, tensor in tensors.items()
    }
    made.load_state_dict(rows, assign=True)
    return made.eval().requires_grad_(False)


class SharedDropout(nn.Module):
    """Dropout that draws the mask of the whole layer from a seed and applies the slice ``held``.

    With the same seed, one device and any number of towers drop the same units.
    """

    def __init__(self, row: Row, seed: int, held: range) -> None:
        super().__init__()
        assert isinstance(row.layer, Dropout)
        self.row, self.layer, self.seed, self.held = row, row.layer, seed, held

    def forward(self, input: Tensor) -> Tensor:
        """Drop units of (images, ``held``, …), float32."""
        generator = torch.Generator().manual_seed(self.seed)
        drawn = torch.rand(len(input), *self.row.output_shape, generator=generator)
        kept = drawn.narrow(1, self.held.start, len(self.held)) >= self.layer.p
        keep = 1 - self.layer.p
        factor = 1 / keep if self.layer.scale == "train" and keep else 1.0
        return input * (kept.to(input.device) * factor)
