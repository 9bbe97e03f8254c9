"""What a cell reads, multiplies and adds is what torch reads, multiplies and adds."""

from functools import cache

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from alexnet_viz.interpretability.lens import (
    Lens,
    Reach,
    arriving,
    lens,
    reach,
    read,
    source,
    strongest,
)
from alexnet_viz.model.activations import capture
from alexnet_viz.model.build import build, private_copy
from alexnet_viz.network.layers import (
    LRN,
    AdaptiveAvgPool,
    AvgPool,
    BatchNorm,
    Conv,
    Dropout,
    Flatten,
    Linear,
    MaxPool,
    ReLU,
    Softmax,
    ZeroPad,
)
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.pictures.preprocessing import preprocess
from alexnet_viz.pictures.samples import SAMPLES
from alexnet_viz.text.problem import Problem
from alexnet_viz.variants import VARIANTS

SMALL = Network(
    id="small",
    input_shape=(3, 31, 31),
    layers=(
        Conv(name="conv1", out_channels=8, kernel_size=5, stride=3, rounding="ceil"),
        BatchNorm(name="bn1"),
        ReLU(name="relu1"),
        LRN(name="norm1", size=5, groups=2),
        LRN(name="norm2", size=4),
        LRN(name="norm3", size=3, region="map"),
        MaxPool(name="pool1", kernel_size=3, stride=2, padding=1, rounding="caffe"),
        Conv(
            name="conv2",
            out_channels=6,
            kernel_size=(3, 2),
            padding=(2, 1, 0, 0),  # top, bottom, left, right
            dilation=(2, 1),
            groups=2,
        ),
        ZeroPad(name="pad2", padding=(1, 0, 2, 1)),
        AvgPool(name="pool2", kernel_size=2, stride=2, rounding="ceil"),
        AdaptiveAvgPool(name="pool3", output_size=2),
        Flatten(name="flatten"),
        Dropout(name="drop3", scale="train"),
        Linear(name="fc4", out_features=6, groups=2),
        ReLU(name="relu4"),
        Linear(name="fc5", out_features=4, bias=False),
        Softmax(name="prob"),
        Softmax(name="logprob", log=True),
    ),
)
SMALL_TRACE = trace(SMALL)


@cache
def run(variant: str) -> tuple[Trace, nn.Sequential, np.ndarray, dict[str, np.ndarray]]:
    network = SMALL if variant == "small" else VARIANTS[variant]
    model = build(network)
    if variant == "small":
        image = np.random.default_rng(0).normal(0, 1, SMALL.input_shape).astype(np.float32)
    else:
        image = preprocess(SAMPLES["cat"].load(), network.input_size, network.input_shape[0])
    return trace(network), model, image, capture(model, image)


def under(variant: str, layer: str, cell: tuple[int, int, int]) -> tuple[Lens, float]:
    """The lens on a cell, and what the network came to."""
    result, model, _, kept = run(variant)
    found = lens(result[layer], model.get_submodule(layer), values_of(variant, layer), cell)
    return found, float(kept[layer].reshape(result_shape(variant, layer))[cell])


def values_of(variant: str, layer: str) -> np.ndarray:
    result, _, image, kept = run(variant)
    return arriving(result, layer, image, kept)


def result_shape(variant: str, layer: str) -> tuple[int, int, int]:
    shape = run(variant)[0][layer].output_shape
    return shape if len(shape) == 3 else (shape[0], 1, 1)


def some_cells(shape: tuple[int, int, int], count: int = 12) -> list[tuple[int, int, int]]:
    """The four corners of the first and the last channel, and cells anywhere."""
    corners = [(c, y, x) for c in (0, -1) for y in (0, -1) for x in (0, -1)]
    corners = [tuple(i % n for i, n in zip(cell, shape, strict=True)) for cell in corners]
    anywhere = np.random.default_rng(1).integers(0, shape, (count, 3)).tolist()
    return [*dict.fromkeys(map(tuple, corners + anywhere))]


WEIGHTED = [
    ("small", "conv1"), ("small", "conv2"), ("small", "fc4"), ("small", "fc5"),
    *(("alexnet_2012_paper", layer)
      for layer in ("conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7", "fc8")),
]  # fmt: skip
IN_DOUBLE = [pair for pair in WEIGHTED if pair not in (WEIGHTED[-3], WEIGHTED[-2])]
"""Without fc6 and fc7: 400 MB of doubles, and fc8 is of their kind."""


