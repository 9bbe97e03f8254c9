"""All slips, and those that a question invites."""

from collections.abc import Mapping

from alexnet_viz.teaching.questions.network_chains import ChainQuestion
from alexnet_viz.teaching.questions.question import Answer, Question
from alexnet_viz.teaching.slips import of_counts, of_fields, of_networks, of_values, of_windows
from alexnet_viz.teaching.slips.slip import Slip

SLIPS: tuple[Slip, ...] = (
    *of_windows.SLIPS,
    *of_counts.SLIPS,
    *of_fields.SLIPS,
    *of_values.SLIPS,
    *of_networks.SLIPS,
)
"""Every slip of every kind of question; of one kind the likeliest first."""


def slips_of(kind: str) -> tuple[Slip, ...]:
    """The slips that can be made in questions of a kind, the likeliest first."""
    return _BY_KIND.get(kind, ())


_BY_KIND: dict[str, tuple[Slip, ...]] = {
    kind: tuple(slip for slip in SLIPS if slip.of.kind == kind)
    for kind in {slip.of.kind for slip in SLIPS}
}


def made(question: Question) -> Mapping[str, Answer]:
    """What each slip that can be made in a question leads to, if that is not the right answer.

    The likeliest come first; two slips may lead to the same.
    """
    if isinstance(question, ChainQuestion):
        return made(question.part) if question.part else {}
    found = {}
    for slip in slips_of(question.kind):
        result = slip.result(question)
        if result is not None and result != question.answer:
            found[slip.id] = result
    return found
