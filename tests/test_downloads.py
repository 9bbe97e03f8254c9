"""The Download menu: everything a page shows, in every format, from one button."""

from collections.abc import Callable
from typing import Any

import pytest
import streamlit as st

from alexnet_viz.render.export import png
from alexnet_viz.teaching.sheets.exports.registry import EXPORTS as SHEET_EXPORTS
from alexnet_viz.teaching.sheets.sheet import parsed
from alexnet_viz.ui.app.choices import CHOICES
from alexnet_viz.ui.app.shell import MENU
from tests.spoken import SECTIONS, open_page, plate

Files = dict[str, tuple[str, Callable[[], bytes]]]


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> Files:
    """File names and contents behind the download buttons, by key."""
    offered: Files = {}

    def button(label: str, *, data: Any, file_name: str, key: str, **more: Any) -> None:
        offered[key] = file_name, data

    monkeypatch.setattr(st, "download_button", button)
    return offered


@pytest.mark.parametrize(
    ("query", "names"),
    [
        (
            {"page": "towers"},
            [*(f"alexnet_2012_paper_towers.{it}" for it in ("csv", "md", "tex", "json")),
             "alexnet_2012_paper_towers.svg", "alexnet_2012_paper_towers.png"],
        ),
        (
            {"page": "layer", "layer": "conv2"},
            ["conv2_ruler.svg", "conv2_ruler.png", "conv2_receptive_field.svg",
             "conv2_receptive_field.png"],
        ),
        ({"page": "layer", "layer": "fc6"}, ["fc6_place.svg", "fc6_place.png"]),
        (
            {"page": "calculator"},
            ["window.svg", "window.png",
             *(f"{what}.{it}" for what in ("alexnet_224_227", "chain_224")
               for it in ("csv", "md", "tex", "json"))],
        ),
        (
            {"page": "family"},
            ["alexnet_family.svg", "alexnet_family.png",
             *(f"alexnet_family.{it}" for it in ("csv", "md", "tex", "json"))],
        ),
        (
            {"page": "compare"},
            [*(f"alexnet_2012_paper_vs_torchvision_alexnet.{it}"
               for it in ("csv", "md", "tex", "json", "html"))],
        ),
        (
            {"page": "compare", "compare_view": "inputs"},
            ["alexnet_inputs.svg", "alexnet_inputs.png",
             *(f"alexnet_inputs.{it}" for it in ("csv", "md", "tex", "json"))],
        ),
        (
            {"page": "practice", "practice_view": "sheet", "items": "out1,pool", "sheet_seed": 7},
            ["alexnet_sheet_7.html",
             *(f"sheet_7_A_en.{export.suffix}" for export in SHEET_EXPORTS.values())],
        ),
        (
            {"page": "towers", "section": "history"},
            [f"alexnet_{what}.{it}" for what in ("ideas", "runs")
             for it in ("csv", "md", "tex", "json")],
        ),
    ],
)  # fmt: skip
def test_a_page_has_one_menu_with_all_its_files(
    files: Files, query: dict[str, str], names: list[str]
) -> None:
    app = open_page(**query)  # type: ignore[arg-type]
    assert not app.exception
    assert [name for name, _ in files.values()] == names
    assert all(write() for _, write in files.values())


def test_a_sheet_is_written_as_its_version_and_language(files: Files) -> None:
    sheet = {"items": "out1,pool", "sheet_seed": 7, "versions": 2, "version": "B", "lang": "zh"}
    app = open_page("practice", practice_view="sheet", **sheet)
    assert not app.exception
    written = {name: data() for name, data in files.values()}
    for export in SHEET_EXPORTS.values():
        content = export.write(parsed("out1,pool", 7, 2), "B", "zh")
        assert written[f"sheet_7_B_zh.{export.suffix}"] == content


def places(block: Any, inside: int = 0) -> set[int]:
    """Where a part of a page offers files: the popovers with buttons for it, and bare buttons."""
    found: set[int] = set()
    for child in block.children.values():
        if child.type == "download_button" and child.key != "progress.save":  # not the page's own
            found.add(inside or id(child))
        elif hasattr(child, "children"):
            found |= places(child, id(child) if child.type == "popover" else inside)
    return found


OFFERED = [page for group, pages in MENU.items() if group != "run" for page in pages]


def test_a_page_offers_its_files_at_one_place(subtests: pytest.Subtests) -> None:
    for page in OFFERED:
        choice = SECTIONS.get(page, "")
        for section in CHOICES[choice].options if choice else ("",):
            with subtests.test(page=page, section=section):
                app = open_page(page, **({choice: section} if choice else {}))
                assert not app.exception
                assert len(places(app.main)) <= 1


def test_the_drawing_is_the_one_on_the_page(files: Files) -> None:
    app = open_page("towers", gpus=4)
    assert files["towers.1.svg"][1]().decode() == plate(app, "towers")["svg"]
    assert files["towers.csv"][1]().startswith("\ufeff".encode())
    assert files["towers.1.png"][1]().startswith(b"\x89PNG")


def test_no_pixels_without_letters_to_draw(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(png, "drawable", lambda letter: False)
    open_page("layer", layer="fc6")
    assert [name for name, _ in files.values()] == ["fc6_place.svg"]
