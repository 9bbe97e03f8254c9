"""Activation maximisation: gradient ascent on the pixels, from noise, to raise a channel's output.

Erhan, Bengio, Courville, Vincent 2009, "Visualizing higher-layer features of a deep network",
section 2: follow the gradient of a unit's value while the norm of the picture is bounded.  Without
regularisation the result is high-frequency noise, so (Yosinski et al. 2015, section 3; Olah,
Mordvintsev, Schubert 2017)

- the picture is shifted by a few pixels at every step (``jitter``),
- the gradient is blurred at several widths, with more weight on the wide ones,
- the contrast, the root mean square distance to grey, is at most ``CONTRAST``.

In a layer with feature maps one cell is maximised, in a picture no larger than its receptive field:
11 x 11 pixels for conv1, a fraction of a second.  Trailing layers that transform each channel by
itself are skipped: raising the input of a ReLU raises its output, and where its output is 0 there
is no gradient.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from alexnet_viz.interpretability.attribution import Unit
from alexnet_viz.interpretability.attribution.unit_model import Part
from alexnet_viz.network.layers import Layer
from alexnet_viz.network.receptive_field import ReceptiveField
from alexnet_viz.network.trace import Row, Trace, trace
from alexnet_viz.pictures.images import Pixels
from alexnet_viz.pictures.preprocessing import PAPER, Preprocessing, normalised
from alexnet_viz.text.problem import Problem, shown

STEPS = 40
STEP = 0.04
"""Root mean square change of the pixels in one step; black is 0, white is 1."""
CONTRAST = 0.2
"""Largest root mean square distance to grey, 0.5."""
NOISE = 0.02
"""Contrast of the initial noise."""
WIDTHS = (0.7, 1.4, 2.8, 5.6)
"""Standard deviations of the blurs, in pixels; each has twice the weight of the previous."""
BROADEST = 1 / 18
"""Largest standard deviation that is used, as a share of the picture's side."""
JITTER = 1 / 24
"""The largest shift, as a share of the picture's side."""


@dataclass(frozen=True)
class Frame:
    """The picture at one step of the ascent."""

    step: int
    """0 is the initial noise."""
    picture: Pixels = field(repr=False)
    """(side, side, 3)"""
    value: float
    """The unit's value for the picture with this step's shift; the last one is not shifted."""


@dataclass(frozen=True)
class Patch:
    """The smallest square input, in pixels, that covers the receptive field of a unit."""

    layer: str
    """Layer whose output is maximised: the given one, or an earlier one (see ``patch``)."""
    side: int
    cell: tuple[int, int] | None
    """Row and column of the maximised cell in the map of such an input; None if dense."""


def patch(result: Trace, layer: str) -> Patch:
    """The layer to maximise in place of ``layer``, the side of the picture, and the cell.

    Trailing layers without parameters are skipped, unless they change the layout (flatten).

    >>> from alexnet_viz.variants import VARIANTS
    >>> paper = trace(VARIANTS["alexnet_2012_227"])
    >>> patch(paper, "relu1")
    Patch(layer='conv1', side=11, cell=(0, 0))
    >>> patch(paper, "prob").layer
    'fc8'

    Raises:
        Problem: the network has no such layer, or fails before it.
    """
    if layer not in result.by_name:
        raise Problem("attr_no_layer", layer=shown(layer), names=", ".join(result.by_name))
    until = list(result.by_name).index(layer) + 1
    while until > 1 and _passes(result.rows[until - 1]):
        until -= 1
    row = result.rows[until - 1]
    whole = result.input_shape[1]
    if len(row.output_shape) == 1:
        return Patch(row.name, whole, None)
    side = min(whole, _side(row) or whole)
    layers = tuple(each.layer for each in result.rows[:until])
    # SAME padding depends on the input size, so the smaller picture needs its own trace
    small = _last(result, layers, side)
    if small is None:
        side, small = whole, row
    return Patch(row.name, side, _middle_cell(small, side))


def _passes(row: Row) -> bool:
    """Whether the input of this layer is maximised instead: no parameters, channels kept.

    This includes response norms and softmax, where a channel also rises when others fall.
    """
    return not row.params and row.layer.family != "layout"


