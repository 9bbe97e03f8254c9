"""Reading a lesson from its folder of three text files, and saying what is wrong in them.

``lesson.toml`` holds the data, ``en.md`` and ``zh.md`` the words, under the headings
``## question``, ``## try``, ``## explain`` and ``## teacher``.  Nothing in a lesson is executed: a
folder of a teacher's own is read as text, and what is wrong in it is said in words.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from alexnet_viz.analysis.claims import expression
from alexnet_viz.analysis.claims.concept import CONCEPTS
from alexnet_viz.teaching import setting
from alexnet_viz.teaching.exercises.generators import GENERATORS
from alexnet_viz.teaching.labs.registry import LABS
from alexnet_viz.teaching.lesson import (
    CHAIN,
    KINDS,
    SECTIONS,
    Check,
    Figure,
    Lesson,
    Prediction,
    filled,
)
from alexnet_viz.text import LANGUAGES, Language, Text
from alexnet_viz.text.problem import Problem, Problems
from alexnet_viz.variants import VARIANTS

NO_WORDS = Text(*2 * ("",))
MOST_BYTES = 60_000
"""Largest file of a lesson."""

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

Found = list[tuple[str, Problem]]
"""What is wrong in a lesson: the place in its files, and the problem."""


def read(folder: Path | Traversable, *, own: bool = False) -> Lesson:
    """The lesson in a folder, which has its slug as its name.

    Raises:
        Problems: everything that is wrong in it, each with its file and entry.
    """
    found: Found = []
    lesson = None
    if not _SLUG.fullmatch(folder.name):
        found.append(("", Problem("lesson_slug")))
    else:
        try:
            data = tomllib.loads(_text(folder, "lesson.toml"))
            words = {language: _sections(_text(folder, f"{language}.md")) for language in LANGUAGES}
            lesson = _lesson(_Entries(data, found), folder.name, words, own=own)
        except tomllib.TOMLDecodeError as error:
            found.append(("lesson.toml", Problem("lesson_toml", reason=str(error))))
        except Problem as problem:
            found.append(("", problem))
    if lesson and not found:
        found += _wrong(lesson)
    if found or lesson is None:
        raise Problems("lesson_broken", found, slug=folder.name)
    return lesson


def _text(folder: Path | Traversable, name: str) -> str:
    try:
        data = (folder / name).read_bytes()
    except OSError as error:
        raise Problem("lesson_no_file", file=name) from error
    if len(data) > MOST_BYTES:
        raise Problem("lesson_large", file=name, most=MOST_BYTES // 1000)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem("lesson_not_text", file=name) from error


def _sections(text: str) -> dict[str, str]:
    """The words by heading; what stands before the first heading is ignored."""
    parts = re.split(r"^## +(\w+) *$", text, flags=re.MULTILINE)
    return {name: words.strip() for name, words in zip(parts[1::2], parts[2::2], strict=True)}


class _Entries:
    """The entries of a table of TOML; what is wrong with one is noted, and it is empty then."""

    def __init__(self, data: Mapping[str, Any], found: Found, at: str = "") -> None:
        self.found, self._data, self._at = found, data, at

    def __contains__(self, name: str) -> bool:
        return name in self._data

    def raw(self, name: str) -> Any:
        return self._data.get(name)

    def wrong(self, name: str, wanted: str) -> None:
        problem = Problem("lesson_entry", entry=self._at + name, wanted=wanted)
        self.found.append(("lesson.toml", problem))

    def of(self, name: str, kind: type, wanted: str, default: Any = None) -> Any:
        value = self._data.get(name, default)
        if value is None or not isinstance(value, kind) or isinstance(value, bool):
            self.wrong(name, wanted)
            return kind()
        return value

    def whole(self, name: str, low: int, high: int, default: int | None = None) -> int:
        value: int = self.of(name, int, f"{low}-{high}", default)
        if not low <= value <= high:
            self.wrong(name, f"{low}-{high}")
        return value

    def text(self, name: str) -> Text:
        return self.as_text(name, self._data.get(name))

    def as_text(self, name: str, value: Any) -> Text:
        if not (isinstance(value, dict) and all(_words(value.get(each)) for each in LANGUAGES)):
            self.wrong(name, "{en, zh}")
            return NO_WORDS
        return Text(value["en"], value["zh"])

    def names(self, name: str) -> tuple[str, ...]:
        values = self.of(name, list, "[…]", [])
        if not all(isinstance(each, str) for each in values):
            self.wrong(name, '["…"]')
            return ()
        return tuple(values)

    def one_of(self, name: str, options: Iterable[str], default: str | None = None) -> str:
        value: str = self.of(name, str, "…", default)
        if value not in options:
            self.wrong(name, ", ".join(sorted(options)[:12]))
        return value

    def table(self, name: str) -> "_Entries":
        table = self.of(name, dict, "[…]", {})
        return _Entries(table, self.found, f"{self._at}{name}.")

    def tables(self, name: str) -> list["_Entries"]:
        tables = self.of(name, list, "[[…]]", [])
        if not all(isinstance(each, dict) for each in tables):
            self.wrong(name, "[[…]]")
            return []
        return [
            _Entries(each, self.found, f"{self._at}{name}.{number}.")
            for number, each in enumerate(tables, 1)
        ]


def _words(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _lesson(
    entry: _Entries, slug: str, words: Mapping[Language, Mapping[str, str]], *, own: bool
) -> Lesson:
    for language in LANGUAGES:
        for name in SECTIONS:
            if not words[language].get(name):
                entry.found.append((f"{language}.md", Problem("lesson_section", section=name)))
    lab = entry.table("figure")
    try:
        preset = setting.parse(lab.of("preset", str, "name.value~…", ""))
    except ValueError:
        lab.wrong("preset", "name.value~…")
        preset = ()
    return Lesson(
        slug=slug,
        number=entry.whole("number", 1, 99),
        minutes=entry.whole("minutes", 1, 60),
        title=entry.text("title"),
        builds_on=entry.names("builds_on"),
        concepts=entry.names("concepts"),
        network=entry.one_of("network", VARIANTS, expression.PAPER),
        prediction=_prediction(entry.table("predict")),
        figure=Figure(lab.one_of("lab", LABS), preset, lab.names("controls")),
        checks=tuple(
            Check(each.of("generator", str, "…"), each.whole("tier", 1, 3, 1))
            for each in entry.tables("check")
        ),
        sources=tuple(each.as_text("source", each.of("says", dict, "{en, zh}"))
                      for each in entry.tables("source")),
        quoted=entry.names("quoted"),
        words={
            name: Text(*(words[language].get(name, "") for language in LANGUAGES))
            for name in SECTIONS
        },
        own=own,
    )  # fmt: skip


def _prediction(entry: _Entries) -> Prediction:
    truth = entry.names("truth") if isinstance(entry.raw("truth"), list) else entry.raw("truth")
    options = entry.tables("option")
    return Prediction(
        kind=entry.one_of("kind", KINDS),
        unit=entry.text("unit") if "unit" in entry else NO_WORDS,
        question=entry.of("question", str, "…", ""),
        args=entry.of("args", dict, "{…}", {}),
        truth=truth if isinstance(truth, tuple) else str(truth or ""),
        tolerance=float(entry.of("tolerance", int | float, "0-1", 0)),  # type: ignore[arg-type]
        options={each.of("id", str, "…"): each.text("says") for each in options},
        labels=tuple(each.text("says") for each in entry.tables("label")),
        high=float(entry.of("high", int | float, "…", 100)),  # type: ignore[arg-type]
        slips={each.of("answer", str, "…"): each.text("says") for each in entry.tables("slip")},
    )


def _wrong(lesson: Lesson) -> Found:
    """What no single entry shows: names that lead nowhere, expressions that cannot be computed."""
    entry = _Entries({}, [])
    lab = LABS[lesson.figure.lab]
    names = {control.name for control in lab.controls}
    if not names.issuperset(lesson.figure.controls):
        entry.wrong("figure.controls", ", ".join(sorted(names)))
    if setting.values(lab.controls, lesson.figure.preset)[1]:
        entry.wrong("figure.preset", ", ".join(sorted(names)))
    if unknown := set(lesson.concepts) - set(CONCEPTS):
        entry.wrong("concepts", f"{', '.join(CONCEPTS)} (≠ {', '.join(sorted(unknown))})")
    if not {CHAIN, *GENERATORS}.issuperset(check.generator for check in lesson.checks):
        entry.wrong("check.generator", ", ".join((CHAIN, *GENERATORS)))
    texts = [
        (f"{each}.md", name, words.of(each))
        for name, words in lesson.words.items()
        for each in LANGUAGES
    ]
    for answer, words in lesson.prediction.slips.items():
        of_slip = (f"{{{answer}}}", *(words.of(each) for each in LANGUAGES))
        texts += [("lesson.toml", "predict.slip", each) for each in of_slip]
    for file, name, text in texts:
        try:
            filled(text, lesson.network)
        except _NOT_COMPUTED as error:
            fault = Problem("lesson_expression", section=name, reason=str(error))
            entry.found.append((file, fault))
    return entry.found


_NOT_COMPUTED = (LookupError, ValueError, SyntaxError, ZeroDivisionError, TypeError)
"""Errors of an expression of which something is unknown, or that is none."""
