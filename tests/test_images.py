"""Any file somebody uploads is either read as it looks or refused with a reason and a remedy.

Every bad and every odd file is built here.
"""

import struct
import tomllib
import warnings
import zlib
from importlib.resources import files
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from alexnet_viz.isolation import PICTURES
from alexnet_viz.pictures.images import (
    MAX_SCANS,
    MAX_SIDE,
    SCAN,
    STRIP,
    Picture,
    decode,
    joined,
    parts,
)
from alexnet_viz.pictures.preprocessing import cropped
from alexnet_viz.text import has, t
from alexnet_viz.text.problem import Problem


def file_of(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def header_only_png(width: int, height: int) -> bytes:
    """A PNG that declares a size and holds no pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


PHOTO = Image.fromarray(
    np.random.default_rng(0).integers(0, 256, (60, 90, 3), dtype=np.uint8)
).resize((180, 120))


# refused -----------------------------------------------------------------------------------------

REFUSED = {
    "empty": (b"", "image_empty", "The file is empty"),
    "text named .png": (b"hello, I am a text", "image_not_readable", "whatever the file's name"),
    "one byte": (b"\x89", "image_not_readable", "whatever the file's name"),
    "random bytes": (bytes(range(256)) * 9, "image_not_readable", "PNG, JPEG, WEBP"),
    "PNG without a header": (b"\x89PNG\r\n\x1a\n", "image_header", "begins like PNG"),
    "truncated JPEG": (file_of(PHOTO, "JPEG")[:2000], "image_damaged", "180×120 pixels is damaged"),
    "truncated PNG": (file_of(PHOTO)[:2000], "image_damaged", "The PNG file of 180×120"),
    "truncated WebP": (file_of(PHOTO, "WEBP")[:900], "image_header", "begins like WEBP, but its"),
    "JPEG cut in its header": (file_of(PHOTO, "JPEG")[:30], "image_header", "like JPEG, but"),
    "TIFF cut in its header": (file_of(PHOTO, "TIFF")[:12], "image_header", "begins like TIFF"),
    "truncated GIF": (file_of(PHOTO, "GIF")[:1000], "image_damaged", "The GIF file"),
    "no pixels": (header_only_png(30, 20), "image_damaged", "30×20 pixels is damaged"),
    "too many pixels": (
        header_only_png(8000, 8000), "image_too_large", r"has 64 \(8000×8000\) megapixels",
    ),
    "bomb, warned about": (header_only_png(12_000, 12_000), "image_too_large", "has 144 "),
    "bomb": (header_only_png(20_000, 20_000), "image_too_large", "has 400 .*at most 50"),
    "too heavy": (b"\x89PNG" + bytes(41 * 2**19), "image_too_heavy", "20.5 MB: at most 20 MB"),
    "HEIC": (b"\0\0\0\x18ftypheic" + bytes(50), "image_other_kind", "a HEIC file"),
    "AVIF": (b"\0\0\0\x18ftypavif" + bytes(50), "image_other_kind", "a AVIF file"),
    "SVG": (b'<?xml version="1.0"?>\n<svg width="9"/>', "image_other_kind", "a SVG file"),
    "PDF": (b"%PDF-1.7\n", "image_other_kind", "a PDF file"),
    "EPS": (file_of(PHOTO, "EPS"), "image_other_kind", "a EPS file"),
    "Photoshop": (b"8BPS" + bytes(50), "image_other_kind", "a PSD file"),
    "a kind that Pillow would read": (
        file_of(PHOTO, "PPM"), "image_not_readable", "not an image in a supported format",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("data", "code", "words"), REFUSED.values(), ids=REFUSED)
def test_refused_with_a_reason_and_a_remedy(data: bytes, code: str, words: str) -> None:
    with pytest.raises(Problem, match=words) as caught:
        decode(data)
    assert caught.value.code == code
    for language in ("en", "zh"):
        assert "{" not in caught.value.message(language) + caught.value.remedy(language)
        assert caught.value.remedy(language)
    assert any("一" <= letter <= "鿿" for letter in caught.value.message("zh"))


def test_a_size_that_pillow_warns_of_is_refused_in_silence(
    recwarn: pytest.WarningsRecorder,
) -> None:
    warnings.simplefilter("always")
    with pytest.raises(Problem, match=r"144 \(12000×12000\) megapixels: at most 50"):
        decode(header_only_png(12_000, 12_000))
    assert not recwarn.list


def test_a_jpeg_of_thousands_of_scans_is_refused_before_it_is_decoded() -> None:
    """Each scan goes through all pixels: a file of 400 kB can take most of a minute."""
    progressive = file_of(PHOTO, "JPEG", progressive=True)
    assert 1 < progressive.count(SCAN) <= MAX_SCANS
    assert decode(progressive).rgb.shape == (120, 180, 3)
    last = progressive.rindex(SCAN)
    many = progressive[:last] + progressive[last:-2] * MAX_SCANS + progressive[-2:]
    with pytest.raises(Problem) as caught:
        decode(many)
    assert caught.value.code == "image_scans"
    assert caught.value.values["limit"] == MAX_SCANS


def test_fifty_megapixels_are_still_read() -> None:
    picture = decode(file_of(Image.new("1", (10_000, 5_000), 1)))
    assert (picture.width, picture.height, picture.rgb.shape) == (10_000, 5_000, (512, 1024, 3))
    with pytest.raises(Problem, match="at most 50"):
        decode(file_of(Image.new("1", (10_000, 5_001))))


@pytest.mark.filterwarnings("ignore")
@given(st.sampled_from(["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"]), st.data())
def test_no_damage_surprises(kind: str, data: st.DataObject) -> None:
    """Whatever bytes are changed or missing: a picture or a Problem, never another exception."""
    content = bytearray(file_of(PHOTO.resize((20, 14)), kind))
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(1, len(content)))]
    try:
        picture = decode(bytes(content))
    except Problem:
        return
    assert max(picture.rgb.shape) <= MAX_SIDE


# read --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "BMP", "TIFF"])
def test_a_plain_picture_is_read_as_it_is(kind: str) -> None:
    picture = decode(file_of(PHOTO, kind, **({"lossless": True} if kind == "WEBP" else {})))
    assert np.array_equal(picture.rgb, np.asarray(PHOTO))
    assert (picture.width, picture.height, picture.notes) == (180, 120, ())
    assert picture.rgb.dtype == np.uint8
    assert not picture.rgb.flags.writeable


def test_a_jpeg_is_read_about_as_it_is() -> None:
    picture = decode(file_of(PHOTO, "JPEG", quality=95, subsampling=0))
    assert np.abs(picture.rgb.astype(int) - np.asarray(PHOTO)).mean() < 3


def test_one_pixel_is_a_picture() -> None:
    picture = decode(file_of(Image.new("RGB", (1, 1), (9, 8, 7))))
    assert picture.rgb.tolist() == [[[9, 8, 7]]]
    assert (cropped(picture, 227) == [9, 8, 7]).all()


def test_sixteen_bits_are_scaled_not_clipped() -> None:
    ramp = np.arange(0, 65536, 256, dtype=np.uint16).reshape(16, 16)
    picture = decode(file_of(Image.fromarray(ramp)))
    assert picture.notes == ("image.note_16bit",)
    assert picture.rgb[..., 0].flatten().tolist() == list(range(256))


def test_numbers_are_stretched_over_the_greys() -> None:
    values = np.array([[-2.0, 0.0, 2.0, np.nan]], dtype=np.float32)
    picture = decode(file_of(Image.fromarray(values), "TIFF"))
    assert picture.notes == ("image.note_stretched",)
    assert picture.rgb[0, :, 1].tolist() == [0, 127, 255, 127]
    assert decode(file_of(Image.new("F", (3, 3), 7.0), "TIFF")).rgb.max() == 0


def test_transparency_is_laid_on_white() -> None:
    for image in (
        Image.new("RGBA", (4, 4), (255, 0, 0, 0)),
        Image.new("LA", (4, 4), (0, 0)),
    ):
        picture = decode(file_of(image))
        assert (picture.rgb == 255).all()
        assert picture.notes == ("image.note_alpha",)
    half = decode(file_of(Image.new("RGBA", (4, 4), (255, 0, 0, 128))))
    assert half.rgb[0, 0].tolist() == pytest.approx([255, 127, 127], abs=1)


def test_a_palette_with_a_transparent_colour_is_laid_on_white() -> None:
    image = Image.new("P", (4, 4), 0)
    image.putpalette([200, 0, 0, 0, 0, 200])
    image.putpixel((1, 1), 1)
    picture = decode(file_of(image, transparency=0))
    assert picture.rgb[0, 0].tolist() == [255, 255, 255]
    assert picture.rgb[1, 1].tolist() == [0, 0, 200]
    assert picture.notes == ("image.note_alpha",)


def test_an_opaque_alpha_channel_is_not_worth_a_note() -> None:
    assert decode(file_of(Image.new("RGBA", (4, 4), (9, 9, 9, 255)))).notes == ()


def test_printing_colours_are_converted() -> None:
    picture = decode(file_of(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG"))
    assert picture.notes == ("image.note_cmyk",)
    assert picture.rgb[4, 4].tolist() == pytest.approx([255, 0, 0], abs=6)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "TIFF"])
def test_of_several_frames_the_first_is_used(kind: str) -> None:
    red, blue = (Image.new("RGB", (8, 8), colour) for colour in ("red", "blue"))
    options = {"lossless": True} if kind == "WEBP" else {}
    picture = decode(file_of(red, kind, save_all=True, append_images=[blue], **options))
    assert picture.notes == ("image.note_first_frame",)
    assert picture.rgb[0, 0].tolist() == [255, 0, 0]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_a_rotated_photograph_is_turned_upright(kind: str) -> None:
    """Orientation 6: the file's first row is the picture's right side."""
    image = Image.new("RGB", (40, 20), "red")
    image.paste("blue", (0, 0, 40, 10))
    exif = Image.Exif()
    exif[274] = 6
    picture = decode(file_of(image, kind, exif=exif))
    assert picture.notes == ("image.note_rotated",)
    assert (picture.width, picture.height, picture.rgb.shape) == (20, 40, (40, 20, 3))
    assert picture.rgb[20, 3].tolist() == pytest.approx([254, 0, 0], abs=3)
    assert picture.rgb[20, 16].tolist() == pytest.approx([0, 0, 254], abs=3)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_large_picture_is_reduced_and_remembers_its_size(kind: str) -> None:
    picture = decode(file_of(PHOTO.resize((3000, 1500)), kind))
    assert picture.notes == ("image.note_reduced",)
    assert (picture.width, picture.height, picture.rgb.shape) == (3000, 1500, (512, 1024, 3))


def test_the_digest_tells_shape_and_pixels_apart() -> None:
    shapes = [Picture(np.zeros(shape, np.uint8), 1, 1) for shape in ((2, 3, 3), (3, 2, 3))]
    other = np.zeros((2, 3, 3), np.uint8)
    other[1, 2, 2] = 1
    digests = {picture.digest for picture in (*shapes, Picture(other, 1, 1))}
    assert len(digests) == 3
    assert Picture(np.zeros((2, 3, 3), np.uint8), 1, 1) == shapes[0]


# words --------------------------------------------------------------------------------------------


def test_every_note_has_words() -> None:
    phrases = tomllib.loads(files("alexnet_viz.text").joinpath("image.toml").read_text("utf-8"))
    for note in phrases["image"]:
        assert has(f"image.{note}")
        assert t(f"image.{note}", "zh") != t(f"image.{note}", "en")


# in a child --------------------------------------------------------------------------------------


def test_deep_pixels_are_scaled_by_the_whole_image_and_not_by_a_strip() -> None:
    """Two strips and a part of one; the ends of the scale lie in different ones."""
    values = np.full((2 * STRIP + 7, 5), 10, np.float32)
    values[3], values[-2] = 0, 40
    rgb = decode(file_of(Image.fromarray(values), "TIFF")).rgb
    assert rgb.shape == (*values.shape, 3)
    assert (rgb[3].max(), rgb[0].min(), rgb[STRIP].max(), rgb[-2].min()) == (0, 63, 63, 255)
    deep = np.arange(len(values), dtype=np.uint16)[:, None].repeat(5, axis=1) * 100
    sixteen = decode(file_of(Image.fromarray(deep))).rgb
    assert (sixteen[..., 0] == deep >> 8).all()


def test_a_picture_comes_back_from_a_child_as_it_is() -> None:
    data = file_of(Image.new("RGBA", (7, 4), (1, 2, 3, 9)))
    here, apart = decode(data), joined(*PICTURES.isolated(parts, data))
    assert apart == here
    assert (apart.rgb == here.rgb).all()
    assert (apart.digest, apart.rgb.flags.writeable) == (here.digest, False)
    with pytest.raises(Problem) as caught:
        PICTURES.isolated(parts, b"words")
    assert caught.value.code == "image_not_readable"
