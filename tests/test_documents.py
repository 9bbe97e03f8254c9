"""What the documents say of the code: rooms in order, names that exist, pictures that are there."""

import importlib
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from docs.screenshots import LARGEST, VIEWPORT, VIEWS
from tests.conftest import ROOT

PACKAGE = ROOT / "alexnet_viz"
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
FOLDERS = "alexnet_viz|pages|tests|docs|training|benchmarks"


def layers() -> list[set[str]]:
    """The floors of the contract "Rooms: imports go down", the lowest first."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (contract,) = (
        each
        for each in settings["tool"]["importlinter"]["contracts"]
        if each["type"] == "layers" and each["containers"] == ["alexnet_viz"]
    )
    return [set(re.split(r" [|:] ", floor)) for floor in reversed(contract["layers"])]


def test_the_picture_of_the_house_is_the_contract() -> None:
    drawn = re.findall(r"^(\d+)  (\S+(?: \| \S+)*)", ARCHITECTURE, re.MULTILINE)
    floors = [set(rooms.split(" | ")) for _, rooms in reversed(drawn)]
    assert floors == layers()
    assert [int(number) for number, _ in reversed(drawn)] == list(range(len(floors)))


def test_every_room_has_a_paragraph_in_the_order_of_the_house() -> None:
    told = re.findall(r"^\*\*(\w+)\*\* ", ARCHITECTURE, re.MULTILINE)
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert set(told) == rooms
    assert len(told) == len(rooms)
    floor = {room: number for number, names in enumerate(layers()) for room in names}
    assert [floor[room] for room in told] == sorted(floor[room] for room in told)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_what_a_document_names_exists(document: Path) -> None:
    """Names such as ``network.trace.trace`` and paths such as ``docs/adding.md``."""
    words = document.read_text("utf-8")
    rooms = "|".join(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
    names = re.findall(rf"`(?:alexnet_viz\.)?((?:{rooms})(?:\.(?!py\b)\w+)+)`", words)
    paths = re.findall(rf"`((?:{FOLDERS})/[\w./]*\w/?)`", words)
    assert [name for name in names if not exists(name)] == []
    assert [path for path in paths if not (ROOT / path).exists()] == []


def exists(name: str) -> bool:
    """Whether ``room.module.name`` can be imported, or is a field or method of what can."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(["alexnet_viz", *parts[:end]]))
        except ModuleNotFoundError:
            continue
        for part in parts[end:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


def test_the_pictures_of_the_app_are_there() -> None:
    pictures = {path.stem: path for path in (ROOT / "docs" / "images").iterdir()}
    assert set(pictures) == set(VIEWS)
    for path in pictures.values():
        assert path.stat().st_size <= LARGEST
        with Image.open(path) as picture:
            assert picture.size == (VIEWPORT["width"], VIEWPORT["height"])
    shown = re.findall(r"\(docs/images/(\w+)\.png\)", (ROOT / "README.md").read_text("utf-8"))
    assert set(shown) == set(VIEWS)
