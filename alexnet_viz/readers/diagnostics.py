"""What a reader finds on its way through a file: everything wrong, and everything left open."""

from alexnet_viz.text import Text, t
from alexnet_viz.text.problem import Problem, Problems, shown

MAX_NAMED = 8
"""How many layers one sentence names."""


MAX_LISTED = 50
"""How many problems are said; more of them have one cause."""


class Finding:
    """Collects problems instead of stopping at the first, and what the reader had to assume."""

    def __init__(self) -> None:
        self.problems: list[tuple[str, Problem]] = []
        self.assumptions: list[Text] = []

    def refuse(self, code: str, **values: object) -> None:
        """Note a problem; a name or a value from the file is cut where it is long."""
        cut = {
            key: shown(value) if isinstance(value, str) and key != "layers" else value
            for key, value in values.items()
        }
        self.problems.append(("", Problem(code, **cut)))

    def assume(self, key: str, **values: object) -> None:
        """Note, once, what the file leaves open and what is taken instead."""
        text = said(key, **values)
        if text not in self.assumptions:
            self.assumptions.append(text)

    def stop(self) -> None:
        """End the reading if anything was wrong.

        Raises:
            Problems: with everything that was wrong.
        """
        if self.problems:
            raise Problems("open", self.problems, most=MAX_LISTED)


def said(key: str, **values: object) -> Text:
    """A phrase in both languages with its placeholders filled."""
    return Text(t(key, "en", **values), t(key, "zh", **values))


def listed(names: list[str]) -> str:
    """Names in quotes, the first few of them."""
    quoted = ", ".join(f"'{shown(name)}'" for name in names[:MAX_NAMED])
    return quoted + (" …" if len(names) > MAX_NAMED else "")
