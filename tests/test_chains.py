"""A chain of windows in an address: what is written is read back, what is not one is refused."""

import pytest

from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.ui.app import chain_link
from alexnet_viz.variants import VARIANTS


def test_a_chain_survives_the_address(subtests: pytest.Subtests) -> None:
    for variant in VARIANTS:
        with subtests.test(variant=variant):
            chain = chain_link.of(VARIANTS[variant])
            if chain:
                assert chain_link.parse(chain_link.write(chain)) == chain


@pytest.mark.parametrize(
    "variant", ["alexnet_2012_paper", "torchvision_alexnet", "zfnet_paper", "keras_eweill_bn"]
)
def test_a_chain_ends_where_its_network_s_windows_end(variant: str) -> None:
    network = VARIANTS[variant]
    chain = Network.from_dict(chain_link.spec(chain_link.of(network), 3, network.input_size))
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
        chain_link.parse(text)


def test_what_no_address_can_carry_is_known() -> None:
    (step,) = chain_link.parse("conv1.conv.96.11.4.0.0.floor.1")
    assert chain_link.linkable((step,))
    assert not chain_link.linkable(({**step, "name": "conv 1"},))
    assert not chain_link.linkable(({**step, "out_channels": 200_000},))
    assert not chain_link.linkable(tuple({**step, "name": f"conv{n}"} for n in range(41)))
