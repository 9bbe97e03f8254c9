"""All labs, in the order of the gallery, and which concept each teaches."""

from collections.abc import Mapping

from alexnet_viz.teaching.labs import (
    activation,
    augmentation,
    batch_norm,
    convolution,
    cost,
    data_sets,
    dense_as_convolution,
    dropout,
    errata,
    features,
    flatten,
    gradient_descent,
    groups,
    history,
    hyperparameters,
    keras_code,
    layer_kinds,
    loss,
    lrn,
    lrn_order,
    output_size,
    overfitting,
    overlapping_pooling,
    pooling,
    preprocessing,
    receptive_field,
    sharing,
    softmax,
    structure,
    towers,
    transfer,
    vanishing_map,
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
    activation,
    pooling,
    overlapping_pooling,
    lrn,
    lrn_order,
    batch_norm,
    flatten,
    dense_as_convolution,
    dropout,
    softmax,
    loss,
    data_sets,
    hyperparameters,
    gradient_descent,
    overfitting,
    augmentation,
    transfer,
    layer_kinds,
    cost,
    receptive_field,
    features,
    history,
    keras_code,
    vanishing_map,
    errata,
)

LABS: Mapping[str, Lab] = {file.LAB.id: file.LAB for file in _FILES}
"""By id, which is part of people's links."""


def labs_of(concept: str) -> tuple[Lab, ...]:
    """The labs that teach a concept of ``analysis.claims.concept.CONCEPTS``."""
    return tuple(lab for lab in LABS.values() if concept in lab.concepts)
