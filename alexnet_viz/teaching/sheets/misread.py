"""Whether a wrong answer is the answer to another question: the student misread, or knew no better.

Only what is computed counts.  An answer is another question's if

- it has another form: one number where several are asked, several where one is asked, or a map or
  shape of another length (a list that a slip is known to give is that slip); or
- it is right for the same numbers when a question next to this one is asked (``beside``): the
  output size by another library's rule, the multiply-accumulates of a convolution for its
  parameters, the formula of another source, the other time of dropout.

A slip can give the same number: who rounds down where a rule rounds up may have misread the rule or
not know it.  The number does not tell the two apart, so these answers are shown apart from slips,
each with the question that it answers.
"""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, Literal

from alexnet_viz.network.geometry import ROUNDINGS
from alexnet_viz.teaching.exercises.exercise import Exercise
from alexnet_viz.teaching.questions.counts import (
    ConvMacs,
    ConvParams,
    ConvQuestion,
    Crops,
    DenseParams,
    FlattenedInputs,
)
from alexnet_viz.teaching.questions.fields import FieldBox
from alexnet_viz.teaching.questions.question import Answer
from alexnet_viz.teaching.questions.single_values import DroppedValue, NormalisedValue
from alexnet_viz.teaching.questions.window_sizes import InputsGiving, OutputSize
from alexnet_viz.teaching.slips.finding import gives
from alexnet_viz.teaching.typed import Typed
from alexnet_viz.text.problem import Problem


def misread(exercise: Exercise, given: Typed, slip: str = "") -> str:
    """The name of the other question that an answer answers; empty if none is known.

    ``slip`` is the slip that gives the answer, if one does.
    """
    question = exercise.question
    if not slip and _another_form(question.answer, given.value):
        return "form"
    for name, answer in beside(exercise):
        if answer != question.answer and gives(answer, given, question.form):
            return name
    return ""


_Phase = Literal["train", "test"]
_OTHER: dict[_Phase, _Phase] = {"train": "test", "test": "train"}


def _another_form(answer: Answer, given: Answer) -> bool:
    if isinstance(answer, str) or isinstance(given, str):
        return False
    return _count(answer) != _count(given)


def _count(value: Answer) -> int:
    return len(value) if isinstance(value, tuple) else 1


def beside(exercise: Exercise) -> Iterator[tuple[str, Answer]]:
    """The answers to the questions next to an exercise, each with its name."""
    try:
        yield from _beside(exercise)
    except Problem:  # these numbers have no answer to that question
        return


def _beside(exercise: Exercise) -> Iterator[tuple[str, Answer]]:
    match exercise.question:
        case OutputSize() as asked if exercise.generator == "out2":
            for rule in ROUNDINGS:
                yield "rule", replace(asked, rounding=rule, clipped=None).answer
        case ConvParams() as asked:
            yield "macs", ConvMacs(**_values(asked)).answer
        case ConvMacs() as asked:
            yield "params", ConvParams(**_values(asked)).answer
        case DenseParams() as asked:
            yield "inputs", FlattenedInputs(asked.shape).answer
        case Crops() as asked:
            yield "mirrored", replace(asked, mirrored=not asked.mirrored).answer
        case NormalisedValue(lrn=lrn) as asked:
            other = replace(lrn, divide_alpha=not lrn.divide_alpha)
            yield "formula", replace(asked, lrn=other).answer
        case DroppedValue(dropout=dropout) as asked:
            yield "time", replace(asked, when=_OTHER[asked.when]).answer
            scaled = replace(dropout, scale=_OTHER[dropout.scale])
            yield "source", replace(asked, dropout=scaled).answer
        case FieldBox() as asked:  # one number is read as both ends of a range
            yield "size", (asked.fields[-1].size,) * 2
        case InputsGiving() as asked:
            padding = (asked.padding, asked.padding)
            size = OutputSize(asked.wanted, asked.kernel_size, asked.stride, padding).answer
            yield "forward", (size, size)


def _values(asked: ConvQuestion) -> dict[str, Any]:
    return {each.name: getattr(asked, each.name) for each in fields(asked)}
