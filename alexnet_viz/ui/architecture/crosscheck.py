"""An expander that compares our totals with those of torchinfo and torch."""

from importlib.metadata import version

import streamlit as st

from alexnet_viz.model.crosscheck import Check, Difference, crosscheck
from alexnet_viz.network.spec_file import dumps, loads
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.render.tables.grid import Grid, markdown
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.components.lazy_expander import lazy_expander


def crosscheck_panel(result: Trace) -> None:
    """Draw the expander; nothing is counted until it is opened."""
    panel = lazy_expander(t("crosscheck.title"), key="crosscheck", icon=":material/balance:")
    if not panel.open:
        return
    with panel:
        if result.failure:
            st.info(t("crosscheck.stopped"), icon=":material/block:")
            return
        st.markdown(t("crosscheck.lead"))
        try:
            with st.spinner(t("crosscheck.running")):
                checks = _counted(dumps(result.network))
        except Problem as problem:
            st.warning(escaped(problem.explained(language())))
            return
        for check in checks:
            st.markdown(markdown(_grid(check)))
        versions = {name: version(name) for name in ("torch", "torchinfo")}
        st.caption(t("crosscheck.source", **versions))


@st.cache_data(max_entries=32, show_spinner=False)
def _counted(spec: str) -> tuple[Check, ...]:
    """The checks of a network, cached by its whole definition: an id may be of a visitor's file."""
    return crosscheck(trace(loads(spec)))


def _grid(check: Check) -> Grid:
    """A table: our total, the amount of each convention, their total."""
    rows = [(t(f"crosscheck.ours.{check.quantity}"), f"{check.ours:,}")]
    rows += [(_words(each), f"{each.amount:+,}") for each in check.differences]
    if check.unexplained:
        rows.append((t("crosscheck.unexplained"), f"{check.unexplained:+,}"))
    theirs = (t(f"crosscheck.theirs.{check.quantity}"), f"{check.theirs:,}")
    notes = () if check.ours != check.theirs else (t("crosscheck.equal"),)
    header = t(f"crosscheck.quantity.{check.quantity}"), ""
    return Grid("", header, tuple(rows), frozenset({0}), totals=(theirs,), notes=notes)


def _words(difference: Difference) -> str:
    first, *_, last = difference.layers if len(difference.layers) > 1 else difference.layers * 2
    layers = ", ".join(difference.layers)
    if len(difference.layers) > 3:
        layers = t("crosscheck.several", first=first, last=last, count=len(difference.layers))
    words = t(f"crosscheck.convention.{difference.convention}")
    return t("crosscheck.line", words=words, layers=layers)
