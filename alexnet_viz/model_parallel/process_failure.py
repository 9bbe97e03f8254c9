"""Errors of the processes of a run, with the rank and the place in the run."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from alexnet_viz.model_parallel.request import Phase, Place
from alexnet_viz.text import LANGUAGES, Language, has, t
from alexnet_viz.text.local_file import FULL, no_room
from alexnet_viz.text.problem import Problem, shown

MAX_REASON = 160
"""Most characters of a Python error that a message repeats."""

GPU_FULL = "run_gpu_memory"
"""The code of a problem whose remedy is the CPU."""

Messages = dict[Language, tuple[str, str]]
"""Message and remedy of a problem, by language."""


class RunProblem(Problem):
    """A ``Problem`` whose ``phase`` and ``layer``, if any, fill the ``{place}`` of its message."""

    def message(self, language: Language = "en") -> str:
        """Return what went wrong, the numbers and the place."""
        return t(f"problem.{self.code}", language, **self._placed(language))

    def remedy(self, language: Language = "en") -> str:
        """Return what to change, or "" where there is no advice."""
        key = f"remedy.{self.code}"
        return t(key, language, **self._placed(language)) if has(key) else ""

    def _placed(self, language: Language) -> Mapping[str, object]:
        if "phase" not in self.values:
            return self.values
        place = Place(self.values["phase"], str(self.values["layer"]))  # type: ignore[arg-type]
        return self.values | {"place": place_text(place, language)}


def place_values(place: Place) -> dict[str, str]:
    """Return a place as keyword values of a ``RunProblem``."""
    return {"phase": place.phase, "layer": place.layer}


def place_text(place: Place, language: Language = "en") -> str:
    """Return the name of a place.

    >>> place_text(Place("backward", "conv3"))
    'conv3, backward'
    """
    return t(f"run.place_{place.phase}", language, layer=place.layer)


def phase_text(phase: Phase, language: Language = "en") -> str:
    """Return the name of a phase."""
    return t(f"run.phase_{phase}", language)


class ReportedProblem(Problem):
    """A problem of another process, as the text that its own class produced there.

    ``values`` are those that are text.
    """

    def __init__(self, code: str, messages: Messages, values: Mapping[str, str]) -> None:
        super().__init__(code, **values)
        self.messages = messages

    def message(self, language: Language = "en") -> str:
        """Return the message that the process reported."""
        return self.messages[language][0]

    def remedy(self, language: Language = "en") -> str:
        """Return the remedy that the process reported."""
        return self.messages[language][1]


def messages(problem: Problem) -> Messages:
    """Return the text of a problem in all languages.

    The text travels between processes, and not the object: unpickling that would import the module
    of its class, often one that imports torch.
    """
    return {each: (problem.message(each), problem.remedy(each)) for each in LANGUAGES}


def texts(problem: Problem) -> dict[str, str]:
    """Return the values of a problem that are text."""
    return {name: value for name, value in problem.values.items() if isinstance(value, str)}


def as_problem(error: Exception, rank: int, place: Place, device: str = "") -> Problem:
    """Return ``error`` itself if it is a ``Problem``, else one with its rank and place.

    ``device`` is the name of the GPU whose memory the error says is full, if it does.
    """
    if isinstance(error, Problem):
        return error
    if device:
        return RunProblem(GPU_FULL, rank=rank, device=device, **place_values(place))
    reason = f"{type(error).__name__}: {error}".partition("\n")[0]
    if getattr(error, "errno", None) in FULL or "No space left on device" in reason:
        return no_room(Path(tempfile.gettempdir()))
    full = (
        isinstance(error, MemoryError) or "out of memory" in reason or "allocate memory" in reason
    )
    code = "run_memory" if full else "run_crashed"
    return RunProblem(code, rank=rank, reason=shown(reason, MAX_REASON), **place_values(place))
