"""Windows, norms and dropout in numbers: against loops written from the sources' formulas.

Nothing here uses this project's geometry to say what is right.
"""

from math import ceil

import numpy as np
import pytest
import torch
from torch import nn

from alexnet_viz.model.build import build
from alexnet_viz.model.modules import SeparableMaxPool2d
from alexnet_viz.network.layers import (
    LRN,
    AdaptiveAvgPool,
    AvgPool,
    BatchNorm,
    Conv,
    Dropout,
    Layer,
    MaxPool,
    Softmax,
    ZeroPad,
)
from alexnet_viz.network.spec import Network
from alexnet_viz.text.problem import Problem
from alexnet_viz.variants import VARIANTS


def model_of(layer: Layer, *input_shape: int) -> nn.Sequential:
    return build(Network(id="small", input_shape=input_shape, layers=(layer,)))


def run(layer: Layer, image: torch.Tensor) -> torch.Tensor:
    return model_of(layer, *image.shape[1:])(image)


def signed(shape: tuple[int, ...], seed: int = 0) -> torch.Tensor:
    """Mostly negative numbers, so that a padding of 0 and one of minus infinity differ."""
    return torch.randn(1, *shape, generator=torch.Generator().manual_seed(seed)) - 3


# windows, cell by cell ---------------------------------------------------------------------------


def windows(size: int, kernel: int, stride: int, padding: int, rule: str) -> list[range]:
    """The cells each window covers, from the formulas of the sources themselves."""
    if rule == "same":  # tensorflow.org/api_docs/python/tf/nn, "padding"
        count = ceil(size / stride)
        padding = max((count - 1) * stride + kernel - size, 0) // 2
    elif rule == "ceil":  # layer.py:1004 of the 2012 code
        count = 1 + ceil((2 * padding + size - kernel) / stride)
    elif rule == "caffe":  # pooling_layer.cpp
        count = ceil((size + 2 * padding - kernel) / stride) + 1
        if padding and (count - 1) * stride >= size + padding:
            count -= 1
    else:
        count = (size + 2 * padding - kernel) // stride + 1
    return [range(i * stride - padding, i * stride - padding + kernel) for i in range(count)]


def inside(window: range, size: int) -> list[int]:
    return [cell for cell in window if 0 <= cell < size]


CASES = [
    (size, kernel, stride, padding, rule)
    for size in (7, 8, 9, 10)
    for kernel, stride, padding in ((3, 2, 0), (3, 2, 1), (4, 3, 1), (2, 2, 0))
    for rule in ("floor", "ceil", "caffe", "same")
]


@pytest.mark.parametrize(("size", "kernel", "stride", "padding", "rule"), CASES)
def test_pooling_ignores_what_is_outside(
    size: int, kernel: int, stride: int, padding: int, rule: str
) -> None:
    image = signed((2, size, size))
    cells = [inside(window, size) for window in windows(size, kernel, stride, padding, rule)]
    given = {"kernel_size": kernel, "stride": stride, "padding": padding, "rounding": rule}
    for layer, reduce in (
        (MaxPool(name="pool", **given), torch.amax),
        (AvgPool(name="pool", **given), torch.mean),
    ):
        wanted = [[reduce(image[..., y, :][..., x], dim=(2, 3)) for x in cells] for y in cells]
        stacked = torch.stack([torch.stack(row, dim=-1) for row in wanted], dim=-2)
        torch.testing.assert_close(run(layer, image), stacked)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16])
@pytest.mark.parametrize("ceil_mode", [False, True])
def test_maxima_of_rows_then_columns_are_torchs(dtype: torch.dtype, ceil_mode: bool) -> None:
    drawn = torch.Generator().manual_seed(0)
    for height, width in ((5, 5), (6, 9), (12, 7)):
        image = torch.randn(2, 3, height, width, generator=drawn).to(dtype)
        image[0, 0, 1, 2], image[1, 1, 3, 3] = float("nan"), float("-inf")
        for kernel in (1, 2, 3, 5, (2, 4)):
            for stride in (1, 2, 3, (2, 1)):
                for more in ({}, {"padding": 1}, {"dilation": 2}):
                    if more and not {2, 3}.issuperset(np.ravel(kernel)):
                        continue  # torch refuses them
                    made = [
                        sort(kernel, stride, ceil_mode=ceil_mode, **more)(image)
                        for sort in (nn.MaxPool2d, SeparableMaxPool2d)
                    ]
                    assert made[1].is_contiguous()
                    torch.testing.assert_close(*made, rtol=0, atol=0, equal_nan=True)


