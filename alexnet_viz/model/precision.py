"""What half precision and the memory format are worth on a device, and what they cost.

Tensor cores read half precision with the channels last in memory (NVIDIA, "Deep Learning
Performance: Convolutional Layers User's Guide", section 3).  How far off a half is can only be said
beside the float32 pass of the same picture, so a half never pays for one pass: its check is the
pass that it would save.  It pays where one check serves many pictures, as in a folder's.  Gradients
and differences of nearly equal logits are always float32.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from statistics import median

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from alexnet_viz.model.activations import capture
from alexnet_viz.model.device import Placement, halves, milliseconds, place

Floats = NDArray[np.float32]

TOLERANCE = {torch.float32: 1e-4, torch.float16: 1e-2, torch.bfloat16: 5e-2}
"""Largest relative difference that rounding explains, by the model's dtype: a multiple of its
rounding error (6e-8, 5e-4, 4e-3), for sums of thousands of products."""
RUNS = 5
"""Passes of which the median time is taken."""
WORTH = 0.95
"""The share of the usual time that another layout may take at most to be worth its copy."""


@dataclass(frozen=True)
class Measured:
    """A placement, the time of one pass there, and its error on the same pictures."""

    placement: Placement
    milliseconds: float
    error: float
    """The largest relative difference of a layer's output from float32; 0 of float32 itself."""


def relative_difference(found: Floats, wanted: Floats) -> float:
    """Largest |found - wanted| over largest |wanted|, of arrays of one shape; else infinite."""
    size = float(np.abs(wanted).max(initial=0))
    return largest_difference(found, wanted) / (size or 1.0)


def largest_difference(found: Floats, wanted: Floats) -> float:
    """Largest |found - wanted|; infinite if the shapes differ or a value is NaN."""
    if found.shape != wanted.shape:
        return inf
    largest = float(np.abs(found - wanted).max(initial=0))
    return inf if np.isnan(largest) else largest


def exactness(model: nn.Sequential, placement: Placement, image: Floats) -> dict[str, float]:
    """By layer, the largest relative difference between a model at a placement and the model.

    ``image`` is one or a batch, as ``capture`` takes it.
    """
    wanted, found = capture(model, image), capture(place(model, placement), image)
    return {name: relative_difference(found[name], wanted[name]) for name in wanted}


def measured(model: nn.Sequential, images: Floats) -> list[Measured]:
    """A float32 model where it is, then every half precision that its device is made for.

    ``images`` is float32, (images, channels, height, width).
    """
    device = next(model.parameters()).device
    found = [Measured(Placement(device), _pass(model, images), 0.0)]
    for placement in halves(device):
        error = max(exactness(model, placement, images).values(), default=0.0)
        found.append(Measured(placement, _pass(place(model, placement), images), error))
    return found


def best(found: Sequence[Measured], passes: int) -> Measured:
    """What to run ``passes`` batches with: float32, or a half precision that is near and faster.

    Near is an error within ``TOLERANCE``; the check itself, a pass in float32 and one in half,
    counts as time.  Of several, the nearest.
    """
    usual, *others = found
    near = [
        each
        for each in others
        if each.error <= TOLERANCE[each.placement.dtype]
        and usual.milliseconds + (passes + 1) * each.milliseconds < passes * usual.milliseconds
    ]
    return min(near, key=lambda each: each.error, default=usual)


def laid_out(model: nn.Sequential, input_shape: tuple[int, ...]) -> nn.Sequential:
    """A float32 model with its channels last in memory where a pass is faster so, else the model.

    On the CPU, always the model itself.  Dense layers share their tensors with it.
    """
    device = next((each.device for each in model.parameters()), torch.device("cpu"))
    if device.type == "cpu":
        return model
    last = place(model, Placement(device, memory_format=torch.channels_last))
    image = np.zeros((1, *input_shape), dtype=np.float32)
    return last if _pass(last, image) < WORTH * _pass(model, image) else model


def _pass(model: nn.Sequential, images: Floats) -> float:
    """The median milliseconds of a pass, without the way of the numbers to and from the device."""
    like = next(model.parameters())
    batch = torch.tensor(images, dtype=like.dtype, device=like.device)
    run: Callable[[], object] = torch.inference_mode()(lambda: model(batch))
    run()  # the libraries choose their algorithms
    return median(milliseconds(run, like.device) for _ in range(RUNS))
