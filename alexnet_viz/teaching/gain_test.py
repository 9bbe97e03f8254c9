"""A test of five questions before the course and one after: the same kinds, other numbers."""

from dataclasses import dataclass

from alexnet_viz.teaching.progress import Progress

WHICH = ("before", "after")
QUESTIONS: tuple[tuple[str, int], ...] = (
    ("out1", 2),
    ("par", 1),
    ("mac", 1),
    ("rf", 1),
    ("wshape", 1),
)
"""Generators and tiers: one question each of sizes, parameters, cost, receptive field, groups."""
SEEDS = {"before": 5, "after": 6}
"""Where the seeds of either test begin; other numbers, the same difficulty."""


@dataclass(frozen=True)
class Gain:
    """What changed between the two tests."""

    before: int
    after: int
    of: int

    @property
    def normalised(self) -> float | None:
        """(after − before)/(all − before): Hake 1998; None where everything was right before."""
        return (
            None if self.before == self.of else (self.after - self.before) / (self.of - self.before)
        )


def gain(progress: Progress) -> Gain | None:
    """The gain of a student who took both tests to the end."""
    results = [progress.tests.get(which, ()) for which in WHICH]
    if any(len(each) != len(QUESTIONS) for each in results):
        return None
    return Gain(sum(results[0]), sum(results[1]), len(QUESTIONS))