def test_the_gradient_of_equal_cells_goes_where_torchs_goes() -> None:
    image = torch.zeros(1, 1, 7, 7)
    gradients = []
    for sort in (nn.MaxPool2d, SeparableMaxPool2d):
        given = image.clone().requires_grad_()
        sort(3, 2)(given).sum().backward()
        gradients.append(given.grad)
    assert torch.equal(*gradients)


@pytest.mark.parametrize(("size", "kernel", "stride", "padding", "rule"), CASES)
def test_convolution_reads_zeros_outside(
    size: int, kernel: int, stride: int, padding: int, rule: str
) -> None:
    image = signed((4, size, size))
    conv = Conv(
        name="conv1", out_channels=6, kernel_size=kernel, stride=stride, padding=padding, groups=2,
        rounding=rule,
    )  # fmt: skip
    model = model_of(conv, 4, size, size)
    where = windows(size, kernel, stride, padding, rule)
    wanted = torch.zeros(1, 6, len(where), len(where))
    for row, down in enumerate(where):
        for column, across in enumerate(where):
            patch = torch.zeros(4, kernel, kernel)
            for y in inside(down, size):
                for x in inside(across, size):
                    patch[:, y - down.start, x - across.start] = image[0, :, y, x]
            for map_ in range(6):
                tower = patch[:2] if map_ < 3 else patch[2:]
                wanted[0, map_, row, column] = (model.conv1.weight[map_] * tower).sum()
    torch.testing.assert_close(model(image), wanted)


@pytest.mark.parametrize("size", range(6, 16))
@pytest.mark.parametrize("padding", [0, 1])
def test_caffe_pooling_is_torchs_ceil_mode(size: int, padding: int) -> None:
    image = signed((2, size, size))
    pool = MaxPool(name="p", kernel_size=3, stride=2, padding=padding, rounding="caffe")
    wanted = nn.functional.max_pool2d(image, 3, 2, padding, ceil_mode=True)
    assert torch.equal(run(pool, image), wanted)


@pytest.mark.parametrize("padding", [(0, 1), (0, 2), (2, 0), (1, 2), (2, 2)])
@pytest.mark.parametrize("stride", [1, 2])
def test_pooling_may_be_padded_on_one_side(padding: tuple[int, int], stride: int) -> None:
    """As ONNX's bvlcalexnet pads pool5, (0, 1), and by more than torch's pooling allows."""
    image = signed((2, 9, 9))
    given = {"kernel_size": 3, "stride": stride, "padding": padding}
    padded = nn.functional.pad(image, padding * 2, value=torch.nan).unfold(2, 3, stride)
    cells = padded.unfold(3, 3, stride).flatten(4)
    wanted = cells.nan_to_num(-torch.inf).amax(dim=4)
    assert torch.equal(run(MaxPool(name="p", **given), image), wanted)
    torch.testing.assert_close(run(AvgPool(name="p", **given), image), cells.nanmean(dim=4))


def test_height_and_width_have_their_own_windows() -> None:
    image = signed((2, 10, 13))
    conv = Conv(
        name="c", out_channels=2, kernel_size=(3, 5), stride=(2, 1), padding=(1, 2, 0, 3),
        dilation=(1, 2),
    )  # fmt: skip
    model = model_of(conv, 2, 10, 13)
    padded = nn.functional.pad(image, (0, 3, 1, 2))
    wanted = nn.functional.conv2d(padded, model.c.weight, model.c.bias, (2, 1), dilation=(1, 2))
    torch.testing.assert_close(model(image), wanted)


def test_torchs_own_kinds_are_used_where_they_do() -> None:
    model = build(VARIANTS["torchvision_alexnet"], device="meta")
    ours = {type(layer) for layer in model if not type(layer).__module__.startswith("torch.")}
    assert ours == {SeparableMaxPool2d}  # torch's values, faster
    assert not any(getattr(layer, "inplace", False) for layer in model)


def test_adaptive_average_is_the_mean_of_torchs_windows() -> None:
    image = signed((2, 7, 5))
    wanted = torch.stack(
        [
            torch.stack(
                [
                    image[
                        ..., y * 7 // 3 : ceil((y + 1) * 7 / 3), x * 5 // 2 : ceil((x + 1) * 5 / 2)
                    ].mean(dim=(2, 3))
                    for x in range(2)
                ],
                dim=-1,
            )
            for y in range(3)
        ],
        dim=-2,
    )
    torch.testing.assert_close(run(AdaptiveAvgPool(name="a", output_size=(3, 2)), image), wanted)


def test_zeros_lie_around_a_map_where_they_are_asked_for() -> None:
    image = signed((2, 3, 4))
    padded = run(ZeroPad(name="pad", padding=(1, 2, 3, 0)), image)
    assert padded.shape == (1, 2, 6, 7)
    assert torch.equal(padded[..., 1:4, 3:], image)
    assert padded.count_nonzero() == image.count_nonzero()


