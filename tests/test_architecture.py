"""The fences of the house, as tests: who may import whom, how large, under which name.

The rules are read from the source text (``ast``), so nothing is imported to check them, and an
import inside a function counts like one at the top.
"""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "alexnet_viz"

FLOORS = (
    ("text", "problem", "local_file", "geometry", "receptive_field"),
    ("layers", "plain", "spec", "schema", "specfile", "variants"),
    (
        *("trace", "columns", "formulas", "inputs", "repairs", "placements", "towers", "what_if"),
        *("reach", "sweep", "compare", "nearest"),
        *("declared", "differences", "difference_words", "family", "matrix", "pairs"),
        *("claims", "specialisation", "window_padding", "memory", "history"),
    ),
    (
        *("theme", "figures", "drawings", "tables", "exports", "writers", "lessons"),
        *("reports", "inputs_report", "claims_report", "memory_report", "history_report"),
        *("towers_report", "sweep_report", "family_report", "matrix_report"),
    ),
    ("model", "modules", "device", "drawn"),
    (
        *("activations", "map_difference", "architectures", "images", "preprocessing"),
        *("samples", "weights", "importers", "lens", "kernels", "ablation", "predictions"),
        *("replay", "attribution", "maximisation", "onnx_file", "formats", "crosscheck"),
        "model_parallel",
    ),
    (
        *("ui", "towers_run", "arguments", "short_form", "printing", "cli", "serve_command"),
        *("weights_command", "claims_command", "towers_command", "sweep_command"),
        *("export_command", "open_command", "__main__"),
    ),
)
FLOOR = {name: floor for floor, names in enumerate(FLOORS) for name in names}

TORCH = {"torch", "torchvision", "torchinfo", "captum", "safetensors", "onnx", "google"}
HEAVY = TORCH | {"streamlit", "plotly", "pandas"}
TORCH_ROOMS = {*FLOORS[4], *FLOORS[5]}
PLOTLY_ROOMS = {"figures", "ui"}
WARM_UP = PACKAGE / "ui" / "warm.py"
"""Imports torch ahead of need and calls nothing of it."""
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "core", "manager", "misc"}

PACKAGE_FILES = sorted(PACKAGE.rglob("*.py"))
PAGES = sorted((ROOT / "pages").glob("*.py"))
SCRIPTS = [ROOT / "app.py", *PAGES]
ALL_FILES = [
    *PACKAGE_FILES,
    *SCRIPTS,
    *sorted((ROOT / "tests").rglob("*.py")),
    *sorted((ROOT / "benchmarks").glob("*.py")),
    *sorted((ROOT / "training").glob("*.py")),
]


