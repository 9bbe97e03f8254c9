"""Learned numbers for a network: which there are, where they come from, what they were shown.

A ``Weights`` says what a screen must say of a live model: which network the numbers fit, how a
picture must be prepared for them, what they were trained on and what the outputs mean.
``catalogue.WEIGHTS`` lists those that ship or can be fetched; ``loading.load`` makes a model.
"""

from dataclasses import dataclass

from alexnet_viz.network.spec import Network
from alexnet_viz.pictures.preprocessing import PAPER, Preprocessing
from alexnet_viz.text import Text

MAX_BYTES = 600_000_000
"""Largest file of weights that is fetched or opened: the numbers of the largest network here and
as many again, which a training script keeps of its optimiser."""


@dataclass(frozen=True, kw_only=True)
class Weights:
    """A set of weights; ``loading.load`` reads its file."""

    id: str
    title: Text
    network: Network
    trained_on: Text
    """What they were shown and what they cannot know, in a sentence or two."""
    file: str
    """Name of the file: in this package if there is no ``url``, else in the cache folder."""
    sha256: str
    """Of the file, in hex; or the digits it begins with, where its maker states no more."""
    bytes: int
    """Of the file; where its maker states none, of its numbers alone."""
    sha1: str = ""
    """Of the file, in hex, where its maker states this instead of SHA-256."""
    url: str = ""
    """Where the file is fetched from; empty if it ships with the package."""
    source: str = ""
    """Where its maker describes it."""
    licence: str = ""
    preprocessing: Preprocessing = PAPER
    classes: tuple[Text, ...] = ()
    """What each output stands for, in order; empty if nobody knows."""
