"""Slips in small maps, and in single values: LRN and dropout."""

from dataclasses import replace
from fractions import Fraction

from alexnet_viz.teaching.questions.question import Answer
from alexnet_viz.teaching.questions.single_values import DroppedValue, NormalisedValue
from alexnet_viz.teaching.questions.small_maps import ConvolvedMap, PooledMap
from alexnet_viz.teaching.slips.slip import slips


def average_for_max(asked: PooledMap) -> Answer | None:
    """The mean of each window."""
    cells = asked.kernel_size**2
    return tuple(Fraction(sum(values), cells) for values in asked.windows)


def non_overlapping(asked: PooledMap) -> Answer | None:
    """Windows side by side."""
    kernel = asked.kernel_size
    return None if kernel == asked.stride else replace(asked, stride=kernel).answer


def window_of_stride(asked: PooledMap) -> Answer | None:
    """Windows as large as the stride."""
    stride = asked.stride
    return None if asked.kernel_size == stride else replace(asked, kernel_size=stride).answer


def moved_by_one(asked: PooledMap) -> Answer | None:
    """Stride 1."""
    return None if asked.stride == 1 else replace(asked, stride=1).answer


def smallest_for_largest(asked: PooledMap) -> Answer | None:
    """The smallest value of each window."""
    return tuple(map(min, asked.windows))


def flipped_kernel(asked: ConvolvedMap) -> Answer | None:
    """The kernel turned by half a turn, as convolution is defined in mathematics."""
    turned = tuple(tuple(row[::-1] for row in square[::-1]) for square in asked.kernel)
    return replace(asked, kernel=turned).answer


def channel_forgotten(asked: ConvolvedMap) -> Answer | None:
    """The first channel only."""
    if len(asked.channels) == 1:
        return None
    return replace(asked, channels=asked.channels[:1], kernel=asked.kernel[:1]).answer


def map_bias_forgotten(asked: ConvolvedMap) -> Answer | None:
    """The sums without the bias."""
    return replace(asked, bias=0).answer if asked.bias else None


def bias_in_every_channel(asked: ConvolvedMap) -> Answer | None:
    """The bias added once for each channel."""
    channels = len(asked.channels)
    return replace(asked, bias=asked.bias * channels).answer if channels > 1 else None


def map_padding_forgotten(asked: ConvolvedMap) -> Answer | None:
    """No zeros around the map."""
    return replace(asked, padding=0).answer if asked.padding else None


def map_stride_ignored(asked: ConvolvedMap) -> Answer | None:
    """Stride 1."""
    return replace(asked, stride=1).answer if asked.stride > 1 else None


def signs_lost(asked: ConvolvedMap) -> Answer | None:
    """Negative weights read as positive ones."""
    plain = tuple(tuple(tuple(map(abs, row)) for row in square) for square in asked.kernel)
    return None if plain == asked.kernel else replace(asked, kernel=plain).answer


def alpha_not_divided(asked: NormalisedValue) -> Answer | None:
    """The paper's formula where the code's is asked."""
    lrn = asked.lrn
    return replace(asked, lrn=replace(lrn, divide_alpha=False)).answer if lrn.divide_alpha else None


def alpha_divided(asked: NormalisedValue) -> Answer | None:
    """The code's formula where the paper's is asked."""
    lrn = asked.lrn
    return None if lrn.divide_alpha else replace(asked, lrn=replace(lrn, divide_alpha=True)).answer


def edge_not_cut(asked: NormalisedValue) -> Answer | None:
    """As many channels as inside: the row goes on at its other end."""
    values, reach = asked.activations, asked.lrn.size // 2
    if len(asked.read) == asked.lrn.size or asked.lrn.size > len(values):
        return None
    around = range(asked.position - reach, asked.position + reach + 1)
    return asked.over(sum(values[channel % len(values)] ** 2 for channel in around))


def own_value_left_out(asked: NormalisedValue) -> Answer | None:
    """The neighbours only."""
    return asked.over(asked.squares - asked.activations[asked.position] ** 2)


def squares_forgotten(asked: NormalisedValue) -> Answer | None:
    """The sum of the values."""
    return asked.over(sum(asked.activations[channel] for channel in asked.read))


def all_channels(asked: NormalisedValue) -> Answer | None:
    """The sum over all channels."""
    return asked.over(sum(value**2 for value in asked.activations))


def k_forgotten(asked: NormalisedValue) -> Answer | None:
    """Without k."""
    if not asked.lrn.k or not asked.squares:
        return None
    return replace(asked, lrn=replace(asked.lrn, k=0.0)).answer


def power_forgotten(asked: NormalisedValue) -> Answer | None:
    """Divided by what should be raised to beta first."""
    if asked.lrn.beta == 1:
        return None
    return replace(asked, lrn=replace(asked.lrn, beta=1.0)).answer


def train_and_test_swapped(asked: DroppedValue) -> Answer | None:
    """The value at the other time."""
    return replace(asked, when="train" if asked.when == "test" else "test").answer


def other_convention(asked: DroppedValue) -> Answer | None:
    """The value by the other place of the factor."""
    scale = "train" if asked.dropout.scale == "test" else "test"
    return replace(asked, dropout=replace(asked.dropout, scale=scale)).answer  # type: ignore[arg-type]


def dropped_for_kept(asked: DroppedValue) -> Answer | None:
    """Times p, the probability of being dropped."""
    return asked.value * (1 - asked.kept)


def multiplied_for_divided(asked: DroppedValue) -> Answer | None:
    """Times 1 - p where it is divided by it, and the other way round."""
    scaled = asked.when == asked.dropout.scale
    if not scaled:
        return None
    return asked.value * asked.kept if asked.when == "train" else asked.value / asked.kept


def scaled_needlessly(asked: DroppedValue) -> Answer | None:
    """Times 1 - p where nothing is scaled."""
    return None if asked.when == asked.dropout.scale else asked.value * asked.kept


SLIPS = (
    *slips(
        PooledMap,
        *(average_for_max, non_overlapping, window_of_stride, smallest_for_largest, moved_by_one),
    ),
    *slips(
        ConvolvedMap,
        *(flipped_kernel, map_bias_forgotten, channel_forgotten, signs_lost),
        *(bias_in_every_channel, map_padding_forgotten, map_stride_ignored),
    ),
    *slips(
        NormalisedValue,
        *(alpha_not_divided, alpha_divided, edge_not_cut, own_value_left_out, squares_forgotten),
        *(k_forgotten, power_forgotten, all_channels),
    ),
    *slips(
        DroppedValue,
        *(train_and_test_swapped, other_convention, multiplied_for_divided, dropped_for_kept),
        scaled_needlessly,
    ),
)  # fmt: skip
