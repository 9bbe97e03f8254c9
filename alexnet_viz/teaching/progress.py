"""What a student has done, as a frozen value and as a small file.

The file has no name, no date and nothing about the machine.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from alexnet_viz.text.problem import Problem

FORMAT = "alexnet-viz-progress"
VERSION = 1
MOST_BYTES = 200_000
MOST_ENTRIES = 5_000
MOST_LETTERS = 80

STEPS = ("question", "predict", "try", "check", "explain")
"""The steps of a lesson, in order."""


@dataclass(frozen=True)
class Item:
    """One question that was answered: where, which, and how."""

    lesson: str
    generator: str
    tier: int
    seed: int
    right: bool
    slip: str = ""
    """The slip that explains a wrong answer, if one does."""


@dataclass(frozen=True)
class Progress:
    """Everything done so far; each function returns a new one."""

    tasks: frozenset[tuple[str, str]] = frozenset()
    """Solved tasks: (lab, task)."""
    steps: frozenset[tuple[str, str]] = frozenset()
    """Steps of lessons that were finished: (lesson, step)."""
    predictions: Mapping[str, str] = field(default_factory=dict)
    """What was predicted, by lesson, as the link's text of its control."""
    items: tuple[Item, ...] = ()
    """Every answered question, oldest first."""
    tests: Mapping[str, tuple[bool, ...]] = field(default_factory=dict)
    """The results of the tests ``before`` and ``after``, one a question."""

    def solved(self, lab: str, task: str) -> bool:
        return (lab, task) in self.tasks

    def with_task(self, lab: str, task: str) -> "Progress":
        return replace(self, tasks=self.tasks | {(lab, task)})

    def did(self, lesson: str, step: str) -> bool:
        return (lesson, step) in self.steps

    def with_step(self, lesson: str, step: str) -> "Progress":
        return replace(self, steps=self.steps | {(lesson, step)})

    def with_prediction(self, lesson: str, text: str) -> "Progress":
        return self.with_predictions({**self.predictions, lesson: text})

    def with_predictions(self, predictions: Mapping[str, str]) -> "Progress":
        return replace(self, predictions=dict(predictions))

    def with_item(self, item: Item) -> "Progress":
        return replace(self, items=(*self.items, item)[-MOST_ENTRIES:])

    def with_test(self, which: str, results: tuple[bool, ...]) -> "Progress":
        return replace(self, tests={**self.tests, which: results})

    def finished(self, lesson: str) -> bool:
        """Whether the lesson's last step was reached."""
        return self.did(lesson, STEPS[-1])

    def missed(self, lesson: str) -> tuple[Item, ...]:
        """The questions of a lesson whose last answer was wrong, a generator once."""
        last = {item.generator: item for item in self.items if item.lesson == lesson}
        return tuple(item for item in last.values() if not item.right)


def dumps(progress: Progress) -> str:
    """The file of a progress: JSON, sorted."""
    return json.dumps(
        {
            "format": FORMAT,
            "version": VERSION,
            "tasks": sorted(map(list, progress.tasks)),
            "steps": sorted(map(list, progress.steps)),
            "predictions": dict(progress.predictions),
            "items": [
                [each.lesson, each.generator, each.tier, each.seed, each.right, each.slip]
                for each in progress.items
            ],
            "tests": {name: list(results) for name, results in progress.tests.items()},
        },
        ensure_ascii=False,
        indent=1,
        sort_keys=True,
    )


def loads(text: str | bytes) -> Progress:
    """The progress in a file.

    Raises:
        Problem: it is too large, not JSON, of another format or version, or has entries of another
            shape.
    """
    if len(text) > MOST_BYTES:
        raise Problem("progress_size", most=MOST_BYTES // 1000)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Problem("progress_json") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise Problem("progress_format")
    if data.get("version") != VERSION:
        raise Problem("progress_version", version=VERSION)
    try:
        return _read(data)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise Problem("progress_entries") from error


def _read(data: dict[str, Any]) -> Progress:
    return Progress(
        tasks=frozenset((_name(lab), _name(task)) for lab, task in _list(data["tasks"])),
        steps=frozenset((_name(lesson), _step(step)) for lesson, step in _list(data["steps"])),
        predictions={_name(k): _name(v, 4000) for k, v in data["predictions"].items()},
        items=tuple(
            Item(_name(a), _name(b), _whole(c), _whole(d), _truth(e), _name(f))
            for a, b, c, d, e, f in _list(data["items"])
        ),
        tests={_name(k): tuple(map(_truth, _list(v))) for k, v in data["tests"].items()},
    )


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) > MOST_ENTRIES:
        raise ValueError
    return value


def _name(value: Any, most: int = MOST_LETTERS) -> str:
    if not isinstance(value, str) or len(value) > most or not value.isprintable():
        raise ValueError
    return value


def _step(value: Any) -> str:
    if value not in STEPS:
        raise ValueError
    return str(value)


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 10**9:
        raise ValueError
    return value


def _truth(value: Any) -> bool:
    if type(value) is not bool:
        raise ValueError
    return value
