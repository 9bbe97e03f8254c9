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

from alexnet_viz.columns import quotient_text
from alexnet_viz.layers import shape_text
from alexnet_viz.trace import trace
from alexnet_viz.variants import VARIANTS

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"

CASE = ("alexnet_2012_paper", "alexnet_2012_224_floor", "torchvision_alexnet")
TABLE = re.compile(r"(?<=\|---\|\n)(?:\| `.*\n)*(?=<!-- end -->)")
CONSOLE = re.compile(r"(?<=```console\n).*?(?=```)", re.DOTALL)


def case_table() -> str:
    """The 224/227 case: what conv1 makes of either input, and what arrives at fc6."""
    lines = []
    for variant in CASE:
        for size in (224, 227):
            result = trace(VARIANTS[variant], size)
            conv1 = result["conv1"]
            assert conv1.slides
            window = conv1.slides[0]
            cells = (
                f"`{variant}`",
                str(size),
                quotient_text(window.quotient),
                window.rounding,
                shape_text(conv1.output_shape),
                f"{result['fc6'].input_shape[0]:,}",
            )
            lines.append("| " + " | ".join(cells) + " |\n")
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


def test_the_commands_exist() -> None:
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    commands = re.findall(r"\bmake (\w+)(?=[ `].*\n)", README.read_text("utf-8"))
    assert {"run", "test"} <= set(commands) <= set(targets)


@pytest.mark.parametrize("document", [README, *sorted((ROOT / "docs").glob("*.md"))], ids=str)
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
