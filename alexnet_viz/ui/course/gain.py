"""The test before the course, the test after it, and what changed between them."""

import streamlit as st

from alexnet_viz.teaching import gain_test
from alexnet_viz.teaching.exercises.generators import SEEDS as ALL_SEEDS
from alexnet_viz.teaching.gain_test import QUESTIONS, SEEDS
from alexnet_viz.ui.app import learned
from alexnet_viz.ui.app.words import running, t
from alexnet_viz.ui.components.lazy_expander import lazy_expander
from alexnet_viz.ui.exercises.panel import panel, seed

SPREAD = 20


def tests() -> None:
    """Draw the two tests folded away, and the gain of a student who took both."""
    for which in gain_test.WHICH:
        words = t(f"course.test.{which}")
        folded = lazy_expander(words, key=f"test.{which}", icon=":material/quiz:")
        if folded.open:
            with folded:
                _test(which)
    found = gain_test.gain(learned.progress())
    if found is None:
        return
    sentences = [t("course.gain", before=found.before, after=found.after, of=found.of)]
    if found.normalised is not None:
        sentences.append(t("course.gain_share", share=round(100 * found.normalised)))
    st.markdown(running(*sentences))


def _test(which: str) -> None:
    st.markdown(t("course.test_says", n=len(QUESTIONS)))
    first = seed("gain", 0) + SPREAD * SEEDS[which]
    results = [
        panel(f"test.{which}.{n}", generator, tier, fixed=(first + n) % ALL_SEEDS, again=False)
        for n, (generator, tier) in enumerate(QUESTIONS)
    ]
    given = [each for each in results if each is not None]
    if len(given) == len(QUESTIONS):
        learned.put(learned.progress().with_test(which, tuple(given)))
        st.success(t("course.test_done", right=sum(given), of=len(given)))
