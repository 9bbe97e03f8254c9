"""A page's long work: a reload, a second tab, a stop, a failure, a full queue, another choice."""

from collections.abc import Iterator
from importlib import import_module
from threading import Event
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from alexnet_viz.interpretability.attribution import methods
from alexnet_viz.jobs import Limits, Stopped
from alexnet_viz.text import LANGUAGES, Language, t
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app import shell
from alexnet_viz.ui.app.page_runs import PRESENT
from alexnet_viz.ui.attribution.map_view import MOST_PASSES
from alexnet_viz.ui.components import background_work
from tests.spoken import open_page, press, words

pytestmark = pytest.mark.usefixtures("no_jobs")

SMALL = {
    "variant": "tf_models_alexnet_benchmark", "weights": "random", "source": "sample",
    "sample": "shapes", "layer": "conv1", "channel": 7, "attr_at": "mean",
    "attr_method": "occlusion", "attr_window": 60,
}  # fmt: skip
CUDA = "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 79.10 GiB"


class Work:
    """Attribution that begins, and goes on when it is told to."""

    def __init__(self) -> None:
        self.begun, self.go, self.count = Event(), Event(), 0
        self.error: BaseException | None = None
        self.stopped = Event()
        self._whole = methods.attribute

    def __call__(self, *given: Any, **more: Any) -> Any:
        self.count += 1
        more["progress"](0.25)
        self.begun.set()
        assert self.go.wait(60)
        if self.error:
            raise self.error
        if more["stop"]():
            self.stopped.set()
            raise Stopped
        return self._whole(*given, **more)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch, no_jobs: None) -> Iterator[Work]:
    """The map's work, which no page waits for; no job of another test runs in between."""
    import_module("alexnet_viz.interpretability.attribution.sanity")  # has the real one
    made = Work()
    monkeypatch.setattr(methods, "attribute", made)
    monkeypatch.setattr(background_work, "AT_ONCE_SECONDS", 0)
    yield made
    made.go.set()


def opened(**query: object) -> AppTest:
    app = open_page("attribution", **SMALL | query)
    assert not app.exception
    return app


def bars(app: AppTest) -> list[tuple[int, str]]:
    """Percents and words of the bars on the page."""
    return [(bar.proto.value, bar.proto.text) for bar in app.get("progress")]


def buttons(app: AppTest) -> set[str]:
    return {button.label for button in app.button}


def finished(app: AppTest) -> AppTest:
    """The page, run again until nothing on it is computed."""
    for _ in range(600):
        app.run()
        assert not app.exception
        if not bars(app):
            return app
    raise AssertionError(bars(app))


def test_a_reload_finds_its_job_again_and_a_second_tab_joins_it(work: Work) -> None:
    before = press(opened(), "attribute.ask")
    assert work.begun.wait(60)
    reloaded, tab = opened(), opened(lang="zh")
    assert bars(reloaded) == [(25, t("attribution.computing"))]
    assert bars(tab) == [(25, t("attribution.computing", "zh"))]
    assert t("attribution.compute") not in buttons(reloaded)
    work.go.set()
    for app in (before, reloaded, tab):
        assert finished(app).metric
    assert work.count == 1


def test_a_stop_in_one_tab_leaves_the_other_its_job(work: Work) -> None:
    one, other = press(opened(), "attribute.ask"), opened()
    assert work.begun.wait(60)
    press(one, "attribute.stop")
    assert not bars(one.run())
    assert t("attribution.compute") in buttons(one)
    assert bars(other.run())
    work.go.set()
    assert finished(other).metric
    assert not work.stopped.is_set()


def test_the_last_stop_ends_the_job(work: Work) -> None:
    app = press(opened(), "attribute.ask")
    assert work.begun.wait(60)
    press(app, "attribute.stop")
    work.go.set()
    assert work.stopped.wait(60)
    assert t("attribution.compute") in buttons(app.run())
    # and it can be asked for again
    assert finished(press(app, "attribute.ask")).metric


def test_another_choice_ends_the_job(work: Work) -> None:
    app = press(opened(), "attribute.ask")
    assert work.begun.wait(60)
    app.number_input(key="widget.attr_window").set_value(61).run()
    assert not bars(app)
    work.go.set()
    assert work.stopped.wait(60)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("error", "code", "values"),
    [
        (RuntimeError(CUDA), "job_memory", {}),
        (ZeroDivisionError("in /srv/secret.py"), "job_failed", {"kind": "ZeroDivisionError"}),
        (SystemExit(1), "job_failed", {"kind": "SystemExit"}),
    ],
    ids=["memory", "fault", "exit"],
)
def test_work_that_fails_is_told_and_can_be_asked_for_again(
    work: Work, language: Language, error: BaseException, code: str, values: dict[str, str]
) -> None:
    work.error = error
    work.go.set()
    app = finished(press(opened(lang=language), "attribute.ask"))
    assert Problem(code, **values).explained(language) in words(app)
    assert "secret" not in words(app)
    work.error = None
    assert finished(press(app, "attribute.ask")).metric
    assert Problem(code, **values).explained(language) not in words(app)


def test_a_full_queue_refuses_on_the_page(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(background_work.QUEUES, background_work.NETWORKS, Limits(waiting=0))
    background_work.queues.clear()
    app = press(opened(), "attribute.ask")
    assert Problem("jobs_full", count=0).explained() in words(app)
    assert t("attribution.compute") in buttons(app)
    assert work.count == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_more_passes_than_allowed_are_refused_with_the_square_that_is_not(
    language: Language,
) -> None:
    app = opened(attr_window=2, lang=language)
    refusal = Problem("attr_passes", count=49730, most=MOST_PASSES, least=8)
    assert refusal.explained(language) in words(app)
    assert t("attribution.compute", language) not in buttons(app)
    allowed = t("attribution.long", language, count=3026, most=MOST_PASSES)
    assert allowed in words(opened(attr_window=8, lang=language))


def test_a_job_waits_for_the_run_of_any_page(monkeypatch: pytest.MonkeyPatch) -> None:
    free: list[bool] = []
    monkeypatch.setattr(shell, "_header", lambda page: free.append(PRESENT.give_way(0)))
    open_page("glossary")
    assert free == [False]
    assert PRESENT.give_way(0)


def test_a_job_does_not_wait_for_the_page_that_waits_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(background_work, "GIVE_WAY_SECONDS", 60.0)
    monkeypatch.setattr(background_work, "AT_ONCE_SECONDS", 30.0)
    assert press(opened(attr_window=62), "attribute.ask").metric
