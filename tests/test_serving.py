"""The engines without a cluster: which one is chosen, micro-batches, a busy queue, the pages."""

import os
import pickle
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import streamlit as st
from torch import nn

from alexnet_viz.jobs import Gate
from alexnet_viz.model.activations import capture
from alexnet_viz.network.trace import trace
from alexnet_viz.serving import Named, cluster, micro_batches
from alexnet_viz.serving.__main__ import main as serving_main
from alexnet_viz.serving.choice_of_engine import VARIABLE, backend, chosen
from alexnet_viz.serving.micro_batches import MicroBatches, together
from alexnet_viz.serving.served_models import ServedModels, Wanted
from alexnet_viz.text import t
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.components import live_model
from alexnet_viz.ui.components.subject import OPENED, Subject
from alexnet_viz.weights.catalogue import DRAWINGS
from alexnet_viz.weights.loader import load
from alexnet_viz.weights.shared import SharedWeights
from tests.conftest import ROOT
from tests.lively import RESULT, SMALL, lively
from tests.spoken import open_page

MODEL = lively(SMALL)
RELATIVE = 2e-6


def image(seed: int) -> Any:
    return np.random.default_rng(seed).normal(size=SMALL.input_shape).astype(np.float32)


def refused(what: Callable[[], Any], code: str, **values: object) -> str:
    """The sentences of the problem that is raised."""
    with pytest.raises(Problem) as problem:
        what()
    assert problem.value.code == code
    assert values.items() <= problem.value.values.items()
    return f"{problem.value.explained('en')} {problem.value.explained('zh')}"


def test_the_variable_chooses_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    here: Any = object()
    for value in ("", " ", "embedded"):
        monkeypatch.setenv(VARIABLE, value)
        assert backend(here, lambda subject: None) is here
    for value in ("ray", "ray://head:6379", "ray://[::1]:1", "ray://auto"):
        monkeypatch.setenv(VARIABLE, value)
        assert chosen() == value
    for value in (
        "Ray",
        "auto",
        "ray://",
        "ray://head",
        "ray://head:0",
        "ray://head:x",
        "http://head:1",
    ):
        monkeypatch.setenv(VARIABLE, value)
        assert value in refused(chosen, "engine_unknown", variable=VARIABLE)


def test_without_ray_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "ray")
    monkeypatch.setattr("alexnet_viz.serving.choice_of_engine.find_spec", lambda name: None)
    assert "alexnet-viz[app,cluster]" in refused(chosen, "engine_without_ray")


def test_a_cluster_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "joined", lambda: False)
    said = refused(lambda: cluster.join("127.0.0.1:1"), "engine_unreachable", address="127.0.0.1:1")
    assert "refused" in said


def test_a_cluster_that_runs_here_is_joined_only_where_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    ray = ModuleType("ray")
    ray.is_initialized = lambda: False  # type: ignore[attr-defined]
    ray.init = lambda *, address, **options: asked.append(address)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "ray", ray)
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:1")
    monkeypatch.setattr(cluster.atexit, "register", lambda _: None)
    try:
        assert cluster.join()
        assert not cluster.join("auto")
    finally:
        cluster._left.set()  # the thread that stays with a cluster
    assert asked == ["local", "auto"]  # the first starts one whatever RAY_ADDRESS says

    def none(**options: Any) -> None:
        raise ConnectionError("Could not find any running Ray instance.\nPlease specify one")

    ray.init = none  # type: ignore[attr-defined]
    said = refused(lambda: cluster.join("auto"), "engine_unreachable", address="auto")
    assert "Could not find any running Ray instance" in said


@pytest.mark.parametrize("words", [["--list"], ["--end", "1"]])
def test_replicas_of_a_cluster_that_is_not_named_are_not_listed_or_ended(words: list[str]) -> None:
    """Without an address a cluster is started, which has none."""
    with pytest.raises(SystemExit):
        serving_main(words)


