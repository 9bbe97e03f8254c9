"""A sliding window on one axis: output size, rounding, padding, and the cells it reads.

All arithmetic is exact, on integers and fractions.  With input size W, kernel size F, padding
P_before + P_after, stride S and dilation D the raw quotient is

    N = (W - D(F - 1) - 1 + P_before + P_after) / S + 1        (D = 1: (W - F + 2P)/S + 1)

and a *rounding rule* makes it an integer.  Five rules are in use:

``floor``
    Round down; the last cells may be read by no window.  PyTorch, cuDNN, Caffe's convolution.
``ceil``
    Round up; the last window hangs over the edge and reads zeros.  Krizhevsky's own code:
    ``modulesX = 1 + int(ceil((2*padding + imgSize - filterSize) / float(stride)))``, layer.py:1004
    of computerhistory/AlexNet-Source-Code (2012) and layer.py:1097 of cuda-convnet2, whose
    filter_acts.cu lines 22-29 load 0 outside the image.  So 224 gives 55.  A window larger than the
    padded map is refused, as there (``verify_num_range`` of filterSize and sizeX).
``caffe``
    Round up; where the map is padded drop a last window that would start beyond the input and its
    leading padding; the window is clipped to the map and no zeros are read.  pooling_layer.cpp, "If
    we have padding, ensure that the last pooling starts strictly inside the image".  Torch's
    ``ceil_mode=True`` drops such a window without padding too, which differs only where the stride
    is larger than the kernel.
``same``
    N = ceil(W / S); the padding follows from N, an odd cell goes after the map.
    TensorFlow's SAME; any stated padding is ignored.
``valid``
    N = ceil((W - F + 1) / S) = floor without padding.  TensorFlow's VALID; any stated padding is
    ignored.
"""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Literal, get_args

from alexnet_viz.text.problem import Problem

Rounding = Literal["floor", "ceil", "caffe", "same", "valid"]
ROUNDINGS: tuple[Rounding, ...] = get_args(Rounding)

MAX_INPUT_SIZE = 10_000
"""Largest input side, in pixels, that is traced: a 10,000 x 10,000 image is 100 megapixels."""


@dataclass(frozen=True, slots=True)
class Slide:
    """A window slid along one axis, with the numbers that its output size follows from.

    Cells are counted from the first input cell; cells below 0 and from ``input_size`` on are
    padding.  ``padding`` is that of the rounding rule: without stated padding that it ignores, with
    padding that it adds.
    """

    input_size: int
    kernel_size: int
    stride: int
    padding: tuple[int, int]
    dilation: int
    rounding: Rounding
    quotient: Fraction
    output_size: int

    @property
    def extent(self) -> int:
        """D(F - 1) + 1: the cells from the first to the last one that a window reads."""
        return self.dilation * (self.kernel_size - 1) + 1

    @property
    def starts(self) -> range:
        """First cell of every window, in input coordinates; negative inside the padding."""
        first = -self.padding[0]
        return range(first, first + self.output_size * self.stride, self.stride)

    @property
    def end(self) -> int:
        """One past the last cell that the last window covers."""
        return self.starts[-1] + self.extent

    @property
    def read(self) -> bytes:
        """One byte for each input cell: 1 if some window reads it, else 0."""
        cells = bytearray(self.input_size)
        for start in self.starts:
            first = start if start >= 0 else start % self.dilation
            stop = min(start + self.extent, self.input_size)
            if taps := len(range(first, stop, self.dilation)):
                cells[first : stop : self.dilation] = b"\1" * taps
        return bytes(cells)

    @property
    def unread(self) -> int:
        """Number of input cells that no window reads: after the last window, or between windows.

        >>> slide(224, 11, stride=4).unread, slide(10, 1, stride=3).unread
        (1, 6)
        """
        return self.read.count(0)

    @property
    def padding_read(self) -> tuple[int, int]:
        """Number of cells outside the input that windows cover: (before, after).

        >>> slide(224, 11, stride=4, rounding="ceil").padding_read
        (0, 3)
        """
        return -self.starts[0], max(0, self.end - self.input_size)

    @property
    def exact(self) -> bool:
        """Whether the quotient equals the output size, so that nothing was rounded."""
        return self.quotient == self.output_size

    @property
    def overlap(self) -> int:
        """Number of cells that a window shares with the next one.

        >>> slide(224, 11, stride=4).overlap, slide(9, 3, stride=1, dilation=2).overlap
        (7, 0)
        """
        steps, rest = divmod(self.stride, self.dilation)
        return 0 if rest else max(0, self.kernel_size - steps)


def quotient(
    input_size: int,
    kernel_size: int,
    stride: int = 1,
    padding: tuple[int, int] = (0, 0),
    dilation: int = 1,
) -> Fraction:
    """(W - D(F - 1) - 1 + P_before + P_after) / S + 1, before any rounding.

    >>> float(quotient(224, 11, stride=4))
    54.25
    """
    extent = dilation * (kernel_size - 1) + 1
    # one Fraction, not a Fraction plus 1, which is slower: every window of every trace needs it
    return Fraction(input_size - extent + sum(padding) + stride, stride)


