"""A chain of windows in an address: what is written is read back, what is not one is refused."""

import pytest

from alexnet_viz.spec import Network
from alexnet_viz.trace import trace
from alexnet_viz.ui import chains
from alexnet_viz.variants import VARIANTS


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_chain_survives_the_address(variant: str) -> None:
    chain = chains.of(VARIANTS[variant])
    if chain:
        assert chains.parse(chains.write(chain)) == chain


@pytest.mark.parametrize(
    "variant", ["alexnet_2012_paper", "torchvision_alexnet", "zfnet_paper", "keras_eweill_bn"]
)
def test_a_chain_ends_where_its_network_s_windows_end(variant: str) -> None:
    network = VARIANTS[variant]
    chain = Network.from_dict(chains.spec(chains.of(network), 3, network.input_size))
    assert trace(chain)["pool5"].output_shape == trace(network)["pool5"].output_shape


@pytest.mark.parametrize(
    "text",
    [
        "",
        "~",
        "conv1",
        "conv1.conv.96.11.4.0.0.floor",
        "conv1.conv.x.11.4.0.0.floor.1",
        "conv1.conv.96.11.-4.0.0.floor.1",
        "conv1.conv.96.999999.4.0.0.floor.1",
        "<b>.conv.96.11.4.0.0.floor.1",
        "conv1.softmax.96.11.4.0.0.floor.1",
        "conv1.conv.96.11.4.0.0.down.1",
        "~".join(["conv1.conv.96.11.4.0.0.floor.1"] * 41),
    ],
)
def test_garbage_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        chains.parse(text)


def test_what_no_address_can_carry_is_known() -> None:
    (step,) = chains.parse("conv1.conv.96.11.4.0.0.floor.1")
    assert chains.linkable((step,))
    assert not chains.linkable(({**step, "name": "conv 1"},))
    assert not chains.linkable(({**step, "out_channels": 200_000},))
    assert not chains.linkable(tuple({**step, "name": f"conv{n}"} for n in range(41)))
