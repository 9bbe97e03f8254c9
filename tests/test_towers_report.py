"""What the tables of towers say, against the figures published and torch's own counts."""

import json
import re

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from alexnet_viz.analysis.towers.placements import CONFIGURATIONS
from alexnet_viz.analysis.towers.split import split
from alexnet_viz.commands import cli
from alexnet_viz.model.build import build
from alexnet_viz.network.layers import Conv, Flatten, Linear, ReLU
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.render.tables.towers import (
    balance,
    configurations_table,
    gpus_table,
    layers_table,
    narrow_grid,
    returned,
    towers_record,
    traffic_table,
    training_macs,
)
from alexnet_viz.variants import VARIANTS

PAPER = trace(VARIANTS["alexnet_2012_paper"])
HALVES = split(PAPER, "halves")
RELEASED = split(PAPER)


def cell(grid: Grid, row: str, column: str) -> object:
    rows = {cells[0]: cells for cells in (*grid.rows, *grid.totals)}
    return rows[row][grid.header.index(column)]


@pytest.mark.parametrize(
    ("layer", "values"), [("conv3", 43_264), ("fc6", 9_216), ("fc7", 4_096), ("fc8", 4_096)]
)
def test_the_crossings_of_the_paper(layer: str, values: int) -> None:
    grid = traffic_table(HALVES, 128).grid
    assert cell(grid, layer, "values forward, 1 image") == values
    assert cell(grid, layer, "values back, 1 image") == values
    assert cell(grid, layer, "bytes, inference, batch 128") == 4 * 128 * values
    assert cell(grid, layer, "bytes, training, batch 128") == 2 * 4 * 128 * values


def test_their_sum() -> None:
    grid = traffic_table(HALVES, 1).grid
    assert cell(grid, "total", "values forward, 1 image") == 60_672
    assert cell(grid, "total", "bytes, training, batch 1") == 2 * 4 * 60_672


def test_what_each_gpu_holds() -> None:
    grid = gpus_table(RELEASED).grid
    assert cell(grid, "GPU 0", "params") == 32_531_112
    assert cell(grid, "GPU 1", "params") == 28_434_112
    assert cell(grid, "total", "params") == 60_965_224
    # GPU 0 alone reads for fc8, so it fetches half of fc7 more, and lends as much less
    assert cell(grid, "GPU 0", "values received, forward") == 21_632 + 4_608 + 2_048 + 2_048
    assert cell(grid, "GPU 1", "values received, forward") == 21_632 + 4_608 + 2_048
    assert cell(grid, "GPU 1", "gradients returned") == 21_632 + 4_608 + 2_048 + 2_048
    assert cell(grid, "total", "activations") == sum(row.elements for row in PAPER.rows)


def test_every_value_lent_comes_back_as_a_gradient() -> None:
    for stage in RELEASED.stages:
        assert sum(returned(stage)) == stage.crossing


@pytest.mark.parametrize("last", ["first", "halves"])
def test_macs_of_a_training_step_are_those_torch_counts(last: str) -> None:
    """The flop counter sees a whole step; its FLOPs are two a MAC.

    Without groups: of a grouped convolution it counts the gradient of the weights as if every
    kernel read all channels.
    """
    network = Network(
        id="small",
        input_shape=(3, 9, 9),
        layers=(
            Conv(name="conv1", out_channels=4, kernel_size=3, bias=False),
            ReLU(name="relu1"),
            Conv(name="conv2", out_channels=8, kernel_size=3, bias=False),
            Flatten(name="flatten"),
            Linear(name="fc6", out_features=10, bias=False),
        ),
    )
    model = build(network).requires_grad_(True)
    with FlopCounterMode(display=False) as counter:
        model(torch.ones(1, 3, 9, 9)).sum().backward()
    assert 2 * sum(training_macs(split(trace(network), last, gpus=2))) == counter.get_total_flops()


def test_balance_is_one_where_shares_are_equal() -> None:
    assert balance(HALVES.params) == 1
    assert balance((3, 1)) == pytest.approx(2 / 3)
    assert balance((0, 0)) == 1


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_layers_add_up(language: str) -> None:
    grid = layers_table(PAPER, HALVES, language).grid
    assert grid.totals[0][4] == sum(row[4] for row in grid.rows) == 60_672
    assert grid.totals[0][7:9] == (30_482_612, 30_482_612)


def test_a_page_has_as_many_columns_for_any_number_of_gpus() -> None:
    grid = narrow_grid(PAPER, RELEASED)
    assert cell(grid, "conv2", "output per GPU") == "128×27×27 each"
    assert cell(grid, "fc8", "params per GPU") == "4,097,000 | 0"
    assert cell(grid, "total", "params per GPU") == "32,531,112 | 28,434,112"
    assert cell(grid, "relu1", "params per GPU") == "0"
    eight = narrow_grid(PAPER, split(PAPER, gpus=8))
    assert len(eight.header) == len(grid.header)
    assert cell(eight, "fc8", "params per GPU") == "4,097,000 | 7 × 0"
    assert cell(narrow_grid(PAPER, split(PAPER, gpus=1)), "fc8", "params per GPU") == "4,097,000"


