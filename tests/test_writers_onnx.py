"""The ONNX file: ONNX's checker and shape inference, and its reference implementation run on it."""

import re
from typing import Any

import numpy as np
import onnx
import onnx.reference
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx.reference.op_run import OpRun
from torch import nn

from alexnet_viz.model.activations import walk
from alexnet_viz.model.build import build
from alexnet_viz.network.geometry import ROUNDINGS
from alexnet_viz.network.layers import LRN, AvgPool, Conv, Layer, MaxPool, ReLU
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.render.export.onnx_writer import onnx_file
from alexnet_viz.text.problem import Problem
from alexnet_viz.variants import VARIANTS
from tests.narrow import WHOLE, covering, lively, narrow, picture
from tests.odd_networks import ODD_NETWORKS


def operators(id: str) -> set[str]:
    """The operators of a variant's graph, with the names of what each is told."""
    nodes = onnx.load_from_string(onnx_file(trace(VARIANTS[id]))).graph.node
    return {f"{node.op_type} {[each.name for each in node.attribute]}" for node in nodes}


COVER = covering({id: operators(id) for id in WHOLE})
"""Variants that have between them every operator that any has."""


class ResponseNorm(OpRun):
    """LRN as onnx/docs/Operators.md defines it.

    The reference of onnx 1.23 counts images where it should count channels.
    """

    op_domain = ""

    def _run(  # type: ignore[override]
        self, x: Any, alpha: float, beta: float, bias: float, size: int
    ) -> tuple[Any]:
        sums = np.zeros_like(x)
        channels = x.shape[1]
        for c in range(channels):
            first = max(0, c - (size - 1) // 2)
            last = min(channels - 1, c + -(-(size - 1) // 2))
            sums[:, c] = (x[:, first : last + 1] ** 2).sum(axis=1)
        return ((x / (bias + alpha / size * sums) ** beta).astype(x.dtype),)


ResponseNorm.__name__ = "LRN"  # the evaluator finds an operator by its class


def run(content: bytes, batch: torch.Tensor) -> dict[str, np.ndarray]:
    """Every intermediate value by its name, from onnx's own implementation."""
    session = onnx.reference.ReferenceEvaluator(
        onnx.load_from_string(content), new_ops=[ResponseNorm]
    )
    (name,) = session.input_names
    return session.run(None, {name: batch.numpy()}, intermediate=True)


def arrays(model: nn.Sequential) -> dict[str, np.ndarray]:
    return {name: tensor.numpy() for name, tensor in model.state_dict().items()}


def same_numbers(network: Network) -> None:
    model, batch = lively(network), picture(network, count=2)
    values = run(onnx_file(trace(network), weights=arrays(model)), batch)
    for name, output in walk(model, batch).items():
        np.testing.assert_allclose(
            values[name], output, rtol=1e-3, atol=1e-4, err_msg=f"{network.id} {name}"
        )


def inferred(content: bytes) -> dict[str, tuple[Any, ...]]:
    """The shapes that ONNX itself works out, after ours are taken away."""
    model = onnx.load_from_string(content)
    del model.graph.value_info[:]
    whole = onnx.shape_inference.infer_shapes(
        model, check_type=True, strict_mode=True, data_prop=True
    )
    return {
        value.name: tuple(
            each.dim_value if each.HasField("dim_value") else None
            for each in value.type.tensor_type.shape.dim
        )
        for value in (*whole.graph.value_info, *whole.graph.output)
    }


@pytest.mark.parametrize("id", WHOLE)
def test_onnx_infers_the_shapes_of_the_trace(id: str) -> None:
    result = trace(VARIANTS[id])
    content = onnx_file(result)
    onnx.checker.check_model(onnx.load_from_string(content), full_check=True)
    shapes = inferred(content)
    assert {row.name: shapes[row.name][1:] for row in result.rows} == {
        row.name: row.output_shape for row in result.rows
    }
    assert len(content) < 20_000


@pytest.mark.parametrize("id", COVER)
def test_onnx_computes_what_the_model_computes(id: str) -> None:
    same_numbers(narrow(id))


@pytest.mark.parametrize("network", ODD_NETWORKS.values(), ids=list(ODD_NETWORKS))
def test_every_special_case_computes_the_same(network: Network) -> None:
    same_numbers(network)


@settings(max_examples=60)
@given(
    kind=st.sampled_from([Conv, MaxPool, AvgPool]),
    kernel=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    stride=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    padding=st.tuples(*[st.integers(0, 2)] * 4),
    rounding=st.sampled_from(ROUNDINGS),
    size=st.tuples(st.integers(4, 12), st.integers(4, 12)),
)
def test_any_window_has_its_shape(
    kind: Any, kernel: Any, stride: Any, padding: Any, rounding: Any, size: Any
) -> None:
    more = {"out_channels": 2} if kind is Conv else {}
    layer = kind(
        name="it", kernel_size=kernel, stride=stride, padding=padding, rounding=rounding, **more
    )
    result = trace(Network(id="own", input_shape=(2, *size), layers=(layer,)))
    if not result.failure:
        assert inferred(onnx_file(result))["it"][1:] == result["it"].output_shape


def opened(result: Trace, **options: Any) -> onnx.ModelProto:
    return onnx.load_from_string(onnx_file(result, **options))


def test_without_a_model_the_weights_are_inputs() -> None:
    graph = opened(trace(VARIANTS["alexnet_2012_paper"])).graph
    inputs = {
        value.name: tuple(each.dim_value for each in value.type.tensor_type.shape.dim)
        for value in graph.input
    }
    assert inputs["input"] == (0, 3, 224, 224)  # the batch has a name instead of a number
    assert inputs["conv2.weight"] == (256, 48, 5, 5)
    assert inputs["fc6.weight"] == (4096, 9216)
    assert len(inputs) == 1 + 2 * 8
    assert not any(each.name.endswith(("weight", "bias")) for each in graph.initializer)


def test_with_a_model_the_weights_are_the_models() -> None:
    network = narrow("torchvision_alexnet")
    model = lively(network)
    graph = opened(trace(network), weights=arrays(model)).graph
    weights = {each.name: onnx.numpy_helper.to_array(each) for each in graph.initializer}
    state = model.state_dict()
    assert [value.name for value in graph.input] == ["input"]
    for name, tensor in state.items():
        assert np.array_equal(weights[name], tensor.numpy()), name


def test_a_model_of_another_network_is_refused() -> None:
    model = build(ODD_NETWORKS["flat"])
    model.fc6.weight = torch.nn.Parameter(torch.zeros(4, 7), requires_grad=False)
    with pytest.raises(ValueError, match="not of this network at this input"):
        onnx_file(trace(ODD_NETWORKS["flat"]), weights=arrays(model))


def test_the_file_says_what_it_is() -> None:
    model = opened(trace(VARIANTS["alexnet_2012_paper"]), language="zh")
    assert model.producer_name == "AlexNet Viz"
    assert "AlexNet 论文原版" in model.doc_string
    assert (model.opset_import[0].version, model.ir_version) == (17, 8)


def test_towers_are_images_of_their_own_to_the_norm() -> None:
    nodes = opened(trace(VARIANTS["alexnet_2012_paper"])).graph.node
    kinds = [node.op_type for node in nodes if node.name.startswith("norm1")]
    assert kinds == ["Reshape", "LRN", "Reshape"]
    (norm,) = [node for node in nodes if node.name == "norm1.1"]
    alpha = next(each.f for each in norm.attribute if each.name == "alpha")
    assert alpha == pytest.approx(5e-4)


def test_the_input_has_a_name_of_its_own() -> None:
    network = Network(id="own", input_shape=(3, 9, 9), layers=(ReLU(name="input"),))
    graph = opened(trace(network)).graph
    assert graph.input[0].name == "input_"


@pytest.mark.parametrize(
    ("layer", "reason"),
    [
        (LRN(name="it", size=4), "it: ONNX centres a norm over 4 neighbours"),
        (AvgPool(name="it", kernel_size=2, dilation=2), "it: "),
    ],
)
def test_what_onnx_has_not_is_refused(layer: Layer, reason: str) -> None:
    network = Network(id="own", input_shape=(4, 9, 9), layers=(layer,))
    with pytest.raises(Problem, match=re.escape(reason)):
        onnx_file(trace(network))


def test_a_kind_nobody_knows_is_refused() -> None:
    class Swish(Layer):
        kind = "swish"

    network = Network(id="own", input_shape=(3, 9, 9), layers=(Swish(name="swish"),))
    with pytest.raises(Problem, match="ONNX has no layer of the kind swish"):
        onnx_file(trace(network))
