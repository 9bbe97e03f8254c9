"""All formats in which a sheet is exported.

A format has one module.  Its file holds one version, or all of them: ``together`` says how.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from alexnet_viz.teaching.questions.answer_text import phrase
from alexnet_viz.teaching.sheets.exports import gift, moodle, qti12, qti21, scorm12
from alexnet_viz.teaching.sheets.sheet import Sheet
from alexnet_viz.text import Language, Text

ALL = ""
"""In place of a letter: every version of the sheet in one file."""


@dataclass(frozen=True)
class Export:
    """A format of a learning platform."""

    id: str
    suffix: str
    media_type: str
    writer: Callable[[Sheet, str, Language], bytes]
    """Takes the letters of the versions."""

    @property
    def title(self) -> Text:
        """Its name, and who reads it, in a few words."""
        return phrase(f"sheet_export.format.{self.id}")

    def file_name(self, sheet: Sheet, letter: str, language: Language) -> str:
        """The name of the file of a version, or of ``ALL``.

        >>> EXPORTS["gift"].file_name(Sheet((), 7, 2), ALL, "zh")
        'sheet_7_AB_zh.gift.txt'
        """
        return f"sheet_{sheet.seed}_{letter or sheet.letters}_{language}.{self.suffix}"

    def write(self, sheet: Sheet, letter: str, language: Language) -> bytes:
        """The file of a version, or of ``ALL``, in one language.

        Raises:
            ModuleNotFoundError: it has a picture, and resvg is not installed.
        """
        return self.writer(sheet, letter or sheet.letters, language)


EXPORTS: Mapping[str, Export] = {
    export.id: export
    for export in (
        Export("moodle", "moodle.xml", "application/xml", moodle.write),
        Export("qti12", "qti12.zip", "application/zip", qti12.write),
        Export("qti21", "qti21.zip", "application/zip", qti21.write),
        Export("scorm12", "scorm12.zip", "application/zip", scorm12.write),
        Export("gift", "gift.txt", "text/plain", gift.write),
    )
}
"""By id."""
