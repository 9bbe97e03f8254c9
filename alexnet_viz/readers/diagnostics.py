"""The problems that a reader finds in a file, and the assumptions it makes."""

from collections.abc import Sequence

from alexnet_viz.network.spec import Axis
from alexnet_viz.text import Text, t
from alexnet_viz.text.problem import Problem, Problems, shown

MAX_NAMED = 8
"""Most layers that one sentence names."""

MAX_LISTED = 50
"""Most problems that a page lists."""

MAX_SAID = 5
"""Most problems that a message states, one on each line."""


class Finding:
    """Collects the problems and assumptions of one file."""

    def __init__(self) -> None:
        self.problems: list[tuple[str, Problem]] = []
        self.assumptions: list[Text] = []
        self.assumed: tuple[Axis, ...] = ()
        """Axes of the input that the file does not state."""

    def refuse(self, code: str, **values: object) -> None:
        """Add a problem; long strings among the values are cut, except ``layers``."""
        cut = {
            key: shown(value) if isinstance(value, str) and key != "layers" else value
            for key, value in values.items()
        }
        self.problems.append(("", Problem(code, **cut)))

    def assume(self, key: str, **values: object) -> None:
        """Add an assumption, the phrase ``key``, if it is not there yet."""
        text = said(key, **values)
        if text not in self.assumptions:
            self.assumptions.append(text)

    def stop(self) -> None:
        """Raise if there is any problem.

        Raises:
            Problems: with everything that was wrong.
        """
        if self.problems:
            raise refused(self.problems)


def refused(problems: Sequence[tuple[str, Problem]]) -> Problems:
    """The problems of a file as one, with each on a line of its message, branches first."""
    ordered = sorted(problems, key=lambda each: each[1].code != "open_branch")
    return Problems("open", ordered, most=MAX_SAID, between="\n")


def said(key: str, **values: object) -> Text:
    """The phrase ``key`` in both languages with its placeholders filled."""
    return Text(t(key, "en", **values), t(key, "zh", **values))


def listed(names: list[str]) -> Text:
    """The first ``MAX_NAMED`` names, in quotes and joined by commas.

    >>> listed(["conv1", "pool1"])
    Text(en="'conv1', 'pool1'", zh='“conv1”、“pool1”')
    """
    first = [shown(name) for name in names[:MAX_NAMED]]
    more = len(names) > MAX_NAMED
    return Text(
        ", ".join(f"'{name}'" for name in first) + (" …" if more else ""),
        "、".join(f"“{name}”" for name in first) + ("……" if more else ""),
    )
