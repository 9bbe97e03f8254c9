"""What is made of a run's numbers: times, a Chrome trace, a Gantt chart, sentences, tables."""

import json
from dataclasses import replace

import pytest

from alexnet_viz.model_parallel import report
from alexnet_viz.model_parallel.result import Event, Result, Sent
from alexnet_viz.model_parallel.timeline import (
    chrome_trace,
    layer_times,
    on_one_clock,
    pass_time,
    with_waits,
)
from alexnet_viz.render.charts.gantt import Bar, gantt
from alexnet_viz.render.tables.grid import plain
from alexnet_viz.render.theme import CROSSING, GREY, TOWER_COLOURS
from benchmarks import towers
from tests.parallel import small, trained


@pytest.fixture
def result() -> Result:
    return trained()


EVENTS = (
    Event(0, "conv3", "forward", "exchange", 1.0, 0.5, (1,)),
    Event(1, "conv3", "forward", "exchange", 1.4, 0.2, (0,)),
    Event(0, "fc8", "collect", "exchange", 2.0, 0.3, (1,)),
    Event(1, "fc8", "collect", "exchange", 1.8, 0.6),
    Event(0, "conv1", "forward", "compute", 0.0, 0.9),
)


def test_waiting_is_told_from_carrying() -> None:
    """Until 1.4 there is nobody to hear from; who only sends waits for nobody."""
    found = {(e.tower, e.layer, e.kind): (e.start, round(e.seconds, 9)) for e in with_waits(EVENTS)}
    assert found == {
        (0, "conv1", "compute"): (0.0, 0.9),
        (0, "conv3", "wait"): (1.0, 0.4),
        (0, "conv3", "exchange"): (1.4, 0.1),
        (1, "conv3", "exchange"): (1.4, 0.2),
        (0, "fc8", "exchange"): (2.0, 0.3),
        (1, "fc8", "exchange"): (1.8, 0.6),
    }


def test_a_clock_that_is_off_cannot_make_a_wait_longer_than_its_exchange() -> None:
    late = replace(EVENTS[1], start=9.0)
    found = [e for e in with_waits((EVENTS[0], late)) if e.tower == 0]
    assert [(e.kind, e.seconds) for e in found] == [("wait", 0.5), ("exchange", 0.0)]


def test_events_are_put_on_another_clock() -> None:
    assert [event.start for event in on_one_clock(EVENTS[:2], -1.0)] == pytest.approx([0.0, 0.4])


def test_times_add_up_to_the_events(result: Result) -> None:
    times = layer_times(result)
    assert [t.layer for t in times if t.phase == "forward"][:3] == ["conv1", "relu1", "norm1"]
    assert [t.layer for t in times if t.phase == "backward"][-1] == "conv1"
    for kind in ("compute", "wait", "exchange"):
        expected = 1e3 * sum(event.seconds for event in result.events if event.kind == kind)
        assert sum(sum(getattr(time, kind)) for time in times) == pytest.approx(expected)
        assert getattr(pass_time(result), kind) == pytest.approx(expected)
    assert pass_time(result).longest == max(sum(time.compute) for time in times)


def test_chrome_reads_the_trace(result: Result) -> None:
    """Complete events as the format wants them: names, processes, microseconds."""
    trace = json.loads(json.dumps(chrome_trace(result)))
    meta = [each for each in trace["traceEvents"] if each["ph"] == "M"]
    names = {each["pid"]: each["args"]["name"] for each in meta if each["name"] == "process_name"}
    assert names == {0: "GPU 0 (cpu)", 1: "GPU 1 (cpu)"}
    events = [each for each in trace["traceEvents"] if each["ph"] == "X"]
    assert len(events) == len(result.events)
    assert all(each["dur"] >= 0 and each["ts"] >= 0 for each in events)
    total = sum(each["dur"] for each in events) / 1e6
    assert total == pytest.approx(sum(event.seconds for event in result.events))
    (sent,) = [
        each["args"]["bytes sent"]
        for each in events
        if (each["name"], each["cat"], each["pid"]) == ("conv3", "forward,exchange", 0)
    ]
    assert Sent("forward", "conv3", 0, 1, sent) in result.sent


