"""The PyTorch script does what the model does: torch runs it, on its own and beside ours."""

import subprocess
import sys
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from alexnet_viz.model.activations import walk
from alexnet_viz.network.geometry import ROUNDINGS
from alexnet_viz.network.layers import LRN, AvgPool, Conv, Layer, MaxPool, ReLU
from alexnet_viz.network.spec import About, Network, Source
from alexnet_viz.network.trace import trace
from alexnet_viz.render.export.torch_source import TAKEN, torch_source
from alexnet_viz.text import Text
from alexnet_viz.text.problem import Problem
from alexnet_viz.variants import VARIANTS
from tests.narrow import WHOLE, covering, forms, lively, narrow, picture
from tests.odd_networks import ODD_NETWORKS

COVER = covering(
    {id: forms(torch_source(trace(VARIANTS[id])).partition("import")[2]) for id in WHOLE}
)
"""Variants whose scripts have between them every kind of line that any script has."""


def executed(source: str) -> dict[str, Any]:
    """The script's names after it was run as the main program, and what it printed."""
    names: dict[str, Any] = {"__name__": "__main__"}
    with redirect_stdout(StringIO()) as out:
        exec(compile(source, "exported.py", "exec"), names)
    return names | {"printed": out.getvalue()}


def same_numbers(network: Network) -> None:
    """The script's model, with our numbers, gives what ours gives, layer by layer."""
    model, batch = lively(network), picture(network)
    exported: nn.Sequential = executed(torch_source(trace(network)))["build"]().eval()
    exported.load_state_dict(model.state_dict())
    expected, given = walk(model, batch), walk(exported, batch)
    assert list(given) == list(expected)
    for name, output in expected.items():
        torch.testing.assert_close(given[name], output, rtol=1e-4, atol=1e-5, msg=name)


@pytest.mark.parametrize("id", WHOLE)
def test_the_script_prints_the_shapes_of_the_trace(id: str) -> None:
    result = trace(VARIANTS[id])
    lines = [f"{row.name} {' '.join(map(str, row.output_shape))}" for row in result.rows]
    lines.append(f"params {result.params}")
    assert executed(torch_source(result, "zh"))["printed"].splitlines() == lines


@pytest.mark.parametrize("id", COVER)
def test_the_script_computes_what_the_model_computes(id: str) -> None:
    same_numbers(narrow(id))


@pytest.mark.parametrize("network", ODD_NETWORKS.values(), ids=list(ODD_NETWORKS))
def test_every_special_case_computes_the_same(network: Network) -> None:
    same_numbers(network)


def test_a_variant_at_another_input_is_that_one() -> None:
    result = trace(VARIANTS["torchvision_alexnet"], 300)
    assert "pool5 256 8 8" in executed(torch_source(result))["printed"]


sizes = st.integers(1, 4)
paddings = st.tuples(*[st.integers(0, 3)] * 4)


@st.composite
def sliding(draw: st.DrawFn) -> Layer:
    kind = draw(st.sampled_from([Conv, MaxPool, AvgPool]))
    more: dict[str, Any] = {"out_channels": 2} if kind is Conv else {}
    if kind is not AvgPool:
        more["dilation"] = draw(st.integers(1, 2))
    return kind(
        name="it",
        kernel_size=(draw(sizes), draw(sizes)),
        stride=(draw(sizes), draw(sizes)),
        padding=draw(paddings),
        rounding=draw(st.sampled_from(ROUNDINGS)),
        **more,
    )


@settings(max_examples=60)
@given(sliding(), st.integers(4, 12), st.integers(4, 12))
def test_any_window_reads_the_same_cells(layer: Layer, height: int, width: int) -> None:
    network = Network(id="window", input_shape=(2, height, width), layers=(layer,))
    result = trace(network)
    if result.failure:
        return
    exported = executed(torch_source(result))["build"]().eval()
    model, batch = lively(network), picture(network)
    exported.load_state_dict(model.state_dict())
    given = exported(batch)
    assert tuple(given.shape[1:]) == result["it"].output_shape
    torch.testing.assert_close(given, model(batch), equal_nan=True)


def test_dropout_trains_as_the_model_does() -> None:
    network = ODD_NETWORKS["odd"]
    exported = executed(torch_source(trace(network)))["build"]()
    model = lively(network)
    for name in ("drop6", "drop7"):
        values = torch.ones(1, 64)
        outputs = []
        for each in (model, exported):
            torch.manual_seed(1)
            outputs.append(each.train().get_submodule(name)(values))
        assert torch.equal(*outputs)
        assert set(outputs[0].unique().tolist()) == {0.0, 1.0 if name == "drop6" else 2.0}


def test_the_script_runs_alone(tmp_path: Path) -> None:
    """In another folder, isolated from this project, with warnings as errors."""
    result = trace(VARIANTS["alexnet_2012_paper"])
    path = tmp_path / "alexnet.py"
    path.write_text(torch_source(result), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-W", "error", str(path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "params 60965224"
    imports = [line for line in path.read_text("utf-8").splitlines() if "import" in line]
    assert {line.split()[1].partition(".")[0] for line in imports} <= {"collections", "torch"}


def test_the_script_says_where_it_comes_from() -> None:
    source = torch_source(trace(VARIANTS["alexnet_2012_paper"]))
    head = source[: source.index("import")]
    assert "NIPS 2012" in head
    assert "alexnet_2012_paper, input 3 × 224 × 224: 60,965,224 parameters" in head
    assert "AlexNet 论文原版" in torch_source(trace(VARIANTS["alexnet_2012_paper"]), "zh")


def test_titles_cannot_leave_their_comment() -> None:
    hostile = 'x\n"""\nraise SystemExit  '
    about = About(
        title=Text(hostile, hostile),
        year=2012,
        source=Source(title=hostile, where=hostile),
        summary=Text(hostile, hostile),
    )
    network = replace(ODD_NETWORKS["flat"], id=hostile, about=about)
    assert "params" in executed(torch_source(trace(network)))["printed"]


def test_names_that_torch_uses_are_known() -> None:
    names = {name for name in dir(nn.Sequential()) if not name.startswith("_")}
    assert names <= TAKEN


@pytest.mark.parametrize("name", ["train", "forward"])
def test_a_layer_cannot_take_a_name_of_torch(name: str) -> None:
    network = Network(id="own", input_shape=(3, 9, 9), layers=(ReLU(name=name),))
    with pytest.raises(Problem, match=f"A layer named '{name}' cannot be run"):
        torch_source(trace(network))


def test_every_layer_in_the_way_is_named() -> None:
    pool = AvgPool(name="pool1", kernel_size=2, dilation=2)
    network = Network(
        id="own", input_shape=(4, 9, 9), layers=(pool, ReLU(name="eval"), LRN(name="norm"))
    )
    with pytest.raises(Problem) as caught:
        torch_source(trace(network))
    words = str(caught.value)
    assert words.startswith(
        "own cannot be written as PyTorch; layers it cannot express: 2. pool1: "
    )
    assert "eval: A layer named 'eval'" in words
    assert "norm:" not in words
    assert "无法写成 PyTorch，有 2 层" in caught.value.message("zh")


def test_a_kind_nobody_knows_is_refused() -> None:
    class Swish(Layer):
        kind = "swish"

    network = Network(id="own", input_shape=(3, 9, 9), layers=(Swish(name="swish"),))
    with pytest.raises(Problem, match="PyTorch has no layer of the kind swish"):
        torch_source(trace(network))
