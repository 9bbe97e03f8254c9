"""The page Training lab: predict first, see what is ready-made, run it here as a job."""

import json
from collections.abc import Iterator
from dataclasses import replace
from threading import Event
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from alexnet_viz.jobs import Progress, Stop, Stopped
from alexnet_viz.jobs.job import Work
from alexnet_viz.teaching.experiments.experiment import SAME
from alexnet_viz.teaching.experiments.registry import EXPERIMENTS
from alexnet_viz.teaching.experiments.result import Request, Result
from alexnet_viz.teaching.experiments.run import PAUSED
from alexnet_viz.teaching.experiments.verdict import sentences
from alexnet_viz.teaching.labs.registry import LABS
from alexnet_viz.text import LANGUAGES, Language, t
from alexnet_viz.ui.components import background_work
from alexnet_viz.ui.experiments import running
from tests.made_up_results import MOMENTS, made_up
from tests.spoken import open_page, press, words

pytestmark = pytest.mark.usefixtures("no_jobs", "shipped")
DROPOUT = EXPERIMENTS["dropout"]
FIRST, SECOND = (arm.id for arm in DROPOUT.arms)


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch) -> dict[str, Result]:
    """The results that ship: one that is made up."""
    made = {DROPOUT.id: made_up(DROPOUT)}
    monkeypatch.setattr(running, "ready", made.get)
    return made


def opened(**query: object) -> AppTest:
    app = open_page("experiments", **{"experiment": "dropout"} | query)
    assert not app.exception
    return app


def charts(app: AppTest) -> list[str]:
    return [each.proto.id for each in app.get("plotly_chart")]


