"""What can be taken away where, what is refused in words, and how a link says it."""

import re

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from alexnet_viz.interpretability.ablation import ABLATIONS, Ablation, parse, places
from alexnet_viz.interpretability.ablation.edits import ablated
from alexnet_viz.model.activations import walk
from alexnet_viz.model.build import build
from alexnet_viz.network.layers import Flatten, Linear
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.text.problem import Problem
from alexnet_viz.variants import VARIANTS


@pytest.mark.slow
@pytest.mark.parametrize("id", VARIANTS)
def test_every_kind_runs_in_every_variant_or_says_why_not(id: str) -> None:
    """In every layer that is offered, on torch's meta device: the shapes stay."""
    result = trace(VARIANTS[id])
    if result.failure:
        return  # there is no model to take anything away from
    model = build(VARIANTS[id], device="meta")
    batch = torch.empty(1, *result.input_shape, device="meta")
    for name, kind in ABLATIONS.items():
        index = 0 if kind.indexed else None
        offered = kind.layers(result)
        if not offered:
            with pytest.raises(Problem, match=id):
                places(result, Ablation(name, "", index))
            continue
        everywhere = [Ablation(name, "", index)] if kind.everywhere else []
        off = [*everywhere, *(Ablation(name, layer, index) for layer in offered)]
        found = walk(ablated(model, result, off), batch)
        for row in result.rows:
            assert tuple(found[row.name].shape[1:]) == row.output_shape, (name, row.name)


@pytest.mark.parametrize(
    ("spelled", "variant", "en", "zh"),
    [
        ("tower.0", "torchvision_alexnet", "not split into towers", "没有分塔"),
        ("lrn", "torchvision_alexnet", "no local response normalisation", "没有局部响应归一化"),
        ("channel.conv9.0", "alexnet_2012_paper", "nothing of this kind in 'conv9'", "conv9"),
        ("channel.fc8.0", "alexnet_2012_paper", "nothing of this kind in 'fc8'", "可选的有"),
        ("lrn.conv1", "alexnet_2012_paper", "layers that have: norm1, norm2", "norm1、norm2"),
        ("channel.conv1.96", "alexnet_2012_paper", "no number 96.*0 to 95", "从 0 到 95"),
        ("tower.2", "alexnet_2012_paper", "no number 2.*0 to 1", "从 0 到 1"),
    ],
)
def test_what_a_network_does_not_have_is_refused(
    spelled: str, variant: str, en: str, zh: str
) -> None:
    result = trace(VARIANTS[variant])
    with pytest.raises(Problem, match=en) as caught:
        ablated(build(VARIANTS[variant], device="meta"), result, [parse(spelled)])
    assert zh in caught.value.message("zh")


def test_a_network_of_one_layer_has_little_to_take_away() -> None:
    bare = Network(
        id="bare", input_shape=(4, 1, 1),
        layers=(Flatten(name="flat"), Linear(name="fc", out_features=2, bias=False)),
    )  # fmt: skip
    for kind in ("bias", "average", "shuffle"):
        with pytest.raises(Problem, match="bare has no"):
            places(trace(bare), Ablation(kind))


# links -------------------------------------------------------------------------------------------

NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,30}", fullmatch=True)


@given(st.sampled_from(sorted(ABLATIONS)), NAMES, st.integers(0, 999_999_999))
def test_a_link_says_it_and_it_is_read_back(kind: str, layer: str, index: int) -> None:
    known = ABLATIONS[kind]
    said = Ablation(kind, layer, index if known.indexed else None)
    assert parse(str(said)) == said
    if known.everywhere:
        general = Ablation(kind, "", said.index)
        assert parse(str(general)) == general


@pytest.mark.parametrize(
    "text",
    ["?", "lrn.", "lrn..", "channel.conv1.05", "dropout", "channel", "channel.5",
     "channel.conv1", "lrn.3", "tower", "tower.conv1", "bias.a.b", "channel.conv1.5.6",
     "channel.conv 1.5", "channel.conv1.-5", "shuffle", "LRN", "channel.conv1.9999999999",
     "channel.conv1.٣٤٥"],
)  # fmt: skip
def test_what_no_link_can_mean_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        parse(text)
