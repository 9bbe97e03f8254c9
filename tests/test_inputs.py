"""Which inputs a network takes, against tracing it at them."""

import time

import pytest

from alexnet_viz.analysis.inputs.input_ranges import dense_layers, inputs_fitting, inputs_keeping
from alexnet_viz.network.from_plain import MAX_LAYERS
from alexnet_viz.network.layers import AdaptiveAvgPool, Conv, Flatten, Linear, Squeeze
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import fits, trace
from alexnet_viz.text.problem import Problem
from alexnet_viz.variants import VARIANTS


def test_the_inputs_that_fit_are_those_that_run(subtests: pytest.Subtests) -> None:
    for variant in VARIANTS:
        with subtests.test(variant=variant):
            sizes = inputs_fitting(VARIANTS[variant])
            for size in range(1, 300, 7):
                assert fits(VARIANTS[variant], size) == (size in sizes), size
            for edge in (sizes.start, sizes.stop - 1):
                assert fits(VARIANTS[variant], edge)
            for beyond in (sizes.start - 1, sizes.stop):
                assert not 1 <= beyond <= 10_000 or not fits(VARIANTS[variant], beyond)


def test_dense_layers_say_what_is_fixed() -> None:
    assert [
        (each.name, each.in_features) for each in dense_layers(VARIANTS["alexnet_2012_paper"])
    ] == [
        ("fc6", 9216),
        ("fc7", 4096),
        ("fc8", 4096),
    ]


def test_one_dense_layer_by_name() -> None:
    assert [each.name for each in dense_layers(VARIANTS["zfnet_paper"], ["fc7"])] == ["fc7"]
    for ask in (
        lambda: dense_layers(VARIANTS["zfnet_paper"], ["fc9"]),
        lambda: inputs_keeping(VARIANTS["zfnet_paper"], "fc9", 1),
    ):
        with pytest.raises(Problem, match="no fully connected layer 'fc9': it has fc6, fc7, fc8"):
            ask()


@pytest.mark.parametrize("layer", ["fc7", "fc8"])
def test_inputs_keep_a_layer_behind_one_of_fixed_weights(layer: str) -> None:
    """fc6 refuses what is too large as well as what is too small: the answer lies between."""
    assert inputs_keeping(VARIANTS["alexnet_2012_paper"], layer, 4096) == range(196, 228)
    assert not inputs_keeping(VARIANTS["alexnet_2012_paper"], layer, 4097)
    assert not inputs_keeping(VARIANTS["alexnet_2012_paper"], layer, 4095)


@pytest.mark.parametrize("variant", ["alexnet_2012_paper", "caffe_bvlc_alexnet"])
def test_inputs_keeping_every_dense_layer_are_those_of_a_scan(variant: str) -> None:
    network = VARIANTS[variant]
    arriving = {each.name: each.arriving for each in dense_layers(network)}
    for name, features in arriving.items():
        sizes = inputs_keeping(network, name, features)
        for size in range(150, 280, 3):
            rows = trace(network.refitted() if name == "fc6" else network, size).by_name
            kept = name in rows and rows[name].input_shape[0] == features
            assert kept == (size in sizes), (name, size)


def test_inputs_keep_a_layer_behind_a_squeeze() -> None:
    layers = (
        Conv(name="conv1", out_channels=8, kernel_size=5),
        Squeeze(name="squeeze1"),
        Linear(name="fc6", out_features=2),
    )
    network = Network(id="squeezed", input_shape=(3, 5, 5), layers=layers)
    assert inputs_keeping(network, "fc6", 8) == inputs_fitting(network) == range(5, 6)


def test_a_dense_layer_that_gets_maps_reads_no_number_of_values() -> None:
    layers = (Linear(name="fc6", out_features=2),)
    network = Network(id="unflattened", input_shape=(3, 5, 5), layers=layers)
    assert not inputs_keeping(network, "fc6", 75)


def test_padding_may_grow_a_map_beyond_the_largest_input() -> None:
    layers = (
        Conv(name="conv1", out_channels=1, kernel_size=1, padding=1000),
        Conv(name="conv2", out_channels=1, kernel_size=1),
    )
    network = Network(id="padded", input_shape=(3, 9, 9), layers=layers)
    assert trace(network, 9000).failure is None
    assert inputs_fitting(network) == range(1, 10_001)
    flat = (*layers, Flatten(name="flatten"), Linear(name="fc6", out_features=2))
    dense = Network(id="padded", input_shape=(3, 9, 9), layers=flat)
    assert inputs_keeping(dense, "fc6", 11_500**2) == range(9500, 9501)


def test_the_longest_network_of_the_widest_pools_is_answered_at_once() -> None:
    layers = tuple(AdaptiveAvgPool(name=f"pool{n}", output_size=10_000) for n in range(MAX_LAYERS))
    started = time.perf_counter()
    assert inputs_fitting(Network(id="wide", input_shape=(3, 9, 9), layers=layers))
    assert time.perf_counter() - started < 3  # a busy machine; about 0.1 s on an idle one
