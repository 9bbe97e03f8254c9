"""What a cell sees, by the trace and by autograd: the pixels with a gradient."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from alexnet_viz.model.build import build
from alexnet_viz.network.layers import LRN, AvgPool, Conv, Layer, MaxPool, ReLU
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.variants import VARIANTS


def network(*layers: Layer, input_shape: tuple[int, ...]) -> Network:
    return Network(id="small", input_shape=input_shape, layers=layers)


def influence(net: Network, layer: str, cell: tuple[int, int]) -> np.ndarray:
    """Which input pixels change one cell of a layer: those with a gradient, in every network
    without negative weights."""
    names = [each.name for each in net.layers]
    head = replace(net, layers=net.layers[: names.index(layer) + 1])
    model = build(head).double()
    for parameter in model.parameters():
        parameter.copy_(parameter.abs() + 0.01)
    image = torch.rand(
        1, *net.input_shape, dtype=torch.float64, generator=torch.Generator().manual_seed(0)
    ).requires_grad_()
    model(image)[(0, 0, *cell)].backward()
    assert image.grad is not None
    return (image.grad[0] != 0).any(dim=0).numpy()


def field(net: Network, layer: str, cell: tuple[int, int]) -> np.ndarray:
    """The receptive field of the trace, clipped to the image."""
    result = trace(net)
    seen = result[layer].receptive_field
    assert seen is not None
    mask = np.zeros(net.input_shape[1:], dtype=bool)
    rows, columns = (axis.pixels(where) for axis, where in zip(seen, cell, strict=True))
    mask[max(0, rows.start) : rows.stop, max(0, columns.start) : columns.stop] = True
    return mask


def averaging(net: Network) -> Network:
    """The network with means for maxima and no LRN: what it reads, all of it has a gradient."""
    return replace(
        net,
        layers=tuple(
            AvgPool(
                name=layer.name, kernel_size=layer.kernel_size, stride=layer.stride,
                padding=layer.padding, dilation=layer.dilation, rounding=layer.rounding,
            )
            if isinstance(layer, MaxPool)
            else layer
            for layer in net.layers
            if not isinstance(layer, LRN)
        ),
    )  # fmt: skip


SMALL = {
    "floor": network(
        Conv(name="conv1", out_channels=2, kernel_size=5, stride=2, padding=1),
        ReLU(name="relu1"),
        AvgPool(name="pool1", kernel_size=3, stride=2),
        Conv(name="conv2", out_channels=2, kernel_size=3, padding=1),
        input_shape=(1, 35, 35),
    ),
    "same": network(
        Conv(name="conv1", out_channels=2, kernel_size=4, stride=3, rounding="same"),
        AvgPool(name="pool1", kernel_size=2, stride=2, rounding="ceil"),
        Conv(name="conv2", out_channels=2, kernel_size=3, rounding="same"),
        input_shape=(1, 32, 29),
    ),
    "oblong": network(
        Conv(name="conv1", out_channels=2, kernel_size=(5, 4), stride=(2, 3), padding=(1, 0)),
        Conv(name="conv2", out_channels=2, kernel_size=(1, 3), rounding="ceil"),
        input_shape=(1, 30, 31),
    ),
    # cells two wide, two apart: no pixel in between is left out
    "dilated": network(
        Conv(name="conv1", out_channels=2, kernel_size=2),
        Conv(name="conv2", out_channels=2, kernel_size=3, dilation=2),
        input_shape=(1, 12, 13),
    ),
}


@pytest.mark.parametrize("net", SMALL.values(), ids=SMALL)
def test_receptive_field_of_every_cell_is_autograds(net: Network) -> None:
    last = trace(net).rows[-1]
    for cell in np.ndindex(last.output_shape[1:]):
        assert np.array_equal(influence(net, last.name, cell), field(net, last.name, cell)), cell


def test_pixels_that_nothing_reads_are_in_no_real_field() -> None:
    """At 33 pixels pool1 leaves conv1's last cell unread; conv2's padding stands where it was.

    So the field of a border cell, which counts padding as if it saw the image, is an upper bound.
    """
    net = replace(SMALL["floor"], input_shape=(1, 33, 33))
    assert [row.slides[0].unread for row in trace(net).rows if row.slides] == [0, 1, 0]
    seen, stated = influence(net, "conv2", (6, 6)), field(net, "conv2", (6, 6))
    assert not (seen & ~stated).any()
    assert (stated & ~seen).any()


@pytest.mark.parametrize("cell", [(0, 0), (6, 6), (12, 5), (12, 12)])
def test_receptive_field_of_conv5_in_the_papers_network(cell: tuple[int, int]) -> None:
    paper = VARIANTS["alexnet_2012_paper"]
    smooth = averaging(paper)
    assert np.array_equal(influence(smooth, "conv5", cell), field(paper, "conv5", cell))


def test_every_dense_layer_sees_what_the_cells_before_the_first_see() -> None:
    result = trace(VARIANTS["alexnet_2012_paper"])
    for name in ("fc6", "fc7", "prob"):
        for axis, seen in enumerate(result[name].receptive_field or ()):
            before = result["pool5"].receptive_field
            assert before is not None
            cells = [before[axis].pixels(cell) for cell in range(6)]
            assert seen.pixels(0) == range(cells[0].start, cells[-1].stop), name


def test_max_pooling_reads_no_further() -> None:
    paper = VARIANTS["alexnet_2012_paper"]
    seen = influence(paper, "conv5", (6, 6))
    assert seen.any()
    assert not (seen & ~field(paper, "conv5", (6, 6))).any()