def label(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def each(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=label)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


class Import(NamedTuple):
    module: str
    line: int


def imports(path: Path) -> Iterator[Import]:
    """Every module a file imports, in full; ``from a import b`` yields both a and a.b."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{label(path)}:{node.lineno}: write the import in full"
            yield Import(node.module or "", node.lineno)
            for alias in node.names:
                yield Import(f"{node.module}.{alias.name}", node.lineno)


def room(path: Path) -> str:
    """The part of the package a file belongs to: ``layers/base.py`` is in ``layers``."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def third_party(path: Path) -> set[str]:
    return {each.module.partition(".")[0] for each in imports(path)}


@pytest.mark.parametrize("name", sorted({room(path) for path in PACKAGE_FILES} - {"__init__"}))
def test_every_module_has_a_floor(name: str) -> None:
    assert name in FLOOR, f"alexnet_viz.{name}: give it a floor in tests/test_architecture.py"


@each([path for path in PACKAGE_FILES if room(path) in FLOOR])
def test_imports_go_down(path: Path) -> None:
    for module, line in imports(path):
        package, _, rest = module.partition(".")
        target = rest.partition(".")[0]
        if package == "alexnet_viz" and target in FLOOR:
            assert FLOOR[target] <= FLOOR[room(path)], f"{label(path)}:{line} imports {module}"


def test_no_import_cycles() -> None:
    modules = {module_name(path): path for path in PACKAGE_FILES}
    TopologicalSorter(
        {name: imported(path) & modules.keys() - {name} for name, path in modules.items()}
    ).prepare()  # raises CycleError and names the cycle


def imported(path: Path) -> set[str]:
    """The modules a file needs: of ``from a import b`` a.b where that is a module, else a."""
    needed = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            needed |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            inner = {name if is_module(name) else node.module or "" for name in inner}
            needed |= inner
    return needed


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@each([*PACKAGE_FILES, *SCRIPTS])
def test_frameworks_stay_in_their_rooms(path: Path) -> None:
    inside = path.is_relative_to(PACKAGE)
    where = room(path) if inside else "ui"
    allowed = set(HEAVY)
    if where not in TORCH_ROOMS and path != WARM_UP:
        allowed -= TORCH
    if where not in PLOTLY_ROOMS:
        allowed -= {"plotly"}
    if where != "ui":
        allowed -= {"streamlit"}
    if FLOOR.get(where, 0) < 3:
        allowed -= {"pandas"}
    assert not (third_party(path) & HEAVY) - allowed


@each([path for path in PACKAGE_FILES if FLOOR.get(room(path)) == 0])
def test_the_ground_floor_needs_only_the_standard_library(path: Path) -> None:
    assert third_party(path) <= {*sys.stdlib_module_names, "alexnet_viz"}


@pytest.mark.parametrize(
    "arguments",
    [
        *(None, ("trace", "alexnet_2012_paper"), ("--help",), ("weights", "list"), ("claims",)),
        ("export", "alexnet_2012_paper", "--to", "torch"),
        ("towers", "alexnet_2012_paper", "--format", "svg"),
        ("sweep", "alexnet_2012_paper"),
        ("compare", "alexnet_2012_paper", "torchvision_alexnet"),
    ],
    ids=lambda arguments: arguments[0] if arguments else "import",
)
def test_the_command_line_is_light(arguments: tuple[str, ...] | None) -> None:
    """Neither importing the command line nor printing a table loads a framework."""
    run = (
        "import alexnet_viz.commands.cli"
        if arguments is None
        else (
            f"import runpy; sys.argv = ['alexnet_viz', *{arguments!r}]\n"
            "try:\n    runpy.run_module('alexnet_viz', run_name='__main__')\n"
            "except SystemExit as end:\n    assert not end.code, end.code"
        )
    )
    script = f"import sys, json\n{run}\nprint(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    loaded = {name.partition(".")[0] for name in json.loads(done.stderr.splitlines()[-1])}
    assert not loaded & HEAVY


@pytest.mark.parametrize("part", ["towers", "comparison"])
def test_a_page_that_needs_no_model_waits_for_none(part: str) -> None:
    """Sections that do are imported when they are drawn."""
    script = f"import sys, alexnet_viz.ui.{part}\nsys.exit('torch' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr


@each(ALL_FILES)
def test_files_are_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 300


@each(ALL_FILES)
def test_files_are_named_by_what_they_hold(path: Path) -> None:
    assert not {path.stem, *path.relative_to(ROOT).parts[:-1]} & BANNED_NAMES


@each([*PACKAGE_FILES, *SCRIPTS])
def test_what_is_public_is_described(path: Path) -> None:
    """Modules, public classes and public functions have a docstring."""
    if not tree(path).body:
        return
    assert ast.get_docstring(tree(path)), f"{label(path)} has no docstring"
    for node in tree(path).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{label(path)}:{node.lineno} {node.name}: no docstring"


@each(SCRIPTS)
def test_pages_are_thin(path: Path) -> None:
    """A page chooses, computes, shows and cites: no class, no catching, at most 90 lines."""
    assert len(path.read_text("utf-8").splitlines()) <= 90
    for node in ast.walk(tree(path)):
        assert not isinstance(node, ast.ClassDef | ast.Try), f"{label(path)}:{node.lineno}"


@each(PAGES)
def test_pages_begin_in_the_shell(path: Path) -> None:
    """The first statement that runs is ``require_shell()``, else a cold deep link skips app.py."""
    calls = [node for node in tree(path).body if isinstance(node, ast.Expr | ast.Assign)]
    first = calls[1].value  # the first is the docstring
    assert isinstance(first, ast.Call)
    assert ast.unparse(first.func).endswith("require_shell")


@each(SCRIPTS)
def test_pages_hold_no_sentence_and_no_colour(path: Path) -> None:
    """Words come from alexnet_viz.text, colours from alexnet_viz.render.theme."""
    docstring = tree(path).body[0]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if isinstance(docstring, ast.Expr) and node is docstring.value:
                continue
            assert not re.search(r"#[0-9a-fA-F]{6}\b", node.value), f"{label(path)}:{node.lineno}"
    for call in streamlit_calls(path):
        for node in ast.walk(call):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                where = f"{label(path)}:{node.lineno}: {node.value!r}"
                assert not re.search(r"[^\W\d_] +\S|[\u4e00-\u9fff]", node.value), where


def streamlit_calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("st."):
            yield node
