"""All labs, in the order of the gallery, and which concept each teaches."""

from collections.abc import Mapping

from alexnet_viz.teaching.labs import (
    gradient_descent,
    hyperparameters,
    overfitting,
    overlapping_pooling,
)
from alexnet_viz.teaching.labs.lab import Lab

LABS: Mapping[str, Lab] = {
    lab.id: lab
    for lab in (
        overlapping_pooling.LAB,
        hyperparameters.LAB,
        gradient_descent.LAB,
        overfitting.LAB,
    )
}
"""By id, which is part of people's links."""


def labs_of(concept: str) -> tuple[Lab, ...]:
    """The labs that teach a concept of ``analysis.claims.concept.CONCEPTS``."""
    return tuple(lab for lab in LABS.values() if concept in lab.concepts)
