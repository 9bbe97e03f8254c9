"""What follows from differences: known cases, and every pair of variants against torch's rule."""

from dataclasses import replace
from fractions import Fraction
from itertools import permutations
from math import ceil, floor, prod

import pytest

from alexnet_viz.analysis.compare.consequence_words import consequence_text
from alexnet_viz.analysis.compare.consequences import Consequence, consequences
from alexnet_viz.network.layers import Conv, Flatten, Linear, MaxPool, Window, ZeroPad
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.text import LANGUAGES
from alexnet_viz.variants import VARIANTS

PAPER = VARIANTS["alexnet_2012_paper"]


def said(one: Network, other: Network, size: int | None = None) -> list[str]:
    return [consequence_text(each) for each in consequences(trace(one, size), trace(other, size))]


def test_the_paper_rounded_down_reads_6400() -> None:
    """The case of the README: 54 instead of 55, and fc6 reads 6,400."""
    lines = said(PAPER, PAPER.rounded("floor").refitted())
    assert lines[0] == "conv1: 54 instead of 55 because it rounds down"
    assert "fc6 reads 6,400 instead of 9,216" in lines
    assert "learned weights have other shapes in fc6" in lines
    assert "49,430,888 parameters instead of 60,965,224" in lines


def test_weights_that_no_longer_fit_stop_the_network() -> None:
    lines = said(PAPER, PAPER.rounded("floor"))
    assert lines[-1] == (
        "it stops at fc6: it was built for 9,216 inputs and gets 6,400: trained weights of 9,216"
        " columns cannot be used"
    )
    back = said(PAPER.rounded("floor"), PAPER)
    assert back[-1].startswith("it runs through, where the first stops at fc6: it was built for")


def test_sizes_meet_again_where_a_pool_rounds_up() -> None:
    """Caffe on 224: its convolution rounds 54.25 down, its pool 26.5 up."""
    lines = said(PAPER, VARIANTS["caffe_bvlc_alexnet"], 224)
    assert lines[:3] == [
        "conv1: 54 instead of 55 because it rounds down",
        "from pool1 on the maps have the same size again: 27",
        "all learned weights have the same shapes: those of one load into the other",
    ]


def test_only_settings_that_change_the_size_are_reasons() -> None:
    """On 227 rounding has no effect: padding 2 gives 56, whatever the rule."""
    other = PAPER.edited(id="x", conv1={"padding": 2, "rounding": "floor"})
    lines = said(PAPER, other.refitted(), 227)
    assert lines[0] == "conv1: 56 instead of 55 because its padding is 2 instead of 0"


def test_the_input_is_a_reason() -> None:
    own = Network(
        id="own",
        input_shape=(3, 32, 32),
        layers=(Conv(name="conv1", kernel_size=5, out_channels=4),),
    )
    assert (
        said(own, own.at(64))[0] == "conv1: 60 instead of 28 because the input is 64 instead of 32"
    )
    wide = Network(id="wide", input_shape=(3, 32, 48), layers=own.layers)
    assert said(own, wide)[0].startswith("conv1: 28×44 instead of 28 because the input is 32×48")


def test_a_layer_that_only_one_has_is_a_reason() -> None:
    layers = (ZeroPad(name="pad1", padding=2), Conv(name="conv1", kernel_size=5, out_channels=4))
    padded = Network(id="padded", input_shape=(3, 32, 32), layers=layers)
    bare = Network(id="bare", input_shape=(3, 32, 32), layers=layers[1:])
    assert said(padded, bare)[0] == "conv1: 28 instead of 32 because pad1 is missing"
    assert said(bare, padded)[0] == "conv1: 32 instead of 28 because pad1 is before it"


def test_same_sets_its_own_padding() -> None:
    """The padding that is written beside SAME is no reason, in neither direction."""
    conv = Conv(name="conv1", kernel_size=11, stride=4, out_channels=4)
    floor = Network(id="floor", input_shape=(3, 227, 227), layers=(conv,))
    same = floor.edited(id="same", conv1={"rounding": "same", "padding": 1})
    assert said(floor, same)[0] == "conv1: 57 instead of 55 because it pads as SAME does"
    assert said(same, floor)[0].endswith("because it rounds down and does not pad as SAME does")
    padded = floor.edited(id="padded", conv1={"padding": 2})
    assert said(same, padded)[0] == (
        "conv1: 56 instead of 57 because it rounds down and does not pad as SAME does"
    )


