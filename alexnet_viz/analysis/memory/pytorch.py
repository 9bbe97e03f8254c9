"""What PyTorch keeps for the backward pass of a built model: autograd's saved tensors.

Training.  A tensor is kept until the backward pass if some layer needs it there: a convolution, a
dense layer, a norm and a pool need their input, a non-linearity its output.  A map that two of them
need is kept once, so a ReLU in place or not makes no difference.  Intermediates: the index of each
maximum (int64), dropout's mask (1 byte on a GPU, a float on the CPU), four maps of each LRN over
channels, batch norm's mean and deviation, and the padded copy of an input that torch cannot pad on
one side.  The LRN is ``model.modules.ChannelResponseNorm``; torch's ``nn.LocalResponseNorm`` keeps
three maps.  Gradients of weights and momentum are as large as the weights.  Gradients of maps are
freed early: the largest gradient of an output and its input together are counted.  That is an upper
bound, because some saved tensors have been freed by then.

Inference.  Only two consecutive maps exist at a time: the largest pair is counted.

With several GPUs each keeps its own tensors and those it fetched.  Left out: the loss, cuDNN's
workspace, the allocator's reserve.
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
"""torch's max pooling keeps an int64 index per output."""

NEEDS_OUTPUT = ("activation", "softmax")
"""Families of layers whose gradient is computed from their output."""
NEEDS_NEITHER = ("dropout", "layout")
"""Families of layers whose gradient needs neither output nor input; the others need the input."""


def parts(towers: Towers, assumed: Assumptions) -> Iterator[Part]:
    """The parts of every layer on every GPU."""
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
    """The saved tensors, then the largest pair of gradients."""
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
    """The input and output of the layer where they are largest together."""
    if own:
        widest = max(own, key=_pair)
        yield Part(
            widest.stage.name,
            widest.tower,
            "activations",
            per_image=assumed.number_bytes * _pair(widest),
        )


def _needs_input(share: Share) -> bool:
    """Whether the layer needs its input itself, not a padded copy, in the backward pass."""
    layer = share.layer
    if isinstance(layer, AdaptiveAvgPool):
        return layer.output_size != (1, 1)  # torch takes a plain mean there
    return layer.family not in (*NEEDS_OUTPUT, *NEEDS_NEITHER) and not _padded(share)


def _notes(share: Share, size: int, mask_bytes: int) -> tuple[int, int]:
    """Bytes that a layer keeps besides its input and output: (fixed, per image)."""
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
        # squares; the denominator, or its two roots where beta = 3/4; the factor
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
            fixed += size * height * width  # the fraction of cells inside the map
    return fixed, per_image


def _padded(share: Share) -> bool:
    """Whether torch, which pads both sides equally, needs a padded copy to read the same cells."""
    row = share.stage.row
    if isinstance(row.layer, Conv):
        return alike(row, "floor") is None
    return isinstance(row.layer, Window) and torch_pooling(row) is None


def _pair(share: Share) -> int:
    """Number of values of a layer's output and input; the image does not count as an input."""
    return share.outputs + (0 if share.first else share.inputs + share.fetched)
