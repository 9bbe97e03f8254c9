"""What can be wrong with a request, said once, in either language.

A ``Problem`` carries a code and the numbers.  The words are the entries ``problem.<code>`` (what
was asked, the numbers, the rule) and ``remedy.<code>`` (what to do) of ``alexnet_viz.text``, so the
command line, the pages and a Python traceback all say the same thing.
"""

from alexnet_viz.text import Language, has, t


class Problem(ValueError):
    """A request that has no answer, with the reason.

    Attributes:
        code: names the rule that was broken; the key of its sentence in ``text``.
        values: the numbers that fill the sentence.
    """

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values

    def message(self, language: Language = "en") -> str:
        """What was asked, the actual numbers and the rule, in one sentence."""
        return t(f"problem.{self.code}", language, **self.values)

    def remedy(self, language: Language = "en") -> str:
        """What to change so that it works; empty where there is nothing to advise."""
        key = f"remedy.{self.code}"
        return t(key, language, **self.values) if has(key) else ""

    def explained(self, language: Language = "en") -> str:
        """The message and the remedy, on one line."""
        return " ".join(filter(None, (self.message(language), self.remedy(language))))

    def __str__(self) -> str:
        return self.explained()


SHOWN_LETTERS = 40
"""How much of what somebody typed a sentence repeats: enough to recognise it."""


def shown(given: str, letters: int = SHOWN_LETTERS) -> str:
    """What was given, cut where it is longer than a sentence should repeat.

    >>> shown("9" * 5000, 8)
    '9999999…'
    """
    return given if len(given) <= letters else f"{given[: letters - 1]}…"
