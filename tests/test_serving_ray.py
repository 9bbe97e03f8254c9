"""The engine on a Ray cluster: the same numbers, crashes, replicas that come and go, stops.

One test, because a cluster takes a quarter of a minute to start, and tests of a module may run in
several processes.
"""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from alexnet_viz.interpretability.attribution import Unit
from alexnet_viz.jobs import Gate, Stopped
from alexnet_viz.network.trace import trace
from alexnet_viz.pictures.preprocessing import preprocess
from alexnet_viz.pictures.samples import SAMPLES
from alexnet_viz.serving import Embedded, Named, cluster, on_ray
from alexnet_viz.serving.long_work import AttributionWork, EffectsWork, PassWork
from alexnet_viz.serving.on_ray import OnRay
from alexnet_viz.serving.scores import FirstKernelsOf, LogitsWithout, OutputOf, SilentOf
from alexnet_viz.serving.served_models import ServedModels, Wanted, described
from alexnet_viz.serving.shown import (
    ArrivingAt,
    ChannelBeside,
    ChannelMapOf,
    ChannelOf,
    Replay,
    SheetOf,
)
from alexnet_viz.text.problem import Problem
from alexnet_viz.weights.catalogue import DRAWINGS
from tests.lively import SMALL
from tests.slow_asks import Refused, Slow, Steps, Whole

pytestmark = [
    pytest.mark.process,
    pytest.mark.slow,
    pytest.mark.flaky(reruns=1),
    pytest.mark.filterwarnings("ignore"),  # Ray's own
]

RELATIVE = 2e-6
"""Most difference from the same pass in this process, relative to the largest value: sums of a
batch are added in another order."""
REPLICA: dict[str, Any] = {"cpus": 0.5, "most_waiting": 8}
VISITORS = 48
"""Visitors who ask at once: more than may wait."""

Floats = NDArray[np.float32]


class Shown(NamedTuple):
    """A picture as an engine knows it."""

    digest: str
    pixels: Any


NAMED = {
    "drawings": Named("drawings", DRAWINGS.network, DRAWINGS.id),
    "random": Named("random", SMALL),
    "own": Named("own", SMALL, seed=1),
}


def prepared(subject: str, picture: Shown) -> Floats:
    channels, size, _ = NAMED[subject].network.input_shape
    return preprocess(picture.pixels, size, channels, DRAWINGS.preprocessing)


def embedded() -> Embedded[str, Shown]:
    """The models of this process."""
    here, gate = ServedModels(), Gate(1)

    def captured(subject: str, picture: Shown) -> Any:
        wanted = Wanted(NAMED[subject], picture.digest, prepared(subject, picture))
        return here.captured([wanted])[0]

    return Embedded(
        lambda subject: here.runner(NAMED[subject]),
        lambda subject: trace(NAMED[subject].network),
        prepared,
        captured,
        described,
        lambda: gate,
    )


def named(subject: str) -> Named | None:
    return None if subject == "own" else NAMED[subject]


@pytest.fixture(scope="module")
def started() -> Iterator[None]:
    """A cluster of two cores with one replica, which ends with the tests."""
    cluster.join(cpus=2)
    try:
        cluster.deploy(1, **REPLICA)
        yield
    finally:
        cluster.leave()


