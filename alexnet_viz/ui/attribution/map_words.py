"""The attribution map in sentences: where the evidence is, and what the random weights say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from alexnet_viz.interpretability.attribution import METHODS, Attribution, class_layer
from alexnet_viz.interpretability.attribution.evidence import PARTS, evidence
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import offered, running, t
from alexnet_viz.ui.attribution.question import How, Question
from alexnet_viz.ui.components.picture_places import place_name

if TYPE_CHECKING:  # captum takes a second to load; the page must not wait for it
    from alexnet_viz.interpretability.attribution.sanity import Sanity

SAME, ALIKE = 0.8, 0.5
"""Rank correlations above which two maps are called almost the same, and similar."""


def say(
    question: Question, how: How, learned: Attribution, checks: Mapping[str, Sanity], last: str
) -> None:
    """Show the unit's value, where the map has its evidence, and the verdict of the check.

    ``last`` is the layer that is random where the check is of the last one only.
    """
    unit = question.target.unit
    key = "says_class" if unit.layer == class_layer(question.subject.result) else "says"
    said = [t(f"attribution.{key}", unit=question.target.words, value=learned.output)]
    found = evidence(learned.values)
    if found:
        kind = "where" if METHODS[how.method].signed else "where_unsigned"
        place = place_name(found.down, found.across)
        numbers = {"share": found.share, "even": 1 / PARTS**2, "half": found.half}
        said.append(t(f"attribution.{kind}", place=place, **numbers))
    st.markdown(running(*said))
    if not learned.values.any():
        st.info(t("attribution.silent"), icon=":material/volume_off:")
    depth = state.use("attr_random")
    if depth in checks:
        rho = checks[depth].correlation
        verdict = "flat" if rho is None else judged(rho)
        words = t(
            f"attribution.check_{verdict}",
            what=t(f"attribution.depth_{depth}", layer=last),
            rho=rho or 0.0,
        )
        st.markdown(words if rho is None else running(words, t("attribution.rho_means")))


def judged(rho: float) -> str:
    """What a rank correlation says of two maps: same, alike or differs."""
    if rho > SAME:
        return "same"
    return "alike" if rho > ALIKE else "differs"


def check_choice(question: Question, checks: Mapping[str, Sanity], last: str) -> None:
    """Draw the choice of the layers that are random, with the correlation of each map."""
    menu = offered("attribution.depth_", "attr_random", layer=last)
    with st.container(horizontal=True, vertical_alignment="center", key="row.check"):
        st.segmented_control(
            t("attribution.depth"),
            required=True,
            help=t("attribution.depth_help"),
            **menu,
        )
        for depth, check in checks.items():
            rho = check.correlation
            st.metric(
                t("attribution.rho", depth=menu["format_func"](depth)),
                "–" if rho is None else f"{rho:.2f}",
                width="content",
            )
    if question.subject.weights is None:
        st.caption(t("attribution.check_random"))


def notes(how: How, learned: Attribution, outside: float) -> None:
    """Show how the map was made, the method's own numbers, and what the colours mean.

    ``outside`` is the share of the map's pixels beyond the limits of its colours.
    """
    found = dict(learned.notes)
    said = [t(f"attribution.how_{how.method}")]
    if how.method == "guided_backpropagation" and not found["relus"]:
        said.append(t("attribution.note_no_relu"))
    elif found:
        said.append(t(f"attribution.note_{how.method}", output=learned.output, **found))
    signed = METHODS[how.method].signed
    said.append(t("attribution.legend" if signed else "attribution.legend_unsigned", share=outside))
    st.caption("\n\n".join(said))
