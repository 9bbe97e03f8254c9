"""The runs of 2012 against their files, column by column.

``facts/runs.json`` is what layers/layers-<run>.cfg of computerhistory/AlexNet-Source-Code says:
name and type of every layer, one line where the two columns' layers differ in nothing but the
column, where its inputs come from (the image, its own column, both columns), and its numbers under
the file's own keys.  The sizes are layer.py's: 1 + ceil((2p + W - F) / S) for convolutions and
ceil((W - F) / S) + 1 for pools.
"""

import json
from collections.abc import Iterator
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from alexnet_viz.analysis.inputs.input_ranges import inputs_fitting
from alexnet_viz.network.layers import LRN, Conv, Dropout, Linear, MaxPool, ReLU, Softmax
from alexnet_viz.network.trace import Row, trace
from alexnet_viz.variants import VARIANTS

RUNS: dict[str, Any] = json.loads((Path(__file__).parent / "facts" / "runs.json").read_text())
KINDS = {
    "conv": Conv, "pool": MaxPool, "cmrnorm": LRN, "rnorm": LRN, "fc": Linear, "hs": Dropout,
    "softmax": Softmax,
}  # fmt: skip


class Fact(NamedTuple):
    """One layer of a file, its columns taken together."""

    type: str
    numbers: dict[str, Any]
    outputs: tuple[int, ...]
    params: int
    macs: int
    groups: int
    """Columns that read only themselves."""


def facts(run: str, side: int = 224) -> Iterator[Fact]:
    """A run layer by layer; a neuron is a layer of its own here."""
    columns = RUNS[run]["columns"]
    held, places = 3, side
    """Maps, or units, of a column, and the side of its maps; 0 where there are units."""
    for _, kind, inputs, numbers in RUNS[run]["layers"]:
        read = held * (columns if inputs == "both" else 1)
        wide = columns if numbers.get("gpu") is None else 1
        params = macs = 0
        if kind == "conv":
            size = numbers["filterSize"]
            places = 1 + ceil((2 * numbers["padding"] + places - size) / numbers["stride"])
            weights = numbers["filters"] * read * size**2
            held = numbers["filters"]
            params, macs = wide * (weights + held), wide * weights * places**2
        elif kind == "pool":
            places = ceil((places - numbers["sizeX"]) / numbers["stride"]) + 1
        elif kind == "fc":
            weights = numbers["outputs"] * read * (places or 1) ** 2
            held, places = numbers["outputs"], 0
            params, macs = wide * (weights + held), wide * weights
        if kind == "softmax":
            wide = 1  # behind the output layer there is one column
        maps = (places, places) if places else ()
        apart = columns if inputs == "own" and wide > 1 else 1
        fact = Fact(kind, numbers, (wide * held, *maps), params, macs, apart)
        yield fact
        if "neuron" in numbers:
            yield fact._replace(type=numbers["neuron"], params=0, macs=0)


def rows(run: str, side: int = 224) -> list[Row]:
    """Our layers; the files flatten nothing."""
    result = trace(VARIANTS[run], side)
    assert result.failure is None
    return [row for row in result.rows if row.kind != "flatten"]


@pytest.mark.parametrize("side", [216, 224, 227])
@pytest.mark.parametrize("run", RUNS)
def test_layers_shapes_and_costs_are_the_files(run: str, side: int) -> None:
    ours, theirs = rows(run, side), list(facts(run, side))
    assert len(ours) == len(theirs)
    for row, fact in zip(ours, theirs, strict=True):
        assert isinstance(row.layer, KINDS.get(fact.type, ReLU)), row.name
        assert (row.output_shape, row.params, row.macs) == fact[2:5], row.name


@pytest.mark.parametrize("run", RUNS)
def test_columns_read_what_the_files_say(run: str) -> None:
    for row, fact in zip(rows(run), facts(run), strict=True):
        layer, numbers = row.layer, fact.numbers
        match layer:
            case Conv() | Linear():
                assert layer.groups == fact.groups, row.name
            case LRN():
                assert layer.groups == (1 if fact.type == "rnorm" else fact.groups), row.name
                assert layer.region == ("map" if fact.type == "rnorm" else "channels")
                assert layer.size == numbers["size"]
                # layer-params-*.cfg: scale 0.0001 and minDiv 2, of rnorm 0.001 and layer.py's 1
                alpha, k = (1e-3 / 25, 1) if fact.type == "rnorm" else (1e-4 / 5, 2)
                assert (layer.effective_alpha, layer.k) == (pytest.approx(alpha), k)
            case Dropout():
                assert (1 - layer.p, layer.scale) == (numbers["keep"], "test")
            case MaxPool():
                assert layer.kernel_size == (numbers["sizeX"],) * 2


def last_map(run: str, side: int) -> tuple[int, ...]:
    """What a run's first dense layer reads of a square input."""
    return [fact.outputs for fact in facts(run, side) if len(fact.outputs) == 3][-1]


@pytest.mark.parametrize("run", RUNS)
def test_inputs_that_keep_the_weights(run: str) -> None:
    keeping = [side for side in range(100, 400) if last_map(run, side) == last_map(run, 224)]
    assert keeping == list(inputs_fitting(VARIANTS[run]))


def test_every_run_is_here() -> None:
    assert set(RUNS) == {id for id in VARIANTS if id.startswith("alexnet_2012_code_")}


@pytest.mark.parametrize(
    ("run", "params"),
    [
        ("alexnet_2012_code_145", 60_965_224),
        ("alexnet_2012_code_146_conv6", 61_555_304),
        ("alexnet_2012_code_145_half", 59_798_312),
        ("alexnet_2012_code_147", 60_965_224),
        ("alexnet_2012_code_148", 60_965_224),
        ("alexnet_2012_code_150", 60_714_408),
    ],
)
def test_totals_that_are_quoted(run: str, params: int) -> None:
    assert trace(VARIANTS[run]).params == params == sum(fact.params for fact in facts(run))


def test_pools_that_do_not_overlap_end_in_the_same_map() -> None:
    result = trace(VARIANTS["alexnet_2012_code_147"])
    names = ("conv1", "pool1", "conv2", "pool2", "conv5", "pool5")
    assert [result[name].output_shape[1] for name in names] == [55, 28, 26, 13, 11, 6]


def test_columns_that_never_talk_meet_at_the_output() -> None:
    """From conv2 on every layer is split, and fc8 is whole."""
    result = trace(VARIANTS["alexnet_2012_code_150"])
    split = {
        row.name: row.layer.groups for row in result.rows if isinstance(row.layer, Conv | Linear)
    }
    assert split.pop("conv1") == split.pop("fc8") == 1
    assert set(split.values()) == {2}
