"""All labs, in the order of the gallery, and which concept each teaches."""

from collections.abc import Mapping

from alexnet_viz.teaching.labs import (
    activation,
    batch_norm,
    dropout,
    loss,
    lrn,
    lrn_order,
    output_size,
    overlapping_pooling,
    pooling,
    softmax,
    structure,
)
from alexnet_viz.teaching.labs.lab import Lab

LABS: Mapping[str, Lab] = {
    lab.id: lab
    for lab in (
        output_size.LAB,
        structure.LAB,
        activation.LAB,
        pooling.LAB,
        overlapping_pooling.LAB,
        lrn.LAB,
        lrn_order.LAB,
        batch_norm.LAB,
        dropout.LAB,
        softmax.LAB,
        loss.LAB,
    )
}
"""By id, which is part of people's links."""


def labs_of(concept: str) -> tuple[Lab, ...]:
    """The labs that teach a concept of ``analysis.claims.concept.CONCEPTS``."""
    return tuple(lab for lab in LABS.values() if concept in lab.concepts)
