"""What PyTorch keeps for the backward pass of a built model: autograd's saved tensors.

Training.  A tensor is kept until the way back if some layer needs it there: a convolution, a dense
layer, a norm and a pool their input, a non-linearity its output, so a map that two of them need is
kept once, and a ReLU in place or not makes no difference.  Intermediates: the place of each maximum
(int64), dropout's mask (1 byte on a GPU, a float on the CPU), four maps of each LRN over channels,
batch norm's mean and deviation, and the padded copy of an input that torch cannot pad on one side.
Gradients of weights and momentum are as large as the weights.  Gradients of maps live briefly: the
largest gradient of an output and of its input together are counted.  That is an upper bound: by
then some of what was saved has gone.

Inference.  Only two neighbouring maps live at a time: the largest pair is counted.

Over several GPUs each keeps its own and what it fetched.  Left out: the loss, cuDNN's workspace,
what the allocator keeps in reserve.
"""

from collections.abc import Iterator
from itertools import zip_longest

from alexnet_viz.analysis.memory.budget import Assumptions, Part
from alexnet_viz.analysis.memory.shares import Share, shares
from alexnet_viz.analysis.towers.split import Towers
from alexnet_viz.network.layers import (
    LRN,
    AdaptiveAvgPool,
    AvgPool,
    BatchNorm,
    Conv,
    Dropout,
    MaxPool,
    Window,
)
from alexnet_viz.network.window_padding import alike, outside, torch_pooling

SWITCH_BYTES = 8
"""torch's max pooling notes down an int64 for each output."""

NEEDS_OUTPUT = ("activation", "softmax")
"""Families of layers whose gradient is computed from their output."""
NEEDS_NEITHER = ("dropout", "layout")
"""Families of layers whose gradient needs neither output nor input; the others need the input."""


def parts(towers: Towers, assumed: Assumptions) -> Iterator[Part]:
    """What every layer keeps on every GPU."""
    for tower in range(towers.count):
        own = shares(towers, tower)
        yield from _learned(own, assumed)
        yield from (_kept(own, assumed) if assumed.training else _neighbours(own, assumed))


def _learned(own: list[Share], assumed: Assumptions) -> Iterator[Part]:
    for share in own:
        size = assumed.number_bytes * (share.weights + share.biases)
        yield Part(share.stage.name, share.tower, "weights", fixed=size)
        if assumed.training:
            yield Part(share.stage.name, share.tower, "gradients", fixed=size)
            yield Part(share.stage.name, share.tower, "momentum", fixed=size)


def _kept(own: list[Share], assumed: Assumptions) -> Iterator[Part]:
    """Saved tensors, then the largest pair of gradients."""
    size = assumed.number_bytes
    real = [share for share in own if not share.layer.is_view]
    for share, after in zip_longest(real, real[1:]):
        name, tower = share.stage.name, share.tower
        if share.layer.family in NEEDS_OUTPUT or (after and _needs_input(after)):
            yield Part(name, tower, "activations", per_image=size * share.outputs)
        yield Part(name, tower, "copies", per_image=size * share.fetched)
        fixed, per_image = _notes(share, size, assumed.mask_bytes)
        yield Part(name, tower, "intermediates", fixed, per_image)
    if real:
        widest = max(real, key=_pair)
        yield Part(
            widest.stage.name,
            widest.tower,
            "activation_gradients",
            per_image=size * _pair(widest),
        )


def _neighbours(own: list[Share], assumed: Assumptions) -> Iterator[Part]:
    """The layer whose input and output are largest together."""
    if own:
        widest = max(own, key=_pair)
        yield Part(
            widest.stage.name,
            widest.tower,
            "activations",
            per_image=assumed.number_bytes * _pair(widest),
        )


def _needs_input(share: Share) -> bool:
    """Whether the layer needs its input itself, not a padded copy, on the way back."""
    layer = share.layer
    if isinstance(layer, AdaptiveAvgPool):
        return layer.output_size != (1, 1)  # torch takes a plain mean there
    return layer.family not in (*NEEDS_OUTPUT, *NEEDS_NEITHER) and not _padded(share)


def _notes(share: Share, size: int, mask_bytes: int) -> tuple[int, int]:
    """Bytes that a layer keeps besides its input and output: (fixed, for each image)."""
    layer, row = share.layer, share.stage.row
    height, width = (*row.output_shape[1:], 1, 1)[:2]
    fixed = per_image = 0
    if isinstance(layer, Dropout):
        per_image = mask_bytes * share.outputs
    elif isinstance(layer, MaxPool):
        per_image = SWITCH_BYTES * share.outputs
    elif isinstance(layer, BatchNorm):
        fixed = size * 2 * share.channels
    elif isinstance(layer, LRN) and layer.region == "channels":
        # squares, two roots of the denominator for beta = 3/4 or the denominator, the factor
        per_image = size * share.outputs * (4 if layer.beta == 0.75 else 3)
    elif isinstance(layer, LRN):
        around = layer.size - 1
        squares = share.channels * (height + around) * (width + around)
        per_image = size * (squares + 2 * share.outputs)
    if _padded(share):
        top, bottom, left, right = outside(row)
        high, wide = row.input_shape[1] + top + bottom, row.input_shape[2] + left + right
        per_image += size * share.channels_read * high * wide
        if isinstance(layer, AvgPool):
            fixed += size * height * width  # the share of cells inside
    return fixed, per_image


def _padded(share: Share) -> bool:
    """Whether torch, which pads both sides alike, needs a padded copy to read the same cells."""
    row = share.stage.row
    if isinstance(row.layer, Conv):
        return alike(row, "floor") is None
    return isinstance(row.layer, Window) and torch_pooling(row) is None


def _pair(share: Share) -> int:
    """Values of a layer's output and input together, an image as the input left out."""
    return share.outputs + (0 if share.first else share.inputs + share.fetched)
