"""Errors that a user can cause, with their messages in English and Chinese.

A ``Problem`` carries a code and values.  Its words are the entries ``problem.<code>`` (what was
asked, the numbers, the rule) and ``remedy.<code>`` (what to do) of ``alexnet_viz.text``, so the
command line, the pages and a Python traceback print the same sentences.  ``Problems`` holds all
errors of one file or one network.
"""

from collections.abc import Iterable

from alexnet_viz.text import Language, has, running, t


class Problem(ValueError):
    """An invalid request and the reason.

    Attributes:
        code: the rule that was broken; the key of its sentence in ``text``.
        values: what fills the placeholders of the sentence.
    """

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values

    def __reduce__(self) -> tuple[object, ...]:
        return _bare, (type(self),), self.__dict__

    def message(self, language: Language = "en") -> str:
        """The sentence ``problem.<code>``: what was asked, the actual numbers, the rule."""
        return t(f"problem.{self.code}", language, **self.values)

    def remedy(self, language: Language = "en") -> str:
        """The sentence ``remedy.<code>``: what to change; empty if there is no such entry."""
        key = f"remedy.{self.code}"
        return t(key, language, **self.values) if has(key) else ""

    def explained(self, language: Language = "en") -> str:
        """The message and the remedy, on one line."""
        return running((self.message(language), self.remedy(language)), language)

    def __str__(self) -> str:
        return self.explained()


def _bare(kind: type[Problem]) -> Problem:
    """A problem without its attributes, as the first step of unpickling one."""
    return kind.__new__(kind)


MAX_SENTENCES = 10
"""Most sentences in the message of a ``Problems``, unless told otherwise."""


BETWEEN_CHINESE = {"; ": "；", "\n": "；\n", " ": ""}
"""What stands between the sentences of a ``Problems`` in Chinese, by what does in English."""


class Problems(Problem):
    """Several problems found in one pass, each with its place.

    The sentence ``problem.<code>`` has a placeholder ``{found}`` for the single sentences, which
    are joined by ``between``.

    Attributes:
        found: pairs of a place (``layers[3] 'conv2'``; empty if there is none) and a problem.
    """

    def __init__(
        self,
        code: str,
        found: Iterable[tuple[str, Problem]],
        *,
        most: int = MAX_SENTENCES,
        between: str = "; ",
        **values: object,
    ) -> None:
        self.found = tuple(found)
        self.most, self.between = most, between
        super().__init__(code, count=len(self.found), **values)

    def sentences(self, language: Language = "en") -> list[str]:
        """One sentence a problem, after its place: ``layers[3] 'conv2': stride is missing``."""
        colon = "：" if language == "zh" else ": "
        return [
            f"{place}{colon}{problem.message(language)}" if place else problem.message(language)
            for place, problem in self.found
        ]

    def summary(self, language: Language = "en") -> str:
        """The message without the single sentences."""
        return t(f"problem.{self.code}", language, **self.values, found="").strip()

    def message(self, language: Language = "en") -> str:
        """The first ``most`` sentences, and how many more there are, on one line."""
        said = self.sentences(language)
        more = len(said) - self.most
        if more > 0:
            said[self.most :] = [t("specfile.more", language, count=more)]
        between = BETWEEN_CHINESE[self.between] if language == "zh" else self.between
        if language == "zh" and "；" in between:
            said = [each.removesuffix("。") for each in said]
        found = between.join(said)
        return t(f"problem.{self.code}", language, **self.values, found=found)


SHOWN_LETTERS = 40
"""Most letters of a user's input that a message repeats."""


def shown(given: str, letters: int = SHOWN_LETTERS) -> str:
    """A string cut to ``letters`` letters, the last of them … where something is left out.

    >>> shown("9" * 5000, 8)
    '9999999…'
    """
    return given if len(given) <= letters else f"{given[: letters - 1]}…"
