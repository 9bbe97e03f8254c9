"""All labs, in the order of the gallery, and which concept each teaches."""

from collections.abc import Mapping

from alexnet_viz.teaching.labs import (
    activation,
    batch_norm,
    cost,
    data_sets,
    dropout,
    gradient_descent,
    hyperparameters,
    keras_code,
    loss,
    lrn,
    lrn_order,
    output_size,
    overfitting,
    overlapping_pooling,
    pooling,
    receptive_field,
    softmax,
    structure,
    vanishing_map,
)
from alexnet_viz.teaching.labs.lab import Lab

# in the order of the concepts they teach (analysis.claims.concept)
_FILES = (
    output_size,
    structure,
    activation,
    pooling,
    overlapping_pooling,
    lrn,
    lrn_order,
    batch_norm,
    dropout,
    softmax,
    loss,
    data_sets,
    hyperparameters,
    gradient_descent,
    overfitting,
    cost,
    receptive_field,
    keras_code,
    vanishing_map,
)

LABS: Mapping[str, Lab] = {file.LAB.id: file.LAB for file in _FILES}
"""By id, which is part of people's links."""


def labs_of(concept: str) -> tuple[Lab, ...]:
    """The labs that teach a concept of ``analysis.claims.concept.CONCEPTS``."""
    return tuple(lab for lab in LABS.values() if concept in lab.concepts)
