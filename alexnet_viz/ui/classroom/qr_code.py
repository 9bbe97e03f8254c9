"""A QR code of an address, drawn on this machine."""

from io import BytesIO

import segno

from alexnet_viz.text.problem import Problem

QUIET = 4
"""Modules of white around the code, as ISO/IEC 18004 asks for."""
DOT = 10
"""Pixels of a module: a picture of about 400 for a short address."""


def code(address: str) -> segno.QRCode:
    """The code of an address; a reader copes with 15 % of it being hidden (level M).

    Raises:
        Problem: the address is longer than a code can hold.
    """
    try:
        return segno.make_qr(address, error="m")
    except segno.DataOverflowError:
        raise Problem("give_too_long", n=len(address)) from None


def svg(made: segno.QRCode) -> str:
    """The code as an SVG document, black on white whatever the theme."""
    return _saved(made, "svg", xmldecl=False).decode("utf-8")


def png(made: segno.QRCode) -> bytes:
    """The code as a PNG."""
    return _saved(made, "png")


def _saved(made: segno.QRCode, kind: str, **more: object) -> bytes:
    file = BytesIO()
    made.save(file, kind=kind, scale=DOT, border=QUIET, dark="#000", light="#fff", **more)
    return file.getvalue()
