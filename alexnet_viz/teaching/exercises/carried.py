"""A chain traced by hand, in which each step is judged on the student's own previous number.

One slip costs one mark: what follows from it correctly is right (error carried forward).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from alexnet_viz.teaching.questions.counts import FlattenedInputs
from alexnet_viz.teaching.questions.network_chains import (
    chain,
    maps_before,
    step,
    windows,
)
from alexnet_viz.teaching.questions.question import Question
from alexnet_viz.teaching.slips.diagnosis import Diagnosis, diagnose
from alexnet_viz.teaching.typed import Typed
from alexnet_viz.text import Language, t
from alexnet_viz.text.problem import Problem

Verdict = Literal["right", "carried", "slip", "wrong", "missing"]

COSTS: frozenset[Verdict] = frozenset(("slip", "wrong", "missing"))
"""The verdicts that cost a mark."""

LARGEST = 10**6
"""The largest size that is carried on."""


@dataclass(frozen=True)
class Chain:
    """The sizes of a network's maps from the image on, and the inputs of ``until``, by hand."""

    network: str
    input_size: int
    until: str = "fc6"

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers with a window, in order, and the dense layer at their end if there is one."""
        traced = chain(self.network, self.input_size)
        ends = (self.until,) if self.until in traced.by_name else ()
        return (*windows(traced, self.until), *ends)

    def question(self, layer: str, arriving: int) -> Question:
        """The step of a layer as a question about maps of ``arriving`` cells a side."""
        traced = chain(self.network, self.input_size)
        if layer != self.until:
            return step(traced, layer, arriving)
        channels, *_ = maps_before(traced, layer)
        return FlattenedInputs((channels, arriving, arriving))

    @property
    def answers(self) -> tuple[int, ...]:
        """The right number of every step."""
        found, size = [], self.input_size
        for layer in self.layers:
            answer = self.question(layer, size).answer
            assert isinstance(answer, int)
            found.append(answer)
            size = answer
        return tuple(found)


CHAINS = (
    Chain("alexnet_2012_227", 227),
    Chain("alexnet_2012_paper", 224),
    Chain("torchvision_alexnet", 224),
    Chain("alexnet_2012_227", 224),
    Chain("caffe_bvlc_alexnet", 227),
    Chain("zfnet_paper", 224),
    Chain("torchvision_alexnet", 256),
)
"""The chains that are drawn."""


@dataclass(frozen=True)
class Step:
    """One step, as it was judged."""

    layer: str
    arriving: int
    """The student's previous number, or the right one where that cannot be gone on from."""
    given: object
    """None if nothing was entered."""
    right: int
    """What is right in the network."""
    verdict: Verdict
    diagnosis: Diagnosis | None
    """Of a step that costs a mark: judged on ``arriving``."""

    @property
    def lost(self) -> int:
        """Marks lost: 0 or 1."""
        return int(self.verdict in COSTS)


def judged(asked: Chain, given: Sequence[Typed | int | None]) -> tuple[Step, ...]:
    """Every step of a chain, judged on the student's own previous number.

    ``given`` has a number, or None, for each of ``asked.layers``; missing ones at the end count as
    None.  A number that follows from a wrong one is ``carried`` and costs nothing; so does one that
    is right in the network.  Where no number was given, or one that no window fits, the next step
    goes on from what should have stood there.

    >>> steps = judged(Chain("alexnet_2012_227", 227), [54, 26, 26, 12, 12, 12, 12, 5, 6400])
    >>> [step.verdict for step in steps], sum(step.lost for step in steps)  # doctest: +ELLIPSIS
    (['slip', 'carried', 'carried', ...], 1)
    """
    found: list[Step] = []
    arriving = asked.input_size
    for number, (layer, right) in enumerate(zip(asked.layers, asked.answers, strict=True)):
        entered = given[number] if number < len(given) else None
        typed = entered if isinstance(entered, Typed) or entered is None else Typed(entered)
        judgement, arriving = _judged(asked, layer, right, arriving, typed)
        found.append(judgement)
    return tuple(found)


def _judged(
    asked: Chain, layer: str, right: int, arriving: int, given: Typed | None
) -> tuple[Step, int]:
    """One step, and the number with which the next goes on."""
    question = asked.question(layer, arriving)
    try:
        expected = question.answer
    except Problem:  # no window fits the student's number
        previous = asked.layers.index(layer) - 1
        arriving = asked.answers[previous]
        question = asked.question(layer, arriving)
        expected = question.answer
    assert isinstance(expected, int)
    if given is None:
        return Step(layer, arriving, None, right, "missing", None), expected
    value = given.value
    if value == right:
        return Step(layer, arriving, value, right, "right", None), right
    if value == expected:
        return Step(layer, arriving, value, right, "carried", None), expected
    diagnosis = diagnose(question, given)
    if diagnosis.rounded:  # 9.2k for 9,216
        as_good: Verdict = "right" if expected == right else "carried"
        return Step(layer, arriving, value, right, as_good, None), expected
    verdict: Verdict = "slip" if diagnosis.findings else "wrong"
    goes_on = isinstance(value, int) and 0 < value <= LARGEST
    judged_step = Step(layer, arriving, value, right, verdict, diagnosis)
    return judged_step, value if goes_on and isinstance(value, int) else expected


def marks_lost(steps: Sequence[Step]) -> int:
    """How many marks a chain has lost."""
    return sum(each.lost for each in steps)


def verdict_words(judged_step: Step, language: Language = "en") -> str:
    """The verdict on a step in words."""
    return t(
        f"exercise.carried.{judged_step.verdict}",
        language,
        layer=judged_step.layer,
        arriving=judged_step.arriving,
        right=judged_step.right,
    )
