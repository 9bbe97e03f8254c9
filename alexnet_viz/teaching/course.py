"""The course: its lessons in order, what is next, and what comes back.

The lessons that ship are the folders of ``teaching/lessons``; ``ALEXNET_VIZ_LESSONS`` names a
folder with a teacher's own, which are added, and which replace one of the same name.
"""

import os
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple

from alexnet_viz.teaching.lesson import Lesson
from alexnet_viz.teaching.lesson_file import read
from alexnet_viz.teaching.progress import Item, Progress
from alexnet_viz.text.problem import Problem

FOLDER = "ALEXNET_VIZ_LESSONS"
"""The environment variable with a teacher's folder."""
MOST_OWN = 100
"""Most folders of a teacher's that are read."""
LATER = 2
"""A question that was missed comes back so many lessons later (Latimier et al. 2021)."""


class Course(NamedTuple):
    """The lessons by slug, in their order, and what is wrong with a teacher's own."""

    lessons: dict[str, Lesson]
    refused: tuple[Problem, ...]


Read = tuple[tuple[Lesson, ...], tuple[Problem, ...]]
"""Lessons, and why others could not be read."""


@cache
def _shipped() -> Read:
    return _read(each for each in (files(__package__) / "lessons").iterdir() if each.is_dir())


def course() -> Course:
    """All lessons; those of a teacher's folder are read anew when a file of it changes."""
    folder = os.environ.get(FOLDER, "")
    shipped, wrong = _shipped()
    own, refused = _own(folder, _stamp(Path(folder))) if folder else ((), ())
    lessons = {lesson.slug: lesson for lesson in (*shipped, *own)}
    in_order = sorted(lessons.values(), key=lambda each: (each.number, each.slug))
    return Course({lesson.slug: lesson for lesson in in_order}, (*wrong, *refused))


def _stamp(folder: Path) -> tuple[tuple[str, float], ...]:
    """The files of a folder of lessons with the times they were changed."""
    try:
        found = sorted(folder.glob("*/*"))[: 4 * MOST_OWN]
        return tuple((str(path), path.stat().st_mtime) for path in found)
    except OSError:
        return ()


@lru_cache(maxsize=4)
def _own(folder: str, _stamp: tuple[tuple[str, float], ...]) -> Read:
    try:
        folders = sorted(path for path in Path(folder).iterdir() if path.is_dir())[:MOST_OWN]
    except OSError:
        return (), (Problem("lessons_folder", folder=folder, variable=FOLDER),)
    return _read(folders, own=True)


def _read(folders: Iterable[Path | Traversable], *, own: bool = False) -> Read:
    """The lessons in these folders, and what is wrong with the others."""
    lessons: list[Lesson] = []
    refused: list[Problem] = []
    for folder in folders:
        if folder.name.startswith(("_", ".")):
            continue
        try:
            lessons.append(read(folder, own=own))
        except Problem as problem:
            refused.append(problem)
    return tuple(lessons), tuple(refused)


def ready(lesson: Lesson, progress: Progress) -> bool:
    """Whether everything that a lesson builds on is finished."""
    return all(progress.finished(slug) for slug in lesson.builds_on)


def following(progress: Progress, lessons: dict[str, Lesson]) -> Lesson | None:
    """The lesson to do next: the first that is not finished and builds on finished ones only."""
    waiting = [each for each in lessons.values() if not progress.finished(each.slug)]
    return next((each for each in waiting if ready(each, progress)), next(iter(waiting), None))


def returning(lesson: Lesson, progress: Progress, lessons: dict[str, Lesson]) -> tuple[Item, ...]:
    """The questions that were missed ``LATER`` lessons before this one."""
    order = list(lessons)
    at = order.index(lesson.slug) - LATER
    return progress.missed(order[at]) if at >= 0 else ()
