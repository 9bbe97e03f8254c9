"""Weights for networks: those that ship, those that can be fetched, and those in users' files.

A ``Weights`` describes one set: the network that it fits, the preparation of pictures, the training
data and the classes.  ``catalogue.WEIGHTS`` lists all sets; ``loader.load`` returns a torch model;
``shared`` has several networks share one set; ``files`` imports other programs' files.

Imports ``model`` and below.  Start with ``catalogue`` and ``loader``.
"""

from dataclasses import dataclass

from alexnet_viz.network.spec import Network
from alexnet_viz.pictures.preprocessing import PAPER, Preprocessing
from alexnet_viz.text import Text

MAX_BYTES = 600_000_000
"""Largest file of weights that is fetched or opened: twice the parameters of the largest network
here, since a checkpoint may hold as many numbers of the optimiser."""


@dataclass(frozen=True, kw_only=True)
class Weights:
    """A set of weights; ``loader.load`` reads its file."""

    id: str
    title: Text
    network: Network
    trained_on: Text
    """The training data and its limits, in a sentence or two."""
    file: str
    """Name of the file, in this package if there is no ``url``, else in the cache folder."""
    sha256: str
    """Of the file, in hex; only the first digits if its maker states no more."""
    bytes: int
    """Size of the file; of its numbers alone if the maker states no size."""
    sha1: str = ""
    """Of the file, in hex, if its maker states this instead of SHA-256."""
    url: str = ""
    """Address of the file; empty if it ships with the package."""
    source: str = ""
    """Address of its maker's description."""
    licence: str = ""
    preprocessing: Preprocessing = PAPER
    classes: tuple[Text, ...] = ()
    """Names of the outputs, in order; empty if unknown."""
