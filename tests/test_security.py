"""docs/security.md: every threat and every door has a test that exists."""

import re

import pytest

from tests.conftest import ROOT

TESTS = ROOT / "tests"
WORDS = (ROOT / "docs" / "security.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in WORDS.splitlines()
    if line.startswith("| ") and not line.startswith(("| threat |", "| door |"))
]
DOORS = ("picture", ".pth", "safetensors", "ONNX", "prototxt", "cfg", "JSON", "link", "HTML report")


def test_every_row_names_tests_that_exist() -> None:
    assert len(ROWS) > 30
    for *_, held in ROWS:
        files = re.findall(r"`(tests/[\w/.]+)`", held)
        tests = re.findall(r"`(test_\w+)\.(test_\w+)`", held)
        assert files or tests, held
        assert [path for path in files if not (ROOT / path).exists()] == []
        for module, name in tests:
            assert re.search(rf"^def {name}\(", (TESTS / f"{module}.py").read_text("utf-8"), re.M)


@pytest.mark.parametrize("door", DOORS)
def test_every_door_was_tried(door: str) -> None:
    assert any(len(row) == 4 and door in row[0].split(", ") for row in ROWS)


def test_a_problem_can_be_reported_in_private() -> None:
    assert "docs/security.md" in (ROOT / "SECURITY.md").read_text("utf-8")
