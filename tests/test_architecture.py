"""What import-linter's contracts (``pyproject.toml``) do not see: names, docstrings, thin pages.

A rule is one test and lists every offender.  Files are read as source text (``ast``), so nothing is
imported to check them, except where the test is what an import loads.
"""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "alexnet_viz"
HEAVY = {
    *("torch", "torchvision", "torchinfo", "captum", "safetensors", "onnx", "google"),
    *("streamlit", "plotly", "pandas", "numpy", "PIL"),
}
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "core", "manager", "misc"}

PACKAGE_FILES = sorted(PACKAGE.rglob("*.py"))
PAGES = sorted((ROOT / "pages").glob("*.py"))
SCRIPTS = [ROOT / "app.py", *PAGES]
OTHER_FILES = [
    path
    for folder in ("tests", "benchmarks", "training", "docs")
    for path in (ROOT / folder).rglob("*.py")
]
ALL_FILES = [*PACKAGE_FILES, *SCRIPTS, *OTHER_FILES]


def label(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def test_imports_are_written_in_full() -> None:
    relative = [
        f"{label(path)}:{node.lineno}"
        for path in ALL_FILES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


def test_a_command_loads_nothing_heavy() -> None:
    """Neither importing the command line nor printing a table loads a framework."""
    for words in (
        None,
        ("trace", "alexnet_2012_paper"),
        ("--help",),
        ("run-towers", "--help"),
        ("weights", "list"),
        ("claims",),
        ("export", "alexnet_2012_paper", "--to", "torch"),
        ("towers", "alexnet_2012_paper", "--format", "svg"),
        ("sweep", "alexnet_2012_paper"),
        ("compare", "alexnet_2012_paper", "torchvision_alexnet"),
        ("diff", "caffe_bvlc_alexnet", "tests/files/alexnet_deploy.prototxt", "--html", os.devnull),
    ):
        run = (
            "import alexnet_viz.commands.cli"
            if words is None
            else (
                f"import runpy; sys.argv = ['alexnet_viz', *{words!r}]\n"
                "try:\n    runpy.run_module('alexnet_viz', run_name='__main__')\n"
                "except SystemExit as end:\n    assert not end.code, end.code"
            )
        )
        script = f"import sys, json\n{run}\nprint(json.dumps(sorted(sys.modules)), file=sys.stderr)"
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (words, done.stderr)
        loaded = {name.partition(".")[0] for name in json.loads(done.stderr.splitlines()[-1])}
        assert not loaded & HEAVY, words


@pytest.mark.parametrize("page", ["towers", "compare"])
def test_a_page_that_needs_no_model_waits_for_none(page: str) -> None:
    """Sections that do are imported when they are drawn."""
    script = f"import sys, alexnet_viz.ui.{page}\nsys.exit('torch' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_rooms_can_be_counted() -> None:
    """A newcomer who lists the package sees about twenty names, each room with a guide."""
    rooms = sorted(
        path for path in PACKAGE.iterdir() if path.name not in ("__pycache__", "py.typed")
    )
    assert len(rooms) <= 21, [room.name for room in rooms]
    without = [
        label(path)
        for path in PACKAGE.rglob("__init__.py")
        if len(ast.get_docstring(tree(path)) or "") < (80 if path.parents[1] == PACKAGE else 20)
    ]
    assert without == []


def test_files_are_named_by_what_they_hold() -> None:
    vague = [
        label(path)
        for path in ALL_FILES
        if {path.stem, *path.relative_to(ROOT).parts[:-1]} & BANNED_NAMES
    ]
    assert vague == []


def test_what_is_public_is_described() -> None:
    """Modules, public classes and public functions have a docstring."""
    silent = []
    for path in [*PACKAGE_FILES, *SCRIPTS]:
        if tree(path).body and not ast.get_docstring(tree(path)):
            silent.append(label(path))
        silent += [
            f"{label(path)}:{node.lineno} {node.name}"
            for node in tree(path).body
            if isinstance(node, ast.ClassDef | ast.FunctionDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ]
    assert silent == []


def test_pages_are_thin() -> None:
    """A page chooses, computes, shows and cites: no class, no catching, at most 90 lines."""
    assert [label(p) for p in SCRIPTS if len(p.read_text("utf-8").splitlines()) > 90] == []
    thick = [
        f"{label(path)}:{node.lineno}"
        for path in SCRIPTS
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef | ast.Try)
    ]
    assert thick == []


def test_pages_begin_in_the_shell() -> None:
    """The first statement that runs is ``require_shell()``, else a cold deep link skips app.py."""
    for path in PAGES:
        calls = [node for node in tree(path).body if isinstance(node, ast.Expr | ast.Assign)]
        first = calls[1].value  # the first is the docstring
        assert isinstance(first, ast.Call), label(path)
        assert ast.unparse(first.func).endswith("require_shell"), label(path)


def test_pages_hold_no_sentence_and_no_colour() -> None:
    """Words come from alexnet_viz.text, colours from alexnet_viz.render.theme."""
    found = []
    for path in SCRIPTS:
        found += [
            f"{label(path)}:{node.lineno}: {node.value!r}"
            for node in strings(tree(path))
            if re.search(r"#[0-9a-fA-F]{6}\b", node.value)
        ]
        found += [
            f"{label(path)}:{node.lineno}: {node.value!r}"
            for call in streamlit_calls(path)
            for node in strings(call)
            if re.search(r"[^\W\d_] +\S|[\u4e00-\u9fff]", node.value)
        ]
    assert found == []


def strings(inside: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(inside):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node


def streamlit_calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("st."):
            yield node
