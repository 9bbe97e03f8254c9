"""A zip of files with fixed times, so that the same sheet gives the same bytes."""

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

MADE = (2012, 9, 30, 0, 0, 0)
"""The time of every file in a zip."""


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The zip of files by path; ``imsmanifest.xml`` belongs at the top and is written first."""
    held = BytesIO()
    with ZipFile(held, "w") as made:
        for path, data in files.items():
            entry = ZipInfo(path, MADE)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            made.writestr(entry, data)
    return held.getvalue()
