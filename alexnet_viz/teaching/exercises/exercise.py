"""What a generator draws: a question with its words, typed or chosen among slips' results."""

from dataclasses import dataclass
from typing import Literal

from alexnet_viz.teaching.questions.answer_text import phrase, written
from alexnet_viz.teaching.questions.network_chains import ChainQuestion, PlantedError
from alexnet_viz.teaching.questions.question import Answer, Question
from alexnet_viz.teaching.slips.diagnosis import Diagnosis, diagnose
from alexnet_viz.teaching.typed import Typed, read
from alexnet_viz.text import Language, running, t

Way = Literal["typed", "choice"]


@dataclass(frozen=True)
class Exercise:
    """One drawn question; ``generators.draw`` with the same id, seed and tier draws it again."""

    generator: str
    seed: int
    tier: int
    """1 to 3."""
    question: Question
    way: Way
    options: tuple[Answer, ...] = ()
    """What is to be chosen from, the answer among them; empty where the answer is typed."""
    about: bool = False
    """Whether an answer within 1 % is right."""

    @property
    def answer(self) -> Answer:
        return self.question.answer

    def judge(self, given: Typed | Answer) -> Diagnosis:
        """The diagnosis of an answer that was read or chosen."""
        return diagnose(self.question, given, self.about)

    def judge_typed(self, text: str) -> Diagnosis:
        """The diagnosis of a typed answer.

        Raises:
            Problem: it cannot be read, which costs no attempt.
        """
        return self.judge(read(text, self.question.form))


def title(exercise: Exercise, language: Language = "en") -> str:
    """What the exercise is about, in a few words."""
    return t(f"exercise.title.{exercise.generator}", language)


def asked(exercise: Exercise, language: Language = "en") -> str:
    """What is asked, in words, with how the answer is to be written.

    A small map, a kernel or the lines of a text (``lines``) are shown beside it.
    """
    question = exercise.question
    kind = ".".join(filter(None, (exercise.generator, question.variant)))
    words = t(f"exercise.ask.{kind}", language, **question.values)
    about = t("exercise.about", language) if exercise.about else ""
    return running((words, about), language)


def lines(question: PlantedError, language: Language = "en") -> tuple[str, ...]:
    """The lines of a text with a planted error; the page numbers them from 1 on."""
    return tuple(
        t(
            "exercise.line",
            language,
            layer=layer,
            size=size,
            rule=phrase(f"exercise.rounds.{asked.rounding}"),
            **{key: value for key, value in asked.values.items() if key in _OF_LINE},
        )
        for layer, (asked, size) in zip(question.layers, question.lines, strict=True)
    )


_OF_LINE = ("input_size", "kernel_size", "stride", "before", "after")


def worked(question: Question, language: Language = "en") -> str:
    """The worked line: the answer with the numbers it is computed from."""
    if isinstance(question, ChainQuestion) and question.quantity.endswith((".params", ".macs")):
        question = question.part or question
    answer = written(question.answer, question.form)
    key = f"exercise.worked.{question.worked}"
    return t(key, language, **{**question.values, "answer": answer})


def option(exercise: Exercise, value: Answer, language: Language = "en") -> str:
    """An option as the page shows it."""
    return written(value, exercise.question.form, even=True).of(language)
