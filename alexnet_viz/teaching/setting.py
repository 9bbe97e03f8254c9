"""A lab's setting: the values of its controls, and the one text that a link has for all of them.

The text is ``name.value~name.value``; a control at its default is left out.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from alexnet_viz.teaching.control import Control

Pairs = tuple[tuple[str, str], ...]
"""Names of controls and the texts of their values."""

MOST_LETTERS = 3000


def parse(text: str) -> Pairs:
    """The pairs of a link's text.

    >>> parse("w.13~rule.ceil")
    (('w', '13'), ('rule', 'ceil'))

    Raises:
        ValueError: it is too long, or a part is no name with a value.
    """
    pairs = tuple(_pair(part) for part in text.split("~") if part)
    if len(text) > MOST_LETTERS or len(dict(pairs)) < len(pairs):
        raise ValueError(text)
    return pairs


def _pair(part: str) -> tuple[str, str]:
    name, dot, value = part.partition(".")
    if not dot or not name.isidentifier():
        raise ValueError(part)
    return name, value


def write(pairs: Pairs) -> str:
    """The text of pairs; the inverse of ``parse``."""
    return "~".join(f"{name}.{value}" for name, value in pairs)


def values(
    controls: Iterable[Control], pairs: Pairs, preset: Mapping[str, Any] | None = None
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The value of every control, and the pairs that none of them understands.

    A control without a pair has its value of ``preset``, else its default.
    """
    given, found, refused = dict(pairs), {}, []
    for control in controls:
        found[control.name] = (preset or {}).get(control.name, control.default)
        if control.name in given:
            text = given.pop(control.name)
            try:
                found[control.name] = control.parse(text)
            except ValueError:
                refused.append((control.name, text))
    return found, refused + list(given.items())


def changed(
    controls: Iterable[Control], pairs: Pairs, name: str, value: Any, preset: Any = None
) -> Pairs:
    """The pairs after one control got a value; one that is at its start again has no pair."""
    now = dict(pairs)
    for control in controls:
        if control.name == name:
            now.pop(name, None)
            start = (preset or {}).get(name, control.default)
            if value != start and (text := control.write(value)):
                now[name] = text
    return tuple(now.items())