def test_a_kind_is_a_reason() -> None:
    pool = MaxPool(name="down", kernel_size=3, stride=2)
    conv = Conv(name="down", kernel_size=3, stride=1, out_channels=3)
    pair = [
        Network(id=str(n), input_shape=(3, 9, 9), layers=(each,))
        for n, each in enumerate((pool, conv))
    ]
    assert (
        said(*pair)[0]
        == "down: 7 instead of 4 because it is of the kind convolution, not max pooling"
    )


def test_nothing_follows_from_nothing() -> None:
    assert [each.what for each in consequences(trace(PAPER), trace(PAPER))] == ["fit"]


def by_hand(layer: Window, size: tuple[int, int]) -> tuple[int, int]:
    """The textbook formula along both axes, written anew here."""
    found = []
    for axis, cells in enumerate(size):
        before, after = layer.padding[2 * axis : 2 * axis + 2]
        extent = layer.dilation[axis] * (layer.kernel_size[axis] - 1) + 1
        stride = layer.stride[axis]
        match layer.rounding:
            case "same":
                found.append(ceil(Fraction(cells, stride)))
                continue
            case "valid":
                before = after = 0
        steps = Fraction(cells + before + after - extent, stride)
        windows = (ceil if layer.rounding in ("ceil", "caffe") else floor)(steps) + 1
        if (
            layer.rounding == "caffe"
            and any(layer.padding)
            and (windows - 1) * stride >= cells + before
        ):
            windows -= 1
        found.append(windows)
    return found[0], found[1]


def test_every_clause_of_every_pair_is_true() -> None:
    """Of all ordered pairs: the numbers are the traces', and every reason changes the size."""
    traces = [trace(each) for each in VARIANTS.values()]
    counted = 0
    for one, other in permutations(traces, 2):
        found = consequences(one, other)
        for each in found:
            for language in LANGUAGES:
                assert consequence_text(each, language)
            if each.what in ("size", "again"):
                check_size(one, other, each)
                counted += each.what == "size"
            elif each.what == "reads":
                assert prod(one[each.layers[0]].input_shape) == each.old
                assert prod(other[each.layers[0]].input_shape) == each.new
            elif each.what in ("params", "macs"):
                assert (getattr(one, each.what), getattr(other, each.what)) == (each.old, each.new)
        parts = [each for each in found if each.what in ("size", "again")]
        assert bool(parts and parts[-1].what == "size") == parted(one, other), (one, other)
    assert counted > 1000


def parted(one: Trace, other: Trace) -> bool:
    """Whether the last map of both that a layer resizes has two sizes."""
    pairs = [
        (one[row.name].output_shape[1:], row.output_shape[1:])
        for row in other.rows
        if row.name in one.by_name
        and len(row.output_shape) == len(one[row.name].output_shape) == 3
        and not (row.layer.keeps_shape and one[row.name].layer.keeps_shape)
    ]
    return bool(pairs) and pairs[-1][0] != pairs[-1][1]


def check_size(one: Trace, other: Trace, it: Consequence) -> None:
    (name,) = it.layers
    row, first = other[name], one[name]
    assert first.output_shape[1:] == it.old
    assert row.output_shape[1:] == it.new
    assert (it.old == it.new) is (it.what == "again")
    arriving = (row.input_shape[1], row.input_shape[2])
    alone: list[bool] = []
    for reason in it.reasons:
        if reason.field in ("kernel_size", "stride", "padding", "dilation", "rounding"):
            assert isinstance(row.layer, Window)
            assert by_hand(row.layer, arriving) == it.new
            assert getattr(first.layer, reason.field) == reason.old != reason.new
            back = replace(row.layer, **{reason.field: reason.old})  # type: ignore[arg-type]
            alone.append(by_hand(back, arriving) != it.new)
        elif reason.field == "input":
            assert one.input_shape[1:] != other.input_shape[1:]
        elif reason.field in ("without", "added"):
            has = one if reason.field == "without" else other
            assert reason.new in has.by_name
            assert (reason.new in one.by_name) != (reason.new in other.by_name)
    # each setting changes the size when it alone is set back, or only all of them together do
    assert all(alone) or not any(alone)


@pytest.mark.parametrize(("width", "reads"), [(100, 2 * 100), (64, 128)])
def test_a_dense_layer_reads_more(width: int, reads: int) -> None:
    def made(channels: int) -> Network:
        conv = Conv(name="conv1", kernel_size=1, out_channels=channels)
        layers = (conv, Flatten(name="flatten"), Linear(name="fc2", out_features=3))
        return Network(id="made", input_shape=(3, 1, 2), layers=layers)

    assert f"fc2 reads {reads:,} instead of 14" in said(made(7), made(width))
