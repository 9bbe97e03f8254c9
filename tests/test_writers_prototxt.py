"""The Caffe net, read by Caffe's own rules (``tests/caffe_rules.py``), and what is refused."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alexnet_viz.network.geometry import ROUNDINGS
from alexnet_viz.network.layers import (
    LRN,
    AdaptiveAvgPool,
    AvgPool,
    BatchNorm,
    Conv,
    Dropout,
    Layer,
    Linear,
    MaxPool,
    ReLU,
    Sigmoid,
    Softmax,
    Tanh,
    ZeroPad,
)
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.render.export.prototxt import prototxt
from alexnet_viz.text.problem import Problem
from alexnet_viz.variants import VARIANTS
from tests.caffe_rules import Message, blobs, pair, parsed
from tests.narrow import WHOLE


def readable(id: str) -> bool:
    try:
        prototxt(trace(VARIANTS[id]))
    except Problem:
        return False
    return True


CAFFE = [id for id in WHOLE if readable(id)]


def test_the_variants_that_caffe_can_say_are_many_and_its_own_are_among_them() -> None:
    assert {"caffe_bvlc_alexnet", "caffe_bvlc_reference_caffenet", "zfnet_paper"} <= set(CAFFE)
    assert "alexnet_2012_paper" not in CAFFE
    assert len(CAFFE) > len(WHOLE) / 2


@pytest.mark.parametrize("id", CAFFE)
def test_caffe_would_give_the_shapes_of_the_trace(id: str) -> None:
    result = trace(VARIANTS[id])
    shapes = blobs(parsed(prototxt(result)))
    assert {row.name: shapes[row.name] for row in result.rows} == {
        row.name: row.output_shape for row in result.rows
    }


def test_caffes_own_net_is_written_as_caffe_wrote_it() -> None:
    """models/bvlc_alexnet/deploy.prototxt, as far as it is not about training or the batch."""
    net = parsed(prototxt(trace(VARIANTS["caffe_bvlc_alexnet"])))
    layers = {layer["name"][0]: layer for layer in net["layer"]}
    assert net["name"] == ["caffe_bvlc_alexnet"]
    assert layers["conv1"]["convolution_param"] == [
        {"num_output": ["96"], "kernel_size": ["11"], "stride": ["4"]}
    ]
    assert layers["conv2"]["convolution_param"] == [
        {"num_output": ["256"], "pad": ["2"], "kernel_size": ["5"], "group": ["2"]}
    ]
    assert layers["norm1"]["lrn_param"] == [
        {"local_size": ["5"], "alpha": ["0.0001"], "beta": ["0.75"], "k": ["1.0"]}
    ]
    assert layers["pool1"]["pooling_param"] == [
        {"pool": ["MAX"], "kernel_size": ["3"], "stride": ["2"]}
    ]
    assert layers["drop6"]["dropout_param"] == [{"dropout_ratio": ["0.5"]}]
    assert layers["relu1"]["top"] == layers["relu1"]["bottom"] == ["conv1"]
    assert layers["fc8"]["inner_product_param"] == [{"num_output": ["1000"]}]
    assert layers["prob"]["type"] == ["Softmax"]


@settings(max_examples=150)
@given(
    kind=st.sampled_from([Conv, MaxPool, AvgPool]),
    kernel=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    stride=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    padding=st.tuples(*[st.integers(0, 2)] * 4) | st.integers(0, 2),
    rounding=st.sampled_from(ROUNDINGS),
    size=st.tuples(st.integers(4, 14), st.integers(4, 14)),
)
def test_a_window_is_written_exactly_or_refused(
    kind: Any, kernel: Any, stride: Any, padding: Any, rounding: Any, size: Any
) -> None:
    more = {"out_channels": 2} if kind is Conv else {}
    layer = kind(
        name="it", kernel_size=kernel, stride=stride, padding=padding, rounding=rounding, **more
    )
    result = trace(Network(id="own", input_shape=(2, *size), layers=(layer,)))
    if result.failure:
        return
    try:
        net = parsed(prototxt(result))
    except Problem:
        return
    assert blobs(net) == {"it": result["it"].output_shape}
    said = next(value[0] for key, value in net["layer"][1].items() if key.endswith("_param"))
    starts = tuple(-window.starts[0] for window in result["it"].slides)
    assert pair(said, "pad", "pad", 0) == starts
    assert kind is not AvgPool or starts == (0, 0)


def one(layer: Layer, shape: tuple[int, ...] = (4, 9, 9)) -> Network:
    return Network(id="own", input_shape=shape, layers=(layer,))


def written(layer: Layer, shape: tuple[int, ...] = (4, 9, 9)) -> list[Message]:
    return parsed(prototxt(trace(one(layer, shape))))["layer"][1:]


def test_what_becomes_two_layers() -> None:
    norm, scale = written(BatchNorm(name="norm1", eps=0.001))
    assert (norm["type"], norm["batch_norm_param"]) == (["BatchNorm"], [{"eps": ["0.001"]}])
    assert (scale["name"], scale["scale_param"]) == (["norm1_scale"], [{"bias_term": ["true"]}])
    assert scale["bottom"] == scale["top"] == ["norm1"]
    drop, power = written(Dropout(name="drop6", p=0.25, scale="test"))
    assert drop["dropout_param"] == [{"dropout_ratio": ["0.25"]}]
    assert (power["type"], power["power_param"]) == (["Power"], [{"scale": ["0.75"]}])
    soft, log = written(Softmax(name="prob", log=True))
    assert (soft["type"], log["type"]) == (["Softmax"], ["Log"])


@pytest.mark.parametrize(
    ("layer", "kind"), [(Tanh(name="it"), "TanH"), (Sigmoid(name="it"), "Sigmoid")]
)
def test_squashing(layer: Layer, kind: str) -> None:
    (said,) = written(layer)
    assert said["type"] == [kind]


def test_alpha_is_the_one_that_caffe_divides() -> None:
    (said,) = written(LRN(name="n", size=5, alpha=1e-4, k=2))
    assert said["lrn_param"][0]["alpha"] == ["0.0005"]
    (said,) = written(LRN(name="n", size=3, alpha=1, k=1, region="map"))
    assert said["lrn_param"][0] == {
        "local_size": ["3"],
        "alpha": ["9"],
        "beta": ["0.75"],
        "norm_region": ["WITHIN_CHANNEL"],
    }


def test_biases_dilation_and_axes() -> None:
    (said,) = written(
        Conv(name="c", out_channels=2, kernel_size=(3, 2), dilation=(2, 1), bias=False)
    )
    assert said["convolution_param"] == [
        {
            "num_output": ["2"],
            "bias_term": ["false"],
            "kernel_h": ["3"],
            "kernel_w": ["2"],
            "dilation": ["2", "1"],
        }
    ]
    (said,) = written(Linear(name="f", out_features=3, bias=False), (4,))
    assert said["inner_product_param"] == [{"num_output": ["3"], "bias_term": ["false"]}]
    (said,) = written(AdaptiveAvgPool(name="a", output_size=(3, 1)))
    assert said["pooling_param"] == [
        {
            "pool": ["AVE"],
            "kernel_h": ["3"],
            "kernel_w": ["9"],
            "stride_h": ["3"],
            "stride_w": ["9"],
        }
    ]


def test_a_pool_that_rounds_down_says_so() -> None:
    (said,) = written(MaxPool(name="p", kernel_size=3, stride=2), (4, 10, 10))
    assert said["pooling_param"][0]["round_mode"] == ["FLOOR"]
    (said,) = written(MaxPool(name="p", kernel_size=3, stride=2, rounding="caffe"), (4, 10, 10))
    assert "round_mode" not in said["pooling_param"][0]


def test_the_input_has_a_name_of_its_own() -> None:
    net = parsed(prototxt(trace(one(ReLU(name="data")))))
    assert net["layer"][0]["name"] == ["input"]


REFUSALS = [
    (Conv(name="it", out_channels=2, kernel_size=3, padding=(0, 2)), "0 + 2 cells above", "两侧"),
    (MaxPool(name="it", kernel_size=2, padding=(0, 2)), "no padding of Caffe's", "同样多"),
    # Caffe would drop the last window, which begins after the map
    (
        MaxPool(name="it", kernel_size=2, stride=4, padding=1, rounding="ceil"),
        "no padding of Caffe's",
        "同样多",
    ),
    (AvgPool(name="it", kernel_size=3, padding=1), "counts the padding (1, 1)", "计入均值"),
    (MaxPool(name="it", kernel_size=2, dilation=2), "no pooling with dilation (2, 2)", "膨胀"),
    (LRN(name="it", groups=2), "its neighbours stay inside 2 towers", "2 个塔"),
    (LRN(name="it", size=4), "centres a norm over 4 neighbours", "偶数 4"),
    (LRN(name="it", size=3, region="map"), "has k = 1, not 2.0", "固定 k = 1"),
    (AdaptiveAvgPool(name="it", output_size=2), "a 9×9 map is no multiple of 2×2", "整数倍"),
    (Linear(name="it", out_features=4, groups=2), "no dense layer in 2 groups", "2 组"),
    (ZeroPad(name="it", padding=1), "no layer that only pads", "单独的填充层"),
]


@pytest.mark.parametrize(("layer", "reason", "chinese"), REFUSALS, ids=lambda x: str(x)[:24])
def test_what_caffe_cannot_say_is_refused_by_name(layer: Layer, reason: str, chinese: str) -> None:
    result = trace(one(layer, (4,) if isinstance(layer, Linear) else (4, 9, 9)))
    with pytest.raises(Problem, match=re.escape(reason)) as caught:
        prototxt(result)
    assert "own cannot be written as Caffe; layers it cannot express: 1. it: " in str(caught.value)
    assert chinese in caught.value.message("zh")
    assert "PyTorch 源码和 JSON" in caught.value.remedy("zh")


def test_the_papers_network_is_refused_layer_by_layer() -> None:
    with pytest.raises(Problem) as caught:
        prototxt(trace(VARIANTS["alexnet_2012_paper"]))
    assert re.findall(r"(\w+): its", str(caught.value)) == ["conv1", "norm1", "norm2"]


def test_a_kind_nobody_knows_is_refused() -> None:
    class Swish(Layer):
        kind = "swish"

    with pytest.raises(Problem, match="Caffe has no layer of the kind swish"):
        prototxt(trace(one(Swish(name="swish"))))
