"""The subject of a live page: the chosen network and its weights.

The network is chosen as on every page; the chosen weights are used if their shapes fit
(``weights.compatibility``).  If they do not, the page shows which layer they do not fit, and the
network runs with the paper's random initialisation.
"""

from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import streamlit as st

from alexnet_viz.network.layers import Linear, shape_text
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.components import network_picker, summary
from alexnet_viz.variants import VARIANTS
from alexnet_viz.weights import Weights
from alexnet_viz.weights.catalogue import WEIGHTS
from alexnet_viz.weights.compatibility import Misfit, adapted, misfits

RANDOM = "random"
SEED = 0
OPENED = "_opened_weights"
"""Session key of the weights file that was opened: its (Weights, Imported)."""


@dataclass(frozen=True)
class Subject:
    """A network at an input, and its weights; None are the paper's random ones."""

    result: Trace
    weights: Weights | None

    @property
    def key(self) -> str:
        """The key in caches: ids and digests."""
        choices = [state.get(choice) for choice in ("variant", "rounding", "refit")]
        numbers = self.weights.sha256 or self.weights.id if self.weights else f"{RANDOM}{SEED}"
        return "/".join(map(str, [*choices, self.result.input_shape, numbers]))

    def class_name(self, number: int) -> str:
        """The title of an output's class, or its number if the classes are unknown."""
        if self.weights and number < len(self.weights.classes):
            return self.weights.classes[number].of(language())
        return t("subject.class", number=number)

    def output_title(self, layer: str, number: int) -> str:
        """The class of an output unit; empty for any other channel."""
        return self.class_name(number) if layer in _outputs(self.result) else ""


def _outputs(result: Trace) -> set[str]:
    """The layers whose units are the network's answers: from the last dense layer on."""
    rows = result.rows
    dense = [place for place, row in enumerate(rows) if isinstance(row.layer, Linear)]
    return {row.name for row in rows[dense[-1] :]} if dense else set()


def choose_subject(notes: Any = None) -> Subject:
    """Draw the chip of a live page, with the weights among its choices; returns the subject.

    ``notes`` is the container that says where the network fails and that weights do not fit; they
    stand where the function is called unless it is given.
    """
    weights, chosen = _chosen_weights(), network_picker.traced()
    subject = Subject(chosen, None)
    refused: list[Misfit] = []
    if weights and not chosen.failure:
        fitted = trace(adapted(_network(chosen), weights))
        refused = misfits(fitted, weights)
        if not refused:
            subject = Subject(fitted, weights)

    def more() -> None:
        _weights_box()
        st.caption(_statement(subject))

    running = subject.weights.title.of(language()) if subject.weights else t("subject.random")
    network_picker.network_row(more, escaped(running))
    with notes or nullcontext():
        summary.failure(chosen)
        if refused and weights:
            _say_refused(refused, weights)
        absent = WEIGHTS.get(state.get("weights"))
        if weights is None and absent:
            words = t("subject.not_here", weights=absent.title.of(language()))
            st.info(escaped(words), icon=":material/cloud_off:")
    return subject


def available() -> dict[str, Weights]:
    """The weights this session can use, by id: shipped, downloaded, or opened from a file."""
    ready = {id: weights for id, weights in WEIGHTS.items() if not weights.url or _here(weights)}
    if OPENED in st.session_state:
        own = st.session_state[OPENED][0]
        ready[own.id] = own
    return ready


def _here(weights: Weights) -> bool:
    from alexnet_viz.weights.download import cached

    return cached(weights) is not None


def follow(weights: Weights) -> None:
    """Choose the network and the input that these weights were made for."""
    size = weights.network.input_size
    native = VARIANTS[weights.network.id].input_size
    state.put("variant", weights.network.id)
    state.put("input", None if size == native else size)
    state.put("rounding", "declared")
    state.put("refit", False)


def _network(result: Trace) -> Network:
    return result.network.at(result.input_shape[1])


def _chosen_weights() -> Weights | None:
    return available().get(state.use("weights"))


def _weights_box() -> None:
    """Draw the menu of weights; choosing weights that do not fit also chooses their network."""
    ready = available()
    chosen = state.get("weights")
    titles = {id: weights.title.of(language()) for id, weights in ready.items()}
    titles[RANDOM] = t("subject.random")

    def changed() -> None:
        weights = ready.get(st.session_state["widget.weights"])
        state.put("weights", st.session_state["widget.weights"])
        if weights and misfits(trace(adapted(network_picker.network_at(), weights)), weights):
            follow(weights)

    bound = state.bound("weights", value=chosen if chosen in titles else RANDOM)
    st.selectbox(
        t("subject.weights"),
        list(titles),
        format_func=titles.__getitem__,
        help=t("subject.weights_help"),
        width=330,
        key=bound["key"],
        on_change=changed,
    )


def _statement(subject: Subject) -> str:
    """A sentence: the weights and their training data."""
    if subject.weights is None:
        return t("subject.says_random", seed=SEED)
    weights = subject.weights
    return t(
        "subject.says",
        title=escaped(weights.title.of(language())),
        trained_on=weights.trained_on.of(language()),
    )


def _say_refused(refused: list[Misfit], weights: Weights) -> None:
    """Show why the chosen weights do not fit the network, and a button for the network they fit."""
    first = refused[0]
    words = t(
        "subject.refused",
        weights=weights.title.of(language()),
        layer=first.layer,
        needed=shape_text(first.needed) if first.needed else t("subject.nothing"),
        offered=shape_text(first.offered) if first.offered else t("subject.nothing"),
        count=len(refused),
    )
    st.info(escaped(words), icon=":material/extension_off:")
    st.button(
        t("subject.follow", network=network_picker.variant_title(weights.network.id)),
        key="subject.follow",
        on_click=follow,
        args=(weights,),
    )
