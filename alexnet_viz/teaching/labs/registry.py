"""All labs, in the order of the gallery, and which concept each teaches."""

from collections.abc import Mapping

from alexnet_viz.teaching.labs import (
    augmentation,
    cost,
    errata,
    gradient_descent,
    history,
    hyperparameters,
    layer_kinds,
    output_size,
    overfitting,
    overlapping_pooling,
    structure,
    transfer,
    vanishing_map,
)
from alexnet_viz.teaching.labs.lab import Lab

LABS: Mapping[str, Lab] = {
    lab.id: lab
    for lab in (
        output_size.LAB,
        structure.LAB,
        overlapping_pooling.LAB,
        hyperparameters.LAB,
        gradient_descent.LAB,
        overfitting.LAB,
        augmentation.LAB,
        transfer.LAB,
        layer_kinds.LAB,
        cost.LAB,
        history.LAB,
        vanishing_map.LAB,
        errata.LAB,
    )
}
"""By id, which is part of people's links."""


def labs_of(concept: str) -> tuple[Lab, ...]:
    """The labs that teach a concept of ``analysis.claims.concept.CONCEPTS``."""
    return tuple(lab for lab in LABS.values() if concept in lab.concepts)
