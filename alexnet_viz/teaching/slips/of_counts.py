"""Slips in learnable numbers, multiply-accumulates and weight shapes."""

from alexnet_viz.teaching.questions.counts import (
    ConvMacs,
    ConvParams,
    ConvQuestion,
    DenseParams,
    WeightShape,
)
from alexnet_viz.teaching.questions.question import Answer
from alexnet_viz.teaching.slips.slip import slips


def no_groups(asked: ConvQuestion) -> Answer | None:
    """Every kernel reads all channels."""
    whole = asked.row.weights * asked.groups
    return None if asked.groups == 1 else _counted(asked, whole)


def groups_twice(asked: ConvQuestion) -> Answer | None:
    """The kernels are divided among the groups as well as their depth."""
    return None if asked.groups == 1 else _counted(asked, asked.row.weights // asked.groups)


def _counted(asked: ConvQuestion, weights: int) -> int:
    """The question's count, with so many weights."""
    if isinstance(asked, ConvMacs):
        return weights * asked.out_size**2
    return weights + asked.row.biases


def bias_forgotten(asked: ConvParams | DenseParams) -> Answer | None:
    """The weights only."""
    return asked.row.weights if asked.bias else None


def bias_added(asked: ConvParams | DenseParams) -> Answer | None:
    """A bias where the layer has none."""
    return None if asked.bias else asked.row.weights + asked.row.output_shape[0]


def one_bias(asked: ConvParams | DenseParams) -> Answer | None:
    """One bias for the whole layer."""
    return asked.row.weights + 1 if asked.bias else None


def bias_per_weight(asked: ConvParams) -> Answer | None:
    """A bias for each weight."""
    return 2 * asked.row.weights if asked.bias else None


def bias_per_cell(asked: ConvParams) -> Answer | None:
    """A bias for each cell of a kernel's square."""
    biases = asked.out_channels * asked.kernel_size**2
    return asked.row.weights + biases if asked.bias and asked.kernel_size > 1 else None


def kernel_one_axis(asked: ConvQuestion) -> Answer | None:
    """F for F·F."""
    if asked.kernel_size == 1:
        return None
    return _counted(asked, asked.row.weights // asked.kernel_size)


def input_channels_forgotten(asked: ConvQuestion) -> Answer | None:
    """Flat kernels, as if they read one channel."""
    return _counted(asked, asked.kernel_size**2 * asked.out_channels)


def map_multiplied_in(asked: ConvParams) -> Answer | None:
    """Weights for every place: those of a layer that shares none."""
    return asked.row.weights * asked.out_size**2 + asked.row.biases


def input_area(asked: ConvMacs) -> Answer | None:
    """Places of the input map for those of the output."""
    return asked.row.weights * asked.map_size**2


def flops_for_macs(asked: ConvMacs) -> Answer | None:
    """Twice as many: a multiply-accumulate is two operations."""
    return 2 * asked.answer


def places_forgotten(asked: ConvMacs) -> Answer | None:
    """One place only."""
    return asked.row.weights


def one_side_of_map(asked: ConvMacs) -> Answer | None:
    """N for N·N."""
    return asked.row.weights * asked.out_size


def no_flatten(asked: DenseParams) -> Answer | None:
    """C without its area: the layer is thought to read one number a channel."""
    return asked.shape[0] * asked.out_features + asked.row.biases


def one_side_flattened(asked: DenseParams) -> Answer | None:
    """C H for C H W."""
    return asked.shape[0] * asked.shape[1] * asked.out_features + asked.row.biases


def dense_bias_per_input(asked: DenseParams) -> Answer | None:
    """A bias for each input."""
    return asked.row.weights + asked.row.input_shape[0] if asked.bias else None


def whole_depth(asked: WeightShape) -> Answer | None:
    """Kernels that read all channels."""
    out, _, *kernel = asked.answer
    return None if asked.groups == 1 else (out, asked.in_channels, *kernel)


def transposed(asked: WeightShape) -> Answer | None:
    """Inputs before outputs."""
    out, depth, *kernel = asked.answer
    return depth, out, *kernel


def outputs_divided(asked: WeightShape) -> Answer | None:
    """The kernels of one group only."""
    out, depth, *kernel = asked.answer
    return None if asked.groups == 1 else (out // asked.groups, depth, *kernel)


def kernel_first(asked: WeightShape) -> Answer | None:
    """The order of TensorFlow: (F, F, in, out)."""
    out, depth, *kernel = asked.answer
    return *kernel, depth, out


def output_map_for_kernel(asked: WeightShape) -> Answer | None:
    """The size of the output map for that of the kernel."""
    out, depth, *_ = asked.answer
    return out, depth, asked.out_size, asked.out_size


SLIPS = (
    *slips(
        ConvParams,
        *(bias_forgotten, no_groups, groups_twice, bias_added, one_bias, map_multiplied_in),
        *(input_channels_forgotten, kernel_one_axis, bias_per_cell, bias_per_weight),
    ),
    *slips(
        ConvMacs,
        *(input_area, flops_for_macs, no_groups, groups_twice, places_forgotten, one_side_of_map),
        *(input_channels_forgotten, kernel_one_axis),
    ),
    *slips(
        DenseParams,
        *(no_flatten, bias_forgotten, one_side_flattened, bias_added, one_bias),
        dense_bias_per_input,
    ),
    *slips(
        WeightShape,
        *(whole_depth, transposed, kernel_first, outputs_divided, output_map_for_kernel),
    ),
)  # fmt: skip