def test_torch_has_no_dilated_average() -> None:
    with pytest.raises(Problem, match="no average pooling with dilation=") as caught:
        model_of(AvgPool(name="pool", kernel_size=2, dilation=2), 4, 9, 9)
    assert "平均池化" in caught.value.message("zh")


# normalisation and dropout -----------------------------------------------------------------------


def naive_lrn(image: torch.Tensor, layer: LRN) -> torch.Tensor:
    """b = a / (k + alpha * sum a^2)^beta, cell by cell, as section 3.3 has it."""
    values = image[0].double()
    channels, height, width = values.shape
    before, after = layer.size // 2, (layer.size - 1) // 2
    alpha = layer.alpha
    if layer.divide_alpha:
        alpha /= layer.size if layer.region == "channels" else layer.size**2
    tower = channels // layer.groups
    result = torch.empty_like(values)
    for c, y, x in np.ndindex(channels, height, width):
        if layer.region == "channels":
            first = c // tower * tower
            near = values[max(first, c - before) : min(first + tower, c + after + 1), y, x]
        else:
            rows = slice(max(0, y - before), y + after + 1)
            near = values[c, rows, max(0, x - before) : x + after + 1]
        result[c, y, x] = values[c, y, x] / (layer.k + alpha * (near**2).sum()) ** layer.beta
    return result[None].float()


@pytest.mark.parametrize("divide_alpha", [False, True])
@pytest.mark.parametrize("size", [3, 4, 5])
@pytest.mark.parametrize(("region", "groups"), [("channels", 1), ("channels", 2), ("map", 1)])
def test_response_norm_is_the_papers_formula(
    divide_alpha: bool, size: int, region: str, groups: int
) -> None:
    layer = LRN(
        name="n", size=size, alpha=0.1, k=2, divide_alpha=divide_alpha, region=region, groups=groups
    )
    image = signed((8, 5, 6))
    torch.testing.assert_close(run(layer, image), naive_lrn(image, layer))


def test_torchs_own_response_norm_divides_alpha() -> None:
    image = signed((8, 5, 5))
    plain = run(LRN(name="n", alpha=0.02), image)
    torch.testing.assert_close(plain, nn.LocalResponseNorm(5, alpha=0.02 * 5, k=2)(image))
    divided = run(LRN(name="n", alpha=0.02, divide_alpha=True), image)
    torch.testing.assert_close(divided, nn.LocalResponseNorm(5, alpha=0.02, k=2)(image))


def test_towers_change_response_norm_only_at_their_border() -> None:
    """With n = 5 the window reaches 2 channels: 4 of 96 maps see into the other tower."""
    image = signed((96, 3, 3))
    one = run(LRN(name="n", alpha=0.1), image)
    two = run(LRN(name="n", alpha=0.1, groups=2), image)
    differing = (one != two).any(dim=3).any(dim=2)[0].nonzero().flatten().tolist()
    assert differing == [46, 47, 48, 49]


def test_batch_norm_works_on_maps_and_on_rows() -> None:
    for shape in ((4, 5, 5), (4,)):
        norm = BatchNorm(name="bn", eps=0.5)
        image = signed(shape)
        torch.testing.assert_close(run(norm, image), image / 1.5**0.5)


def test_a_softmax_may_be_its_logarithm() -> None:
    rows = torch.tensor([[0.5, -1.0, 200.0], [0.0, 0.0, 0.0]])
    logarithm = model_of(Softmax(name="prob", log=True), 3)(rows)
    exact = torch.log_softmax(rows.double(), dim=1).float()
    torch.testing.assert_close(logarithm, exact)
    assert torch.isfinite(logarithm).all()  # the logarithm of a share of e-87 is still a number
    torch.testing.assert_close(logarithm.exp(), model_of(Softmax(name="prob"), 3)(rows))


def test_dropout_in_testing_multiplies_only_where_training_did_not_divide() -> None:
    image = signed((4, 5, 5))
    assert torch.equal(run(Dropout(name="d", p=0.25, scale="test"), image), image * 0.75)
    assert torch.equal(run(Dropout(name="d", p=0.25, scale="train"), image), image)


def test_dropout_in_training_keeps_the_expectation_of_its_testing() -> None:
    ones = torch.ones(1, 1, 100, 100)
    for scale, kept in (("test", 1.0), ("train", 4 / 3)):
        model = model_of(Dropout(name="d", p=0.25, scale=scale), 1, 100, 100)
        torch.manual_seed(0)
        values = model.train()(ones).unique().tolist()
        assert values == pytest.approx([0, kept])
        trained = model(ones).mean().item()
        assert trained == pytest.approx(model.eval()(ones).mean().item(), abs=0.02)
