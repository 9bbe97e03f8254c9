"""The logged runs against their log lines, the paper and the registered architectures."""

import json
import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from alexnet_viz.analysis.history import IDEAS, NOISE, RUNS, Cost, agrees, cost, gain
from alexnet_viz.network.layers import LRN, MaxPool
from alexnet_viz.network.trace import trace
from alexnet_viz.render.charts.history import gains
from alexnet_viz.render.tables.grid import comma_separated
from alexnet_viz.render.tables.history import history_record, ideas_table, points, runs_table
from alexnet_viz.text import LANGUAGES, Language
from alexnet_viz.variants import VARIANTS
from tests.spoken import ROOT, open_page, words

FACTS = ROOT / "tests" / "facts"
LOGS: dict[str, list[str]] = json.loads((FACTS / "run_logs.json").read_text("utf-8"))
RETESTS: dict[str, Any] = json.loads((FACTS / "retest_2017.json").read_text("utf-8"))
PARAMS = {run.variant: trace(VARIANTS[run.variant]).params for run in RUNS.values()}
IDEA = {idea.id: idea for idea in IDEAS}


@pytest.mark.parametrize("run", RUNS.values(), ids=list(RUNS))
def test_a_run_is_what_its_file_logs(run: Any) -> None:
    log = "\n".join(LOGS[run.id])
    top1, top5 = re.search(r"logprob: +[\d.]+, ([\d.]+), ([\d.]+)", log).groups()
    assert (run.top1, run.top5) == (float(top1), float(top5))
    assert re.search(r"epoch (\d+): killed", log)[1] == str(run.epochs)
    assert re.search(r"ConvNet__([\d-]+)_", log)[1] == run.begun
    assert run.url.endswith(f"/layers/layer-params-{run.id}.cfg")


def test_what_each_change_cost() -> None:
    costs = {run.id: cost(run) for run in RUNS.values()}
    assert costs == {
        "145": None,
        "147": Cost(top1=0.394, top5=0.3),
        "148": Cost(top1=1.37, top5=1.152),
        "150": Cost(top1=1.164, top5=1.12),
        "145-2010": None,
        "145-half": Cost(top1=1.6953, top5=1.23),
    }


def test_the_paper_states_what_its_logs_say() -> None:
    assert {run.id: agrees(run) for run in RUNS.values() if run.against} == {
        "147": True,
        "148": True,
        "150": None,
        "145-half": True,
    }
    assert "(1.4% top-1 worse than 145)" in LOGS["148"][-1]


def test_runs_are_compared_on_the_same_images() -> None:
    for run in RUNS.values():
        if run.against:
            assert RUNS[run.against].data == run.data


def test_a_statement_that_does_not_fit_is_seen() -> None:
    from dataclasses import replace

    assert agrees(replace(RUNS["147"], stated=Cost(top1=0.4, top5=0.4))) is False


def test_the_architectures_are_those_described() -> None:
    """The changes and the caveats, read off the registered networks."""
    code = VARIANTS["alexnet_2012_code_145"]
    by_run = {run.id: VARIANTS[run.variant] for run in RUNS.values()}
    pools = [layer for layer in by_run["147"].layers if isinstance(layer, MaxPool)]
    assert {(pool.kernel_size, pool.stride) for pool in pools} == {((2, 2), (2, 2))}
    assert by_run["147"]["conv2"].padding == (1, 1, 1, 1)
    assert by_run["147"]["conv5"].padding == (0, 0, 0, 0)
    assert trace(by_run["147"])["pool5"].output_shape == trace(code)["pool5"].output_shape
    assert len([layer for layer in code.layers if isinstance(layer, LRN)]) == 3
    assert not [layer for layer in by_run["148"].layers if isinstance(layer, LRN)]
    apart = {layer.name: layer for layer in by_run["150"].layers}
    assert (apart["conv2"].out_channels, apart["fc6"].out_features) == (2 * 160, 2 * 4096)
    reading = ("conv2", "conv3", "conv4", "conv5", "fc6", "fc7", "fc8")
    assert [apart[name].groups for name in reading] == [2, 2, 2, 2, 2, 2, 1]
    half = by_run["145-half"]
    names = ("conv1", "conv2", "conv3", "conv4", "conv5")
    assert [half[name].out_channels for name in names] == [48, 128, 192, 192, 256]
    assert [code[name].out_channels for name in names] == [96, 256, 384, 384, 256]
    assert half["fc6"].out_features == code["fc6"].out_features


