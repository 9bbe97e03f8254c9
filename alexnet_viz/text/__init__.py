"""All user-visible text in English and 中文.

The phrases are in the TOML files of this folder: one file for each area of the product, one entry
for each phrase, with the keys ``en`` and ``zh``.  ``t("problem.window_too_large", "en", size=2)``
looks up the entry ``window_too_large`` of the table ``[problem]`` and fills its ``{placeholders}``
(``str.format`` fields, so ``{params:,}`` prints thousands separators).
"""

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple, get_args

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


class Text(NamedTuple):
    """One phrase in both languages; ``text.of(language)`` selects one."""

    en: str
    zh: str

    def of(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


@cache
def catalogue() -> dict[str, Text]:
    """All phrases by dotted key; the files are read at the first call.

    Raises:
        ValueError: two files define the same key, or a phrase lacks a language.
    """
    phrases: dict[str, Text] = {}
    for path in sorted(files(__package__).iterdir(), key=lambda file: file.name):
        if path.name.endswith(".toml"):
            for key, text in _flatten(tomllib.loads(path.read_text("utf-8"))):
                if key in phrases:
                    raise ValueError(f"{path.name}: the phrase {key!r} is defined twice")
                phrases[key] = text
    return phrases


def _flatten(table: dict[str, Any], prefix: str = "") -> list[tuple[str, Text]]:
    phrases = []
    for name, entry in table.items():
        if not isinstance(entry, dict):
            raise ValueError(f"the phrase {prefix.rstrip('.')!r} has a stray {name!r}")
        if set(entry) == {"en", "zh"}:
            phrases.append((prefix + name, Text(entry["en"], entry["zh"])))
        else:
            phrases.extend(_flatten(entry, f"{prefix}{name}."))
    return phrases


def has(key: str) -> bool:
    """Whether there is a phrase with this key."""
    return key in catalogue()


def t(key: str, language: Language = "en", **values: object) -> str:
    """The phrase with this key in one language, with its placeholders filled.

    A ``Text`` among the values is taken in that language; a list (``LISTS``) gets its comma.

    >>> t("problem.squeeze", "zh", height=2, width=2)
    '2×2 的特征图不能去掉空间维：只有 1×1 可以。'

    Raises:
        KeyError: there is no such phrase, or a placeholder has no value.
    """
    said = {name: _said(name, value, language) for name, value in values.items()}
    return catalogue()[key].of(language).format(**said)


LISTS = frozenset(("channels", "known", "layers", "names", "settings"))
"""Values that are lists of names, joined by ", "."""


def _said(name: str, value: object, language: Language) -> object:
    """The value as the language writes it: Chinese has a comma of its own in lists."""
    if isinstance(value, Text):
        return value.of(language)
    if language == "zh" and name in LISTS and isinstance(value, str):
        return value.replace(", ", "、")
    return value


def running(sentences: Iterable[str], language: Language = "en") -> str:
    """Sentences one after the other, without the empty ones; Chinese puts no space between them."""
    return ("" if language == "zh" else " ").join(filter(None, sentences))
