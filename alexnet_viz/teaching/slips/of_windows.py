"""Slips in the output size of a window, its padding, its inputs, and the number of crops."""

from fractions import Fraction
from math import ceil, floor

from alexnet_viz.network.geometry import quotient
from alexnet_viz.teaching.questions.counts import Crops
from alexnet_viz.teaching.questions.question import Answer
from alexnet_viz.teaching.questions.window_sizes import InputsGiving, OutputSize, SamePadding
from alexnet_viz.teaching.slips.slip import slips


def _rounded(asked: OutputSize, size: Fraction) -> int:
    return ceil(size) if asked.rounding in ("ceil", "caffe") else floor(size)


def _size(asked: OutputSize, stride: int, padding: int) -> int:
    return _rounded(asked, quotient(asked.input_size, asked.kernel_size, stride, (padding, 0)))


def _pads(asked: OutputSize) -> bool:
    return asked.rounding not in ("same", "valid") and sum(asked.padding) > 0


def no_plus_one(asked: OutputSize) -> Answer | None:
    """The steps are counted and not the places."""
    return None if asked.rounding == "same" else asked.answer - 1


def rounded_up(asked: OutputSize) -> Answer | None:
    """Up where the rule rounds down."""
    return ceil(asked.window.quotient) if asked.rounding in ("floor", "valid") else None


def rounded_down(asked: OutputSize) -> Answer | None:
    """Down where the rule rounds up."""
    return floor(asked.window.quotient) if asked.rounding in ("ceil", "caffe") else None


def not_rounded(asked: OutputSize) -> Answer | None:
    """The quotient as it is."""
    exact = asked.window.exact or asked.rounding == "same"
    return None if exact else asked.window.quotient


def padding_once(asked: OutputSize) -> Answer | None:
    """The padding of one side only."""
    before, after = asked.padding
    return _size(asked, asked.stride, before) if _pads(asked) and before and after else None


def padding_forgotten(asked: OutputSize) -> Answer | None:
    """Nothing is added around the map."""
    return _size(asked, asked.stride, 0) if _pads(asked) else None


def size_over_stride(asked: OutputSize) -> Answer | None:
    """W / S, without the kernel."""
    plain = asked.stride > 1 and asked.rounding != "same"
    return asked.input_size // asked.stride if plain else None


def kernel_not_subtracted(asked: OutputSize) -> Answer | None:
    """(W + P) / S + 1."""
    if asked.rounding == "same":
        return None
    padding = sum(asked.padding) if _pads(asked) else 0
    return _rounded(asked, Fraction(asked.input_size + padding, asked.stride)) + 1


def stride_ignored(asked: OutputSize) -> Answer | None:
    """The window moves by one."""
    if asked.stride == 1 or asked.rounding == "same":
        return None
    return _size(asked, 1, sum(asked.padding) if _pads(asked) else 0)


def input_kept(asked: OutputSize) -> Answer | None:
    """The size is thought to stay."""
    return asked.input_size


def valid_for_same(asked: OutputSize) -> Answer | None:
    """The size without padding."""
    if asked.rounding != "same" or asked.kernel_size > asked.input_size:
        return None
    return floor(quotient(asked.input_size, asked.kernel_size, asked.stride))


def same_rounded_down(asked: OutputSize) -> Answer | None:
    """W / S, rounded down."""
    return asked.input_size // asked.stride if asked.rounding == "same" else None


def same_plus_one(asked: OutputSize) -> Answer | None:
    """The + 1 of the formula with a kernel in it."""
    return asked.answer + 1 if asked.rounding == "same" else None


def half_rounded_up(asked: SamePadding) -> Answer | None:
    """F/2, rounded up."""
    return ceil(Fraction(asked.kernel_size, 2))


def half_a_kernel(asked: SamePadding) -> Answer | None:
    """F/2 as it is."""
    return Fraction(asked.kernel_size, 2)


def both_sides_together(asked: SamePadding) -> Answer | None:
    """F - 1, the padding of both sides."""
    return asked.kernel_size - 1


def kernel_for_padding(asked: SamePadding) -> Answer | None:
    """F itself."""
    return asked.kernel_size


def no_padding(asked: SamePadding) -> Answer | None:
    """The size is thought to stay anyway."""
    return 0


def single_input(asked: InputsGiving) -> Answer | None:
    """Only the input at which nothing is rounded."""
    return asked.answer[0], asked.answer[0]


def one_input_too_many(asked: InputsGiving) -> Answer | None:
    """S + 1 inputs."""
    return asked.answer[0], asked.answer[0] + asked.stride


def no_minus_one(asked: InputsGiving) -> Answer | None:
    """N S + F - 2P: as many steps as places."""
    return asked.answer[0] + asked.stride, asked.answer[1] + asked.stride


def padding_added(asked: InputsGiving) -> Answer | None:
    """The padding is added to the input where it is taken from it."""
    more = 4 * asked.padding
    return (asked.answer[0] + more, asked.answer[1] + more) if asked.padding else None


def padding_taken_once(asked: InputsGiving) -> Answer | None:
    """The padding of one side only."""
    more = asked.padding
    return (asked.answer[0] + more, asked.answer[1] + more) if more else None


def rounded_up_inputs(asked: InputsGiving) -> Answer | None:
    """The inputs below, as where a library rounds up."""
    first = asked.answer[0]
    return (first - asked.stride + 1, first) if asked.stride > 1 else None


def places_less_one(asked: Crops) -> Answer | None:
    """W - C places along an axis."""
    return (asked.places - 1) ** 2 * (2 if asked.mirrored else 1)


def mirror_forgotten(asked: Crops) -> Answer | None:
    """Without the mirror images."""
    return asked.places**2 if asked.mirrored else None


def places_less_one_unmirrored(asked: Crops) -> Answer | None:
    """Both of these."""
    return (asked.places - 1) ** 2 if asked.mirrored else None


def mirror_added(asked: Crops) -> Answer | None:
    """With mirror images that nobody asked for."""
    return None if asked.mirrored else 2 * asked.places**2


def one_axis(asked: Crops) -> Answer | None:
    """The places along one axis only."""
    return asked.places * (2 if asked.mirrored else 1)


def places_added(asked: Crops) -> Answer | None:
    """The places along the two axes added."""
    return 2 * asked.places * (2 if asked.mirrored else 1)


def crops_beyond_the_image(asked: Crops) -> Answer | None:
    """Crops that begin at any pixel."""
    return asked.image_size**2 * (2 if asked.mirrored else 1)


def non_overlapping_crops(asked: Crops) -> Answer | None:
    """Crops side by side."""
    return (asked.image_size // asked.crop_size) ** 2 * (2 if asked.mirrored else 1)


SLIPS = (
    *slips(
        OutputSize,
        *(no_plus_one, rounded_up, rounded_down, not_rounded, padding_once, padding_forgotten),
        *(valid_for_same, same_rounded_down, same_plus_one),
        *(size_over_stride, kernel_not_subtracted, stride_ignored, input_kept),
    ),
    *slips(
        SamePadding,
        *(half_rounded_up, half_a_kernel, both_sides_together, kernel_for_padding, no_padding),
    ),
    *slips(
        InputsGiving,
        *(single_input, one_input_too_many, no_minus_one, padding_added, padding_taken_once),
        rounded_up_inputs,
    ),
    *slips(
        Crops,
        *(places_less_one, mirror_forgotten, places_less_one_unmirrored, mirror_added, one_axis),
        *(places_added, non_overlapping_crops, crops_beyond_the_image),
    ),
)  # fmt: skip