def pictures() -> list[Shown]:
    return [Shown(name, sample.load()) for name, sample in list(SAMPLES.items())[:4]]


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same, arrays to ``RELATIVE`` of their largest value."""
    if isinstance(one, np.ndarray):
        if one.dtype.kind != "f":
            return bool((one == other).all())
        most = RELATIVE * float(np.abs(one).max(initial=0))
        return one.shape == other.shape and np.allclose(one, other, rtol=0, atol=most)
    if isinstance(one, float):
        return one == pytest.approx(other, rel=RELATIVE)
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


@contextmanager
def part(name: str) -> Iterator[None]:
    """A part of the test, whose name is added to what fails in it."""
    try:
        yield
    except BaseException as error:
        error.add_note(f"in the part: {name}")
        raise


def test_a_cluster_computes_as_this_process_does(
    started: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    here = embedded()
    engine: OnRay = OnRay(here, named)
    some = pictures()
    whole = trace(DRAWINGS.network)

    with part("the same is shown"):
        asks = {
            "drawings": [
                SheetOf("conv1", "colour", "percentile"),
                SheetOf("relu3", "mean", "shared"),
                SheetOf("fc6", "max", "layer"),
                ChannelOf("relu2", 7),
                ChannelMapOf("relu3", None),
                ChannelMapOf("fc7", 11),
                ArrivingAt("relu1"),
                ArrivingAt("fc6"),
                OutputOf("fc8"),
                LogitsWithout("fc8", ("channel.pool5.3", "lrn.norm1")[:1]),
                FirstKernelsOf("conv1", "relu1", 5),
                SilentOf("relu5"),
            ],
            "random": [SheetOf("conv1", "number", "map")],
        }
        every = [(subject, ask) for subject in asks for ask in asks[subject]]
        different = [
            (subject, ask)
            for subject, ask in every
            if not same(*(each.run(subject, some[:1], ask).value for each in (here, engine)))
        ]
        assert different == []
        beside = ChannelBeside("relu1", 3, "images")
        both = [each.run("drawings", some, beside).value for each in (here, engine)]
        assert same(*both)
        ran = engine.run("drawings", some[:1], Replay())
        assert not ran.value.wrong
        assert ran.milliseconds > 0
        assert ran.device.keys() == {"en", "zh"}

    with part("a large answer goes through the store"):
        maps = engine.run("drawings", some[:1], Whole("conv1")).value
        assert maps.nbytes > 1_000_000
        assert same(maps, here.run("drawings", some[:1], Whole("conv1")).value)

    with part("a visitor's own stays here"):
        asked: list[str] = []
        monkeypatch.setattr(engine, "answer", asked.append)
        assert engine.run("own", some[:1], Whole("conv1")).value is not None
        monkeypatch.undo()
        assert asked == []

    with part("a problem is told"), pytest.raises(Problem) as refused:
        engine.run("drawings", some[:1], Refused())
    assert refused.value.code == "answer_no_classes"

    with part("long work reports, and its result is the same"):
        shares: list[float] = []
        image = prepared("drawings", some[0])
        for work in (
            AttributionWork(image, Unit("fc8", 0), "occlusion", None, 100),
            EffectsWork(whole, image, "pool5", 0, None),
            PassWork(np.stack([prepared("drawings", each) for each in some]), "relu3", "fc8"),
        ):
            done = engine.submit("drawings", work)(partial(note, shares), never)
            mine = here.submit("drawings", work)(ignored, never)
            assert not isinstance(mine, tuple) or same(mine, done)
            for name in ("values", "drops"):
                if hasattr(mine, name):
                    assert np.allclose(getattr(done, name), getattr(mine, name), atol=1e-4)
        assert all(0 <= share <= 1 for share in shares)
        assert max(shares) > 0

    with part("long work whose process ends begins again"):
        again = Steps(3, once=str(tmp_path / "ended"))
        assert engine.submit("random", again)(ignored, never) == 3
        assert (tmp_path / "ended").exists()

    with part("a stop is heard"):
        began = time.monotonic()
        with pytest.raises(Stopped):
            engine.submit("random", Steps(600))(ignored, lambda: time.monotonic() > began + 0.5)
        assert time.monotonic() - began < 5

    with ThreadPoolExecutor(VISITORS) as visitors:

        def visit(count: int, seconds: float) -> list[Future[Any]]:
            # each picture is new to the replicas
            given = [Shown(f"{time.monotonic()} {at}", some[at % 4].pixels) for at in range(count)]
            ask = Slow(seconds)
            return [visitors.submit(engine.run, "random", [each], ask) for each in given]

        right = [here.run("random", [each], Slow(0)).value for each in some]

        def answered(asked: list[Future[Any]]) -> bool:
            return all(same(right[at % 4], each.result(120).value) for at, each in enumerate(asked))

        with part("too many are told how many are before them"):
            monkeypatch.setattr(on_ray, "PATIENCE_SECONDS", 0.0)
            errors = [each.exception(60) for each in visit(VISITORS, 0.25)]
            monkeypatch.undo()
            busy = [each for each in errors if isinstance(each, Problem)]
            assert {each.code for each in busy} == {"engine_busy"}
            # Ray counts a request a moment after it let it in, so a few more may wait
            ahead = [int(str(each.values["ahead"])) for each in busy]
            assert REPLICA["most_waiting"] <= min(ahead) <= max(ahead) < VISITORS
            assert None in errors

        # a page asks again by itself; here the engine does, for as long as it takes
        monkeypatch.setattr(on_ray, "PATIENCE_SECONDS", 120.0)
        with part("a replica is added under load"):
            asked = visit(24, 0.05)
            cluster.deploy(2, **REPLICA)
            assert answered(asked)
            assert len(cluster.replicas()) == 2

        with part("a replica that is killed under load loses no request"):
            asked = visit(32, 0.1)
            next(as_completed(asked))  # so that further ones are under way
            cluster.end_replica(cluster.replicas()[0])
            assert answered(asked)

        with part("a replica is removed under load"):
            asked = visit(24, 0.05)
            cluster.deploy(1, **REPLICA)
            assert answered(asked)
            waited = time.monotonic() + 30
            while len(cluster.replicas()) > 1 and time.monotonic() < waited:
                time.sleep(0.2)
            assert len(cluster.replicas()) == 1


def never() -> bool:
    return False


def note(shares: list[float], share: float, found: Any = None) -> None:
    shares.append(share)


ignored = partial(note, [])
