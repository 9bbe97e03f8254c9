"""All labs, in the order of the gallery, and which concept each teaches."""

from collections.abc import Mapping

from alexnet_viz.teaching.labs import (
    convolution,
    dense_as_convolution,
    features,
    flatten,
    gradient_descent,
    groups,
    hyperparameters,
    output_size,
    overfitting,
    overlapping_pooling,
    preprocessing,
    sharing,
    structure,
    towers,
)
from alexnet_viz.teaching.labs.lab import Lab

# in the order of the concepts they teach (analysis.claims.concept)
_FILES = (
    output_size,
    structure,
    preprocessing,
    convolution,
    sharing,
    groups,
    towers,
    overlapping_pooling,
    flatten,
    dense_as_convolution,
    hyperparameters,
    gradient_descent,
    overfitting,
    features,
)

LABS: Mapping[str, Lab] = {file.LAB.id: file.LAB for file in _FILES}
"""By id, which is part of people's links."""


def labs_of(concept: str) -> tuple[Lab, ...]:
    """The labs that teach a concept of ``analysis.claims.concept.CONCEPTS``."""
    return tuple(lab for lab in LABS.values() if concept in lab.concepts)
