"""Two networks with the same weights."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import streamlit as st

from alexnet_viz.network import spec_file
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.components.subject import RANDOM, SEED, Subject, available
from alexnet_viz.weights import Weights
from alexnet_viz.weights.compatibility import adapted, learned_shapes, misfits


@dataclass(frozen=True)
class Twin(Subject):
    """One of two networks that are compared."""

    @property
    def key(self) -> str:
        """The key in caches: digest of all layers, input, weights."""
        network = self.result.network
        digest = sha256(spec_file.dumps(network).encode()).hexdigest()
        numbers = self.weights.sha256 or self.weights.id if self.weights else f"{RANDOM}{SEED}"
        return f"twin/{digest}/{self.result.input_shape}/{numbers}"

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of the weights it needs, by layer."""
        return learned_shapes(self.result)


def weights_box() -> Weights | None:
    """Draw the choice of the weights of both; None are the paper's random ones."""
    ready = available()
    titles = {id: weights.title.of(language()) for id, weights in ready.items()}
    titles[RANDOM] = t("subject.random")
    chosen = state.use("weights")
    chosen = chosen if chosen in titles else RANDOM
    st.selectbox(
        t("subject.weights"),
        list(titles),
        format_func=titles.__getitem__,
        width=330,
        **state.bound("weights", value=chosen),
    )
    return ready.get(chosen)


def twins(networks: Sequence[Network], weights: Weights | None) -> tuple[Twin, Twin]:
    """Both networks with these weights if they fit both, else with the same random ones.

    The last dense layer is resized to the number of classes of the weights.
    """
    one, other = networks
    if weights is None:
        return Twin(trace(one), None), Twin(trace(other), None)
    fitted = trace(adapted(one, weights)), trace(adapted(other, weights))
    if any(misfits(each, weights) for each in fitted):
        return Twin(trace(one), None), Twin(trace(other), None)
    return Twin(fitted[0], weights), Twin(fitted[1], weights)


def say_refused(found: Sequence[Twin], weights: Weights) -> None:
    """Show which layers the chosen weights do not fit, if random ones are used instead."""
    if found[0].weights:
        return
    fitted = [trace(adapted(each.result.network, weights)) for each in found]
    refused = [misfit.layer for each in fitted for misfit in misfits(each, weights)]
    layers = ", ".join(dict.fromkeys(refused))
    words = t("apart.refused", weights=escaped(weights.title.of(language())), layers=layers)
    st.info(words, icon=":material/extension_off:")