@pytest.mark.parametrize(
    ("id", "params"),
    [
        ("released", (32_531_112, 28_434_112)),
        ("figure_2", (30_482_612, 30_482_612)),
        ("run_150", 60_714_408),
        ("half", 59_798_312),
        ("torch7", 60_522_856),
    ],
)
def test_published_placements(id: str, params: tuple[int, ...] | int) -> None:
    configuration = CONFIGURATIONS[id]
    row = {cells[0]: cells for cells in configurations_table().grid.rows}[configuration.title.en]
    if isinstance(params, tuple):
        assert row[2] == " + ".join(f"{n:,}" for n in params)
        params = sum(params)
    assert row[3] == params
    assert sum(int(part.replace(",", "")) for part in str(row[2]).split(" + ")) == params


def test_run_150_talks_at_fc8_alone() -> None:
    towers = split(trace(VARIANTS["alexnet_2012_code_150"]))
    assert {stage.name: stage.crossing for stage in towers.stages if stage.crossing} == {
        "fc8": 2_048
    }
    torch7 = split(trace(VARIANTS["torch7_alexnet_2tower"]), "halves")
    assert {stage.name for stage in torch7.stages if stage.crossing} == {"fc6", "fc7", "fc8"}


def test_the_record_says_the_same() -> None:
    record = towers_record(PAPER, RELEASED, batch=128)
    assert record["whole_on_one_gpu"] == {"fc8": 0}
    assert record["params"] == [32_531_112, 28_434_112]
    assert record["batch_bytes_forward"] == record["batch_bytes_back"] == 128 * 4 * 58_624
    assert sum(sum(stage["returned"]) for stage in record["stages"]) == record["crossing"]
    json.dumps(record)


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert cli.main(("towers", *words)) == 0
    return capsys.readouterr().out


def test_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "alexnet_2012_paper", "--last", "halves")
    for number in ("60,672", "30,482,612", "31,064,064", "1,033,902,624"):
        assert number in text
    four = json.loads(printed(capsys, "alexnet_2012_paper", "--gpus", "4", "--format", "json"))
    assert (four["towers"], sum(four["params"])) == (4, 60_965_224)
    one = json.loads(printed(capsys, "torchvision_alexnet", "--gpus", "1", "--format", "json"))
    assert (one["params"], one["crossing"]) == ([61_100_840], 0)


def test_cutting_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("alexnet_2012_paper", "--cut", "conv3", "--last", "halves", "--format", "json")
    assert json.loads(printed(capsys, *words))["crossing"] == 9_216 + 2 * 4_096
    words = ("alexnet_2012_paper", "--cut", " conv3, conv3", *words[3:])
    assert json.loads(printed(capsys, *words))["crossing"] == 9_216 + 2 * 4_096
    words = ("alexnet_2012_paper", "--norm", "across", "--last", "halves", "--format", "json")
    assert json.loads(printed(capsys, *words))["crossing"] == 60_672 + 12_100 + 2_916


@pytest.mark.parametrize(("language", "words"), [("en", "conv3"), ("zh", "GPU")])
def test_the_drawing_on_the_command_line(
    language: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = printed(capsys, "alexnet_2012_paper", "--format", "svg", "--language", language)
    assert text.startswith("<svg")
    assert words in text
    assert "5×5×48" in text


def test_the_tables_of_a_network_that_stops_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "alexnet_2012_paper", "--input", "1")
    assert [line.split()[-1] for line in text.splitlines() if re.match(r"GPU \d", line)] == [
        "0",
        "0",
    ]
    assert "conv1" in text


def test_the_drawing_of_a_network_that_stops_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "alexnet_2012_paper", "--input", "1", "--format", "svg")
    assert ">conv1<" in text
    assert ">stops here<" in text


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--cut", "conv1"), "'conv1' cannot be cut; the layers that can are conv2"),
        (("--cut", "conv3,pool9"), "'pool9' cannot be cut"),
        (("--cut", ""), "'' cannot be cut"),
        (("--cut", "conv3,"), "'' cannot be cut"),
        (("--gpus", "0"), "1 to 64"),
        (("--gpus", ""), "--gpus needs a whole number, not ''"),
        (("--gpus", "two"), "two"),
        (("--batch", "-1"), "-1"),
    ],
)
def test_bad_requests(
    words: tuple[str, ...], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(("towers", "alexnet_2012_paper", *words)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert complaint in err
    assert len(err.splitlines()) == 1
