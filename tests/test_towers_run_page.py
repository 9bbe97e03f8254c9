"""The Run section of the Towers page: asked, run, told, kept, refused."""

from collections.abc import Iterator
from threading import Timer
from typing import Any

import pytest

from alexnet_viz.model_parallel import report
from alexnet_viz.model_parallel.request import Request
from alexnet_viz.model_parallel.result import Result
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.components import background_work
from alexnet_viz.ui.towers import run as page
from tests.parallel import trained
from tests.spoken import open_page, words


@pytest.fixture
def result() -> Result:
    return trained()


@pytest.fixture
def _fresh() -> Iterator[None]:
    background_work._memory.clear()
    page._lock.clear()
    yield
    background_work._memory.clear()
    page._lock.clear()


def pressed(app: Any, key: str) -> Any:
    return app.button(key=f"{page.PLACE}.{key}").click().run()


@pytest.mark.usefixtures("_fresh")
def test_the_page_says_what_it_would_do_then_does_it(
    result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def launched(request: Request, processes: int, **more: Any) -> Result:
        asked.append((request, processes))
        more["progress"](0.5)
        return result

    monkeypatch.setattr(page, "launch", launched)
    app = open_page("towers", section="run", last="halves", run_train=1, run_batch=32)
    assert not app.exception
    assert "The plan for a batch of 32: **15,532,032 bytes** in 16 transfers" in words(app)
    assert not asked
    pressed(app, "ask")
    assert not app.exception
    ((request, processes),) = asked
    assert (request.batch, request.train, request.gpus, processes) == (32, True, 2, 2)
    assert report.verdict(result) in words(app)
    assert report.traffic(result) in words(app)
    assert report.devices(result) in words(app)
    # another language asks nobody again
    app.segmented_control(key="widget.lang").set_value("zh").run()
    assert report.verdict(result, "zh") in words(app)
    assert len(asked) == 1
    pressed(app, "again")
    assert len(asked) == 2


@pytest.mark.usefixtures("_fresh")
def test_trouble_is_told_and_can_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def launched(request: Request, processes: int, **more: Any) -> Result:
        raise Problem("run_too_long", rank=1, seconds=3.0, place="fc6")

    monkeypatch.setattr(page, "launch", launched)
    app = pressed(open_page("towers", section="run"), "ask")
    assert not app.exception
    assert "the last process was 1 at fc6" in words(app)
    assert app.button(key=f"{page.PLACE}.ask")


@pytest.mark.usefixtures("_fresh")
def test_a_run_waits_for_one_that_is_ending(
    result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one's own is where something else was chosen while it ran: nobody else is there."""
    monkeypatch.setattr(page, "launch", lambda *_, **__: result)
    app = open_page("towers", section="run")
    lock = page._lock()
    lock.acquire()
    Timer(0.1, lock.release).start()
    pressed(app, "ask")
    assert "Another visitor" not in words(app)
    assert report.verdict(result) in words(app)


@pytest.mark.usefixtures("_fresh")
def test_two_visitors_do_not_run_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "TURN_SECONDS", 0.0)
    app = open_page("towers", section="run")
    with page._turn() as free:
        assert free
        pressed(app, "ask")
        assert "Another visitor's run is in progress" in words(app)
    with page._turn() as free:
        assert free


@pytest.mark.parametrize("gpus", [1, 8])
def test_what_is_too_large_is_refused_in_words(gpus: int) -> None:
    app = open_page(
        "towers", section="run", gpus=gpus, run_batch=32, run_train=1, input=800, refit=1
    )
    assert not app.exception
    assert "would take about" in words(app)
    assert "this page allows 4 GB" in words(app)
