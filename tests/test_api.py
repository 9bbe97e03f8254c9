"""The public names: what docs/api.md shows, the notebook of examples/, and what a cell displays."""

import ast
import doctest
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import alexnet_viz
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.render.diagrams.blocks import architecture
from alexnet_viz.text.problem import Problem
from tests.architecture_files import FILES
from tests.conftest import ROOT
from tests.test_writers_html import Page

NOTEBOOKS = sorted((ROOT / "examples").glob("*.ipynb"))


def test_the_document_shows_what_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)  # it opens a file of tests/
    path = str(ROOT / "docs" / "api.md")
    failed, tried = doctest.testfile(path, module_relative=False, encoding="utf-8")
    assert (failed, tried > 10) == (0, True)


def test_the_document_lists_every_public_name() -> None:
    table = (ROOT / "docs" / "api.md").read_text("utf-8").partition("|---|---|\n")[2]
    rows = table.partition("\n\n")[0].splitlines()
    told = [row.split("`")[1].partition("(")[0] for row in rows]
    assert sorted(told) == sorted(alexnet_viz.PUBLIC)
    assert set(alexnet_viz.PUBLIC) <= set(dir(alexnet_viz))
    with pytest.raises(AttributeError, match="no attribute 'trance'"):
        alexnet_viz.trance  # noqa: B018


def test_importing_the_package_loads_no_room() -> None:
    """And using a name loads no framework."""
    script = (
        "import sys, alexnet_viz\n"
        "assert [m for m in sys.modules if m.startswith('alexnet_viz')] == ['alexnet_viz']\n"
        "alexnet_viz.compare(*list(alexnet_viz.VARIANTS)[:2])._repr_html_()\n"
        "alexnet_viz.towers('alexnet_2012_paper')._repr_html_()\n"
        "heavy = {'torch', 'onnx', 'google', 'numpy', 'pandas', 'streamlit', 'plotly'}\n"
        "assert not heavy & {name.partition('.')[0] for name in sys.modules}\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its cells in one namespace, as a kernel runs them; what ends a cell can be shown."""
    monkeypatch.chdir(ROOT)
    notebook = json.loads(path.read_text("utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    space: dict[str, Any] = {}
    shown = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []  # an output would be a number that is typed
            shown.append(last_value("".join(cell["source"]), space))
    cells = [each._repr_html_() for each in shown if hasattr(each, "_repr_html_")]
    assert len(cells) >= 3
    assert ((96, 55, 55), (96, 54, 54), (6400,)) in shown
    assert all("<svg" in cell and "<table" in cell for cell in cells)


def last_value(source: str, space: dict[str, Any]) -> Any:
    """The value of the expression that ends a cell, which a notebook displays."""
    tree = ast.parse(source)
    *before, last = tree.body
    if not isinstance(last, ast.Expr):
        before, last = tree.body, ast.Expr(ast.Constant(None))
    exec(compile(ast.Module(before, []), "cell", "exec"), space)
    return eval(
        compile(ast.fix_missing_locations(ast.Expression(last.value)), "cell", "eval"), space
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_cell_is_the_drawing_and_the_table(language: Any) -> None:
    shown = alexnet_viz.trace("alexnet_2012_paper", language=language)
    assert isinstance(shown, Trace)
    html = shown._repr_html_()
    page = Page(html)
    plain = trace(alexnet_viz.VARIANTS["alexnet_2012_paper"])
    drawn = architecture(plain, language)
    assert drawn.count("<polygon") == html.count("<polygon") > 20
    assert page.row("conv1")[-2:] == ["34,944", "105,415,200"]
    assert "60,965,224" in page.text
    failed = alexnet_viz.trace("article_002_text", language=language)
    assert failed.failure is not None
    assert failed.failure.explained(language) in Page(failed._repr_html_()).text


def test_a_cell_leaves_the_page_around_it_alone() -> None:
    """No script, no outside resource, no id, and a style for its own elements only."""
    results = (
        alexnet_viz.trace("alexnet_2012_paper"),
        alexnet_viz.compare("alexnet_2012_paper", "zfnet_paper"),
        alexnet_viz.towers("alexnet_2012_paper"),
    )
    for result in results:
        html = result._repr_html_()
        page = Page(html)
        assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in page.elements}
        assert not any("id" in found for _, found in page.elements)
        style = html.partition("<style>")[2].partition("</style>")[0]
        rules = [line for line in style.splitlines() if line.strip()]
        assert all(line.startswith(".alexnet-viz ") for line in rules)
        assert "url(" not in html


def test_names_of_files_are_only_words(tmp_path: Path) -> None:
    path = tmp_path / "net.prototxt"
    words = (FILES / "alexnet_deploy.prototxt").read_text("utf-8")
    path.write_text(words.replace('"prob"', '"<script>alert(1)</script>"'), "utf-8")
    own = alexnet_viz.open_network(path)
    html = alexnet_viz.compare("caffe_bvlc_alexnet", own)._repr_html_()
    assert "<script" not in html
    assert "<script" not in alexnet_viz.trace(own)._repr_html_()


def test_requests_that_cannot_be_answered() -> None:
    with pytest.raises(Problem) as refused:
        alexnet_viz.compare("alexnet_2012_paper")
    assert refused.value.code == "too_few_networks"
    with pytest.raises(Problem) as refused:
        alexnet_viz.compare("alexnet_2012_paper", "zfnet_paper", ignore=["drop"])
    assert refused.value.values["given"] == "drop"
    with pytest.raises(Problem) as refused:
        alexnet_viz.trace("alexnet_2012_paper", 0)
    assert refused.value.code == "input_size"


def test_printed_it_is_the_command_line() -> None:
    assert str(alexnet_viz.trace("alexnet_2012_paper")).startswith("alexnet_2012_paper  3×224×224")
    said = str(alexnet_viz.compare("cuda_convnet2_1gpu", "owt_paper_2014"))
    assert "conv4: 384 kernels instead of 256" in said
    assert "GPU 1" in str(alexnet_viz.towers("alexnet_2012_paper"))