@lru_cache(maxsize=4096)
def slide(
    input_size: int,
    kernel_size: int,
    stride: int = 1,
    padding: tuple[int, int] = (0, 0),
    dilation: int = 1,
    rounding: Rounding = "floor",
    clipped: bool | None = None,
) -> Slide:
    """The slide of a window along one axis of ``input_size`` cells.

    ``clipped`` is whether the rule ``caffe`` drops a last window that begins beyond the map; None:
    if this axis is padded.  Cached: a layer's output shape, MACs and operations each need the same
    slides.

    >>> slide(227, 11, stride=4).output_size
    55
    >>> slide(224, 11, stride=4).output_size, slide(224, 11, stride=4, rounding="ceil").output_size
    (54, 55)
    >>> slide(224, 11, stride=4, rounding="same").padding
    (3, 4)

    Raises:
        Problem: a number is out of range, or no window fits.
    """
    _check(input_size, kernel_size, stride, padding, dilation, rounding)
    extent = dilation * (kernel_size - 1) + 1
    if rounding == "same":
        size = -(-input_size // stride)
        total = max((size - 1) * stride + extent - input_size, 0)
        padding = (total // 2, total - total // 2)
    elif rounding == "valid":
        padding = (0, 0)
    raw = quotient(input_size, kernel_size, stride, padding, dilation)
    size = raw.__ceil__() if rounding in ("ceil", "caffe") else raw.__floor__()
    if rounding == "caffe" and (any(padding) if clipped is None else clipped):
        size = min(size, (input_size + padding[0] - 1) // stride + 1)
    if rounding == "ceil" and extent > input_size + sum(padding):
        size = 0
    if size < 1:
        raise Problem(
            "window_too_large",
            kernel_size=kernel_size,
            extent=extent,
            size=input_size,
            before=padding[0],
            after=padding[1],
            # the smallest input whose quotient rounds to 1: Caffe's window may hang over by up to
            # stride - 1 cells
            needed=extent - sum(padding) - (stride - 1 if rounding == "caffe" else 0),
        )
    if rounding == "ceil":
        overhang = (size - 1) * stride + extent - input_size - sum(padding)
        padding = (padding[0], padding[1] + max(0, overhang))
    return Slide(input_size, kernel_size, stride, padding, dilation, rounding, raw, size)


def _check(
    input_size: int,
    kernel_size: int,
    stride: int,
    padding: tuple[int, int],
    dilation: int,
    rounding: str,
) -> None:
    if rounding not in ROUNDINGS:
        raise Problem("unknown_rounding", rounding=rounding, known=", ".join(ROUNDINGS))
    # no upper bound: padding may make a map larger than any image
    named = {
        "input_size": input_size,
        "kernel_size": kernel_size,
        "stride": stride,
        "dilation": dilation,
    }
    for name, value in named.items():
        if value < 1:
            raise Problem("not_positive", name=name, value=value)
    for value in padding:
        if value < 0:
            raise Problem("negative_padding", value=value)


def check_input_size(size: int) -> None:
    """Check the side of a network's input, in pixels.

    Raises:
        Problem: it is not 1 to ``MAX_INPUT_SIZE``.
    """
    if not 1 <= size <= MAX_INPUT_SIZE:
        raise Problem("input_size", value=size, largest=MAX_INPUT_SIZE)


def sizes_giving(
    wanted: int, size_of: Callable[[int], int], largest: int = MAX_INPUT_SIZE
) -> range:
    """All inputs from 1 to ``largest`` for which ``size_of(input)`` is ``wanted``.

    ``size_of`` must not decrease; no rounding rule and no chain of them does, so two bisections
    find the range.  Where nothing fits, ``size_of`` returns 0.

    >>> sizes_giving(55, lambda size: output_size(size, 11, stride=4))
    range(227, 231)
    >>> sizes_giving(55, lambda size: output_size(size, 11, stride=4, rounding="ceil"))
    range(224, 228)
    """
    inputs = range(1, largest + 1)
    first = bisect_left(inputs, wanted, key=size_of)
    last = bisect_left(inputs, wanted + 1, key=size_of)
    return range(first + 1, last + 1)


def output_size(
    input_size: int,
    kernel_size: int,
    stride: int = 1,
    padding: tuple[int, int] = (0, 0),
    dilation: int = 1,
    rounding: Rounding = "floor",
    clipped: bool | None = None,
) -> int:
    """The output size of one window, 0 where no window fits; ``clipped`` as in ``slide``.

    >>> output_size(2, 3, stride=2)
    0
    """
    try:
        found = slide(input_size, kernel_size, stride, padding, dilation, rounding, clipped)
        return found.output_size
    except Problem as problem:
        if problem.code == "window_too_large":
            return 0
        raise
