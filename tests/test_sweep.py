"""The input axis, against the ranges of the facts and torch's own refusals."""

import json
from itertools import pairwise

import pytest
import torch

from alexnet_viz.analysis.inputs.input_ranges import inputs_fitting
from alexnet_viz.analysis.inputs.sweep import sweep
from alexnet_viz.commands import cli
from alexnet_viz.model.build import build
from alexnet_viz.network.layers import BatchNorm, Conv, Flatten, Linear
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.render.diagrams.sweep import sweep_diagram
from alexnet_viz.render.tables.sweep import sweep_record, sweep_table, sweeps_table
from alexnet_viz.text.problem import Problem
from alexnet_viz.variants import VARIANTS

PAPER = VARIANTS["alexnet_2012_paper"]


@pytest.mark.parametrize(
    ("variant", "first", "last"),
    [
        ("alexnet_2012_paper", 196, 227),
        ("caffe_bvlc_alexnet", 199, 230),
        ("torch7_alexnetowt", 223, 254),
        ("onnx_zoo_bvlcalexnet", 211, 242),
        ("tf_slim_alexnet_v2", 195, 226),
        ("dl4j_alexnet", 219, 250),
        ("mindspore_alexnet", 217, 248),
        ("keras_eweill_bn", 216, 231),
        ("zfnet_paper", 207, 238),
    ],
)
def test_where_the_weights_fit(variant: str, first: int, last: int) -> None:
    """The published tables' last column: "inputs that keep the weights"."""
    fits = [one.sizes for one in sweep(VARIANTS[variant], 150, 300) if one.outcome == "fits"]
    assert fits == [range(first, last + 1)]


def test_an_adaptive_pool_takes_everything_above_its_smallest() -> None:
    network = VARIANTS["torchvision_alexnet"]
    below, rest = sweep(network, 60, 300)
    assert (below.outcome, below.sizes, below.breaks_at) == ("breaks", range(60, 63), "pool5")
    assert (rest.outcome, rest.sizes, rest.dense) == ("fits", range(63, 301), 9216)


@pytest.mark.parametrize("variant", ["alexnet_2012_paper", "matconvnet_init_alexnet"])
def test_every_size_stands_in_one_stretch(variant: str) -> None:
    stretches = sweep(VARIANTS[variant], 100, 400)
    assert [size for one in stretches for size in one.sizes] == list(range(100, 401))
    keys = [(one.outcome, one.dense, one.breaks_at) for one in stretches]
    assert all(one != other for one, other in pairwise(keys))


@pytest.mark.parametrize("variant", ["caffe_bvlc_alexnet", "d2l_alexnet", "tf_slim_alexnet_v2"])
def test_a_stretch_says_what_torch_says(variant: str) -> None:
    """At both ends of every stretch: the same dense input, the same break."""
    network = VARIANTS[variant]
    for one in sweep(network, 60, 240):
        for size in {one.sizes.start, one.sizes.stop - 1} - {60, 240}:
            result = trace(network.refitted(), size)
            assert (result.failure is not None) == (one.outcome == "breaks")
            if result.failure:
                assert result.failure.layer == one.breaks_at
                continue
            model = build(network.refitted(), input_size=size, device="meta")
            dense = [m for m in model.children() if isinstance(m, torch.nn.Linear)]
            assert (dense[0].in_features if dense else None) == one.dense
    fitting = inputs_fitting(network)
    for one in sweep(network, fitting.start, fitting.stop - 1):
        assert one.refused is None


def test_a_layer_built_for_another_input_is_named() -> None:
    below, fits, above = sweep(PAPER, 190, 230)
    assert (below.refused, fits.refused, above.refused) == ("fc6", None, "fc6")
    assert (below.outcome, above.outcome) == ("refitted", "refitted")


