"""The benchmarks compare what is alike, in turns, and print what they measured."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from io import BytesIO
from itertools import count
from pathlib import Path
from random import Random

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load as load_file
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from torch import Tensor

from alexnet_viz.pictures.samples import SAMPLES
from benchmarks import (
    bare,
    cluster,
    cold,
    fair,
    gpu,
    live,
    load,
    memory,
    norm,
    queue_model,
    scale,
    scan,
    sheet,
    soak,
    timing,
)
from benchmarks.load import UPLOADING
from benchmarks.timing import WARM_UP, medians, table
from tests.browser.server import Server, serving
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

CPU = torch.device("cpu")


def test_candidates_take_turns_and_each_begins_some_rounds() -> None:
    calls: list[str] = []
    found = medians({name: lambda name=name: calls.append(name) for name in "abc"}, rounds=6)
    assert list(found) == ["a", "b", "c"]
    rounds = ["".join(calls[start : start + 3]) for start in range(0, len(calls), 3)]
    assert len(rounds) == WARM_UP + 6
    assert set(rounds) == {"abc", "bca", "cab"}


def test_the_median_is_of_what_the_clock_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first call takes 1 second, the second 2 …; those to warm up are not counted."""
    clock = 0
    calls = count(1)

    def work() -> None:
        nonlocal clock
        clock += next(calls)

    monkeypatch.setattr(timing, "perf_counter", lambda: clock)
    assert medians({"work": work}, rounds=3) == {"work": WARM_UP + 2}


def test_a_table_has_milliseconds_and_multiples_of_the_first() -> None:
    lines = table({"a": 0.002, "b": 0.003}).splitlines()
    assert lines[2:] == ["| a | 2.000 | 1.00 |", "| b | 3.000 | 1.50 |"]


@pytest.fixture(scope="module")
def candidates() -> live.Candidates:
    return live.candidates(1, CPU)


def test_the_bare_network_is_torchvisions() -> None:
    """Names and number of its parameters, as torchvision's published weights have them."""
    with torch.device("meta"):
        model = bare.AlexNet()
    learned = [name for name in model.state_dict() if name.endswith("weight")]
    assert learned == [
        *(f"features.{i}.weight" for i in (0, 3, 6, 8, 10)),
        *(f"classifier.{i}.weight" for i in (1, 4, 6)),
    ]
    assert sum(each.numel() for each in model.parameters()) == 61_100_840


def test_what_is_compared_gives_the_same_answers(candidates: live.Candidates) -> None:
    answers = [last(run()) for name, run in candidates.items() if "torchvision" in name]
    assert len(answers) == 4
    *_, captum = candidates["captum's `LayerActivation`, the same layers"]()
    for answer in (*answers[1:], captum):
        torch.testing.assert_close(answer, answers[0])


def test_the_weights_that_ship_give_the_same_answers(candidates: live.Candidates) -> None:
    plain, paged = [run() for name, run in candidates.items() if "that ship" in name]
    torch.testing.assert_close(paged, plain)


def last(output: object) -> Tensor:
    """The logits, as the last of all layers, as an array or as they are."""
    if isinstance(output, dict):
        *_, output = output.values()
    return torch.tensor(np.asarray(output))


def test_as_many_bytes_are_read_as_the_weights_have(candidates: live.Candidates) -> None:
    """A sum of ones counts them; a product of matrices of ones multiplies as often as it says."""
    assert float(candidates["reading"]()) == pytest.approx(61_100_840)
    product = candidates["multiplying"]()
    assert isinstance(product, Tensor)
    assert product.shape == (live.SIDE, live.SIDE)
    assert float(product[0, 0]) == live.SIDE


def test_nothing_is_recorded_while_the_clock_runs(candidates: live.Candidates) -> None:
    assert torch.is_inference(candidates["`torchvision_alexnet`"]())


def test_a_batch_is_the_samples_in_turn() -> None:
    batch = live._batch(len(SAMPLES) + 1, 67)
    assert batch.shape == (len(SAMPLES) + 1, 3, 67, 67)
    assert torch.equal(batch[0], batch[-1])
    assert not torch.equal(batch[0], batch[1])


