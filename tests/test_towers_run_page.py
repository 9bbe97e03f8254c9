"""The Run section of the Towers page: asked, run, told, kept, refused."""

from threading import Event
from typing import Any

import pytest

from alexnet_viz.model_parallel import report
from alexnet_viz.model_parallel.request import Request
from alexnet_viz.model_parallel.result import Result
from alexnet_viz.text import t
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.components import background_work
from alexnet_viz.ui.towers import run as page
from tests.parallel import trained
from tests.spoken import open_page, words


@pytest.fixture
def result() -> Result:
    return trained()


def pressed(app: Any, key: str) -> Any:
    return app.button(key=f"{page.PLACE}.{key}").click().run()


@pytest.mark.usefixtures("no_jobs")
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


@pytest.mark.usefixtures("no_jobs")
def test_trouble_is_told_and_can_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def launched(request: Request, processes: int, **more: Any) -> Result:
        raise Problem("run_too_long", rank=1, seconds=3.0, place="fc6")

    monkeypatch.setattr(page, "launch", launched)
    app = pressed(open_page("towers", section="run"), "ask")
    assert not app.exception
    assert "the last process was 1 at fc6" in words(app)
    assert app.button(key=f"{page.PLACE}.ask")


@pytest.mark.usefixtures("no_jobs")
def test_two_runs_take_turns_and_the_second_says_so(
    result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run is alone: two at once would measure each other."""
    go, running = Event(), list[int]()

    def launched(request: Request, processes: int, **more: Any) -> Result:
        running.append(request.batch)
        assert go.wait(60)
        return result

    monkeypatch.setattr(page, "launch", launched)
    monkeypatch.setattr(background_work, "AT_ONCE_SECONDS", 0)
    first, second = (open_page("towers", section="run", run_batch=batch) for batch in (8, 32))
    pressed(first, "ask")
    pressed(second, "ask")
    assert said(first) == [t("run.starting", processes=2)]
    assert said(second) == [t("jobs.next")]
    assert running == [8]
    go.set()
    for app in (first, second):
        until_over(app)
        assert report.verdict(result) in words(app)


def said(app: Any) -> list[str]:
    return [bar.proto.text for bar in app.get("progress")]


def until_over(app: Any) -> None:
    for _ in range(600):
        app.run()
        if not said(app):
            return
    raise AssertionError(said(app))


@pytest.mark.parametrize("gpus", [1, 8])
def test_what_is_too_large_is_refused_in_words(gpus: int) -> None:
    app = open_page(
        "towers", section="run", gpus=gpus, run_batch=32, run_train=1, input=800, refit=1
    )
    assert not app.exception
    assert "would take about" in words(app)
    assert "this page allows 4 GB" in words(app)
