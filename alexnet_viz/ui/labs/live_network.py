"""The network that the labs run: the one that ships, with the weights that it learned."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.pictures.images import Pixels
from alexnet_viz.pictures.samples.fresh import framed
from alexnet_viz.ui.components import live_model
from alexnet_viz.ui.components.subject import Subject
from alexnet_viz.weights import Weights
from alexnet_viz.weights.catalogue import DRAWINGS


@dataclass(frozen=True)
class Live:
    """What ``values["live"]`` of a lab is."""

    subject: Subject

    @property
    def network(self) -> Network:
        return self.subject.result.network

    @property
    def weights(self) -> Weights:
        return DRAWINGS

    def model(self) -> Any:
        """The torch module, shared by all visitors: read-only, no hooks."""
        return live_model.model(self.subject)

    def activations(self, pixels: Pixels) -> dict[str, NDArray[np.float32]]:
        """Every layer's output for what the network reads, uint8 (side, side, 3)."""
        return live_model.captured(self.subject, framed(pixels))

    def prepared(self, pixels: Pixels) -> NDArray[np.float32]:
        """The network's input for what it reads, float32 (channels, side, side)."""
        return live_model.prepared(self.subject, framed(pixels))

    def gate(self) -> Any:
        """The gate to hold while a lab runs the module itself."""
        return live_model.gate()


def live() -> Live:
    """The network at its own input; draws nothing."""
    return Live(Subject(trace(DRAWINGS.network), DRAWINGS))
