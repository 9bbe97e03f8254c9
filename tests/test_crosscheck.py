"""Ours plus the named differences is theirs to the last digit, for every network there is."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from alexnet_viz.model import crosscheck as crosschecking
from alexnet_viz.model.build import build
from alexnet_viz.model.crosscheck import Check, Difference, crosscheck
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import CannotRun, trace
from alexnet_viz.variants import VARIANTS
from tests.narrow import WHOLE
from tests.odd_networks import ODD_NETWORKS


def checks(network: Network, size: int | None = None) -> dict[str, Check]:
    return {check.quantity: check for check in crosscheck(trace(network, size))}


@pytest.mark.parametrize(
    ("id", "size"),
    [*((id, None) for id in WHOLE), ("torchvision_alexnet", 300), ("caffe_bvlc_alexnet", 224)],
)
def test_every_difference_is_explained(id: str, size: int | None) -> None:
    unexplained = {name: check.unexplained for name, check in checks(VARIANTS[id], size).items()}
    assert unexplained == dict.fromkeys(unexplained, 0)
    assert len(unexplained) == 5


@pytest.mark.parametrize("network", ODD_NETWORKS.values(), ids=list(ODD_NETWORKS))
def test_groups_padding_and_odd_layers_are_explained_too(network: Network) -> None:
    assert {
        name: each.unexplained for name, each in checks(network).items() if each.unexplained
    } == {}


def test_the_numbers_of_torchvision() -> None:
    """714,188,480 against torchinfo's 714,682,664: biases, and nothing else."""
    found = checks(VARIANTS["torchvision_alexnet"])
    mult_adds = found["mult_adds"]
    assert (mult_adds.ours, mult_adds.theirs) == (714_188_480, 714_682_664)
    convs, dense = mult_adds.differences
    assert (convs.convention, convs.amount) == ("conv_bias", 484_992)
    assert convs.layers == ("conv1", "conv2", "conv3", "conv4", "conv5")
    assert dense == Difference("dense_bias", 9_192, ("fc6", "fc7", "fc8"))
    assert found["flops"].theirs == 2 * 714_188_480
    assert [each.convention for each in found["flops"].differences] == ["factor_two"]
    assert found["params"].theirs == found["params"].ours == 61_100_840
    assert found["params"].differences == ()
    left_out = {each.convention: each.amount for each in found["operations"].differences}
    assert left_out["additions"] < -484_992
    assert left_out["comparisons"] < 0


def test_the_methodology_has_these_numbers(root: Path) -> None:
    text = (root / "docs" / "methodology.md").read_text("utf-8")
    section = text[text.index("## Beside other counters") :]
    found = checks(VARIANTS["torchvision_alexnet"])
    for name in ("params", "mult_adds", "flops"):
        numbers = [found[name].ours, found[name].theirs]
        numbers += [each.amount for each in found[name].differences]
        for number in numbers:
            assert f" {number:,} " in section, (name, number)


def test_batch_norm_is_a_difference_of_its_own() -> None:
    differences = checks(VARIANTS["nvcaffe_alexnet_bn"])["mult_adds"].differences
    assert "norm_params" in {each.convention for each in differences}


def test_what_no_convention_explains_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crosschecking, "_macs", lambda row: row.macs - (row.name == "conv1"))
    assert checks(VARIANTS["torchvision_alexnet"])["flops"].unexplained == 1


def test_the_counter_without_a_breakdown_counts_the_same_and_hooks_nobody() -> None:
    model = build(VARIANTS["torchvision_alexnet"], device="meta")
    batch = torch.empty(1, 3, 224, 224, device="meta")
    theirs, hooked = FlopCounterMode(display=False), []
    with theirs:
        model(batch)

    class Watching(nn.Identity):
        def forward(self, values: Any) -> Any:
            hooked.append(len(nn.modules.module._global_forward_pre_hooks))
            return values

    ours = crosschecking._Untracked()
    with ours:
        Watching()(model(batch))
    assert ours.get_total_flops() == theirs.get_total_flops()
    assert hooked == [0]


def test_a_network_that_fails_is_refused() -> None:
    with pytest.raises(CannotRun, match="pool5"):
        crosscheck(trace(VARIANTS["article_002_text"]))
