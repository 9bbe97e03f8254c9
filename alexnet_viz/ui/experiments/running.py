"""The run that the page shows: ready-made, or asked for here as a job."""

from functools import cache, partial

import streamlit as st

from alexnet_viz.jobs import Job
from alexnet_viz.jobs.job import Work
from alexnet_viz.teaching.experiments.budget import BUDGETS, request
from alexnet_viz.teaching.experiments.experiment import Experiment
from alexnet_viz.teaching.experiments.ready import ready
from alexnet_viz.teaching.experiments.result import Request, Result
from alexnet_viz.text import running
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import escaped, labels, language, t
from alexnet_viz.ui.components import background_work
from alexnet_viz.ui.experiments import pictures

PLACE = "experiments"


def kinds(experiment: Experiment) -> tuple[str, ...]:
    """The kinds of run there are: ready-made where one ships, then the budgets."""
    return (*(("ready",) if ready(experiment.id) else ()), *BUDGETS)


def kind(experiment: Experiment) -> str:
    """The chosen kind of run, the first one where there is none such."""
    chosen = str(state.use("budget"))
    return chosen if chosen in kinds(experiment) else kinds(experiment)[0]


def wanted(experiment: Experiment) -> Request:
    """The run that the choices describe."""
    chosen = kind(experiment)
    made = ready(experiment.id)
    if chosen == "ready" and made:
        return made.request
    return request(experiment, chosen, state.use("data"), gpu=_on_gpu(), seeds=state.use("seeds"))


def result(experiment: Experiment, seen: bool) -> Result | None:
    """The complete result; None if there is none yet, and then a run under way is drawn.

    Of a run under way its progress is shown, and only with ``seen`` what it has found.
    """
    if kind(experiment) == "ready":
        return ready(experiment.id)
    asked = wanted(experiment)
    found: Result | None = background_work.done(
        PLACE,
        asked.key,
        partial(_work, asked),
        partial(_say, experiment, asked, seen),
        minutes=True,
        below=partial(_below, experiment, seen),
    )
    return found


def under_way(experiment: Experiment) -> bool:
    """Whether this session waits for the run."""
    return background_work.asked(PLACE, wanted(experiment).key)


def stopped(experiment: Experiment) -> Result | None:
    """What the run had found when it was stopped."""
    found: Result | None = background_work.found(PLACE, wanted(experiment).key)
    return found


def controls(experiment: Experiment) -> None:
    """Draw the choice of a run, and the button that begins it."""
    options, chosen = kinds(experiment), kind(experiment)
    st.segmented_control(
        t("experiments.kind"), options, required=True, help=_kind_help(),
        format_func=labels("experiments.kinds.", options),
        **state.bound("budget", value=chosen),
    )  # fmt: skip
    if chosen == "ready":
        return
    with st.container(horizontal=True):
        data = state.options("data")
        st.segmented_control(
            t("experiments.data"), data, required=True,
            format_func=labels("experiments.data_set.", data), **state.bound("data"),
        )  # fmt: skip
        asked = wanted(experiment)
        st.segmented_control(
            t("experiments.seeds"), sorted({*state.options("seeds"), len(asked.seeds)}),
            required=True, help=t("experiments.seeds_help"),
            **state.bound("seeds", value=len(asked.seeds)),
        )  # fmt: skip
    line = background_work.queue()
    if under_way(experiment) or line.result(asked.key):
        return
    again = stopped(experiment) is not None
    st.button(
        t("experiments.go_on" if again else "experiments.run"), key=f"{PLACE}.ask",
        icon=":material/play_arrow:", type="primary",
        on_click=background_work.ask, args=(PLACE, asked.key),
    )  # fmt: skip
    runs = len(asked.seeds) * len(experiment.arms)
    numbers = {"arms": len(experiment.arms), "seeds": len(asked.seeds), "networks": runs}
    seconds = BUDGETS[chosen].seconds
    st.caption(t("experiments.trains", steps=asked.steps, seconds=seconds, **numbers))


def _kind_help() -> str:
    """What the kinds of run are."""
    quick, standard = BUDGETS["quick"], BUDGETS["standard"]
    return t(
        "experiments.kind_help",
        share=quick.share / standard.share,
        quick=quick.seconds,
        standard=standard.seconds,
    )


def made_on(experiment: Experiment, result: Result) -> str:
    """Where and how a result was computed."""
    machine = result.machine
    key = "made_ready" if result is ready(experiment.id) else "made_here"
    seeds = len(result.request.seeds)
    many = t("experiments.seeds_mean", seeds=seeds) if seeds > 1 else ""
    made = t(
        f"experiments.{key}",
        machine=escaped(machine.name),
        threads=machine.threads,
        torch=escaped(machine.torch),
        seconds=machine.seconds,
    )
    return running((many, made), language())


@cache
def _on_gpu() -> bool:
    from alexnet_viz.model.device import choose

    return choose().type != "cpu"


def _work(asked: Request) -> Work:
    from alexnet_viz.teaching.experiments.run import PAUSED

    return PAUSED.work(asked)


def _say(experiment: Experiment, asked: Request, seen: bool, job: Job) -> str:
    """Draw the curves so far; returns the words over the bar."""
    found: Result | None = job.found
    if found is None or not found.moments:
        pictures.empty(experiment, asked, "" if seen else t("experiments.hidden"))
        return t("experiments.begins")
    if seen:
        pictures.curves(experiment, found)
    else:
        pictures.empty(experiment, asked, t("experiments.hidden"))
    return t("experiments.runs", step=found.steps, steps=asked.steps)


def _below(experiment: Experiment, seen: bool, job: Job) -> None:
    if seen and job.found is not None and job.found.moments:
        pictures.inside(experiment, job.found)