@pytest.mark.parametrize(("variant", "layer"), WEIGHTED)
def test_the_sum_is_the_network_s_own_activation(variant: str, layer: str) -> None:
    """To 1e-4 of it, however much of it cancels in float32."""
    for cell in some_cells(result_shape(variant, layer)):
        found, captured = under(variant, layer, cell)
        rounding = 1e-6 * np.abs(found.products).sum()
        assert abs(found.activation - captured) <= 1e-4 * abs(captured) + rounding, cell


@pytest.mark.parametrize(("variant", "layer"), IN_DOUBLE)
def test_the_sum_is_torch_s_in_double_precision(variant: str, layer: str) -> None:
    result, model, _, _ = run(variant)
    module = private_copy(model).get_submodule(layer).double()
    values = torch.tensor(values_of(variant, layer), dtype=torch.float64)
    with torch.inference_mode():
        exact = module(values.reshape(1, *result[layer].input_shape))
    exact = exact.reshape(result_shape(variant, layer)).numpy()
    for cell in some_cells(exact.shape):
        found, _ = under(variant, layer, cell)
        assert found.activation == pytest.approx(exact[cell], rel=1e-9, abs=1e-9), cell


@pytest.mark.parametrize("layer", ["conv1", "conv2", "fc4", "fc5"])
def test_a_channel_contributes_what_it_alone_would_give(layer: str) -> None:
    """Torch, given the source with every other channel silent, less the bias."""
    result, model, _, _ = run("small")
    values = torch.tensor(values_of("small", layer), dtype=torch.float64)
    module = private_copy(model).get_submodule(layer).double()
    alone = torch.diag_embed(torch.ones(len(values)).double())[:, :, None, None] * values
    with torch.inference_mode():
        answers = module(alone.reshape(-1, *result[layer].input_shape))
    answers = answers.reshape(-1, *result_shape("small", layer)).numpy()
    for cell in some_cells(result_shape("small", layer)):
        found, _ = under("small", layer, cell)
        for channel, contribution in found.ranked():
            expected = answers[(channel, *cell)]
            assert contribution + found.bias == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("variant", "layer"), WEIGHTED)
def test_contributions_and_bias_make_the_activation(variant: str, layer: str) -> None:
    found, _ = under(variant, layer, some_cells(result_shape(variant, layer))[-1])
    ranked = found.ranked()
    assert sum(sum_ for _, sum_ in ranked) + found.bias == pytest.approx(found.activation)
    sizes = [abs(sum_) for _, sum_ in ranked]
    assert sizes == sorted(sizes, reverse=True)
    assert {channel for channel, _ in ranked} == set(found.reach.channels)


def test_a_group_reads_its_own_half() -> None:
    result = trace(VARIANTS["alexnet_2012_paper"])
    shape = source(result, "conv2").shape
    assert reach(result["conv2"], shape, (127, 0, 0)).channels == range(48)
    assert reach(result["conv2"], shape, (128, 0, 0)).channels == range(48, 96)
    assert reach(result["conv3"], source(result, "conv3").shape, (0, 0, 0)).channels == range(256)


READS = [row.name for row in SMALL_TRACE.rows]


@pytest.mark.parametrize("layer", READS)
def test_the_reach_is_where_a_change_arrives(layer: str) -> None:
    """Autograd's nonzero derivatives lie in the block; for sums and means they fill it."""
    result, model, _, _ = run("small")
    row = result[layer]
    shape = source(result, layer).shape
    module = private_copy(model).get_submodule(layer)
    rng = np.random.default_rng(2)
    batch = torch.tensor(rng.uniform(0.5, 1, (1, *row.input_shape)), requires_grad=True)
    output = module.double()(batch).reshape(result_shape("small", layer))
    for cell in some_cells(tuple(output.shape), count=5):
        (slope,) = torch.autograd.grad(output[cell], batch, retain_graph=True)
        touched = (slope.reshape(shape) != 0).numpy()
        block = np.zeros(shape, dtype=bool)
        channels, ys, xs = reach(row, shape, cell)
        inside = [y for y in ys if 0 <= y < shape[1]], [x for x in xs if 0 <= x < shape[2]]
        block[np.ix_(list(channels), *inside)] = True
        if isinstance(row.layer, MaxPool):
            assert touched.sum() == 1, cell
            assert not (touched & ~block).any(), cell
        else:
            assert np.array_equal(touched, block), cell


