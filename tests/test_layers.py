"""What a layer counts, against windows counted one by one, and torch's own shapes and weights."""

from dataclasses import replace
from itertools import product
from math import prod
from typing import Any

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from alexnet_viz.network.layers import (
    KINDS,
    LRN,
    AdaptiveAvgPool,
    AvgPool,
    BatchNorm,
    Conv,
    Dropout,
    Flatten,
    Layer,
    Linear,
    MaxPool,
    ReLU,
    Shape,
    Sigmoid,
    Softmax,
    Squeeze,
    Tanh,
    ZeroPad,
    pair,
    shape_text,
    sides,
)
from alexnet_viz.text.problem import Problem

small = st.integers(1, 6)
maps = st.tuples(st.integers(1, 8), st.integers(1, 12), st.integers(1, 12))


@given(maps, st.integers(1, 9))
def test_lrn_reads_the_channels_that_are_there(shape: Shape, size: int) -> None:
    channels, height, width = shape
    read = sum(
        0 <= channel + step < channels
        for channel in range(channels)
        for step in range(-((size - 1) // 2), size // 2 + 1)
    )
    operations = LRN(name="norm", size=size).operations(shape)
    assert operations["additions"] == read * height * width
    assert operations["powers"] == operations["divisions"] == prod(shape)
    assert operations["multiplications"] == 2 * prod(shape)


@given(maps, st.integers(1, 9))
def test_spatial_lrn_reads_the_cells_that_are_there(shape: Shape, size: int) -> None:
    channels, height, width = shape
    steps = range(-((size - 1) // 2), size // 2 + 1)
    read = sum(
        0 <= row + down < height and 0 <= column + right < width
        for row, column in product(range(height), range(width))
        for down, right in product(steps, steps)
    )
    operations = LRN(name="norm", size=size, region="map").operations(shape)
    assert operations["additions"] == channels * read


@given(maps, st.integers(1, 9), st.sampled_from((1, 2, 4)))
def test_lrn_in_groups_is_that_many_networks(shape: Shape, size: int, groups: int) -> None:
    whole = (shape[0] * groups, *shape[1:])
    apart = LRN(name="norm", size=size).operations(shape)
    together = LRN(name="norm", size=size, groups=groups).operations(whole)
    assert together == {name: groups * count for name, count in apart.items()}


@given(maps, st.tuples(small, small))
def test_adaptive_pooling_reads_torchs_windows(shape: Shape, wanted: tuple[int, int]) -> None:
    layer = AdaptiveAvgPool(name="pool", output_size=wanted)
    maps = torch.arange(prod(shape), dtype=torch.float64).reshape(1, *shape)
    maps.requires_grad_()
    pooled = torch.nn.AdaptiveAvgPool2d(wanted)(maps)
    assert layer.output_shape(shape) == tuple(pooled.shape[1:])
    read = 0
    for row, column in product(range(wanted[0]), range(wanted[1])):
        gradient = torch.autograd.grad(pooled[0, 0, row, column], maps, retain_graph=True)[0]
        read += int((gradient != 0).sum())
    windows = shape[0] * prod(wanted)
    assert layer.operations(shape) == {
        "additions": shape[0] * read - windows,
        "divisions": windows,
    }


@given(maps, small, st.integers(1, 3), st.integers(0, 2))
def test_pools_count_one_less_than_the_cells_of_each_window(
    shape: Shape, kernel: int, stride: int, padding: int
) -> None:
    assume(all(side + 2 * padding >= kernel for side in shape[1:]) and padding <= kernel // 2)
    pooled = torch.nn.MaxPool2d(kernel, stride, padding)(torch.empty(1, *shape, device="meta"))
    windows = pooled.numel()
    window: dict[str, Any] = {"kernel_size": kernel, "stride": stride, "padding": padding}
    compared = windows * (kernel**2 - 1)
    assert MaxPool(name="pool", **window).operations(shape) == {"comparisons": compared}
    averaged = AvgPool(name="pool", **window).operations(shape)
    assert averaged == {"additions": compared, "divisions": windows}


@given(st.integers(1, 4), st.integers(1, 4), st.sampled_from((1, 2, 3)), small, st.booleans())
def test_a_convolution_is_torchs(ins: int, outs: int, groups: int, kernel: int, bias: bool) -> None:
    shape = (ins * groups, 9, 7)
    layer = Conv(
        name="conv", out_channels=outs * groups, kernel_size=kernel, groups=groups, bias=bias
    )
    module = torch.nn.Conv2d(
        ins * groups, outs * groups, kernel, groups=groups, bias=bias, device="meta"
    )
    output = module(torch.empty(1, *shape, device="meta"))
    assert layer.output_shape(shape) == tuple(output.shape[1:])
    assert layer.params(shape) == sum(each.numel() for each in module.parameters())
    assert layer.kernel_depth(shape) == module.weight.shape[1]
    # every output value is a dot product of kernel depth x kernel cells
    assert layer.macs(shape) == output.numel() * module.weight[0].numel()
    assert layer.operations(shape).get("additions", 0) == (output.numel() if bias else 0)


@given(st.integers(1, 50), st.integers(1, 50), st.booleans())
def test_a_dense_layer_is_torchs(ins: int, outs: int, bias: bool) -> None:
    layer = Linear(name="fc", out_features=outs, bias=bias)
    module = torch.nn.Linear(ins, outs, bias=bias, device="meta")
    assert layer.params((ins,)) == sum(each.numel() for each in module.parameters())
    assert layer.macs((ins,)) == ins * outs
    assert layer.output_shape((ins,)) == (outs,)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 4), st.booleans())
def test_a_dense_layer_in_groups_counts_the_blocks_that_torch_keeps(
    ins: int, outs: int, groups: int, bias: bool
) -> None:
    """A grouped convolution over one cell is a grouped dense layer."""
    shape = (ins * groups,)
    layer = Linear(name="fc", out_features=outs * groups, groups=groups, bias=bias)
    module = torch.nn.Conv1d(*shape, outs * groups, 1, groups=groups, bias=bias, device="meta")
    assert layer.output_shape(shape) == (outs * groups,)
    assert layer.params(shape) == sum(each.numel() for each in module.parameters())
    assert layer.macs(shape) == module.weight.numel()
    assert layer.kernel_depth(shape) == module.weight.shape[1]


@given(maps)
def test_softmax_works_over_the_channels_of_each_place(shape: Shape) -> None:
    channels, places = shape[0], shape[1] * shape[2]
    assert Softmax(name="prob").operations(shape) == {
        "comparisons": places * (channels - 1),
        "exponentials": places * channels,
        "additions": places * (channels + channels - 1),
        "divisions": places * channels,
    }


@given(maps)
def test_a_logarithm_of_softmax_divides_nothing(shape: Shape) -> None:
    """x - max - log(sum): the sum's logarithm is one a place, and a subtraction a value."""
    plain = Softmax(name="prob").operations(shape)
    logarithm = Softmax(name="prob", log=True).operations(shape)
    assert "divisions" not in logarithm
    assert logarithm["additions"] - plain["additions"] == prod(shape)
    assert logarithm["logarithms"] == prod(shape[1:])
    assert all(logarithm[name] == plain[name] for name in ("comparisons", "exponentials"))


@given(maps, st.tuples(*[st.integers(0, 3)] * 4))
def test_zeros_around_a_map_are_torchs(shape: Shape, sides: tuple[int, int, int, int]) -> None:
    top, bottom, left, right = sides
    layer = ZeroPad(name="pad", padding=sides)
    padded = torch.nn.functional.pad(torch.empty(shape, device="meta"), (left, right, top, bottom))
    assert layer.output_shape(shape) == tuple(padded.shape)
    assert (layer.params(shape), layer.macs(shape), layer.operations(shape)) == (0, 0, {})


def test_zero_padding_must_be_said() -> None:
    with pytest.raises(TypeError, match="padding"):
        ZeroPad(name="pad")


@pytest.mark.parametrize(
    ("layer", "operations"),
    [
        (ReLU(name="a"), {"comparisons": 12}),
        (Tanh(name="a"), {"exponentials": 12, "additions": 24, "divisions": 12}),
        (Sigmoid(name="a"), {"exponentials": 12, "additions": 12, "divisions": 12}),
        (BatchNorm(name="a"), {"multiplications": 12, "additions": 12}),
        (Dropout(name="a", scale="train"), {}),
        (Dropout(name="a", scale="test"), {"multiplications": 12}),
        (Flatten(name="a"), {}),
    ],
)
def test_what_one_value_costs(layer: Layer, operations: dict[str, int]) -> None:
    assert layer.operations((3, 2, 2)) == operations


CONV = Conv(name="c", out_channels=4, kernel_size=1)
DENSE = Linear(name="f", out_features=4)


def uneven(name: str, channels: int) -> dict[str, Any]:
    return {"name": name, "channels": channels, "groups": 2}


@pytest.mark.parametrize(
    ("layer", "shape", "code", "values"),
    [
        (CONV, (9,), "needs_maps", {"kind": "conv", "shape": "9"}),
        (replace(CONV, groups=2), (3, 4, 4), "groups", uneven("in_channels", 3)),
        (replace(CONV, groups=2, out_channels=3), (4, 4, 4), "groups", uneven("out_channels", 3)),
        (
            MaxPool(name="p", kernel_size=3),
            (1, 4, 2),
            "window_too_large",
            {"kernel_size": 3, "extent": 3, "size": 2, "before": 0, "after": 0, "needed": 3},
        ),
        (LRN(name="n", groups=2), (3, 4, 4), "groups", uneven("channels", 3)),
        (
            AdaptiveAvgPool(name="p", output_size=6),
            (6,),
            "needs_maps",
            {"kind": "adaptive_avg_pool", "shape": "6"},
        ),
        (ZeroPad(name="p", padding=1), (6,), "needs_maps", {"kind": "zero_pad", "shape": "6"}),
        (DENSE, (2, 1, 1), "needs_flat", {"kind": "linear", "shape": "2×1×1"}),
        (replace(DENSE, in_features=9216), (6400,), "in_features", {"given": 6400, "needed": 9216}),
        (replace(DENSE, groups=2), (9,), "groups", uneven("in_features", 9)),
        (replace(DENSE, groups=2, out_features=9), (4,), "groups", uneven("out_features", 9)),
        (Squeeze(name="s"), (8, 2, 2), "squeeze", {"height": 2, "width": 2}),
    ],
)
def test_what_a_layer_refuses(layer: Layer, shape: Shape, code: str, values: Any) -> None:
    with pytest.raises(Problem) as caught:
        layer.output_shape(shape)
    assert (caught.value.code, caught.value.values) == (code, values)


def test_a_shape_that_a_layer_cannot_take_is_explained() -> None:
    with pytest.raises(Problem, match=r"needs a flat row .* 2×1×1.*flatten"):
        DENSE.output_shape((2, 1, 1))
    with pytest.raises(Problem, match="9,216 inputs and gets 6,400"):
        replace(DENSE, in_features=9216).output_shape((6400,))
    with pytest.raises(Problem, match="in_features=9 cannot be split into groups=2"):
        replace(DENSE, groups=2).output_shape((9,))
    with pytest.raises(Problem, match="2×2 map cannot be squeezed"):
        Squeeze(name="s").output_shape((8, 2, 2))


def test_short_and_long_spellings_are_one() -> None:
    short = MaxPool(name="p", kernel_size=3, stride=2, padding=1)
    long = MaxPool(name="p", kernel_size=(3, 3), stride=(2, 2), padding=(1, 1, 1, 1))
    assert short == long
    assert hash(short) == hash(long)
    assert (pair(3), sides(1), sides((1, 2))) == ((3, 3), (1,) * 4, (1, 2, 1, 2))
    assert shape_text((96, 55, 55)) == "96×55×55"


def test_alpha_is_divided_by_the_cells_of_the_window() -> None:
    assert LRN(name="n").effective_alpha == 1e-4
    assert LRN(name="n", divide_alpha=True).effective_alpha == pytest.approx(2e-5)
    spatial = LRN(name="n", divide_alpha=True, region="map")
    assert spatial.effective_alpha == pytest.approx(4e-6)


def test_kinds_are_apart() -> None:
    """No concrete kind is a special case of another, so ``isinstance`` means the kind."""
    for one, other in product(KINDS.values(), repeat=2):
        assert one is other or not issubclass(one, other)
    assert all(KINDS[kind].kind == kind for kind in KINDS)