def test_the_live_tables(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The two limits are told in the time they would take, not in that of their trial."""
    seconds = {"bare torchvision network": 1.0, "reading": 0.5, "multiplying": 0.25}
    monkeypatch.setattr(live, "candidates", lambda images, device: {})
    monkeypatch.setattr(live, "medians", lambda candidates, rounds: dict(seconds))
    live.main("1")
    out = capsys.readouterr().out
    macs = 714_188_480  # of torchvision's AlexNet: published as 0.71 GFLOPS
    for images in live.BATCHES:
        share = 0.25 * images * macs / live.SIDE**3
        assert f"one matrix product | {1e3 * share:.3f} |" in out
    assert out.count("limit: the weights read once | 500.000 | 0.50 |") == 2
    assert "244 MB of weights at 0.5 GB/s, 34 billion multiplications a second" in out


def test_the_norms_tables(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(norm, "SHAPES", {"norm1": (6, 3, 3)})
    norm.main("1")
    out = capsys.readouterr().out
    for what in ("1 of", "32 of", "16 of (6, 3, 3), forward and backward"):
        assert f"norm1, {what}" in out
    assert out.count("| torch |") == out.count("| ours |") == 3


def test_the_sheets_tables(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sheet, "memory", lambda: "| all | 1 |")
    monkeypatch.setattr(sheet, "LARGE", (400, 300))
    sheet.main("1")
    out = capsys.readouterr().out
    assert out.count("| `contact_sheet`, 96 maps |") == 2
    assert "| all | 1 |" in out


def test_an_enlarged_photograph_has_twelve_megapixels() -> None:
    buffer = BytesIO()
    Image.new("RGB", (8, 6)).save(buffer, "JPEG")
    with Image.open(BytesIO(sheet.enlarged(buffer.getvalue()))) as image:
        assert image.width * image.height == 12_000_000


def test_memory_is_told_step_by_step(capsys: pytest.CaptureFixture[str]) -> None:
    """What the fresh process runs, run here: a model's weights are 244 MB of it."""
    exec(sheet.PROCESS, {})
    steps = [int(line.split("|")[2]) for line in capsys.readouterr().out.splitlines()]
    assert len(steps) == 3
    assert steps[1] > 100


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(ROOT / "app.py", tmp_path_factory.mktemp("served") / "log") as server:
        yield server


@pytest.mark.process
def test_a_crowd_browses_and_uploads(served: Server) -> None:
    """Two visitors, one of whom uploads a photograph: every run is counted once, none fails."""
    found = asyncio.run(load.crowd(served.url, 2, steps=3, think=0.01))
    assert found.errors == []
    assert (len(found.first), len(found.later), len(found.uploads)) == (2, 3, 1)
    assert found.runs == 2 + 3 + 2
    assert all(0 < seconds < 60 for seconds in (*found.first, *found.later, *found.uploads))


@pytest.mark.process
@pytest.mark.parametrize("kind", ["nothing", "maximisation"])
def test_a_visitor_browses_while_another_one_s_tabs_work(served: Server, kind: str) -> None:
    found = asyncio.run(fair.against(served.url, kind, 1.0))
    assert found.errors == []
    assert len(found.plain) == len(found.live) >= 1
    assert (found.jobs > 0) == (kind != "nothing")


def test_a_tab_asks_every_time_of_another_picture() -> None:
    once, twice = fair.further("lang=en"), fair.further(fair.further("lang=en"))
    assert (once, twice) == ("lang=en&drawing_seed=1", "lang=en&drawing_seed=2")


@pytest.mark.process
def test_an_exception_on_a_page_and_a_lost_connection_are_errors(served: Server) -> None:
    visitor = load.Visitor(None, served.url)  # type: ignore[arg-type]
    told = ForwardMsg()
    told.delta.new_element.exception.type = "KeyError"
    visitor._look(told.delta.new_element, "layer")
    assert visitor.errors == ["/layer: KeyError "]
    found = load.Found()
    asyncio.run(load.visit("http://127.0.0.1:9", 0, found, 1, 0.0))
    assert len(found.errors) == 1


def test_visitors_of_every_round_open_the_same_pages() -> None:
    assert load.walk(Random(3), 8) == load.walk(Random(3), 8)
    opened = {page for n in range(20) for page, _ in load.walk(Random(n), 8)}
    assert opened == set(load.PAGES)
    assert len({load.photograph(n) for n in range(8)}) == 8


def test_the_table_of_a_crowd() -> None:
    """Of 20 runs the median is the 11th and 95 in 100 lie below the 20th."""
    found = load.Found([0.5], [n / 10 for n in range(1, 21)], [], ["lost"], 512.0, 2100.0)
    assert load.row("x", found) == (
        "| x | 0.500 / 0.500 | 1.100 / 2.000 | nan / nan | 100 | 512 | 1 |"
    )


def test_the_table_of_cold_starts_has_medians_and_ratios() -> None:
    times = {"before": {"a": [1.0, 400.0, 200.0]}, "now": {"a": [100.0]}}
    assert cold.table(times).splitlines() == [
        "| median, ms | before | now | ratio |",
        "|---|---:|---:|---:|",
        "| a | 200 | 100 | 0.50 |",
    ]


@pytest.mark.process
def test_memory_is_told_as_sessions_come_and_go(served: Server) -> None:
    numbers = soak.Numbers()
    before = len(load.PAGES)
    megabytes = asyncio.run(soak.soaked(served, before, numbers))
    assert 50 < megabytes < 4000
    assert numbers.total == soak.SESSIONS


@pytest.mark.process
def test_what_visitors_bring_is_told_in_memory(served: Server) -> None:
    kind = memory.Kind("a photograph", load.MAPS, "photograph.jpg", load.photograph)
    there = asyncio.run(memory.brought(served, kind, 2))
    assert 50 < there.anonymous < there.resident < 4000


def test_the_files_that_visitors_bring_are_of_alexnet_and_differ_in_a_number() -> None:
    data = memory.weights_file("safetensors")
    first, second = (load_file(memory.another(data, number)) for number in (0, 1))
    assert sum(each.numel() for each in first.values()) == 61_100_840
    differing = [int((first[name] != second[name]).sum()) for name in first]
    assert sum(differing) == 1
    assert all(bool(each.isfinite().all()) for each in second.values())


def test_the_table_of_memory_has_what_a_session_takes() -> None:
    found = [memory.Memory(*each) for each in ((600, 500), (1800, 620), (610, 505))]
    assert memory.row("x", "a file", 12, found) == (
        "| x | a file | 600 (500) | 1800 (620) | 610 (505) | 100 (10) |"
    )


def test_the_gpu_script_measures_every_section_on_the_cpu(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gpu, "READ", 10_000_000)
    monkeypatch.setattr(gpu, "SIDE", 512)
    gpu.main(["--quick", "--json", str(tmp_path / "gpu.json")])
    said = capsys.readouterr().out
    sections = json.loads((tmp_path / "gpu.json").read_text())["sections"]
    assert [f"### {each['title']}" in said for each in sections] == [True] * len(gpu.SECTIONS)
    rows = {each["title"]: each["rows"] for each in sections}
    assert all(away <= bound for _, away, _, bound in rows["Correctness"])
    assert [name for name, *_ in rows["One image"]] == [
        "float32, eager",
        "float32, channels last, eager",
    ]
    assert all(min(row[1:]) > 0 for row in rows["One image"] + rows["Batches"])
    assert "need CUDA: not measured" in said
    assert "NCCL needs two GPUs: here 0" in said


ONE = queue_model.Alone([0.1], [0.06], [0.5], client=0.01, bytes=100_000)


def test_a_simulated_visitor_alone_takes_what_was_measured() -> None:
    found = queue_model.simulated(ONE, 1, steps=4, think=1.0)
    assert found.first == pytest.approx([0.11])
    assert found.later == pytest.approx([0.07] * 2)
    assert found.uploads == pytest.approx([0.51])
    assert found.runs == 1 + 2 + 2  # before an upload the empty page is opened


def test_simulated_visitors_share_a_core_equally() -> None:
    """Two who come at once take twice the time of one, unless each has a process and a core."""
    for processes, cores, seconds in ((1, 2, 0.2), (2, 2, 0.1), (2, 1, 0.2)):
        found = queue_model.simulated(
            ONE, 2, processes=processes, cores=cores, clients=False, steps=1, think=0.0
        )
        assert found.first == pytest.approx([seconds] * 2)


def test_what_an_upload_computes_without_the_lock_takes_the_cores_that_it_kept_busy() -> None:
    """Alone it takes what was measured; two at once on as many cores as one needs, twice that."""
    one = replace(ONE, empty=[0.2], cores=2.0)
    for visitors, cores, seconds in ((1, 2, 0.5), (UPLOADING + 1, 4, 0.5), (UPLOADING + 1, 2, 1.0)):
        # between them come visitors who open one page only
        seen = queue_model.simulated(
            replace(one, first=[1e-9], later=[0.0]), visitors, cores=cores, clients=False,
            steps=2, think=0.0,
        )  # fmt: skip
        assert seen.uploads == pytest.approx([seconds] * len(seen.uploads)), (visitors, cores)
        assert len(seen.uploads) == (1 if visitors == 1 else 2)


def test_what_several_groups_saw_is_put_together() -> None:
    other = replace(ONE, later=[0.3], client=0.03, cores=2.0, empty=[0.7])
    both = queue_model.together([ONE, other])
    assert (both.later, both.empty) == ([0.06, 0.3], [0.7])
    assert (both.client, both.cores, both.bytes) == (0.02, 1.5, 100_000)
    assert queue_model.Alone(**asdict(both)) == both


@pytest.mark.process
def test_the_time_that_children_compute_is_counted() -> None:
    before = queue_model.cpu_seconds(os.getpid())
    busy = "import time\nwhile time.process_time() < 0.5: pass\nprint(flush=True)\ninput()"
    with subprocess.Popen(
        [sys.executable, "-c", busy], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout
        child.stdout.readline()
        spent = queue_model.cpu_seconds(os.getpid()) - before
        child.communicate(b"\n")
    assert 0.4 < spent < 5


def test_a_simulated_crowd_obeys_the_law_of_waiting() -> None:
    """Many visitors of one process: the mean of M/M/1 at an equal share, s / (1 - load)."""
    rng = Random(5)
    short = [rng.expovariate(1 / 0.05) for _ in range(4000)]
    one = queue_model.Alone(short, short, short, client=0.0, bytes=1)
    found = queue_model.simulated(
        one, 400, cores=1, clients=False, steps=40, think=40.0, seed=3
    )  # 10 runs a second, half of what one core computes
    times = found.later[400:]
    assert sum(times) / len(times) == pytest.approx(0.05 / (1 - 0.5), rel=0.1)


def test_the_document_s_tables_are_written_from_the_measurement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"p50": 0.1, "p95": 0.2, "runs a second": 5.0}
    rows = [{"visitors": 30, "measured": told, "predicted": {**told, "p95": 0.23}, "errors": 0}]
    measured = tmp_path / "measured.json"
    measured.write_text(json.dumps({"cores": 2, "alone": asdict(ONE), "crowds": rows}))
    monkeypatch.setattr(queue_model, "MEASURED", measured)
    monkeypatch.setattr(scale, "CLUSTER", tmp_path / "none")
    monkeypatch.setattr(queue_model, "most_visitors", lambda *given: 60)
    words = (ROOT / "docs" / "scale.md").read_text("utf-8")
    once = scale.written(words)
    assert scale.written(once) == once
    assert "| 30 | p95 | 0.200 | 0.230 | 1.15 |" in once
    assert "the largest difference is 15%" in once
    # 100,000 who pause 5 s: 60 a process; 19,763 runs of 0.1 MB a second are 15.8 Gbit/s
    assert "| 100,000 | 5 | 19,763 | 1,667 | 1,445.2 | 15.81 | 105 | cores |" in once
    with pytest.raises(ValueError, match="needs"):
        scale.written("no marks")


def test_what_memory_costs_is_what_the_table_says() -> None:
    words = (ROOT / "benchmarks" / "README.md").read_text("utf-8")
    (nothing, photograph) = re.findall(r"^\| \| after \| (\d+) .*? (\d+) \(\d+\) \|$", words, re.M)[
        :2
    ]
    assert int(nothing[0]) == scale.PROCESS_MB
    assert int(photograph[1]) == scale.PHOTOGRAPH_MB
    assert int(nothing[1]) <= scale.SESSION_MB


@pytest.mark.process
def test_a_visitor_whose_connection_is_lost_goes_on(served: Server) -> None:
    """The first address refuses: it is asked again, and the time of the page goes on meanwhile."""
    seen = cluster.Seen()
    calls = count()

    def opened(url: str, cookies: object) -> object:
        return load.opened("http://127.0.0.1:9" if next(calls) == 0 else url)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cluster, "opened", opened)
        patch.setattr(cluster, "AGAIN_SECONDS", 0.3)
        asyncio.run(cluster.steady(served.url, 1, seen, 0.01))
    assert (seen.lost, seen.errors) == (1, [])
    assert len(seen.first) + len(seen.later) == load.STEPS
    assert seen.first[0] > 0.3


def test_the_line_of_replicas_has_what_was_lost() -> None:
    seen = cluster.Seen([0.5], [n / 10 for n in range(1, 21)], [0.7], ["x"], seconds=23.0, lost=3)
    assert cluster.row("x", seen, 1234.4) == (
        "| x | 1.0 | 1.100 / 2.000 / 2.000 | 0.700 / 0.700 | 1234 | 3 | 1 |"
    )


def test_ways_to_scan_a_folder_are_measured_and_agree(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "SIDE", 64)
    monkeypatch.setattr(scan, "WAYS", {"one": ("--workers", "1"), "two": ("--workers", "2")})
    scan.main("3")
    said = capsys.readouterr().out
    assert [line.split(" | ")[0] for line in said.splitlines()[4:6]] == ["| one", "| two"]
    assert said.endswith("The same crops: yes.\n")
