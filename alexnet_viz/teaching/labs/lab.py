"""What a lab is: controls, what they lead to, and tasks.

A lab answers one question by something the student changes.  Its file declares a ``Lab``; the page
draws the controls, the pictures, the sentences, the tasks, the link, the download and the sources,
in both languages.  All its words are phrases that begin with ``lab.<id>.``:

``title``, ``question``                 one line each; the question is the gallery's
``control.<name>``                      a control's label; without it ``lab.control.<name>``
``option.<name>.<option>``              an option of a ``Pick``; without it the option itself
``task.<name>``                         what a task asks
``part.<part>``                         a kind of solution of a task that has several
``source``                              where what is taught comes from
and whatever ``look`` and ``judge`` say.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.teaching.control import Control
from alexnet_viz.text import Language, t

Values = Mapping[str, Any]
"""The controls' values by name; in a lab with ``needs_picture`` also ``picture``, the pixels
uint8 (``picture_side``, ``picture_side``, 3); in one that runs a network also ``live``."""

When = Callable[[Values], bool]
"""Whether something holds at these values."""


class Say(Protocol):
    """Returns the phrase ``lab.<id>.<key>`` in the visitor's language."""

    @property
    def language(self) -> Language: ...

    @property
    def size(self) -> float:
        """Units of the text of a drawing that is 640 wide: more for a projector."""
        ...

    def __call__(self, key: str, /, **values: object) -> str: ...


@dataclass(frozen=True)
class Spoken:
    """``Say`` for one lab in one language."""

    lab: str
    language: Language
    size: float = 14

    def __call__(self, key: str, /, **values: object) -> str:
        return t(f"lab.{self.lab}.{key}", self.language, **values)


@dataclass(frozen=True)
class Drawing:
    """An SVG document of ``render.diagrams``, and the line under it."""

    svg: str
    file: str
    """The name of the file to download, without its suffix."""
    caption: str = ""


@dataclass(frozen=True)
class Table:
    """A table under the pictures."""

    grid: Grid
    file: str
    caption: str = ""


@dataclass(frozen=True)
class Look:
    """What the controls' values lead to: the picture first, then the sentences that say it."""

    drawings: tuple[Drawing, ...]
    sentences: tuple[str, ...]
    """Markdown, all numbers computed; the answer is bold."""
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """Whether a task is solved, and what the page says to the student."""

    passed: bool
    words: str
    part: str = ""
    """Which of the task's ``parts`` this solves."""


@dataclass(frozen=True)
class Task:
    """Something to do, judged by computation.

    Without ``answer`` the student solves it by setting the lab's own controls, otherwise by
    entering the value of ``answer``.  ``judge`` gets the lab's values, the answer (or None) and
    ``say``.
    """

    judge: Callable[[Values, Any, Say], Outcome]
    answer: Control | None = None
    parts: tuple[str, ...] = ()
    """The kinds of solution to be found, if there are several: a task is solved when each was found
    once.  Their names are the phrases ``part.<part>``."""


@dataclass(frozen=True)
class Backing:
    """What lies under or beside a drawn control (bars, curve, cells, box, items to sort)."""

    labels: tuple[str, ...] = ()
    """Names of the bars, points or items; their numbers without."""
    bins: tuple[str, ...] = ()
    unit: str = ""
    under: bytes | None = None
    """A PNG under a box or painted cells."""
    pictures: tuple[bytes, ...] = ()
    """A PNG of each item."""
    preview: Any = None
    """A grey picture, uint8 (height, width), with which the browser convolves painted cells."""


@dataclass(frozen=True)
class Lab:
    """One lab; the id is part of people's links."""

    id: str
    concepts: tuple[str, ...]
    """Which of ``analysis.claims.concept.CONCEPTS`` it teaches."""
    controls: tuple[Control, ...]
    look: Callable[[Values, Say], Look]
    tasks: Mapping[str, Task]
    see: tuple[str, ...] = ()
    """Pages that show the same of a real network: ``page?choice=value``."""
    needs_picture: bool | When = False
    """Whether it works on a picture that the student chooses, or the values at which it does."""
    picture_side: int = 227
    """Pixels of a side of that picture, the centre of the student's."""
    runs_network: bool | When = False
    """Whether it needs torch and the weights that ship, or the values at which it does."""
    backing: Callable[[str, Values, Say], Backing] | None = None
    """What backs the drawn control of this name."""
    idle: Callable[[Values], tuple[str, ...]] | None = None
    """The controls that change nothing at these values, which are not drawn then."""
    wide: bool = False
    """Whether its picture takes the whole width of the page."""

    def works_on_picture(self, values: Values) -> bool:
        """Whether what it shows at these values is about the student's picture."""
        return _holds(self.needs_picture, values)

    def runs_at(self, values: Values) -> bool:
        """Whether what it shows at these values takes a run of the network."""
        return _holds(self.runs_network, values)


def _holds(condition: bool | When, values: Values) -> bool:
    return condition if isinstance(condition, bool) else condition(values)
