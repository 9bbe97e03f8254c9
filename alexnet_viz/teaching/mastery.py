"""Mastery: so many right answers in a row of one kind of exercise."""

from itertools import takewhile

from alexnet_viz.teaching.lesson import Lesson
from alexnet_viz.teaching.progress import Progress

IN_A_ROW = 3
"""Right answers in a row that count as mastery."""


def in_a_row(progress: Progress, generator: str) -> int:
    """How many answers of a generator were right since its last wrong one.

    >>> from alexnet_viz.teaching.progress import Item
    >>> items = (Item("", "out1", 1, 4, right=False), Item("", "out1", 1, 5, right=True))
    >>> in_a_row(Progress(items=items), "out1"), in_a_row(Progress(items=items), "par")
    (1, 0)
    """
    answers = [item.right for item in progress.items if item.generator == generator]
    return sum(1 for _ in takewhile(bool, reversed(answers)))


def mastered(progress: Progress, generator: str) -> bool:
    """Whether the last answers of a generator were all right."""
    return in_a_row(progress, generator) >= IN_A_ROW


def lesson_mastered(progress: Progress, lesson: Lesson) -> bool:
    """Whether every kind of exercise of a lesson is mastered."""
    return all(mastered(progress, check.generator) for check in lesson.checks)
