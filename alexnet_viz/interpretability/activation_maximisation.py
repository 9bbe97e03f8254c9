"""What picture excites a channel most: gradient ascent on the pixels, from noise.

Erhan, Bengio, Courville, Vincent 2009, "Visualizing higher-layer features of a deep network",
section 2: climb the gradient of a unit's value while the picture's norm is held.  Left to itself
the ascent finds noise that no eye would call a picture, so (Yosinski et al. 2015, section 3; Olah,
Mordvintsev, Schubert 2017)

- the picture is shifted by a few pixels at every step (``jitter``),
- the gradient is blurred at several widths and the wide ones count more,
- its contrast, the root mean square distance to grey, ends at ``CONTRAST``.

Of a map one cell is excited, in a picture no larger than that cell sees, which takes 11 x 11 pixels
for conv1 and a fraction of a second.  Layers at the end that hand a channel on, each by itself, are
left out: what raises a ReLU's input raises its output, and where the output is 0 there would be no
gradient to follow.
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
"""How far the pixels move in one step, root mean square; white is 1."""
CONTRAST = 0.2
NOISE = 0.02
"""Contrast at the start."""
WIDTHS = (0.7, 1.4, 2.8, 5.6)
"""Standard deviations of the blurs, in pixels; each counts twice as much as the one before."""
BROADEST = 1 / 18
"""Blurs that are broader than this share of the picture are left out."""
JITTER = 1 / 24
"""The largest shift, as a share of the picture's side."""


@dataclass(frozen=True)
class Frame:
    """One step of the ascent."""

    step: int
    """0 is the noise it began with."""
    picture: Pixels = field(repr=False)
    """(side, side, 3)"""
    value: float
    """Of the unit, for the picture as this step shifted it; the last one is not shifted."""


@dataclass(frozen=True)
class Patch:
    """The smallest square that shows a unit all it can see, in input pixels."""

    layer: str
    """Whose output is raised: the one asked for, or the last before it that makes channels."""
    side: int
    cell: tuple[int, int] | None
    """Row and column of the excited cell in the map of such a square; None of a dense layer."""


def patch(result: Trace, layer: str) -> Patch:
    """What is excited in place of a layer, and in how large a picture.

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
    # SAME padding depends on the size, so the smaller picture is traced by itself
    small = _last(result, layers, side)
    if small is None:
        side, small = whole, row
    return Patch(row.name, side, _middle_cell(small, side))


def _passes(row: Row) -> bool:
    """Whether a layer has its input's channels and learns nothing: its input is raised instead.

    In response norms and softmax a channel also rises where the others fall, which is not sought.
    """
    return not row.params and row.layer.family != "layout"


def _side(row: Row) -> int | None:
    """How many pixels it takes for one cell to see nothing but pixels."""
    if row.receptive_field is None:
        return None
    sides = []
    for each in row.receptive_field:
        first = -(each.start // each.effective_stride)  # the first cell that sees no padding
        sides.append(each.pixels(first).stop)
    return max(sides)


def _last(result: Trace, layers: tuple[Layer, ...], side: int) -> Row | None:
    small = trace(replace(result.network, layers=layers), side)
    return None if small.failure else small.rows[-1]


def _middle_cell(row: Row, side: int) -> tuple[int, int]:
    """The cell that looks at the middle of the picture."""
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
    """Pictures that excite a channel ever more: the noise at the start, then one after each step.

    ``result`` is the trace of the model.  ``jitter`` is the largest shift in pixels; by default a
    24th of the side.  Whoever has seen enough stops asking for the next.

    Raises:
        Problem: no such layer or channel, or the network reads neither 1 nor 3 channels.
    """
    where = patch(result, layer)
    row, column = where.cell or (None, None)
    shift = round(where.side * JITTER) if jitter is None else jitter
    middle = shift // 2, shift // 2
    generator = torch.Generator().manual_seed(seed)
    # a mode belongs to the thread and lasts: between two frames it must be the caller's own
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
        part.look(read(pixels, middle))  # is there such a unit?
    for step in range(steps):
        top, left = torch.randint(0, shift + 1, (2,), generator=generator).tolist()
        with _with_gradients():
            leaf = pixels.clone().requires_grad_()
            reached = part(read(leaf, (top, left)))
            (gradient,) = torch.autograd.grad(reached, leaf)
        yield Frame(step, _picture(pixels, middle, where.side), reached.item())
        with _with_gradients():
            if not gradient.any():  # a silent unit: look elsewhere
                gradient = noise()
            pixels = _held(pixels + STEP * _smooth(gradient))
    reached, _ = part.look(read(pixels, middle))
    yield Frame(steps, _picture(pixels, middle, where.side), reached)


@contextmanager
def _with_gradients() -> Iterator[None]:
    """Whatever the mode of this thread."""
    with torch.inference_mode(False), torch.enable_grad():
        yield


def _read(value: int, channels: int, how: Preprocessing) -> Tensor:
    """One pixel of this grey as the network reads it, (1, channels, 1, 1)."""
    pixel = np.full((1, 1, 3), value, dtype=np.uint8)
    return torch.from_numpy(normalised(pixel, channels, how))[None]


def _window(pixels: Tensor, corner: tuple[int, int], side: int) -> Tensor:
    top, left = corner
    return pixels[:, :, top : top + side, left : left + side]


def _picture(pixels: Tensor, corner: tuple[int, int], side: int) -> Pixels:
    window = _window(pixels, corner, side)[0].permute(1, 2, 0)
    rgb: Pixels = (255 * window).round().byte().cpu().numpy()
    return np.repeat(rgb, 3, axis=2) if rgb.shape[2] == 1 else rgb


def _held(pixels: Tensor) -> Tensor:
    """The picture with no more than ``CONTRAST``, between black and white."""
    away = pixels - 0.5
    contrast = away.square().mean().sqrt()
    return (0.5 + away * (CONTRAST / contrast).clamp(max=1)).clamp(0, 1)


def _smooth(gradient: Tensor) -> Tensor:
    """A gradient without its finest grain, of root mean square 1."""
    total = torch.zeros_like(gradient)
    for number, width in enumerate(WIDTHS):
        if width <= BROADEST * gradient.shape[-1] or number == 0:
            total += 2**number * _unit(_blurred(gradient, width))
    return _unit(total)


def _unit(values: Tensor) -> Tensor:
    return values / values.square().mean().sqrt().clamp(min=1e-20)


def _blurred(values: Tensor, width: float) -> Tensor:
    """A Gaussian blur; beyond the border the last pixel goes on."""
    reach = max(1, round(3 * width))
    bell = torch.exp(-(torch.arange(-reach, reach + 1, device=values.device) ** 2) / (2 * width**2))
    channels = values.shape[1]
    bell = (bell / bell.sum()).expand(channels, 1, 1, -1)
    wide = functional.pad(values, (reach,) * 4, mode="replicate")
    across = functional.conv2d(wide, bell, groups=channels)
    blurred: Tensor = functional.conv2d(across, bell.transpose(2, 3), groups=channels)
    return blurred