def test_the_parameters_of_the_runs() -> None:
    assert {run.id: f"{PARAMS[run.variant] / 1e6:.2f}" for run in RUNS.values()} == {
        "145": "60.97",
        "147": "60.97",
        "148": "60.97",
        "150": "60.71",
        "145-2010": "60.97",
        "145-half": "59.80",
    }


def test_the_retest_is_what_its_tables_say() -> None:
    for name, rows in RETESTS.items():
        if name != "source":
            retest = IDEA[name].retest
            assert retest is not None
            assert (retest.with_it, retest.without) == (rows["with"][1], rows["without"][1])
    assert {idea.id for idea in IDEAS if idea.retest} == RETESTS.keys() - {"source"}
    gained = {idea.id: round(idea.retest.gain, 6) for idea in IDEAS if idea.retest}
    assert gained == {"lrn": -0.1, "talk": 1.6, "overlap": -1.3}


def test_ideas_come_in_the_order_of_their_worth() -> None:
    worth = [gain(idea) for idea in IDEAS]
    assert worth == sorted(worth, reverse=True)
    assert gain(IDEA["overlap"]) < NOISE < gain(IDEA["lrn"])


def test_the_figure_shows_every_idea_in_both_years() -> None:
    figure = gains()
    dots = {trace.name: trace for trace in figure.data if trace.name}
    then, later = dots["2012, logged runs"], dots["2017, re-test"]
    assert list(then.x) == [gain(idea) for idea in IDEAS]
    assert list(then.text) == ["+1.70", "+1.37", "+1.16", "+0.39"]
    assert list(later.text) == ["−0.1", "+1.6", "−1.3"]
    assert list(figure.layout.yaxis.categoryarray) == list(then.y)
    low, high = figure.layout.xaxis.range
    assert all(low < value < high for value in (*then.x, *later.x))
    band = figure.layout.shapes[0]
    assert (band.x0, band.x1) == (-NOISE, NOISE)
    assert "run 145: error 40.66 %, run 148 without it: 42.03 %" in then.customdata[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tables_and_the_files(language: Language) -> None:
    runs = runs_table(PARAMS, language).grid
    assert [row[0] for row in runs.rows] == list(RUNS)
    assert "60,714,408" not in comma_separated(runs)
    assert "60714408" in comma_separated(runs)
    assert "'+0.39 / +0.30" in comma_separated(runs)  # no spreadsheet takes it for a formula
    assert len(ideas_table(language).grid.rows) == len(IDEAS)
    record = json.loads(json.dumps(history_record(PARAMS, language)))
    by_id = {run["id"]: run for run in record["runs"]}
    assert by_id["148"]["cost"] == {"top1": 1.37, "top5": 1.152}
    assert by_id["150"]["stated"] is None
    assert by_id["147"]["changed"] == RUNS["147"].changed.of(language)
    assert [idea["gain_2017"] for idea in record["ideas"]] == [None, -0.1, 1.6, -1.3]


def test_a_cost_is_written_with_its_signs() -> None:
    assert points(Cost(top1=-0.4, top5=1.25), 1) == "−0.4 / +1.2"
    assert points(None) == ""


def opened(**query: object) -> AppTest:
    app = open_page("towers", section="history", **query)
    assert not app.exception
    return app


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_section_says_what_was_logged_and_what_was_found_later(language: Language) -> None:
    said = words(opened(lang=language))
    for number in ("+1.37 / +1.15", "+1.4 / +1.2", "0.470", "0.484", "0.487", "+1.16 / +1.12"):
        assert number in said
    for idea in IDEAS:
        assert idea.says.of(language) in said
    for run in RUNS.values():
        assert run.caveat is None or run.caveat.of(language) in said


def test_every_run_leads_to_its_architecture() -> None:
    app = opened()
    links = [link.proto for link in app.get("page_link")]
    led = {link.query_string for link in links if link.query_string.startswith("variant=")}
    assert led == {f"variant={run.variant}" for run in RUNS.values()}
    labels = {link.label for link in links}
    assert "Its architecture: 60,714,408 parameters" in labels
    assert set(RUNS) <= labels