def drawn(app: AppTest) -> str:
    """The charts of the page, as Plotly gets them."""
    specs = [json.loads(each.proto.spec) for each in app.get("plotly_chart")]
    return json.dumps(specs, ensure_ascii=False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_of_the_result_is_shown_before_the_prediction(language: Language) -> None:
    app = opened(lang=language)
    said = sentences(DROPOUT, made_up(DROPOUT), language)
    assert DROPOUT.say("sentence", language) in words(app)
    assert not any(each in words(app) for each in said)
    assert t("experiments.hidden", language) in drawn(app)
    assert len(charts(app)) == 1
    assert not app.get("download_button")
    press(app, f"experiments.predict.{FIRST}")
    assert all(each in words(app) for each in said)
    assert t("experiments.hidden", language) not in drawn(app)
    assert len(charts(app)) == 2
    assert app.get("download_button")
    assert "15.2%" not in words(app)  # the training error: dropout is about the other
    assert "20.2%" in words(app)


@pytest.mark.parametrize(
    ("choice", "judged"), [(FIRST, "right"), (SECOND, "wrong"), (SAME, "wrong")]
)
def test_a_prediction_is_judged_and_can_be_made_again(choice: str, judged: str) -> None:
    app = press(opened(), f"experiments.predict.{choice}")
    said = t(f"experiments.judged.{judged}", choice=DROPOUT.predicted(choice, "en"))
    boxes = app.success if judged == "right" else app.warning
    assert [box.value for box in boxes] == [said]
    press(app, "experiments.again")
    assert t("experiments.hidden") in drawn(app)


@pytest.mark.parametrize("query", [{"reveal": 1}, {"teacher": 1}, {"hide": "task"}])
def test_a_teachers_link_needs_no_prediction(query: dict[str, Any]) -> None:
    app = opened(**query)
    assert sentences(DROPOUT, made_up(DROPOUT), "en")[0] in words(app)
    assert not [button for button in app.button if "predict" in str(button.key)]


def test_parts_are_hidden_where_a_link_says_so() -> None:
    app = opened(reveal=1, hide="controls,sentence,tables,sources")
    assert sentences(DROPOUT, made_up(DROPOUT), "en")[0] not in words(app)
    assert t("experiments.found") not in words(app)
    assert DROPOUT.source.title not in words(app)
    assert t("experiments.kind") not in {each.label for each in app.get("button_group")}


def test_the_kinds_of_run_and_the_seeds_are_explained() -> None:
    app = opened(reveal=1, budget="quick")
    told = {each.label: each.proto.help for each in app.get("button_group")}
    assert "25% of the steps and 20 s at most" in told[t("experiments.kind")]
    assert "other random initial weights" in told[t("experiments.seeds")]
    assert "Trains 6 networks (2 kinds, 3 seeds each)" in words(app)
    assert "was trained 3 times, with 3 seeds" in words(opened(reveal=1, budget="ready"))


def test_a_chinese_list_has_no_space_between_chinese_words() -> None:
    said = words(opened(lang="zh"))
    assert "运动鞋、包和短靴" in said


def test_published_figures_stand_beside_what_was_found() -> None:
    said = words(opened(reveal=1))
    for figure in DROPOUT.figures:
        assert DROPOUT.figure(figure, "en") in said
        assert figure.source.url in said
    assert t("experiments.here") in said


LED = {
    link.partition("experiment=")[2]: lab.id
    for lab in LABS.values()
    for link in lab.see
    if link.startswith("experiments?")
}
"""By experiment, a lab that leads to it."""


def test_labs_lead_to_all_experiments_and_to_no_others() -> None:
    assert set(LED) == set(EXPERIMENTS)


@pytest.mark.parametrize("number", range(len(EXPERIMENTS)))
def test_every_experiment_opens_and_leads_to_its_lab(number: int) -> None:
    experiment, language = list(EXPERIMENTS)[number], LANGUAGES[number % len(LANGUAGES)]
    app = opened(experiment=experiment, lang=language, budget="quick")
    assert EXPERIMENTS[experiment].say("sentence", language) in words(app)
    links = {each.proto.label for each in app.get("page_link")}
    assert t(f"lab.{LED[experiment]}.title", language) in links


def test_an_experiment_that_is_added_is_on_the_page(
    monkeypatch: pytest.MonkeyPatch, shipped: dict[str, Result]
) -> None:
    from alexnet_viz.text import Text, catalogue

    added = replace(DROPOUT, id="added")
    monkeypatch.setitem(EXPERIMENTS, "added", added)  # type: ignore[misc]
    known = dict(catalogue())
    for key in list(known):
        if key.startswith("experiment.dropout."):
            monkeypatch.setitem(
                catalogue(), key.replace(".dropout.", ".added."), Text("Added", "新增")
            )  # type: ignore[misc]
    app = opened(experiment="added", reveal=1)
    assert "Added" in app.selectbox(key="widget.experiment").options
    assert t("experiments.not_run") in drawn(app), "an experiment without a result offers to run"


def test_an_unknown_experiment_is_told() -> None:
    assert "nothing" in opened(experiment="nothing").warning[0].value


# running it here ---------------------------------------------------------------------------------


class Engine:
    """Work that finds the first half of a result, and the whole of it when it is told to."""

    def __init__(self) -> None:
        self.half, self.go = Event(), Event()
        self.asked: list[Request] = []

    def work(self, asked: Request) -> Work:
        self.asked.append(asked)

        def done(progress: Progress, stop: Stop) -> Result:
            whole = replace(made_up(EXPERIMENTS[asked.experiment]), request=asked)
            part = made_up(EXPERIMENTS[asked.experiment], complete=False, moments=MOMENTS[:4])
            progress(0.3, replace(part, request=asked))
            self.half.set()
            while not self.go.wait(0.02):
                if stop():
                    raise Stopped
            return whole

        return done


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    made = Engine()
    monkeypatch.setattr(type(PAUSED), "work", lambda paused, asked: made.work(asked))
    monkeypatch.setattr(background_work, "AT_ONCE_SECONDS", 0)
    yield made
    made.go.set()


def running_page(engine: Engine, **query: object) -> AppTest:
    app = opened(budget="quick", reveal=1, **query)
    assert t("experiments.not_run") in drawn(app)
    press(app, "experiments.ask")
    assert engine.half.wait(60)
    return app.run()


def labels(app: AppTest) -> set[str]:
    return {button.label for button in app.button}


def test_a_run_grows_and_ends_with_a_verdict(engine: Engine) -> None:
    app = running_page(engine, data="drawings", seeds=1)
    assert (engine.asked[0].data, engine.asked[0].seeds) == ("drawings", (0,))
    bar = app.get("progress")[0].proto
    assert bar.text == t("experiments.runs", step=MOMENTS[3], steps=engine.asked[0].steps)
    assert len(charts(app)) == 2, "the curves and the gradients so far"
    assert "experiments.ask" not in {button.key for button in app.button}
    engine.go.set()
    for _ in range(200):
        if not app.run().get("progress"):
            break
    assert not app.exception
    assert sentences(DROPOUT, made_up(DROPOUT), "en")[0] in words(app)
    assert "Run here on" in words(app)


def test_a_run_is_paused_found_by_a_reload_resumed_and_stopped(engine: Engine) -> None:
    app = running_page(engine, seeds=5)
    press(app, "experiments.pause")
    job = background_work.queue()._all()[0]
    reloaded = opened(budget="quick", seeds=5)
    assert reloaded.get("progress")[0].proto.text == t("jobs.paused", minutes=10)
    assert t("experiments.hidden") in drawn(reloaded), "a reload shows what was not predicted"
    press(reloaded, "experiments.resume")
    assert job.paused is None
    press(app, "experiments.stop")
    press(reloaded, "experiments.stop")
    assert job.over.wait(10)
    assert t("experiments.go_on") in labels(app)
    said = t("experiments.stopped", step=MOMENTS[3], steps=engine.asked[0].steps)
    assert said in words(app)
    assert not app.get("download_button"), "an incomplete run is no result"


def test_a_pause_is_offered_only_to_who_waits_alone(engine: Engine) -> None:
    app = running_page(engine, seeds=10)
    assert not app.button(key="experiments.pause").disabled
    other = opened(budget="quick", seeds=10, reveal=1)
    assert other.button(key="experiments.pause").disabled
    assert other.button(key="experiments.pause").help == t("jobs.no_pause")
