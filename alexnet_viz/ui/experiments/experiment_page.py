"""One experiment: the choice, the prediction, the curves with their verdict, what is inside."""

import streamlit as st

from alexnet_viz.teaching.experiments.experiment import Experiment
from alexnet_viz.teaching.experiments.registry import EXPERIMENTS
from alexnet_viz.teaching.experiments.result import Result
from alexnet_viz.teaching.experiments.verdict import sentences
from alexnet_viz.ui.app import presenting, state
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.components.downloads import download_menu
from alexnet_viz.ui.experiments import pictures, prediction, running
from alexnet_viz.ui.experiments.data_strip import data_strip
from alexnet_viz.ui.experiments.figures import figures_table
from alexnet_viz.ui.experiments.files import files


def experiment_page() -> None:
    """Draw the experiment that the link names."""
    experiment = _chosen()
    left, right = st.columns([62, 38], gap="medium")
    known = prediction.known(experiment)
    with left:
        result = _picture(experiment, known)
        if result:
            _say(experiment, result)
    with right:
        said = experiment.source
        st.markdown(experiment.say("sentence", language()))
        if not presenting.hidden("sources"):
            title, where = said.titled(language()), said.place(language())
            st.caption(
                t(
                    "experiments.source",
                    source=f"[{escaped(title)}]({said.url})",
                    where=escaped(where),
                )
            )
        if not presenting.hidden("task"):
            prediction.panel(experiment, result)
        if known and not presenting.hidden("controls"):
            running.controls(experiment)
        if known and not presenting.hidden("tables"):
            figures_table(experiment, result)
        st.caption(experiment.say("caveat", language()))
        if result:
            download_menu(*files(experiment, result), key="experiments")


def _chosen() -> Experiment:
    """Draw the choice of an experiment by its question, and note the steps to its neighbours."""
    named = state.use("experiment")
    if named not in EXPERIMENTS:
        st.warning(t("experiments.no_such", name=escaped(named)), icon=":material/link_off:")
    names = list(EXPERIMENTS)
    chosen = named if named in EXPERIMENTS else names[0]
    at = names.index(chosen)
    sides = (names[max(at - 1, 0) : at], names[at + 1 : at + 2])
    presenting.steps(*(f"experiments?experiment={each[0]}" if each else None for each in sides))
    asked = {id: each.say("question", language()) for id, each in EXPERIMENTS.items()}
    st.selectbox(
        t("experiments.choose"), names, format_func=asked.__getitem__,
        label_visibility="collapsed", **state.bound("experiment", value=chosen),
    )  # fmt: skip
    return EXPERIMENTS[chosen]


def _picture(experiment: Experiment, seen: bool) -> Result | None:
    """Draw the curves of a run that is finished, under way or stopped; returns what may be told."""
    result = running.result(experiment, seen)
    if result and seen:
        pictures.curves(experiment, result)
        return result
    if not running.under_way(experiment) or result:
        if not seen:
            _before(experiment, t("experiments.hidden"))
            return None
        stopped = running.stopped(experiment)
        if stopped and stopped.moments:
            pictures.curves(experiment, stopped)
            st.caption(t("experiments.stopped", step=stopped.steps, steps=stopped.request.steps))
            pictures.inside(experiment, stopped)
        else:
            _before(experiment, t("experiments.not_run"))
    return None


def _before(experiment: Experiment, words: str) -> None:
    """Draw empty axes, and what is going to be learned."""
    asked = running.wanted(experiment)
    pictures.empty(experiment, asked, words)
    data_strip(asked.data)


def _say(experiment: Experiment, result: Result) -> None:
    """Say what a complete result shows, and draw what is inside it."""
    if not presenting.hidden("sentence"):
        st.markdown("\n\n".join(sentences(experiment, result, language())))
    prediction.judged(experiment, result)
    st.caption(running.made_on(experiment, result))
    pictures.inside(experiment, result)
    pictures.confusion(experiment, result)
