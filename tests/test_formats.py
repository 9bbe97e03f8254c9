"""Every format by name: what it writes, for whom it refuses, and that the layers come back."""

import io
import json
from typing import Any

import pytest
from PIL import Image

from alexnet_viz.network.spec_file import loads
from alexnet_viz.network.trace import trace
from alexnet_viz.render.diagrams.blocks import architecture
from alexnet_viz.render.export import png
from alexnet_viz.render.export.formats import FORMATS
from alexnet_viz.render.tables.trace_table import DEFAULT_KEYS, EXPORTS
from alexnet_viz.text import LANGUAGES
from alexnet_viz.text.problem import Problem
from alexnet_viz.variants import VARIANTS

PAPER = trace(VARIANTS["alexnet_2012_paper"])
FAILED = trace(VARIANTS["article_002_text"])
SOURCES = ("torch", "keras", "prototxt", "onnx")
"""The formats that only a whole network can be written in."""


def test_the_formats_are_those_that_were_promised() -> None:
    assert set(FORMATS) == {
        *("csv", "markdown", "latex", "json", "torch", "keras", "prototxt", "onnx"),
        *("svg", "png", "html"),
    }
    files = [format.file(PAPER) for format in FORMATS.values()]
    assert len(set(files)) == len(files)
    assert FORMATS["torch"].file(PAPER) == "alexnet_2012_paper_224.torch.py"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_writes_its_own_kind(name: str, language: Any) -> None:
    caffe = trace(VARIANTS["caffe_bvlc_alexnet"])
    content = FORMATS[name].write(caffe, language)
    assert isinstance(content, bytes if name in ("onnx", "png") else str)
    assert FORMATS[name].syntax is None or isinstance(content, str)
    if name not in ("onnx", "png"):
        assert "conv1" in content


def test_the_layers_as_json_are_the_same_network_again(subtests: pytest.Subtests) -> None:
    """Also of a network that fails: how it fails is part of it."""
    for size in [None, 300]:
        for id in VARIANTS:
            with subtests.test(size=size, id=id):
                result = trace(VARIANTS[id], size)
                text = FORMATS["json"].write(result, "en")
                assert isinstance(text, str)
                again = loads(text)
                assert again == result.network
                repeated = trace(again)
                assert repeated.rows == result.rows
                assert str(repeated.failure and repeated.failure.explained("zh")) == str(
                    result.failure and result.failure.explained("zh")
                )


@pytest.mark.parametrize("name", ["csv", "markdown", "latex"])
def test_tables_are_those_of_the_trace_command(name: str) -> None:
    for language in LANGUAGES:
        expected = EXPORTS[name].render(PAPER, DEFAULT_KEYS, language)
        assert FORMATS[name].write(PAPER, language) == expected


@pytest.mark.parametrize("name", SOURCES)
def test_source_formats_refuse_a_failing_network_in_its_own_words(name: str) -> None:
    assert FAILED.failure is not None
    with pytest.raises(Problem) as caught:
        FORMATS[name].write(FAILED, "en")
    for language in LANGUAGES:
        assert caught.value.message(language) == FAILED.failure.message(language)
        assert caught.value.remedy(language) == FAILED.failure.remedy(language)


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in SOURCES])
def test_everything_else_shows_where_a_network_fails(name: str) -> None:
    content = FORMATS[name].write(FAILED, "en")
    if isinstance(content, str):
        assert "pool5" in content
    if name == "json":
        assert json.loads(content)["id"] == "article_002_text"


def test_the_drawing_is_the_one_of_the_page() -> None:
    assert FORMATS["svg"].write(PAPER, "zh") == architecture(PAPER, "zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_is_the_drawing_at_twice_its_size(language: Any) -> None:
    content = FORMATS["png"].write(PAPER, language)
    assert isinstance(content, bytes)
    picture = Image.open(io.BytesIO(content))
    width, height = picture.size
    assert f'width="{width // 2}" height="{height // 2}"' in architecture(PAPER, language)
    colours = picture.convert("RGB").getcolors(1 << 20)
    assert colours is not None
    assert max(colours)[1] == (255, 255, 255)  # on paper of its own
    assert len(colours) > 100


def test_chinese_words_are_drawn() -> None:
    """The pictures differ where the words do, and a missing letter is told from a drawn one."""
    assert FORMATS["png"].write(PAPER, "zh") != FORMATS["png"].write(PAPER, "en")
    assert png.drawable("网")
    assert png.drawable("A")
    assert not png.drawable(png.UNKNOWN)
    assert not png.drawable(" ")


def test_a_picture_without_its_letters_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(png, "drawable", lambda letter: letter.isascii())
    assert FORMATS["png"].write(PAPER, "en")
    with pytest.raises(Problem, match="No typeface on this machine has the letters 网络") as caught:
        FORMATS["png"].write(PAPER, "zh")
    assert "fonts-noto-cjk" in caught.value.remedy("zh")
