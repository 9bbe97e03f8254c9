"""Two kinds of layer added from outside work everywhere.

``LeakyReLU`` and ``Scale`` are defined here, each by a class with its entry in ``KINDS``, a torch
builder, a replay and a name in both languages.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from typing import Any, ClassVar

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from alexnet_viz.analysis.columns import COLUMNS
from alexnet_viz.analysis.compare.canonical import canonical
from alexnet_viz.analysis.compare.difference_words import sentence
from alexnet_viz.analysis.compare.differences import differences
from alexnet_viz.analysis.formulas import params_formula
from alexnet_viz.analysis.memory import PRESETS, Keeping, memory
from alexnet_viz.analysis.towers.channel_dependence import seen
from alexnet_viz.analysis.towers.split import split
from alexnet_viz.commands import cli
from alexnet_viz.interpretability.ablation import ABLATIONS, Ablation
from alexnet_viz.interpretability.ablation.edits import ablated
from alexnet_viz.interpretability.activation_maximisation import patch
from alexnet_viz.interpretability.lens import Reach, reach
from alexnet_viz.model.activations import capture, walk
from alexnet_viz.model.build import MODULES, build
from alexnet_viz.model.crosscheck import crosscheck
from alexnet_viz.model.replay import REPLAYS, replay
from alexnet_viz.network.layers import KINDS, Layer, Shape
from alexnet_viz.network.layers.base import Family
from alexnet_viz.network.spec import Network
from alexnet_viz.network.spec_file import dumps, loads
from alexnet_viz.network.trace import Row, trace
from alexnet_viz.render.diagrams.blocks import architecture
from alexnet_viz.render.diagrams.towers import tower_diagram
from alexnet_viz.render.export.formats import FORMATS
from alexnet_viz.render.tables.networks import compare_grid
from alexnet_viz.render.tables.trace_table import EXPORTS
from alexnet_viz.render.theme import ORANGE
from alexnet_viz.text import LANGUAGES, Text, catalogue
from alexnet_viz.text.problem import Problem, Problems
from alexnet_viz.ui.components.lens_parcel import packed
from alexnet_viz.ui.components.table_view import describe
from alexnet_viz.weights.compatibility import learned_shapes
from alexnet_viz.weights.files.misfit import WeightsMisfit
from alexnet_viz.weights.files.parameter_plan import fit
from tests.parallel import in_process, request, small
from tests.test_lens_page import floats, output, specimen, unpack


@dataclass(frozen=True, kw_only=True)
class LeakyReLU(Layer):
    """x above 0, slope * x below."""

    kind: ClassVar[str] = "leaky_relu"
    family: ClassVar[Family] = "activation"
    elementwise: ClassVar[bool] = True
    slope: float = 0.01

    def operations(self, input_shape: Shape) -> Mapping[str, int]:
        return {"comparisons": prod(input_shape)}


@dataclass(frozen=True, kw_only=True)
class Scale(Layer):
    """A learned factor and a learned bias for every channel; of no family."""

    kind: ClassVar[str] = "scale"

    def weights(self, input_shape: Shape) -> int:
        return input_shape[0]

    def biases(self, input_shape: Shape) -> int:
        return input_shape[0]


class ScaleModule(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight, self.bias = (nn.Parameter(torch.empty(channels)) for _ in range(2))

    def reset_parameters(self) -> None:
        nn.init.constant_(self.weight, 0.5)
        nn.init.constant_(self.bias, -0.25)

    def forward(self, input: Tensor) -> Tensor:
        return (input.movedim(1, -1) * self.weight + self.bias).movedim(-1, 1)


def scaled(row: Row, layer: Scale, tensors: Mapping[str, Tensor], x: Tensor) -> Tensor:
    weight, bias = (tensors[name].reshape(-1, *[1] * (x.dim() - 2)) for name in ("weight", "bias"))
    return weight * x + bias


SLOPE = 0.2
PLAIN = small()
NETWORK = replace(
    PLAIN.edited(id="new_kinds", without=("relu2",), after={
        "conv1": (Scale(name="scale1"),),
        "conv2": (LeakyReLU(name="leaky2", slope=SLOPE),),
        "fc6": (Scale(name="scale6"),),
    }),
    about=None,
)  # fmt: skip


@pytest.fixture(autouse=True)
def _kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind, module, formula, name in (
        (
            LeakyReLU,
            lambda row, layer: nn.LeakyReLU(layer.slope),
            lambda row, layer, tensors, x: functional.leaky_relu(x, layer.slope),
            Text("leaky ReLU", "带泄漏的 ReLU"),
        ),
        (
            Scale,
            lambda row, layer: ScaleModule(row.input_shape[0]),
            scaled,
            Text("scale", "缩放"),
        ),
    ):
        monkeypatch.setitem(KINDS, kind.kind, kind)
        monkeypatch.setitem(MODULES, kind.kind, module)
        monkeypatch.setitem(REPLAYS, kind.kind, formula)
        for key in ("kind", "kind_short"):
            monkeypatch.setitem(catalogue(), f"{key}.{kind.kind}", name)


def test_the_trace_counts_it() -> None:
    result = trace(NETWORK)
    assert result.failure is None
    assert result.params == trace(PLAIN).params + 2 * 8 + 2 * 16
    assert result["leaky2"].operations == {"comparisons": result["conv2"].elements}
    assert result["scale1"].receptive_field == result["conv1"].receptive_field
    assert (result["scale1"].slides, result["scale1"].neurons) == (None, 0)
    assert learned_shapes(result)["scale1"] == (8,)
    assert params_formula(result["scale1"]) == "8 + 8 = 16"


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_and_comparisons_name_it(language: Any) -> None:
    result = trace(NETWORK)
    for each in EXPORTS.values():
        assert "leaky2" in each.render(result, tuple(COLUMNS), language)
    name = catalogue()["kind.leaky_relu"].of(language)
    other = NETWORK.edited(id="other", leaky2={"slope": 0.5})
    assert name in sentence(differences(PLAIN, NETWORK), language)
    assert name in str(compare_grid([trace(PLAIN), result], language))
    assert "0.5" in sentence(differences(NETWORK, other), language)
    turned = replace(NETWORK, layers=(*NETWORK.layers[2::-1], *NETWORK.layers[3:]))
    assert catalogue()["kind.scale"].of(language) in sentence(
        differences(NETWORK, turned), language
    )


def test_its_fields_are_its_settings() -> None:
    assert canonical(NETWORK["leaky2"]) == {"slope": SLOPE, "kind": "leaky_relu"}
    assert canonical(NETWORK["scale1"]) == {"kind": "scale"}
    assert describe(trace(NETWORK)["leaky2"]) == "leaky ReLU"


def test_a_spec_file_says_it() -> None:
    assert loads(dumps(NETWORK)) == NETWORK
    plain = NETWORK.to_dict()
    plain["layers"][1] |= {"slope": 1}
    with pytest.raises(Problems, match="unknown field 'slope'"):
        Network.from_dict(plain)


def test_drawings_show_it() -> None:
    detail = architecture(trace(NETWORK), detail=True)
    (block,) = re.findall(r'<g[^>]*data-layer="leaky2".*?</g>', detail, re.DOTALL)
    assert ORANGE in block  # as every activation
    assert 'data-layer="scale1"' in detail
    assert "leaky2" not in architecture(trace(NETWORK))
    for gpus in (2, 3):
        towers = split(trace(NETWORK), gpus=gpus)
        assert towers
        assert tower_diagram(towers, NETWORK.input_shape, cut=("leaky2",)).count("leaky2") > gpus


def test_towers_hold_it_with_its_channels() -> None:
    towers = split(trace(NETWORK))
    assert towers
    stages = {stage.name: stage for stage in towers.stages}
    assert stages["scale1"].held == stages["conv1"].held
    assert (stages["scale1"].params, stages["scale1"].reads) == ((8, 8), "own")
    assert sum(towers.params) == trace(NETWORK).params
    assert len(seen(trace(NETWORK), "leaky2", 0)["scale1"]) == 4


@pytest.mark.parametrize("keeping", PRESETS)
def test_memory_counts_it(keeping: Keeping) -> None:
    """The leaky ReLU takes as much as the ReLU in whose place it stands, the scales more."""
    with_both, without = (
        memory(trace(network), PRESETS[keeping], gpus=2) for network in (NETWORK, PLAIN)
    )
    assert with_both.of(0, "activations", "leaky2") == replace(
        without.of(0, "activations", "relu2"), layer="leaky2"
    )
    assert with_both.of(0, "weights", "scale1").fixed == 4 * 8
    assert with_both.bytes(0, 1) > without.bytes(0, 1)


def test_torch_builds_and_replays_it() -> None:
    result, model = trace(NETWORK), build(NETWORK)
    assert float(model.scale1.weight.mean()) == 0.5
    image = torch.randn(NETWORK.input_shape, generator=torch.Generator().manual_seed(0)).numpy()
    model.conv2.bias.zero_()  # of the paper's 1 no value is negative
    kept = capture(model, image)
    assert kept["leaky2"].min() < 0
    assert replay(result, model, image, kept, runs=1).wrong == ()
    model.leaky2.negative_slope = 0.9
    assert replay(result, model, image, capture(model, image), runs=1).wrong == ("leaky2",)
    assert [check.key for check in crosscheck(result) if check.unexplained] == []


def test_weights_are_read_into_it() -> None:
    tensors = dict(build(NETWORK, seed=1).state_dict())
    assert fit(tensors, NETWORK).keys() == tensors.keys()
    del tensors["scale6.bias"]
    with pytest.raises(WeightsMisfit, match=r"scale6\.bias"):
        fit(tensors, NETWORK)


@pytest.mark.parametrize("gpus", [2, 3])
def test_processes_split_it(gpus: int) -> None:
    assert in_process(request(network=NETWORK, gpus=gpus)).equal


def test_no_process_learns_from_the_image_alone() -> None:
    early = replace(NETWORK, layers=(Scale(name="scale0"), *NETWORK.layers))
    with pytest.raises(Problem, match="scale0"):
        request(network=early).stages()


def test_what_is_asked_of_a_picture_works_in_it() -> None:
    result, model = trace(NETWORK), build(NETWORK, device="meta")
    batch = torch.empty(1, *NETWORK.input_shape, device="meta")
    for name in ("channel", "tower", "average", "shuffle"):
        for layer in ("scale1", "leaky2"):
            assert layer in ABLATIONS[name].layers(result)
            index = 0 if ABLATIONS[name].indexed else None
            found = walk(ablated(model, result, [Ablation(name, layer, index)]), batch)
            assert tuple(found[layer].shape[1:]) == result[layer].output_shape
    assert patch(result, "leaky2").layer == "conv2"
    assert patch(result, "scale1").layer == "scale1"  # it could turn a channel round
    assert reach(result["scale1"], (8, 15, 15), (3, 4, 5)) == Reach(
        range(3, 4), range(4, 5), range(5, 6)
    )


@pytest.mark.parametrize("layer", ["scale1", "leaky2", "scale6"])
def test_the_lens_shows_what_the_network_came_to(layer: str) -> None:
    it, module = specimen(NETWORK, layer, 1)
    shown = unpack(packed(it, module, {}))
    assert shown["rule"] == {"kind": "other"}
    assert shown["source"]["count"] == 1
    assert floats(shown["plane"]).tolist() == output(it, layer)[1].ravel().tolist()


@pytest.mark.parametrize("format", FORMATS)
def test_it_is_written_or_refused_in_words(format: str) -> None:
    language = "en"
    if format in ("torch", "keras", "prototxt", "onnx"):
        with pytest.raises(Problems) as caught:
            FORMATS[format].write(trace(NETWORK), language)
        assert {"scale1", "leaky2", "scale6"} <= {place for place, _ in caught.value.found}
        assert "leaky2: " in caught.value.message()
        assert "has no layer of the kind leaky_relu" in caught.value.message()
    else:
        assert FORMATS[format].write(trace(NETWORK), language)


def test_the_command_line_takes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "new.json"
    file.write_text(dumps(NETWORK), "utf-8")
    for command in ("trace", "towers"):
        assert cli.main([command, "--spec", str(file)]) == 0
        out, err = capsys.readouterr()
        assert err == ""
        assert "scale1" in out
    assert cli.main(["export", "--spec", str(file), "--to", "torch"]) == 2
    assert "PyTorch has no layer of the kind scale" in capsys.readouterr().err
    assert cli.main(["trace", "--spec", str(file), "--format", "json"]) == 0
    kinds = [row["kind"] for row in json.loads(capsys.readouterr().out)["rows"]]
    assert kinds.count("scale") == 2