def test_padding_is_outside_and_zero() -> None:
    found, _ = under("small", "conv2", (0, 0, 0))
    assert found.reach.rows == range(-2, 3, 2)
    assert not found.inside[0].any()
    assert not found.window[:, 0].any()
    assert found.inside[1:].all()


@settings(max_examples=60)
@given(st.data())
def test_any_window_reads_what_torch_unfolds(data: st.DataObject) -> None:
    pick = data.draw
    height, width = pick(st.integers(1, 9)), pick(st.integers(1, 9))
    layer = Conv(
        name="conv",
        out_channels=2,
        kernel_size=(pick(st.integers(1, 4)), pick(st.integers(1, 4))),
        stride=(pick(st.integers(1, 4)), pick(st.integers(1, 4))),
        dilation=(pick(st.integers(1, 2)), pick(st.integers(1, 2))),
        padding=pick(st.integers(0, 3)),
    )
    result = trace(Network(id="any", input_shape=(2, height, width), layers=(layer,)))
    if result.failure:
        return
    row = result["conv"]
    values = np.arange(1, 2 * height * width + 1, dtype=np.float32).reshape(2, height, width)
    unfolded = torch.nn.functional.unfold(
        torch.from_numpy(values)[None], layer.kernel_size, layer.dilation, layer.padding[0],
        layer.stride,
    )  # fmt: skip
    _, rows, columns = row.output_shape
    for y in range(rows):
        for x in range(columns):
            window, inside = read(values, reach(row, values.shape, (0, y, x)))
            expected = unfolded[0, :, y * columns + x].reshape(2, *layer.kernel_size).numpy()
            assert np.array_equal(window, expected)
            assert np.array_equal(inside, expected[0] > 0)


@pytest.mark.parametrize(
    ("variant", "layer", "expected"),
    [
        ("alexnet_2012_paper", "conv1", ("", (3, 224, 224))),
        ("alexnet_2012_paper", "conv2", ("pool1", (96, 27, 27))),
        ("alexnet_2012_paper", "flatten", ("pool5", (256, 6, 6))),
        ("alexnet_2012_paper", "fc6", ("pool5", (256, 6, 6))),
        ("alexnet_2012_paper", "relu6", ("fc6", (4096, 1, 1))),
        ("alexnet_2012_paper", "fc7", ("drop6", (4096, 1, 1))),
        ("torchvision_alexnet", "fc6", ("avgpool", (256, 6, 6))),
        ("tf_slim_alexnet_v2", "squeeze", ("fc8", (1000, 1, 1))),
    ],
)
def test_whose_channels_a_layer_reads(variant: str, layer: str, expected: object) -> None:
    assert source(trace(VARIANTS[variant]), layer) == expected


def test_what_lies_flat_is_a_map_again() -> None:
    result, _, image, kept = run("small")
    assert np.array_equal(arriving(result, "fc4", image, kept), kept["pool3"])
    assert arriving(result, "conv1", image, kept) is not None
    assert np.array_equal(arriving(result, "conv1", image, kept), image)


def test_a_flat_feature_is_one_cell_of_one_map() -> None:
    result, _, _, kept = run("small")
    shape = source(result, "flatten").shape
    for unit, value in enumerate(kept["flatten"]):
        block = reach(result["flatten"], shape, (unit, 0, 0))
        assert read(kept["pool3"], block)[0].tolist() == [[[value]]]


def test_the_strongest_cells_come_first() -> None:
    plane = np.random.default_rng(3).normal(size=(7, 9)).astype(np.float32)
    found = strongest(plane, 5)
    assert [plane[cell] for cell in found] == np.sort(plane, axis=None)[::-1][:5].tolist()
    assert len(strongest(plane, 100)) == 63


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ((8, 0, 0), "conv1 has no channel 8: there are 0 to 7"),
        ((0, 10, 0), "conv1 has no row 10: there are 0 to 9"),
        ((0, 0, -1), "conv1 has no column -1: there are 0 to 9"),
    ],
)
def test_a_cell_that_is_not_there(cell: tuple[int, int, int], message: str) -> None:
    with pytest.raises(Problem, match=message):
        under("small", "conv1", cell)


def test_a_layer_that_multiplies_by_nothing() -> None:
    with pytest.raises(Problem, match="relu1 has no kernel"):
        under("small", "relu1", (0, 0, 0))


def test_the_block_is_a_value_of_ranges() -> None:
    assert reach(SMALL_TRACE["norm1"], (8, 10, 10), (3, 2, 2)) == Reach(
        range(1, 4), range(2, 3), range(2, 3)
    )
