"""The settings of one layer of a file, read as the types they must have.

Whatever is missing or malformed is noted under the layer's name, and some legal value is returned,
so that one reading finds everything.  Bounds are those of ``alexnet_viz.network.from_plain``,
applied later.
"""

import re
from collections.abc import Mapping, Sequence

from alexnet_viz.readers.diagnostics import Finding

WHOLE = re.compile(r"[+-]?\d{1,15}")
NUMBER = re.compile(r"[+-]?(\d{1,15}\.?\d{0,20}|\.\d{1,20})([eE][+-]?\d{1,3})?f?")
FLAGS = {"true": True, "false": False, "t": True, "f": False, "1": True, "0": False}


class Settings:
    """Values by name; of a setting given several times ``all`` has them in order."""

    def __init__(self, layer: str, values: Mapping[str, Sequence[str]], found: Finding) -> None:
        self.layer = layer
        self._values = values
        self.found = found

    def __contains__(self, setting: str) -> bool:
        return bool(self._values.get(setting))

    def word(self, setting: str, default: str = "") -> str:
        """The last value given."""
        return self._values[setting][-1] if setting in self else default

    def whole(self, setting: str, default: int | None = None) -> int:
        """A whole number; without a default it must be there."""
        if setting in self:
            return self.all(setting)[-1]
        if default is None:
            self._absent(setting)
        return 1 if default is None else default

    def all(self, setting: str) -> list[int]:
        """Whole numbers, as many as were given."""
        numbers = []
        for text in self._values.get(setting, ()):
            if WHOLE.fullmatch(text):
                numbers.append(int(text))
            else:
                self.refuse("open_not_whole", setting, text)
                numbers.append(1)
        return numbers

    def number(self, setting: str, default: float) -> float:
        """A number."""
        if setting not in self:
            return default
        text = self.word(setting)
        if NUMBER.fullmatch(text):
            return float(text.rstrip("f"))
        self.refuse("open_not_number", setting, text)
        return 1.0

    def flag(self, setting: str, default: bool) -> bool:
        """Yes or no."""
        text = self.word(setting, str(default).lower())
        if text not in FLAGS:
            self.refuse("open_setting", setting, text)
        return FLAGS.get(text, default)

    def only(self, setting: str, *allowed: str) -> None:
        """Refuse every value but those that mean nothing; absent is allowed."""
        if setting in self and self.word(setting) not in allowed:
            self.refuse("open_setting", setting, self.word(setting))

    def refuse(self, code: str, setting: str, value: object) -> None:
        """Note that a setting of this layer has no counterpart here."""
        self.found.refuse(code, layer=self.layer, setting=setting, value=value)

    def _absent(self, setting: str) -> None:
        self.found.refuse("open_missing", layer=self.layer, setting=setting)
