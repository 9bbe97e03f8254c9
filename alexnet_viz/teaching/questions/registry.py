"""The kinds of questions by the name that a lesson gives them."""

from collections.abc import Mapping

from alexnet_viz.teaching.questions import (
    counts,
    fields,
    fingerprints,
    network_chains,
    published_errors,
    rectified,
    single_values,
    small_maps,
    window_sizes,
)
from alexnet_viz.teaching.questions.question import Question

_FILES = (
    window_sizes,
    counts,
    fields,
    small_maps,
    single_values,
    rectified,
    network_chains,
    fingerprints,
    published_errors,
)

QUESTIONS: Mapping[str, type[Question]] = {
    each.kind: each
    for file in _FILES
    for each in vars(file).values()
    if isinstance(each, type) and issubclass(each, Question) and hasattr(each, "kind")
}
"""By ``Question.kind``."""