def test_the_grid_and_the_record_say_the_same() -> None:
    stretches = sweep(PAPER, 190, 230)
    grid = sweep_table(PAPER, stretches).grid
    assert [row[:3] for row in grid.rows] == [
        ("190–195", "dense layer changes", 6400),
        ("196–227", "weights fit", 9216),
        ("228–230", "dense layer changes", 12544),
    ]
    assert grid.rows[1][3] == "196–48–24–12–6"
    record = sweep_record(PAPER, stretches)
    assert [(one["first"], one["last"]) for one in record["stretches"]] == [
        (190, 195), (196, 227), (228, 230)]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_strips_name_every_network_and_stretch(language: str) -> None:
    names = ("alexnet_2012_paper", "torchvision_alexnet", "article_002_text")
    sweeps = {name: sweep(VARIANTS[name], 190, 300) for name in names}
    svg = sweep_diagram(sweeps, language)
    for name in names:
        assert name in svg
    assert "196–227 px" in svg
    assert ">224<" in svg
    assert ">227<" in svg
    assert svg.count('class="target stretch"') == sum(map(len, sweeps.values()))


def test_a_row_is_not_swept() -> None:
    flat = Network(id="flat", input_shape=(784,), layers=(Linear(name="fc6", out_features=10),))
    with pytest.raises(Problem, match="784"):
        sweep(flat)
    tiny = Network(
        id="t", input_shape=(3, 9, 9), layers=(Conv(name="c", out_channels=2, kernel_size=3),)
    )
    assert {one.dense for one in sweep(tiny, 1, 20)} == {None}


def test_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(("sweep", "alexnet_2012_paper", "--format", "json")) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["stretches"][0]["first"], record["stretches"][-1]["last"]) == (63, 512)
    assert cli.main(("sweep", "alexnet_2012_paper", "--format", "svg", "--from", "200")) == 0
    assert capsys.readouterr().out.startswith("<svg")
    assert cli.main(("sweep", "alexnet_2012_paper", "--from", "300", "--to", "200")) == 2
    assert "begins at 300 px and ends at 200 px" in capsys.readouterr().err


@pytest.mark.parametrize("variant", ["alexnet_2012_paper", "tf_slim_alexnet_v2", "tch_rs_alexnet"])
def test_no_change_lies_between_the_sizes_that_are_tried(variant: str) -> None:
    """Every size by itself, of which the sweep traces only some."""
    network = VARIANTS[variant]
    alone = {size: sweep(network, size, size)[0] for size in range(63, 300)}
    for stretch in sweep(network, 63, 299):
        assert alone[stretch.sizes.start].sides == stretch.sides
        for size in stretch.sizes:
            for key in ("outcome", "dense", "breaks_at", "refused"):
                assert getattr(alone[size], key) == getattr(stretch, key), size


def test_a_batch_norm_behind_a_flatten_fits_its_own_input_alone() -> None:
    layers = (Flatten(name="flatten"), BatchNorm(name="bn1"))
    network = Network(id="small", input_shape=(4, 17, 17), layers=layers)
    found = [(each.sizes, each.outcome) for each in sweep(network, 1, 40)]
    assert found == [
        (range(1, 17), "refitted"),
        (range(17, 18), "fits"),
        (range(18, 41), "refitted"),
    ]


def test_a_wedge_marks_each_networks_own_input() -> None:
    networks = [PAPER, VARIANTS["alexnet_2012_227"]]
    sweeps = {network.id: sweep(network, 200, 260) for network in networks}
    plain = sweep_diagram(sweeps)
    marked = sweep_diagram(sweeps, native={network.id: network.input_size for network in networks})
    assert marked.count("<polygon") == plain.count("<polygon") + 2
    beyond = sweep_diagram(sweeps, native={PAPER.id: 300})
    assert beyond == plain


def test_several_sweeps_are_one_table() -> None:
    networks = [PAPER, VARIANTS["alexnet_2012_227"]]
    sweeps = [sweep(network, 200, 260) for network in networks]
    grid = sweeps_table(networks, sweeps).grid
    assert len(grid.rows) == sum(map(len, sweeps))
    assert grid.rows[0][:3] == ("alexnet_2012_paper", 224, "200–227")
    assert {row[1] for row in grid.rows} == {224, 227}
