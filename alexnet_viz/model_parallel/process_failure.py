"""What goes wrong with a process of a run, said with its rank and where in the run it was."""

from collections.abc import Mapping
from typing import Any

from alexnet_viz.model_parallel.request import Phase, Place
from alexnet_viz.text import LANGUAGES, Language, has, t
from alexnet_viz.text.problem import Problem, shown

MAX_REASON = 160


class RunProblem(Problem):
    """A ``Problem`` whose ``phase`` and ``layer``, if it has any, are said as ``{place}``."""

    def message(self, language: Language = "en") -> str:
        """What was asked, the numbers, and where."""
        return t(f"problem.{self.code}", language, **self._said(language))

    def remedy(self, language: Language = "en") -> str:
        """What to change so that it works."""
        key = f"remedy.{self.code}"
        return t(key, language, **self._said(language)) if has(key) else ""

    def _said(self, language: Language) -> Mapping[str, object]:
        if "phase" not in self.values:
            return self.values
        place = Place(self.values["phase"], str(self.values["layer"]))  # type: ignore[arg-type]
        return self.values | {"place": place_text(place, language)}


def at(place: Place) -> dict[str, str]:
    """A place as values of a ``RunProblem``."""
    return {"phase": place.phase, "layer": place.layer}


def place_text(place: Place, language: Language = "en") -> str:
    """A place in words.

    >>> place_text(Place("backward", "conv3"))
    'conv3, backward'
    """
    return t(f"run.place_{place.phase}", language, layer=place.layer)


def phase_text(phase: Phase, language: Language = "en") -> str:
    """A phase in a word."""
    return t(f"run.phase_{phase}", language)


class ToldProblem(Problem):
    """A problem of another process, in its own words: what was raised there may know more."""

    def __init__(self, code: str, words: Mapping[str, tuple[str, str]]) -> None:
        super().__init__(code)
        self.words = words

    def message(self, language: Language = "en") -> str:
        """What was asked, as the process said it."""
        return self.words[language][0]

    def remedy(self, language: Language = "en") -> str:
        """What to change, as the process said it."""
        return self.words[language][1]


def as_plain(problem: Problem) -> dict[str, Any]:
    """A problem as JSON carries it from one process to another: spoken in every language."""
    words = {each: (problem.message(each), problem.remedy(each)) for each in LANGUAGES}
    return {"code": problem.code, "words": words}


def from_plain(told: Mapping[str, Any]) -> Problem:
    """The problem that ``as_plain`` wrote."""
    return ToldProblem(told["code"], told["words"])


def crashed(error: BaseException, rank: int, place: Place) -> Problem:
    """Whatever a process did not expect, as a problem; a ``Problem`` stays what it is."""
    if isinstance(error, Problem):
        return error
    words = f"{type(error).__name__}: {error}".partition("\n")[0]
    full = isinstance(error, MemoryError) or "out of memory" in words or "allocate memory" in words
    code = "run_memory" if full else "run_crashed"
    return RunProblem(code, rank=rank, reason=shown(words, MAX_REASON), **at(place))
