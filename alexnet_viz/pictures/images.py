"""Decode uploaded image files to 8-bit RGB.

``decode`` does not trust the file: it checks its length and the size in its header before any pixel
is decoded, raises a ``Problem`` with the reason, and lists every change to the picture in
``Picture.notes``.  Only six formats are opened; EPS is not among them, because Pillow passes it to
Ghostscript.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageFile, ImageOps

from alexnet_viz.text.problem import Problem

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
MAX_MEGABYTES = 20
"""Largest file, in units of 2**20 bytes as browsers and Streamlit count them."""
MAX_BYTES = MAX_MEGABYTES * 2**20
MAX_PIXELS = 50_000_000
MAX_SCANS = 200
"""Most scans of a progressive JPEG, each of which goes through all pixels; encoders write ten."""
JPEG = b"\xff\xd8"
SCAN = b"\xff\xda"
"""The marker of a scan; in the compressed data every 0xFF is followed by a zero."""
STRIP = 256
"""Rows that are converted at a time."""
MAX_SIDE = 1024
"""Longest side of a decoded picture; the networks read at most a few hundred pixels."""

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Picture:
    """A decoded image, upright, in RGB, its longer side at most ``MAX_SIDE``."""

    rgb: Pixels = field(repr=False, compare=False)
    """uint8, (height, width, 3), read-only."""
    width: int
    """Width of the picture in the file, upright, in pixels."""
    height: int
    """Height of the picture in the file, upright, in pixels."""
    notes: tuple[str, ...] = ()
    """The changes made while decoding, as keys of ``alexnet_viz.text``."""
    digest: str = field(init=False)
    """SHA-256 of the shape and the pixels, in hex, for use as a cache key."""

    def __post_init__(self) -> None:
        self.rgb.setflags(write=False)
        content = repr(self.rgb.shape).encode() + self.rgb.tobytes()
        object.__setattr__(self, "digest", hashlib.sha256(content).hexdigest())


def decode(data: bytes) -> Picture:
    """The picture in the bytes of an image file.

    Raises:
        Problem: the file is empty, has more than ``MAX_BYTES`` bytes, ``MAX_PIXELS`` pixels or
            ``MAX_SCANS`` scans, is of another format, or is damaged.
    """
    if not data:
        raise Problem("image_empty")
    if len(data) > MAX_BYTES:
        raise Problem("image_too_heavy", megabytes=len(data) / 2**20, limit=MAX_MEGABYTES)
    if (scans := data.count(SCAN)) > MAX_SCANS and data.startswith(JPEG):
        raise Problem("image_scans", scans=scans, limit=MAX_SCANS)
    image = _opened(data)
    width, height = image.size
    if width * height > MAX_PIXELS:
        megapixels = f"{width * height / 1e6:.0f} ({width}×{height})"
        raise Problem("image_too_large", megapixels=megapixels, limit=MAX_PIXELS // 10**6)
    try:
        return _picture(image)
    except Exception as error:
        # Pillow's decoders raise many exceptions for damaged files: OSError, SyntaxError,
        # struct.error, zlib.error …; no list of them is complete
        raise Problem("image_damaged", format=image.format, width=width, height=height) from error


def parts(data: bytes) -> tuple[tuple[int, ...], bytes, int, int, tuple[str, ...]]:
    """As ``decode``, in values that any process can send: shape, pixels, width, height, notes.

    Raises:
        Problem: as ``decode``.
    """
    picture = decode(data)
    return picture.rgb.shape, picture.rgb.tobytes(), picture.width, picture.height, picture.notes


def joined(
    shape: tuple[int, ...], pixels: bytes, width: int, height: int, notes: tuple[str, ...]
) -> Picture:
    """The picture of these ``parts``."""
    return Picture(np.frombuffer(pixels, np.uint8).reshape(shape), width, height, notes)


def _opened(data: bytes) -> ImageFile.ImageFile:
    """The image with its header read and no pixel decoded.

    The plugin is selected by the signature and called directly: for a damaged header ``Image.open``
    would only report that no plugin can read the file, and it warns about large sizes by itself.

    Raises:
        Problem: the header is damaged, or the format is not in ``FORMATS``.
    """
    Image.init()
    for name in FORMATS:
        opens, accepts = Image.OPEN[name]
        if accepts is None or not accepts(data[:16]):  # the prefix length that Image.open uses
            continue
        try:
            return opens(BytesIO(data), "")
        except Exception as error:  # of any type, as in decode
            raise Problem("image_header", format=name) from error
    known = ", ".join(FORMATS)
    if kind := _other_kind(data):
        raise Problem("image_other_kind", kind=kind, known=known)
    raise Problem("image_not_readable", known=known)


def _other_kind(data: bytes) -> str:
    """The format of a file that is not in ``FORMATS``; empty if unknown."""
    head = data[:1024].lstrip()
    if data[4:8] == b"ftyp":  # ISO base media file format: the brand follows
        return "AVIF" if data[8:12] in (b"avif", b"avis") else "HEIC"
    if b"<svg" in head.lower():
        return "SVG"
    return {b"%PDF": "PDF", b"%!PS": "EPS", b"8BPS": "PSD"}.get(head[:4], "")


def _picture(image: ImageFile.ImageFile) -> Picture:
    """Decode the pixels, rotate them upright, and convert them to 8-bit RGB."""
    notes = []
    width, height = image.size
    if getattr(image, "is_animated", False) and image.format != "MPO":  # MPO: a JPEG with previews
        notes.append("image.note_first_frame")
    image.draft("RGB", (MAX_SIDE, MAX_SIDE))  # a large JPEG is decoded at 1/2, 1/4 or 1/8
    decoded_size = image.size
    if _turn_upright(image):
        notes.append("image.note_rotated")
    if image.size != decoded_size:
        width, height = height, width
    eight_bit, note = _eight_bit(image)
    notes.extend(note)
    if max(width, height) > MAX_SIDE:
        notes.append("image.note_reduced")
        eight_bit.thumbnail((MAX_SIDE, MAX_SIDE))
    if eight_bit.mode == "RGBA":
        if np.asarray(eight_bit)[..., 3].min() < 255:
            notes.append("image.note_alpha")
        white = Image.new("RGBA", eight_bit.size, "white")
        eight_bit = Image.alpha_composite(white, eight_bit)
    return Picture(np.array(eight_bit.convert("RGB")), width, height, tuple(notes))


def _turn_upright(image: ImageFile.ImageFile) -> bool:
    """Load the pixels and apply the EXIF orientation; returns whether it changed the picture."""
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:
        orientation = 1  # an unreadable EXIF block is ignored
    image.load()
    turned = orientation in range(2, 9)
    if turned:
        ImageOps.exif_transpose(image, in_place=True)
    return turned


def _eight_bit(image: Image.Image) -> tuple[Image.Image, tuple[str, ...]]:
    """The image with 8 bits per channel, as L, RGB or RGBA, and the notes about the conversion.

    Pillow's own conversion clips instead of scaling: a 16-bit image becomes white, one of
    floating-point numbers black.
    """
    if image.mode.startswith("I;16"):
        return _grey(image, lambda values: values >> 8), ("image.note_16bit",)  # the upper 8 bits
    if image.mode in ("I", "F"):
        ends = [(each.min(), each.max()) for each in map(_finite, _strips(image))]
        low, high = min(least for least, _ in ends), max(most for _, most in ends)
        factor = 255 / ((high - low) or 1)
        stretched = _grey(image, lambda values: (_finite(values) - low) * factor)
        return stretched, ("image.note_stretched",)
    if image.mode in ("L", "RGB") and not image.has_transparency_data:
        return image, ()
    if image.has_transparency_data:
        return image.convert("RGBA"), ()
    note = ("image.note_cmyk",) if image.mode == "CMYK" else ()
    return image.convert("RGB"), note


def _finite(values: NDArray[Any]) -> NDArray[np.float64]:
    return np.nan_to_num(values.astype(np.float64), posinf=0, neginf=0)


def _strips(image: Image.Image) -> Iterator[NDArray[Any]]:
    """The values of ``STRIP`` rows at a time, from the top.

    A whole image in float64 would take eight bytes a pixel, several times over.
    """
    for top in range(0, image.height, STRIP):
        bottom = min(top + STRIP, image.height)
        yield np.asarray(image.crop((0, top, image.width, bottom)))


def _grey(image: Image.Image, scaled: Callable[[NDArray[Any]], NDArray[Any]]) -> Image.Image:
    """The image in grey, its values (height, width) scaled to 0 to 255."""
    strips = [scaled(values).astype(np.uint8) for values in _strips(image)]
    return Image.fromarray(np.concatenate(strips))
