"""``Layer.channels_read`` against torch: the input channels that get a gradient, for every kind."""

from itertools import combinations

import pytest
import torch

from alexnet_viz.model.build import build
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
)
from alexnet_viz.network.spec import Network

MAPS, FLAT = (12, 3, 3), (12,)

EXAMPLES: list[tuple[Layer, Shape]] = [
    *((Conv(name="l", out_channels=8, kernel_size=2, groups=n), MAPS) for n in (1, 2, 4)),
    (Conv(name="l", out_channels=24, kernel_size=3, padding=1, groups=12), MAPS),
    *((Linear(name="l", out_features=8, groups=n), FLAT) for n in (1, 2, 4)),
    (Linear(name="l", out_features=36, groups=12), FLAT),
    *((LRN(name="l", size=size, alpha=1.0, groups=n), MAPS)
      for size in (1, 2, 3, 4, 5, 30) for n in (1, 2, 3, 4)),
    (LRN(name="l", size=3, alpha=1.0, region="map"), MAPS),
    (LRN(name="l", size=3, alpha=1.0, region="map", groups=2), MAPS),
    (MaxPool(name="l", kernel_size=2), MAPS),
    (AvgPool(name="l", kernel_size=3, padding=1), MAPS),
    (AdaptiveAvgPool(name="l", output_size=2), MAPS),
    (ZeroPad(name="l", padding=(1, 0)), MAPS),
    (Flatten(name="l"), (4, 2, 3)),
    (Flatten(name="l"), FLAT),
    (Squeeze(name="l"), (12, 1, 1)),
    *((Softmax(name="l", log=log), shape) for log in (False, True) for shape in (MAPS, FLAT)),
    *((kind(name="l"), shape)
      for kind in (ReLU, Tanh, Sigmoid, BatchNorm, Dropout) for shape in (MAPS, FLAT)),
]  # fmt: skip


def gradients(layer: Layer, shape: Shape) -> list[set[int]]:
    """For each output channel, the input channels with a gradient."""
    generator = torch.Generator().manual_seed(0)
    model = build(Network(id="one", input_shape=shape, layers=(layer,))).double()
    for tensor in model.parameters():  # positive, so that nothing cancels
        tensor.copy_(torch.rand(tensor.shape, generator=generator, dtype=torch.float64) + 0.1)
    values = torch.rand((1, *shape), generator=generator, dtype=torch.float64).requires_grad_(True)
    outputs = model(values)
    found = []
    for channel in range(outputs.shape[1]):
        weights = torch.rand(outputs[0, channel].shape, generator=generator, dtype=torch.float64)
        (gradient,) = torch.autograd.grad(
            (outputs[0, channel] * weights).sum(), values, retain_graph=True
        )
        found.append(set(gradient[0].reshape(shape[0], -1).abs().sum(1).nonzero()[:, 0].tolist()))
    return found


def test_there_is_an_example_of_every_kind() -> None:
    assert {layer.kind for layer, _ in EXAMPLES} == set(KINDS)


@pytest.mark.parametrize(("layer", "shape"), EXAMPLES)
def test_the_channels_read_are_those_with_a_gradient(layer: Layer, shape: Shape) -> None:
    read = gradients(layer, shape)
    for first, stop in combinations(range(len(read) + 1), 2):
        found = layer.channels_read(range(first, stop), shape)
        assert set(found) == set.union(*read[first:stop]), (first, stop)


def test_a_dense_layer_reads_the_maps_that_its_features_were_laid_out_from() -> None:
    """Group 1 of 3 reads the middle third of 12 maps as it does of their 108 features."""
    dense = Linear(name="fc", out_features=6, groups=3)
    assert dense.channels_read(range(2, 4), (108,)) == range(36, 72)
    assert dense.channels_read(range(2, 4), MAPS) == range(4, 8)
