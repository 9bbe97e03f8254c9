"""What a student predicts of an experiment before anything of its result is shown."""

import streamlit as st

from alexnet_viz.teaching.experiments.experiment import Experiment
from alexnet_viz.teaching.experiments.result import Result
from alexnet_viz.teaching.experiments.verdict import verdict
from alexnet_viz.ui.app import learned, presenting, state
from alexnet_viz.ui.app.words import language, t


def _key(experiment: Experiment) -> str:
    """The name in a progress file; no lesson's has a dot."""
    return f"experiment.{experiment.id}"


def given(experiment: Experiment) -> str | None:
    """What was predicted in this session, or in the progress that it loaded."""
    found = learned.progress().predictions.get(_key(experiment))
    return found if found in experiment.prediction else None


def known(experiment: Experiment) -> bool:
    """Whether results are shown: after a prediction, or where a link asks for no prediction."""
    told = presenting.revealed() or state.use("teacher") or presenting.hidden("task")
    return bool(told) or given(experiment) is not None


def panel(experiment: Experiment, result: Result | None) -> None:
    """Ask for the prediction, or show the one that was given."""
    choice = given(experiment)
    if choice is None:
        if known(experiment):
            return
        with st.container(border=True, key="predicting"):
            st.markdown(f"**{t(f'experiments.predict.{experiment.measure}')}**")
            for each in experiment.prediction:
                st.button(
                    experiment.predicted(each, language()), key=f"experiments.predict.{each}",
                    width="stretch", on_click=_give, args=(experiment, each),
                )  # fmt: skip
            st.caption(t("experiments.why_predict"))
        return
    with st.container(horizontal=True, vertical_alignment="center", key="predicted"):
        words = experiment.predicted(choice, language())
        st.markdown(t("experiments.yours", choice=words), width="content")
        st.button(
            t("experiments.again"), key="experiments.again", icon=":material/replay:",
            type="tertiary", on_click=_forget, args=(experiment,),
        )  # fmt: skip


def judged(experiment: Experiment, result: Result) -> None:
    """Say how the prediction compares with a complete result."""
    choice = given(experiment)
    if choice is None:
        return
    judgement = verdict(experiment, result).judge(choice)
    words = t(f"experiments.judged.{judgement}", choice=experiment.predicted(choice, language()))
    (st.success if judgement == "right" else st.warning)(words)


def _give(experiment: Experiment, choice: str) -> None:
    learned.put(learned.progress().with_prediction(_key(experiment), choice))


def _forget(experiment: Experiment) -> None:
    progress = learned.progress()
    left = {key: what for key, what in progress.predictions.items() if key != _key(experiment)}
    learned.put(progress.with_predictions(left))
