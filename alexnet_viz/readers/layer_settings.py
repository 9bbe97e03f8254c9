"""The settings of one layer in a text file, converted to the types they must have.

A missing or malformed setting is reported under the layer's name and a legal value is returned, so
that one pass finds every problem.  Bounds are checked later, by ``alexnet_viz.network.from_plain``.
"""

import re
from collections.abc import Mapping, Sequence

from alexnet_viz.readers.diagnostics import Finding
from alexnet_viz.readers.protobuf_text import Message, messages_of, words_of

WHOLE = re.compile(r"[+-]?\d{1,15}")
NUMBER = re.compile(r"[+-]?(\d{1,15}\.?\d{0,20}|\.\d{1,20})([eE][+-]?\d{1,3})?f?")
FLAGS = {"true": True, "false": False, "t": True, "f": False, "1": True, "0": False}


class Settings:
    """Strings by setting, converted on request; ``all`` returns every value of a repeated one."""

    def __init__(self, layer: str, values: Mapping[str, Sequence[str]], found: Finding) -> None:
        self.layer = layer
        self._values = values
        self.found = found

    def __contains__(self, setting: str) -> bool:
        return bool(self._values.get(setting))

    def word(self, setting: str, default: str = "") -> str:
        """The last value of a setting."""
        return self._values[setting][-1] if setting in self else default

    def whole(self, setting: str, default: int | None = None) -> int:
        """An integer; a missing one without a default is reported."""
        if setting in self:
            return self.all(setting)[-1]
        if default is None:
            self._absent(setting)
        return 1 if default is None else default

    def all(self, setting: str) -> list[int]:
        """All values of a setting as integers."""
        numbers = []
        for text in self._values.get(setting, ()):
            if WHOLE.fullmatch(text):
                numbers.append(int(text))
            else:
                self.refuse("open_not_whole", setting, text)
                numbers.append(1)
        return numbers

    def number(self, setting: str, default: float) -> float:
        """A float."""
        if setting not in self:
            return default
        text = self.word(setting)
        if NUMBER.fullmatch(text):
            return float(text.rstrip("f"))
        self.refuse("open_not_number", setting, text)
        return 1.0

    def flag(self, setting: str, default: bool) -> bool:
        """A boolean."""
        text = self.word(setting, str(default).lower())
        if text not in FLAGS:
            self.refuse("open_setting", setting, text)
        return FLAGS.get(text, default)

    def only(self, setting: str, *allowed: str) -> None:
        """Report a value other than those allowed; the setting may be absent."""
        if setting in self and self.word(setting) not in allowed:
            self.refuse("open_setting", setting, self.word(setting))

    def refuse(self, code: str, setting: str, value: object) -> None:
        """Report a setting of this layer."""
        self.found.refuse(code, layer=self.layer, setting=setting, value=value)

    def _absent(self, setting: str) -> None:
        self.found.refuse("open_missing", layer=self.layer, setting=setting)


def settings_of(message: Message, path: str, layer: str, found: Finding) -> Settings:
    """The fields of the messages at a dotted ``path`` in a layer's message; later ones override."""
    messages = [message]
    for name in path.split("."):
        messages = [inner for each in messages for inner in messages_of(each, name)]
    merged: dict[str, list[str]] = {}
    for each in messages:
        merged |= {key: words_of(each, key) for key in each}
    return Settings(layer, merged, found)