def test_the_number_of_replicas(monkeypatch: pytest.MonkeyPatch) -> None:
    for text, number in (("3", 3), ("2-8", (2, 8)), ("4-4", 4)):
        monkeypatch.setenv(cluster.REPLICAS, text)
        assert cluster.wanted_replicas() == number
    for text in ("0", "-1", "3-2", "1-2-3", "many", "1-", "0-2"):
        monkeypatch.setenv(cluster.REPLICAS, text)
        assert text in refused(cluster.wanted_replicas, "engine_replicas")
    monkeypatch.delenv(cluster.REPLICAS)
    assert cluster.wanted_replicas() == (1, max(1, (cluster.os.cpu_count() or 1) // 2))


def crowd(batches: MicroBatches, count: int, **more: Any) -> list[Any]:
    """What so many visitors are given who come while one pass holds the gate."""
    with ThreadPoolExecutor(count) as visitors:
        with batches._gate:
            asked = [
                visitors.submit(batches.capture, "small", MODEL, image(at), **more)
                for at in range(count)
            ]
            while batches._present < count:
                threading.Event().wait(0.001)
        return [each.result(30) for each in asked]


def test_who_waits_for_the_same_model_shares_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """And is given his own picture's activations."""
    shapes: list[int] = []

    def noted(model: nn.Sequential, given: Any) -> Any:
        shapes.append(1 if given.ndim == 3 else len(given))
        return capture(model, given)

    monkeypatch.setattr(micro_batches, "capture", noted)
    for most, batches in ((None, [8, 2]), (4, [4, 4, 2]), (1, [1] * 10)):
        shapes.clear()
        found = crowd(MicroBatches(Gate(1)), 10, most=most)
        assert shapes == batches
        for at, (kept, milliseconds) in enumerate(found):
            assert milliseconds > 0
            for name, right in capture(MODEL, image(at)).items():
                assert kept[name].shape == right.shape
                assert not kept[name].flags.writeable
                most_difference = np.abs(kept[name] - right).max() / np.abs(right).max()
                assert most_difference <= (0 if most == 1 else RELATIVE), name


def test_batches_are_made_where_they_are_not_slower() -> None:
    """Dense layers that read only what a picture needs run picture by picture."""
    learned = SharedWeights(load(DRAWINGS).state_dict(), "cpu", learned=True)
    assert together(learned.model("a", DRAWINGS.network)) == 1
    assert together(MODEL) == micro_batches.MOST_TOGETHER


def test_a_pass_that_fails_fails_for_its_batch_only() -> None:
    batches = MicroBatches(Gate(1))
    with pytest.raises(RuntimeError):
        batches.capture("small", MODEL, np.zeros((1, 2, 2), np.float32))
    assert batches.capture("small", MODEL, image(0))[0]["fc5"].shape == (5,)
    assert batches._present == 0
    assert not batches._waiting


def test_a_full_queue_says_how_many_are_before() -> None:
    batches = MicroBatches(Gate(1), most_present=2)
    with ThreadPoolExecutor(2) as visitors:
        with batches._gate:
            asked = [visitors.submit(batches.capture, "small", MODEL, image(at)) for at in range(2)]
            while batches._present < 2:
                threading.Event().wait(0.001)
            said = refused(
                lambda: batches.capture("small", MODEL, image(2)), "engine_busy", ahead=2
            )
        for each in asked:
            each.result(30)
    assert "2 before you" in said
    assert "前面还有 2 个" in said
    assert batches.capture("small", MODEL, image(2))


def test_a_process_that_serves_runs_each_pass_once() -> None:
    models = ServedModels()
    one = [Wanted(Named("small", SMALL), str(at), image(at)) for at in (0, 1, 0)]
    first = models.captured(one)
    assert first[0][0] is first[2][0]
    assert models.captured(one[1:2])[0][0] is first[1][0]
    right = models.runner(one[0].named)(lambda model: capture(model, image(1))).made
    assert all(np.allclose(first[1][0][name], right[name], atol=1e-6) for name in right)


def test_what_is_of_a_file_has_no_name_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """A visitor's network or weights are not sent to a cluster; all else is."""
    random, learned = Subject(RESULT, None), Subject(trace(DRAWINGS.network), DRAWINGS)
    assert live_model._named(random) == Named(random.key, SMALL)
    assert live_model._named(learned) == Named(learned.key, DRAWINGS.network, DRAWINGS.id)
    with monkeypatch.context() as patch:
        patch.setattr(live_model.library, "own", lambda: {SMALL.id: SMALL})
        assert live_model._named(random) is None
    monkeypatch.setitem(st.session_state, OPENED, (DRAWINGS, None))
    assert live_model._named(learned) is None


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_server_that_ends_a_cluster_is_given_time(tmp_path: Path) -> None:
    """Where ``serve`` is told to end, the server is interrupted and ends by itself, even where the
    interrupt is ignored, as in what a script starts to run behind it.
    """
    server = "import time, sys\nopen(sys.argv[1], 'w').close()\ntry: time.sleep(60)\n"
    server += "finally: time.sleep(0.3); open(sys.argv[2], 'w').close()"
    script = "import signal, sys\nfrom alexnet_viz.commands.serve import with_cluster\n"
    script += "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    script += "signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))\n"
    script += "with_cluster([sys.executable, '-c', *sys.argv[1:]])"
    begun, ended = tmp_path / "begun", tmp_path / "ended"
    command = [sys.executable, "-c", script, server, str(begun), str(ended)]
    asked = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    while not begun.exists():
        assert asked.poll() is None
        threading.Event().wait(0.02)
    asked.terminate()
    assert asked.wait(30) == 7
    assert ended.exists()


