"""Slips in receptive fields."""

from alexnet_viz.teaching.questions.fields import FieldBox, ReceptiveFieldSize
from alexnet_viz.teaching.questions.question import Answer
from alexnet_viz.teaching.slips.slip import slips


def sum_of_kernels(asked: ReceptiveFieldSize) -> Answer | None:
    """The kernel sizes added."""
    return sum(kernel for kernel, *_ in asked.windows)


def strides_ignored(asked: ReceptiveFieldSize) -> Answer | None:
    """1 + the sum of F - 1, as if every stride were one."""
    return 1 + sum(kernel - 1 for kernel, *_ in asked.windows)


def own_stride_too_soon(asked: ReceptiveFieldSize) -> Answer | None:
    """Each kernel multiplied by the strides up to and with its own."""
    after = asked.fields[1:]
    return 1 + sum(
        (kernel - 1) * field.effective_stride
        for (kernel, *_), field in zip(asked.windows, after, strict=True)
    )


def kernel_without_minus_one(asked: ReceptiveFieldSize) -> Answer | None:
    """F for F - 1."""
    return 1 + sum(
        kernel * field.effective_stride
        for (kernel, *_), field in zip(asked.windows, asked.fields, strict=False)
    )


def product_of_kernels(asked: ReceptiveFieldSize) -> Answer | None:
    """The kernel sizes multiplied."""
    product = 1
    for kernel, *_ in asked.windows:
        product *= kernel
    return product


def last_kernel(asked: ReceptiveFieldSize) -> Answer | None:
    """The kernel of the last layer only."""
    return asked.windows[-1][0]


def unclipped(asked: FieldBox) -> Answer | None:
    """The box with what lies outside the image."""
    return asked.pixels[0], asked.pixels[-1]


def _moved(asked: FieldBox, by: int) -> tuple[int, int] | None:
    """The box moved by so many pixels, and clipped."""
    first, last = asked.pixels[0] + by, asked.pixels[-1] + by
    largest = asked.input_size - 1
    return (max(0, first), min(largest, last)) if first <= largest and last >= 0 else None


def box_padding_forgotten(asked: FieldBox) -> Answer | None:
    """The first box begins at the image's edge."""
    start = asked.fields[-1].start
    return _moved(asked, -start) if start else None


def counted_from_one(asked: FieldBox) -> Answer | None:
    """The box of the cell before: cells are counted from 0."""
    return _moved(asked, -asked.fields[-1].effective_stride) if asked.cell else None


def box_of_next(asked: FieldBox) -> Answer | None:
    """The box of the next cell."""
    return _moved(asked, asked.fields[-1].effective_stride)


def last_stride_only(asked: FieldBox) -> Answer | None:
    """Cells as far apart as the last layer's stride."""
    by = asked.windows[-1][1] - asked.fields[-1].effective_stride
    return _moved(asked, asked.cell * by) if by and asked.cell else None


def one_past_the_end(asked: FieldBox) -> Answer | None:
    """First + size for the last pixel."""
    first, last = asked.answer
    return first, last + 1


SLIPS = (
    *slips(
        ReceptiveFieldSize,
        *(sum_of_kernels, strides_ignored, own_stride_too_soon, kernel_without_minus_one),
        *(product_of_kernels, last_kernel),
    ),
    *slips(
        FieldBox,
        *(unclipped, box_padding_forgotten, counted_from_one, one_past_the_end, box_of_next),
        last_stride_only,
    ),
)  # fmt: skip
