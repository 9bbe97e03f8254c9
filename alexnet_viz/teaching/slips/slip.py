"""What a slip is: a mistake in a kind of question, as the value it leads to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from alexnet_viz.teaching.questions.question import Answer, Question
from alexnet_viz.text.problem import Problem


@dataclass(frozen=True)
class Slip:
    """A mistake.  Its sentence is the phrase ``slip.<id>``."""

    of: type[Question]
    """The questions it can be made in."""
    leads_to: Callable[[Any], Answer | None]
    """What the mistake gives; None where it cannot be made."""

    @property
    def id(self) -> str:
        """The name of its function."""
        return self.leads_to.__name__

    def result(self, question: Question) -> Answer | None:
        """What the mistake gives in a question, right by chance or not; None if it does not apply.

        A result that no student would write down, a negative count or an empty shape, is None too.
        """
        if not isinstance(question, self.of):
            return None
        try:
            found = self.leads_to(question)
        except Problem:
            return None
        if question.form == "shape" and isinstance(found, tuple) and min(found) < 1:
            return None
        if question.form == "count" and isinstance(found, int) and found < 0:
            return None
        return found


def slips(of: type[Question], *functions: Callable[[Any], Answer | None]) -> tuple[Slip, ...]:
    """The slips of one kind of question, the likeliest first."""
    return tuple(Slip(of, function) for function in functions)
