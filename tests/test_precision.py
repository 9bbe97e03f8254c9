"""Half precision is taken where it is near and faster, on the CPU in place of a GPU."""

import numpy as np
import pytest
import torch

from alexnet_viz.model import precision
from alexnet_viz.model.activations import capture
from alexnet_viz.model.device import CPU, Placement, place
from alexnet_viz.model.precision import TOLERANCE, Measured, best, laid_out, measured
from alexnet_viz.network.layers import LRN, Conv, Flatten, Layer, Linear
from alexnet_viz.network.spec import Network
from tests.lively import SMALL, lively

FLOAT16, BFLOAT16 = (Placement(CPU.device, each) for each in (torch.float16, torch.bfloat16))
START = (Conv(name="conv1", out_channels=3, kernel_size=1),)
DENSE = (Flatten(name="flatten"), Linear(name="fc8", out_features=5))
SQUARING = (LRN(name="norm1", region="map"),)
"""The one norm that squares in the model's own type."""
MANY = 1000


@pytest.fixture(autouse=True)
def _faster(monkeypatch: pytest.MonkeyPatch) -> None:
    """A device on which a half takes half of the time."""
    monkeypatch.setattr(precision, "halves", lambda device: (FLOAT16, BFLOAT16))
    spent = {torch.float32: 2.0, torch.float16: 1.0, torch.bfloat16: 1.0}
    monkeypatch.setattr(
        precision, "_pass", lambda model, images: spent[next(model.parameters()).dtype]
    )


@pytest.mark.parametrize(
    ("layers", "scale", "dtype"),
    [
        (DENSE, 1, torch.float16),
        (DENSE, 1e6, torch.bfloat16),
        (SQUARING, 0.1, torch.float16),
        (SQUARING, 10, torch.bfloat16),
    ],
)
def test_the_nearer_half_is_taken(
    layers: tuple[Layer, ...], scale: float, dtype: torch.dtype
) -> None:
    """float16 where its range is enough, bfloat16 beyond."""
    network = Network(id="short", input_shape=(3, 4, 4), layers=(*START, *layers))
    images = picture(network) * np.float32(scale)
    model = lively(network)
    chosen = best(measured(model, images), MANY)
    assert chosen.placement.dtype == dtype
    found = capture(place(model, chosen.placement), images)
    differ = [
        precision.relative_difference(found[name], wanted)
        for name, wanted in capture(model, images).items()
    ]
    assert chosen.error == max(differ) > 0
    assert chosen.error <= TOLERANCE[dtype]


def picture(network: Network) -> precision.Floats:
    drawn = np.random.default_rng(3).normal(0, 60, (1, *network.input_shape))
    return drawn.astype(np.float32)


def test_float32_is_kept_where_no_half_is_near_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "halves", lambda device: (FLOAT16,))
    found = measured(lively(SMALL), picture(SMALL) * np.float32(1e6))
    assert not found[1].error <= TOLERANCE[torch.float16]
    assert best(found, MANY).placement == CPU


def test_the_check_counts_as_time() -> None:
    """A half of half the time with its check, 2 + (n + 1), is faster than 2 n from the fourth."""
    found = [Measured(CPU, 2.0, 0.0), Measured(FLOAT16, 1.0, 1e-3)]
    assert [best(found, passes).placement == FLOAT16 for passes in (1, 2, 3, 4)] == [
        *(False, False, False),
        True,
    ]
    slower = [Measured(CPU, 2.0, 0.0), Measured(FLOAT16, 2.0, 1e-3)]
    assert best(slower, MANY).placement == CPU


def test_the_layout_is_left_alone_on_the_cpu() -> None:
    model = lively(SMALL)
    assert laid_out(model, SMALL.input_shape) is model
