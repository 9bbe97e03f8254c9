"""Slips in small maps, through ReLU, and in single values: LRN and dropout."""

from dataclasses import replace
from fractions import Fraction
from math import prod

from alexnet_viz.teaching.questions.question import Answer
from alexnet_viz.teaching.questions.rectified import RectifiedGradient, RectifiedMap, SlopeProduct
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


def sign_dropped(asked: RectifiedMap) -> Answer | None:
    """The values without their signs."""
    return tuple(map(abs, asked.numbers))


def nothing_cut(asked: RectifiedMap) -> Answer | None:
    """The values as they are."""
    return asked.numbers


def positives_cut(asked: RectifiedMap) -> Answer | None:
    """0 for the positive values."""
    return tuple(min(value, 0) for value in asked.numbers)


def step_for_ramp(asked: RectifiedMap) -> Answer | None:
    """1 for the positive values, which is ReLU's slope."""
    return tuple(int(value > 0) for value in asked.numbers)


def gradient_rectified(asked: RectifiedGradient) -> Answer | None:
    """ReLU of the gradient itself."""
    return tuple(max(gradient, 0) for _, gradient in asked.pairs)


def gradient_all_passed(asked: RectifiedGradient) -> Answer | None:
    """The gradient as it arrives."""
    return tuple(gradient for _, gradient in asked.pairs)


def gradient_where_negative(asked: RectifiedGradient) -> Answer | None:
    """The gradient where ReLU cut the value."""
    return tuple(gradient if value < 0 else 0 for value, gradient in asked.pairs)


def gradient_times_value(asked: RectifiedGradient) -> Answer | None:
    """The gradient times what ReLU passed on."""
    return tuple(gradient * max(value, 0) for value, gradient in asked.pairs)


def gradient_cut_twice(asked: RectifiedGradient) -> Answer | None:
    """Only positive gradients, and only where the value is positive."""
    return tuple(max(gradient, 0) if value > 0 else 0 for value, gradient in asked.pairs)


def slopes_left_out(asked: SlopeProduct) -> Answer | None:
    """The product of the weights."""
    return prod(asked.weights)


def weights_left_out(asked: SlopeProduct) -> Answer | None:
    """The product of the slopes."""
    return prod(asked.slopes, start=Fraction(1))


def leak_forgotten(asked: SlopeProduct) -> Answer | None:
    """A ReLU without leak: nothing passes below 0."""
    return 0


def leak_once(asked: SlopeProduct) -> Answer | None:
    """The slope below 0 a single time."""
    several = sum(value < 0 for value in asked.sums) > 1
    return prod(asked.weights) * asked.leak if several else None


def leak_by_the_weight(asked: SlopeProduct) -> Answer | None:
    """The slope below 0 where the weight is negative."""
    return replace(asked, sums=asked.weights).answer


def slopes_added(asked: SlopeProduct) -> Answer | None:
    """The sum of weight times slope."""
    return sum(w * slope for w, slope in zip(asked.weights, asked.slopes, strict=True))


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
    *slips(RectifiedMap, sign_dropped, nothing_cut, positives_cut, step_for_ramp),
    *slips(
        RectifiedGradient,
        *(gradient_rectified, gradient_all_passed, gradient_where_negative),
        *(gradient_times_value, gradient_cut_twice),
    ),
    *slips(
        SlopeProduct,
        *(leak_forgotten, slopes_left_out, leak_by_the_weight, leak_once),
        *(weights_left_out, slopes_added),
    ),
)  # fmt: skip