def _side(row: Row) -> int | None:
    """The smallest input, in pixels, with a cell whose receptive field has no padding."""
    if row.receptive_field is None:
        return None
    sides = []
    for each in row.receptive_field:
        first = -(each.start // each.effective_stride)  # the first cell without padding
        sides.append(each.pixels(first).stop)
    return max(sides)


def _last(result: Trace, layers: tuple[Layer, ...], side: int) -> Row | None:
    """The last row of the trace of these layers at another input size; None if it fails."""
    small = trace(replace(result.network, layers=layers), side)
    return None if small.failure else small.rows[-1]


def _middle_cell(row: Row, side: int) -> tuple[int, int]:
    """The (row, column) of the cell whose receptive field is nearest to the centre."""
    _, height, width = row.output_shape
    fields = row.receptive_field or (None, None)
    return _middle(fields[0], height, side), _middle(fields[1], width, side)


def _middle(seen: ReceptiveField | None, cells: int, side: int) -> int:
    if seen is None:
        return cells // 2
    cell = round((side / 2 - seen.start - seen.size / 2) / seen.effective_stride)
    return min(max(cell, 0), cells - 1)


def maximise(
    model: nn.Sequential,
    result: Trace,
    layer: str,
    channel: int,
    *,
    how: Preprocessing = PAPER,
    seed: int = 0,
    steps: int = STEPS,
    jitter: int | None = None,
) -> Iterator[Frame]:
    """Gradient ascent on the pixels: yields the initial noise, then the picture after each step.

    ``result`` is the trace of the model.  ``jitter`` is the largest shift in pixels, by default
    ``JITTER`` times the side.

    Raises:
        Problem: no such layer or channel, or the network has neither 1 nor 3 input channels.
    """
    where = patch(result, layer)
    row, column = where.cell or (None, None)
    shift = round(where.side * JITTER) if jitter is None else jitter
    middle = shift // 2, shift // 2
    generator = torch.Generator().manual_seed(seed)
    # gradient modes are thread-wide: between two frames the caller's mode must be restored
    with _with_gradients():
        part = Part(model, Unit(where.layer, channel, row, column))
        device = next((each.device for each in model.parameters()), torch.device("cpu"))
        black, white = (_read(value, result.input_shape[0], how).to(device) for value in (0, 255))

        def noise() -> Tensor:
            size = (1, len(black[0]), where.side + shift, where.side + shift)
            return torch.randn(size, generator=generator).to(device)

        def read(pixels: Tensor, corner: tuple[int, int]) -> Tensor:
            window = _window(pixels, corner, where.side)
            return black + (white - black) * (window.flip(1) if how.bgr else window)

        pixels = (0.5 + NOISE * noise()).clamp(0, 1)
        part.look(read(pixels, middle))  # raises if there is no such unit
    for step in range(steps):
        top, left = torch.randint(0, shift + 1, (2,), generator=generator).tolist()
        with _with_gradients():
            leaf = pixels.clone().requires_grad_()
            reached = part(read(leaf, (top, left)))
            (gradient,) = torch.autograd.grad(reached, leaf)
        yield Frame(step, _picture(pixels, middle, where.side), reached.item())
        with _with_gradients():
            if not gradient.any():  # the unit is inactive: take a random step
                gradient = noise()
            pixels = _held(pixels + STEP * _smooth(gradient))
    reached, _ = part.look(read(pixels, middle))
    yield Frame(steps, _picture(pixels, middle, where.side), reached)


@contextmanager
def _with_gradients() -> Iterator[None]:
    """Enable gradients, whatever the gradient mode of this thread."""
    with torch.inference_mode(False), torch.enable_grad():
        yield


def _read(value: int, channels: int, how: Preprocessing) -> Tensor:
    """One grey pixel, 0 to 255, preprocessed: float32, (1, channels, 1, 1)."""
    pixel = np.full((1, 1, 3), value, dtype=np.uint8)
    return torch.from_numpy(normalised(pixel, channels, how))[None]


def _window(pixels: Tensor, corner: tuple[int, int], side: int) -> Tensor:
    """A square crop, (1, channels, side, side), with its top left corner at ``corner``."""
    top, left = corner
    return pixels[:, :, top : top + side, left : left + side]


def _picture(pixels: Tensor, corner: tuple[int, int], side: int) -> Pixels:
    """A square crop as 8-bit RGB, (side, side, 3)."""
    window = _window(pixels, corner, side)[0].permute(1, 2, 0)
    rgb: Pixels = (255 * window).round().byte().cpu().numpy()
    return np.repeat(rgb, 3, axis=2) if rgb.shape[2] == 1 else rgb


def _held(pixels: Tensor) -> Tensor:
    """The pixels with their contrast limited to ``CONTRAST``, clamped to 0 to 1."""
    away = pixels - 0.5
    contrast = away.square().mean().sqrt()
    return (0.5 + away * (CONTRAST / contrast).clamp(max=1)).clamp(0, 1)


def _smooth(gradient: Tensor) -> Tensor:
    """The weighted sum of several blurs of a gradient, scaled to root mean square 1."""
    total = torch.zeros_like(gradient)
    for number, width in enumerate(WIDTHS):
        if width <= BROADEST * gradient.shape[-1] or number == 0:
            total += 2**number * _unit(_blurred(gradient, width))
    return _unit(total)


def _unit(values: Tensor) -> Tensor:
    """The values scaled to root mean square 1."""
    return values / values.square().mean().sqrt().clamp(min=1e-20)


def _blurred(values: Tensor, width: float) -> Tensor:
    """A Gaussian blur of standard deviation ``width`` pixels, with replicated borders."""
    reach = max(1, round(3 * width))
    bell = torch.exp(-(torch.arange(-reach, reach + 1, device=values.device) ** 2) / (2 * width**2))
    channels = values.shape[1]
    bell = (bell / bell.sum()).expand(channels, 1, 1, -1)
    wide = functional.pad(values, (reach,) * 4, mode="replicate")
    across = functional.conv2d(wide, bell, groups=channels)
    blurred: Tensor = functional.conv2d(across, bell.transpose(2, 3), groups=channels)
    return blurred