def test_the_gantt_chart_has_every_bar_where_it_was() -> None:
    bars = [
        Bar(0, "conv1", "forward", False, "compute", 0.0, 9.0),
        Bar(1, "conv1", "forward", False, "compute", 0.5, 7.0),
        Bar(1, "conv3", "backward", True, "wait", 7.5, 1.5),
        Bar(0, "conv3", "backward", True, "exchange", 9.0, 0.2),
    ]
    figure = gantt(bars, 2)
    drawn = {
        (gpu, trace.marker.color): (base, width, opacity)
        for trace in figure.data
        for gpu, base, width, opacity in zip(
            trace.y, trace.base, trace.x, trace.marker.opacity, strict=True
        )
    }
    assert drawn == {
        ("GPU 0", TOWER_COLOURS[0]): (0.0, 9.0, 1.0),
        ("GPU 1", TOWER_COLOURS[1]): (0.5, 7.0, 1.0),
        ("GPU 1", GREY): (7.5, 1.5, 0.62),
        ("GPU 0", CROSSING): (9.0, 0.2, 0.62),
    }
    assert [trace.name for trace in figure.data] == [
        "GPU 0 computes",
        "GPU 1 computes",
        "waits for another GPU",
        "exchanges maps",
    ]
    assert figure.layout.xaxis.range == (0, 9.2)
    assert figure.data[0].text == ("conv1",)
    assert gantt(bars, 2, "zh").data[0].name == "GPU 0 计算"


def test_what_stood_for_which_gpu(result: Result) -> None:
    assert "a single cpu (1 threads) stands for 2 GPUs" in report.devices(result)
    single = replace(result, gpus=1, devices=("cpu",))
    assert "one device (cpu, threads: 1): a single tower, so nothing crosses" in report.devices(
        single
    )
    cards = replace(result, devices=("cuda:0", "cuda:1"))
    assert "2 GPUs: cuda:0, cuda:1; a crossing is a copy" in report.devices(cards)
    processes = replace(result, processes=2, backend="gloo")
    assert "2 processes on one machine's cpu, threads of each: 1, stand for" in report.devices(
        processes
    )
    nccl = replace(cards, processes=2, backend="nccl")
    assert report.devices(nccl).startswith(
        "2 processes, one GPU each: cuda:0, cuda:1; tensors sent"
    )
    assert "由一个 cpu（1 线程）代替 2 块 GPU" in report.devices(result, "zh")


def test_the_verdict_says_how_far_and_whether_that_is_too_far(result: Result) -> None:
    assert report.verdict(result).startswith("Equal to small 3×67×67 on one device: logits and all")
    far = replace(result, output=replace(result.output, relative=0.02, absolute=0.5))
    said = report.verdict(far)
    assert said.startswith("NOT equal to small")
    assert "differ by 2.0e-02 of the largest value (logits); tolerance 1e-05" in said
    assert "不相等" in report.verdict(far, "zh")
    none = replace(result.output, relative=0.0, absolute=0.0)
    same = replace(result, output=none, gradients=())
    assert "to the last bit: logits and all gradients." in report.verdict(same)
    near = replace(none, relative=1e-7, absolute=1e-6)
    assert "to the last bit" not in report.verdict(replace(same, output=near))


def test_bytes_that_differ_from_the_plan_are_told(result: Result) -> None:
    said = report.traffic(result)
    total = sum(s.bytes for s in result.sent if s.phase in ("forward", "backward"))
    assert f"{total:,} bytes crossed in one pass of batch 2" in said
    assert "Collecting the logits on GPU 0" in said
    first = result.sent[0]
    more = replace(result, sent=(replace(first, bytes=first.bytes + 4), *result.sent[1:]))
    assert not more.as_planned
    assert f"but the plan says {total:,}" in report.traffic(more)
    (row,) = [r for r in report.traffic_grid(more).rows if r[3] != r[4]]
    assert row[4] == row[3] + 4
    stray = replace(result, sent=(*result.sent, Sent("forward", "conv2", 0, 1, 8)))
    assert ("conv2", "forward", "GPU 0 → GPU 1", 0, 8) in report.traffic_grid(stray).rows
    none = replace(result, sent=(), predicted=())
    assert report.traffic_grid(none).notes == ("Nothing crosses.",)


def test_tables_hold_every_layer_and_every_crossing(result: Result) -> None:
    times = report.times_grid(result)
    assert len(times.rows) == len(layer_times(result))
    assert len(times.header) == len(times.totals[0]) == 2 + 3 * 2
    assert "computes, GPU 1" in plain(times)
    traffic = report.traffic_grid(result)
    assert [row[0] for row in traffic.rows if row[1] == "forward"][:2] == ["conv3", "conv3"]
    assert traffic.totals[0][-1] == sum(each.bytes for each in result.sent)
    assert len(report.differences_grid(result).rows) == 17
    assert json.loads(json.dumps(report.record(result)))["equal"] is True


def test_the_benchmarks_tables(
    result: Result, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(towers, "VARIANTS", {"alexnet_2012_paper": small()})
    monkeypatch.setattr(towers, "launch", lambda request, processes: result)
    towers.main("1")
    out = capsys.readouterr().out
    for images in towers.BATCHES:
        assert f"{images} image(s):" in out
    assert out.count(f"one device, one thread | {1e3 * result.alone[0]:.3f} | 1.00 |") == 3
    assert out.count(f"two processes, one thread each | {1e3 * result.seconds[0]:.3f} |") == 3