class Far:
    """An engine elsewhere: what it is sent and what comes back cross a wire."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []
        """What was asked, and the bytes of the answer."""

    def _back(self, asked: Any, value: Any) -> Any:
        answer = pickle.dumps(value)
        self.asked.append((type(asked).__name__, len(answer)))
        return pickle.loads(answer)

    def run(self, subject: Any, pictures: Any, ask: Any) -> Any:
        sent = pickle.loads(pickle.dumps(ask))
        return self._back(ask, live_model._HERE.run(subject, pictures, sent))

    def submit(self, subject: Any, task: Any) -> Any:
        work = live_model._HERE.submit(subject, pickle.loads(pickle.dumps(task)))
        return lambda *told: self._back(task, work(*told))


LIVE = {
    "attribution, a class": ("attribution", {}, {"OutputOf", "AttributionWork", "SanityWork"}),
    "attribution, a cell": (
        "attribution",
        {"attr_what": "unit", "layer": "relu4", "channel": 5, "attr_at": "cell"},
        {"ChannelMapOf", "AttributionWork", "SanityWork"},
    ),
    "channel": ("channel", {"layer": "norm1"}, {"ChannelMapOf", "ArrivingAt"}),
    "channel of the picture": ("channel", {"layer": "conv1", "channel": 4}, {"ChannelMapOf"}),
    "unit": ("channel", {"layer": "fc6", "channel": 70}, {"ChannelMapOf", "ArrivingAt"}),
}


@pytest.mark.parametrize("case", LIVE)
def test_a_page_s_passes_are_made_where_the_engine_is(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, query, asks = LIVE[case]
    far = Far()
    monkeypatch.setattr(live_model, "engine", lambda: far)
    monkeypatch.setattr(live_model, "_captured", lambda *_: pytest.fail("a pass in this process"))
    live_model._shown.clear()
    app = open_page(page, source="drawing", drawing_seed=4713, **query)
    assert not app.exception
    assert {name for name, _ in far.asked} == asks
    # a layer's input at most, 1.2 MB, and not all that the network computes, 3 MB
    assert max(size for _, size in far.asked) < 1_300_000


def test_a_busy_page_says_so_and_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*given: Any) -> Any:
        raise Problem("engine_busy", ahead=7)

    query = {"source": "drawing", "drawing_seed": 4711}
    live_model._activations.clear()
    with monkeypatch.context() as patch:
        patch.setattr(MicroBatches, "capture", busy)
        for page in ("feature_maps", "channel"):
            app = open_page(page, **query)
            assert not app.exception
            assert "7 before you" in app.info[-1].value
    app.run()
    assert not app.exception
    assert not [each for each in app.info if re.search("before you", each.value)]


def test_a_wrong_choice_of_engine_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "spark")
    app = open_page("feature_maps", source="drawing", drawing_seed=4712)
    assert not app.exception
    assert "is spark; known are “embedded”" in app.error[0].value
    assert app.title[0].value == t("page.feature_maps.title")
