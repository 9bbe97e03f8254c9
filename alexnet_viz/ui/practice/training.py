"""One exercise after another of a kind and a difficulty, and how many were right in a row.

The kind, the difficulty and the seed are in the link, so a link shows the same question.
"""

import streamlit as st

from alexnet_viz.teaching.exercises.generators import GENERATORS, SEEDS, TIERS
from alexnet_viz.teaching.mastery import IN_A_ROW, in_a_row, mastered
from alexnet_viz.ui.app import learned, state
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.exercises.panel import panel


def training() -> None:
    """Draw the exercise left, the kinds of exercises right."""
    left, right = st.columns([62, 38], gap="large")
    with right:
        kind = _kinds()
    with left:
        tiers = {tier: t(f"practice.tier.{tier}") for tier in TIERS}
        st.segmented_control(
            t("practice.difficulty"), TIERS, format_func=tiers.__getitem__, required=True,
            **state.bound("tier"),
        )  # fmt: skip
        tier, seed = state.use("tier"), state.use("seed")
        done = panel(f"practice.{kind}.{tier}.{seed}", kind, tier, fixed=seed, again=False)
        row = in_a_row(learned.progress(), kind)
        key = "practice.mastered" if row >= IN_A_ROW else "practice.row"
        st.markdown(t(key, row=row, needed=IN_A_ROW))
        st.button(
            t("practice.next" if done else "practice.other"),
            key="practice.next",
            type="primary" if done is not None else "secondary",
            icon=":material/casino:",
            on_click=state.put,
            args=("seed", (seed + 1) % SEEDS),
        )


def _kinds() -> str:
    """Draw the kinds of exercises with what is mastered; returns the chosen one."""
    progress = learned.progress()
    names = {
        kind: ("✓ " if mastered(progress, kind) else "") + t(f"exercise.title.{kind}")
        for kind in GENERATORS
    }
    st.radio(t("practice.kind"), list(names), format_func=names.__getitem__, **state.bound("gen"))
    known = sum(mastered(progress, kind) for kind in GENERATORS)
    st.caption(t("practice.known", known=known, of=len(GENERATORS), needed=IN_A_ROW))
    return str(state.get("gen"))
