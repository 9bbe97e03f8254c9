"""Towers against the paper's figures, the released code's and channels counted one by one."""

from itertools import pairwise

import pytest

from alexnet_viz.analysis.towers.split import MAX_TOWERS, split
from alexnet_viz.network.layers import Conv, Flatten, Linear, MaxPool, ReLU, Softmax
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.text.problem import Problem
from alexnet_viz.variants import VARIANTS

PAPER = VARIANTS["alexnet_2012_paper"]
SPLIT = [name for name, network in VARIANTS.items() if network.towers > 1]


def groups(network: Network, count: int, **others: int) -> Network:
    """A network whose conv2, conv4 and conv5 have ``count`` groups, or those named otherwise."""
    names = {"conv2": count, "conv4": count, "conv5": count, **others}
    changes = {name: {"groups": number} for name, number in names.items()}
    return network.edited(id="regrouped", norm1={"groups": 1}, norm2={"groups": 1}, **changes)


def test_the_paper_in_two_halves() -> None:
    towers = split(trace(PAPER), last="halves")
    assert towers.params == (30_482_612, 30_482_612)
    assert {stage.name: stage.crossing for stage in towers.stages if stage.crossing} == {
        "conv3": 43_264,
        "fc6": 9_216,
        "fc7": 4_096,
        "fc8": 4_096,
    }
    assert (towers.crossing, towers.crossing_bytes) == (60_672, 4 * 60_672)


def test_the_released_code_keeps_the_output_layer_on_one() -> None:
    towers = split(trace(PAPER))
    assert towers.params == (32_531_112, 28_434_112)
    fc8 = towers.stages[[stage.name for stage in towers.stages].index("fc8")]
    assert fc8.channels == (1000, 0)
    assert fc8.shapes == ((1000,), (0,))
    assert fc8.fetched == (2048, 0)
    assert towers.crossing == 43_264 + 9_216 + 4_096 + 2_048


def test_what_each_layer_of_the_paper_reads() -> None:
    stages = {stage.name: stage for stage in split(trace(PAPER)).stages}
    learned = [name for name, stage in stages.items() if stage.kernel_depth]
    assert [(name, stages[name].reads, stages[name].kernel_depth) for name in learned] == [
        ("conv1", "image", 3),
        ("conv2", "own", 48),
        ("conv3", "all", 256),
        ("conv4", "own", 192),
        ("conv5", "own", 192),
        ("fc6", "all", 9216),
        ("fc7", "all", 4096),
        ("fc8", "all", 4096),
    ]
    assert stages["conv1"].shapes == ((48, 55, 55), (48, 55, 55))
    assert stages["norm1"].reads == stages["flatten"].reads == stages["prob"].reads == "own"
    assert stages["flatten"].shapes == ((4608,), (4608,))


def test_towers_add_up_to_the_network(subtests: pytest.Subtests) -> None:
    for variant in SPLIT:
        for last in ["first", "halves"]:
            with subtests.test(variant=variant, last=last):
                result = trace(VARIANTS[variant])
                towers = split(result, last)
                assert sum(towers.params) == result.params
                assert sum(towers.macs) == result.macs
                for stage in towers.stages:
                    assert sum(stage.channels) == stage.row.output_shape[0]
                    assert sum(stage.params) == stage.row.params
                    assert sum(stage.macs) == stage.row.macs


def test_one_tower_is_no_towers() -> None:
    assert split(trace(groups(PAPER, 1))) is None
    assert split(trace(VARIANTS["torchvision_alexnet"])) is None


def counted(result: Trace, count: int) -> dict[str, int]:
    """Values that cross, channel by channel: who holds it, who reads it."""
    crossing = {}
    for before, row in pairwise(result.rows):
        if not isinstance(row.layer, Conv | Linear):
            continue
        inputs, outputs = row.input_shape[0], row.output_shape[0]
        c = row.layer.groups if isinstance(row.layer, Conv) else 1
        needed = {
            (output * count // outputs, channel)
            for output in range(outputs)
            for channel in range(output * c // outputs * inputs // c,
                                 (output * c // outputs + 1) * inputs // c)
        }  # fmt: skip
        values = before.elements // inputs
        crossing[row.name] = values * sum(
            channel * count // inputs != tower for tower, channel in needed
        )
    return crossing


@pytest.mark.parametrize(
    ("count", "conv3", "conv5"), [(2, 1, 2), (2, 2, 1), (4, 1, 4), (4, 2, 2), (4, 4, 1), (4, 1, 2)]
)
def test_any_number_of_groups(count: int, conv3: int, conv5: int) -> None:
    small = Network(
        id="small",
        input_shape=(3, 20, 20),
        layers=(
            Conv(name="conv1", out_channels=8, kernel_size=3),
            ReLU(name="relu1"),
            Conv(name="conv2", out_channels=16, kernel_size=3, groups=count),
            MaxPool(name="pool2", kernel_size=2, stride=2),
            Conv(name="conv3", out_channels=8, kernel_size=3, groups=conv3),
            Conv(name="conv5", out_channels=16, kernel_size=3, groups=conv5),
            Flatten(name="flatten"),
            Linear(name="fc6", out_features=12),
            Linear(name="fc7", out_features=4),
            Softmax(name="prob"),
        ),
    )
    result = trace(small)
    towers = split(result, last="halves")
    assert towers.count == count
    crossing = {s.name: s.crossing for s in towers.stages if s.kernel_depth and s.name != "conv1"}
    assert crossing == counted(result, count)
    assert sum(towers.params) == result.params


def test_the_formula_of_the_fetch() -> None:
    towers = split(trace(groups(PAPER, 4, conv4=2)), last="halves")
    fetched = {stage.name: stage.fetched for stage in towers.stages}
    assert fetched["conv3"] == ((256 - 256 // 4) * 13 * 13,) * 4
    assert fetched["conv4"] == ((384 // 2 - 384 // 4) * 13 * 13,) * 4
    assert fetched["conv2"] == fetched["conv5"] == (0,) * 4


def test_channels_that_do_not_divide_go_to_the_first_towers() -> None:
    odd = PAPER.edited(id="odd", fc8={"out_features": 1001})
    towers = split(trace(odd), last="halves")
    assert towers.stages[-1].channels == (501, 500)
    assert sum(towers.params) == trace(odd).params


def test_a_failed_trace_has_the_stages_so_far() -> None:
    failed = trace(PAPER, 300)
    assert failed.failure.layer == "fc6"
    towers = split(failed)
    assert [stage.name for stage in towers.stages] == [row.name for row in failed.rows]
    assert towers.params == (failed.params // 2, failed.params // 2)


def test_a_depthwise_network_is_no_row_of_towers() -> None:
    for groups in (MAX_TOWERS, MAX_TOWERS + 1):
        conv = Conv(name="conv1", out_channels=groups, kernel_size=1, groups=groups)
        network = Network(id="depthwise", input_shape=(groups, 4, 4), layers=(conv,))
        if groups == MAX_TOWERS:
            assert split(trace(network)).count == groups
        else:
            with pytest.raises(Problem, match="groups=65, as many towers: at most 64 are shown"):
                split(trace(network))
