"""The Keras script does what the model does: Keras runs it, on torch, beside ours."""

import os
from contextlib import redirect_stdout
from io import StringIO
from types import ModuleType
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from alexnet_viz.model.activations import walk
from alexnet_viz.network.layers import Conv, Layer, Linear, MaxPool
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Row, trace
from alexnet_viz.render.export.keras_source import keras_source, last
from alexnet_viz.text.problem import Problem
from alexnet_viz.variants import VARIANTS
from tests.narrow import WHOLE, covering, forms, lively, narrow, picture
from tests.odd_networks import ODD_NETWORKS

COVER = covering(
    {id: forms(keras_source(trace(VARIANTS[id])).partition("import")[2]) for id in WHOLE}
)
"""Variants whose scripts have between them every kind of line that any script has."""


@pytest.fixture(scope="session", autouse=True)
def keras(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """Keras 3 on torch, with its settings in a folder of the tests'."""
    os.environ["KERAS_BACKEND"] = "torch"
    os.environ["KERAS_HOME"] = str(tmp_path_factory.mktemp("keras"))
    import keras

    assert keras.backend.backend() == "torch"
    return keras


def executed(network: Network) -> dict[str, Any]:
    """The script's names after it was run, and what running it as a program prints."""
    names: dict[str, Any] = {"__name__": "__main__"}
    with redirect_stdout(StringIO()) as out:
        exec(compile(keras_source(trace(network)), "exported.py", "exec"), names)
    return names | {"printed": out.getvalue()}


def channels_last(maps: Tensor) -> Tensor:
    """[N, C, H, W] as [N, H, W, C]; rows as they are."""
    return maps.movedim(1, -1)


def keras_weights(row: Row, module: nn.Module) -> list[Tensor]:
    """Our weights of one layer as Keras shapes and orders them."""
    state = {name: tensor for name, tensor in module.state_dict().items() if tensor.ndim}
    match row.layer:
        case Conv():
            state["weight"] = state["weight"].permute(2, 3, 1, 0)
        case Linear(groups=1):
            state["weight"] = state["weight"].T
        case Linear(groups=groups):
            state["weight"] = state["weight"].unflatten(0, (groups, -1)).mT
    return list(state.values())


def same_numbers(network: Network) -> None:
    """Shapes and params as printed, and every layer's output on the same numbers."""
    result, ours, batch = trace(network), lively(network), picture(network)
    names = executed(network)
    lines = [" ".join(map(str, (row.name, *last(row.output_shape)))) for row in result.rows]
    printed = [line for line in names["printed"].splitlines() if "_order" not in line]
    assert printed == [*lines, f"params {result.params}"]
    exported = names["build"]()
    for row in result.rows:
        if weights := keras_weights(row, ours.get_submodule(row.name)):
            exported.get_layer(row.name).set_weights([each.numpy() for each in weights])
    values, expected = channels_last(batch), walk(ours, batch)
    with torch.inference_mode():
        for layer in exported.layers:
            values = layer(values, training=False)
            if layer.name in expected:
                wanted = channels_last(expected[layer.name])
                torch.testing.assert_close(
                    values, wanted, rtol=1e-4, atol=1e-5, msg=f"{network.id} {layer.name}"
                )


@pytest.mark.parametrize("id", COVER)
def test_the_script_computes_what_the_model_computes(id: str) -> None:
    same_numbers(narrow(id))


@pytest.mark.parametrize("network", ODD_NETWORKS.values(), ids=list(ODD_NETWORKS))
def test_every_special_case_computes_the_same(network: Network) -> None:
    same_numbers(network)


@pytest.mark.parametrize("id", WHOLE)
def test_every_variant_is_a_script(id: str) -> None:
    source = keras_source(trace(VARIANTS[id]), "zh")
    compile(source, "exported.py", "exec")
    assert "import torch" not in source
    assert "来源：" in source


def test_the_script_says_how_keras_orders_what_it_flattens() -> None:
    source = keras_source(trace(VARIANTS["alexnet_2012_paper"]))
    assert "channels last (NHWC)" in source
    assert 'layers.Permute((3, 1, 2), name="flatten_order"),' in source
    assert "INPUT_SHAPE = (224, 224, 3)  # height, width, channels" in source


def test_padding_is_keras_own_word_where_it_says_the_same() -> None:
    source = keras_source(trace(VARIANTS["alexnet_2012_paper"]))
    assert 'layers.Conv2D(384, 3, padding="same", name="conv3")' in source
    assert "PaddedConv2D(96, 11, strides=4, outside=((0, 3), (0, 3)), name=" in source
    assert "PaddedMaxPooling2D" not in source


@pytest.mark.parametrize(
    ("layer", "reason", "chinese"),
    [
        (
            Conv(name="it", out_channels=2, kernel_size=3, stride=2, dilation=2),
            r"it: Keras convolves with stride \(2, 2\) or with dilation \(2, 2\), not with both",
            "不能同时",
        ),
        (
            MaxPool(name="it", kernel_size=2, dilation=2),
            r"it: Keras has no pooling with dilation \(2, 2\)",
            "没有膨胀",
        ),
    ],
)
def test_what_keras_has_not_is_refused(layer: Layer, reason: str, chinese: str) -> None:
    network = Network(id="own", input_shape=(2, 9, 9), layers=(layer,))
    with pytest.raises(Problem, match=reason) as caught:
        keras_source(trace(network))
    assert chinese in caught.value.message("zh")


def test_a_kind_nobody_knows_is_refused() -> None:
    class Swish(Layer):
        kind = "swish"

    network = Network(id="own", input_shape=(3, 9, 9), layers=(Swish(name="swish"),))
    with pytest.raises(Problem, match="Keras has no layer of the kind swish"):
        keras_source(trace(network))
