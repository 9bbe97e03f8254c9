"""The README tells the truth: its table, its examples, its commands and its links.

``python -m tests.test_readme`` writes the table and the examples anew.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from alexnet_viz.analysis.columns import quotient_text
from alexnet_viz.analysis.inputs.case_224 import CASES
from alexnet_viz.network.layers import shape_text, sides
from alexnet_viz.text import t
from alexnet_viz.ui.app.shell import HOME

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"

TABLE = re.compile(r"(?<=\|---\|\n)(?:\|.*\n)*(?=<!-- end -->)")
CONSOLE = re.compile(r"(?<=```console\n).*?(?=```)", re.DOTALL)


def case_table() -> str:
    """Every way the 2012 network has been made to fit, and what follows from it."""
    lines = []
    for case in CASES:
        result = case.trace()
        conv1 = result["conv1"]
        assert conv1.slides
        window = conv1.slides[0]
        stated = sides(case.padding)[:2]
        padding = window.padding if case.conv == "same" else stated  # SAME sets its own
        cells = (
            t(f"repair.{case.key}"),
            case.input_size,
            " + ".join(map(str, padding)),
            quotient_text(window.quotient),
            case.conv if case.conv == case.pool else f"{case.conv}, pools {case.pool}",
            shape_text(conv1.output_shape[1:]),
            f"{result['fc6'].input_shape[0]:,}",
        )
        lines.append("| " + " | ".join(map(str, cells)) + " |\n")
    return "".join(lines)


def console(block: str) -> str:
    """A console block with every ``$`` command followed by what it prints now."""
    commands = re.findall(r"^\$ (.*)$", block, re.MULTILINE)
    return "\n".join(f"$ {command}\n{printed(command)}" for command in commands)


def printed(command: str) -> str:
    program, *arguments = shlex.split(command)
    assert program == "python"
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    return done.stdout


def test_the_case_table_is_computed() -> None:
    (stated,) = TABLE.findall(README.read_text("utf-8"))
    assert stated == case_table()


@pytest.mark.parametrize("block", CONSOLE.findall(README.read_text("utf-8")))
def test_the_examples_print_what_they_print(block: str) -> None:
    assert block == console(block)


def test_every_page_is_told_of() -> None:
    """By its name in the menu, and no page that is not there."""
    table = README.read_text("utf-8").partition("| page | what it shows |\n|---|---|\n")[2]
    told = re.findall(r"^\| (.+?) \|", table.partition("\n\n")[0], re.MULTILINE)
    stems = [path.stem for path in (ROOT / "pages").glob("*.py")]
    pages = [t(f"page.{stem}.{'short' if stem == HOME else 'title'}") for stem in stems]
    assert sorted(told) == sorted(pages)


def test_the_commands_exist() -> None:
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    commands = re.findall(r"\bmake (\w+)(?=[ `].*\n)", README.read_text("utf-8"))
    assert {"run", "test"} <= set(commands) <= set(targets)


@pytest.mark.parametrize(
    "document",
    [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))],
    ids=lambda path: path.name,
)
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text("utf-8")):
        assert (document.parent / target).exists(), target


def main() -> None:
    """Write the computed parts of the README."""
    words = README.read_text("utf-8")
    words = TABLE.sub(lambda _: case_table(), words, count=1)
    words = CONSOLE.sub(lambda match: console(match[0]), words)
    README.write_text(words, "utf-8")


if __name__ == "__main__":
    main()
