"""The steps Question and Predict: what is asked, the student's prediction, and what it amounts to.

Nothing of the answer is on the page until a prediction is given.
"""

from typing import Any

import streamlit as st

from alexnet_viz.teaching import drawn_truth, lesson_answer
from alexnet_viz.teaching.control import Sort
from alexnet_viz.teaching.differences import in_words
from alexnet_viz.teaching.lesson import Lesson
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app import learned, presenting
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.components.pad import pad
from alexnet_viz.ui.course import diagnosis, stepping, trial
from alexnet_viz.ui.course.stepping import next_step
from alexnet_viz.ui.labs import figure, lab_state
from alexnet_viz.ui.labs.two_columns import two_columns

TYPED = ("number", "choice")
"""Kinds of prediction that are typed or picked; the others are drawn."""
UNREAD = "_unread_prediction"
"""Session key of why the last entry was not taken: a ``Problem``, or that there was none."""
DRAWING = "_drawing"
"""Session key of what is drawn and not yet given, by lesson."""
KERNEL = 132
"""Side of a kernel's picture, in px."""


def question(lesson: Lesson) -> None:
    """Draw the question, and nothing that answers it."""
    left, right = two_columns()
    with left:
        st.markdown(lesson.section("question", language()))
    with right:
        st.markdown(t("course.why_predict"))
        next_step(lesson, "question")


def predict(lesson: Lesson) -> None:
    """Draw what is predicted with; once given, the prediction beside the truth."""
    given = learned.progress().predictions.get(lesson.slug)
    if given is None and presenting.revealed():
        given = ""
    left, right = two_columns()
    if lesson.prediction.kind in TYPED:
        with left:
            st.markdown(lesson.section("question", language()))
            if given is not None:
                _figure(lesson)
        with right:
            if given is None:
                _ask(lesson)
            else:
                recalled(lesson)
    else:
        _drawn(lesson, given, left, right)
    if given is not None:
        with right:
            next_step(lesson, "predict")
            st.button(
                t("course.again"), key="course.again", icon=":material/replay:", type="tertiary",
                on_click=_forget, args=(lesson.slug,),
            )  # fmt: skip


def recalled(lesson: Lesson) -> None:
    """Show what was predicted, and what it amounts to."""
    given = learned.progress().predictions.get(lesson.slug)
    asked = lesson.prediction
    if asked.kind not in TYPED:
        return
    if given:
        with st.container(border=True, key="predicted"):
            st.caption(t("course.yours"))
            shown = asked.options[given].of(language()) if asked.kind == "choice" else given
            st.markdown(f"**{escaped(shown)}** {asked.unit.of(language())}")
    diagnosis.show(lesson, given or "")


def _ask(lesson: Lesson) -> None:
    asked = lesson.prediction
    with st.container(border=True, key="predicting"):
        if asked.kind == "choice":
            names = {id: says.of(language()) for id, says in asked.options.items()}
            st.radio(
                t("course.your_prediction"), list(names), format_func=names.__getitem__,
                index=None, key="course.predicted",
            )  # fmt: skip
        else:
            unit = asked.unit.of(language())
            label = (
                t("course.your_prediction_in", unit=unit) if unit else t("course.your_prediction")
            )
            st.text_input(label, key="course.predicted", max_chars=40)
        st.button(
            t("course.predict_this"), key="course.give", type="primary",
            on_click=_enter, args=(lesson,),
        )  # fmt: skip
    st.caption(t("course.no_cost"))
    unread = st.session_state.pop(UNREAD, None)
    if isinstance(unread, Problem):
        st.info(escaped(unread.explained(language())), icon=":material/edit:")
    elif unread:
        st.info(t("problem.nothing_entered"))


def _enter(lesson: Lesson) -> None:
    """Take what was entered, or note why it cannot be read."""
    entered = st.session_state["course.predicted"]
    if not entered:
        st.session_state[UNREAD] = True
        return
    try:
        lesson_answer.read(lesson, entered)
    except Problem as problem:
        st.session_state[UNREAD] = problem
    else:
        _give(lesson, entered)


def _give(lesson: Lesson, text: str) -> None:
    learned.put(learned.progress().with_prediction(lesson.slug, text))
    for step in ("question", "predict"):
        stepping.note(lesson.slug, step)


def _forget(slug: str) -> None:
    progress = learned.progress()
    predictions = {k: v for k, v in progress.predictions.items() if k != slug}
    learned.put(progress.with_predictions(predictions))


def _figure(lesson: Lesson) -> None:
    """The lesson's figure where it begins: what is true, drawn."""
    at = trial.bench(lesson)
    values, _ = lab_state.values(at)
    if at.lab.works_on_picture(values) or at.lab.runs_at(values) or at.lab.wide:
        return  # the step Try shows it
    figure.show_drawings(figure.looked_at(at.lab, values), at)


def _drawn(lesson: Lesson, given: str | None, left: Any, right: Any) -> None:
    found = drawn_truth.drawn(lesson, language())
    drawings = st.session_state.setdefault(DRAWING, {})
    value = drawings.get(lesson.slug, found.control.default)
    if given:
        try:
            value = found.control.parse(given)
        except ValueError:
            value = found.control.default  # the lesson has changed since

    def put(new: Any) -> None:
        drawings[lesson.slug] = new

    with left:
        st.markdown(lesson.section("question", language()))
        pad(
            found.control,
            value,
            key=f"predict.{lesson.slug}",
            label=t("course.your_prediction"),
            on_change=put,
            labels=found.labels,
            pictures=found.pictures if isinstance(found.control, Sort) else (),
            bins=found.bins,
            under=found.under,
            truth=None if given is None else found.truth,
            truth_label=t("course.truth"),
            yours_label=t("course.yours"),
            unit=found.unit,
            enabled=given is None,
        )
    with right:
        if found.pictures and not isinstance(found.control, Sort):
            words = t("course.kernel")
            st.image(found.pictures[0], caption=words, alt=words, width=KERNEL)
        if given is None:
            st.markdown(t("course.draw"))
            st.button(
                t("course.predict_this"), key="course.drawn", type="primary",
                on_click=_give, args=(lesson, found.control.write(value)),
            )  # fmt: skip
        elif given:
            words, score = in_words(
                found.control,
                value,
                found.truth,
                found.labels,
                language(),
                bins=found.bins,
                unit=found.unit,
            )
            show = st.success if score >= drawn_truth.CLOSE else st.warning
            show(words)
