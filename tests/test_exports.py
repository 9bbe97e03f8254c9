"""Exports against golden tables, and invariants that no regeneration can silence.

The golden tables are written by
``python -m alexnet_viz trace VARIANT --format markdown --columns layer,shape,window,cost,view``.
"""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from alexnet_viz.analysis.columns import COLUMNS, GROUPS
from alexnet_viz.network.layers import Conv, ReLU
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.render.tables.grid import WRITERS, Grid, latex, markdown, plain
from alexnet_viz.render.tables.trace_table import DEFAULT_KEYS, EXPORTS, failure_text
from alexnet_viz.text import LANGUAGES
from alexnet_viz.variants import VARIANTS

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.md"))
GOLDEN_KEYS = sum((GROUPS[g] for g in ("layer", "shape", "window", "cost", "view")), ())
PAPER = trace(VARIANTS["alexnet_2012_paper"])
FAILED = trace(VARIANTS["article_002_text"])
TABULAR = list(WRITERS)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_tables(path: Path) -> None:
    result = trace(VARIANTS[path.stem])
    assert EXPORTS["markdown"].render(result, GOLDEN_KEYS, "en") == path.read_text("utf-8")


def test_there_are_golden_tables() -> None:
    assert len(GOLDEN) == 3
    assert any("does not fit" in path.read_text("utf-8") for path in GOLDEN)


def columns_of(name: str, text: str) -> list[tuple[str, ...]]:
    """The printed body as columns, the total the last cell of each; header and notes dropped."""
    if name == "csv":
        lines = [line for line in csv.reader(io.StringIO(text)) if "article_002" not in line[0]]
    elif name == "markdown":
        body = [line for line in text.splitlines() if line.startswith("|")]
        lines = [re.split(r" ?(?<!\\)\| ?", line)[1:-1] for line in body if "---" not in line]
        lines = [[cell.strip("*") for cell in line] for line in lines]
    elif name == "latex":
        body = [line for line in text.splitlines() if line.endswith(r"\\")]
        lines = [line.removesuffix(r" \\").split(" & ") for line in body]
    else:
        header, *_ = body = [line for line in text.splitlines() if line][1:]
        starts = [match.end() for match in re.finditer(r"\S+( \S+)*", header)]
        rows = [line for line in body if "─" not in line and " on input " not in line]
        # numbers are flush right, so each ends where its header ends
        lines = [[_word_ending(line, end) for end in starts] for line in rows]
    return list(zip(*lines[1:], strict=True))


def _word_ending(line: str, end: int) -> str:
    words = line[:end].split("  ") if len(line) >= end else [""]
    return words[-1].strip()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["csv", "markdown", "latex"])
@pytest.mark.parametrize("result", [PAPER, FAILED], ids=["paper", "failed"])
def test_printed_totals_are_the_sums_of_what_is_printed(name, result, language) -> None:
    keys = tuple(COLUMNS)
    columns = columns_of(name, EXPORTS[name].render(result, keys, language))
    assert len(columns) == len(keys)
    summed = 0
    for key, column in zip(keys, columns, strict=True):
        *cells, total = column
        assert len(cells) == len(result.rows)
        if key == "name":
            assert total in ("total", "合计")
        elif total:
            summed += 1
            assert sum(int(cell.replace(",", "")) for cell in cells) == int(total.replace(",", ""))
    assert summed == sum(column.summed for column in COLUMNS.values())


@pytest.mark.parametrize("result", [PAPER, FAILED], ids=["paper", "failed"])
def test_the_terminal_table_adds_up(result) -> None:
    for key in ("params", "macs", "additions"):
        text = EXPORTS["table"].render(result, ("name", key), "en")
        cells = columns_of("table", text)[1]
        numbers = [int(cell.replace(",", "")) for cell in cells]
        assert numbers[-1] == sum(numbers[:-1]) > 0


@pytest.mark.parametrize("name", EXPORTS)
def test_every_export_carries_the_failure(name: str) -> None:
    text = EXPORTS[name].render(FAILED, DEFAULT_KEYS, "en")
    assert "pool5" in text
    assert "does not fit an input of 2" in text.replace("\\_", "_")
    assert "Use a larger image" in text
    assert failure_text(PAPER) == ""
    assert "pool5" in EXPORTS[name].render(FAILED, DEFAULT_KEYS, "zh")
    assert "换更大的图像" in EXPORTS[name].render(FAILED, DEFAULT_KEYS, "zh")


@pytest.mark.parametrize("name", TABULAR)
def test_headers_speak_the_language(name: str) -> None:
    assert "MACs" in EXPORTS[name].render(PAPER, ("name", "macs"), "en")
    assert "乘加" in EXPORTS[name].render(PAPER, ("name", "macs"), "zh")


def test_json_is_the_whole_trace() -> None:
    data = json.loads(EXPORTS["json"].render(PAPER, ("name",), "en"))
    assert list(data) == ["variant", "input_shape", "rows", "totals", "failure"]
    assert data["variant"] == "alexnet_2012_paper"
    assert data["input_shape"] == [3, 224, 224]
    assert data["failure"] is None
    assert data["totals"] == {"params": 60965224, "macs": 724406816, "neurons": 659272}
    assert data["rows"][0] == {
        "name": "conv1",
        "kind": "conv",
        "input_shape": [3, 224, 224],
        "output_shape": [96, 55, 55],
        "kernel_size": 11,
        "stride": 4,
        "padding": [0, 3, 0, 3],
        "groups": 1,
        "rounding": "ceil",
        "quotient": 54.25,
        "params": 34944,
        "macs": 105415200,
        "receptive_field": {"size": 11, "effective_stride": 4, "start": 0},
    }
    for row in data["rows"]:
        windowless = row["kind"] not in ("conv", "max_pool")
        for key in ("kernel_size", "stride", "padding", "rounding", "quotient"):
            assert (row[key] is None) == windowless, (row["name"], key)
    assert data["rows"][16]["input_shape"] == [9216]
    groups = [COLUMNS["groups"].value(row) for row in PAPER.rows]
    assert [row["groups"] for row in data["rows"]] == groups


def test_json_says_where_a_network_stops() -> None:
    data = json.loads(EXPORTS["json"].render(FAILED, (), "zh"))
    assert list(data["failure"]) == ["layer", "message"]
    assert data["failure"]["layer"] == "pool5"
    assert "放不进" in data["failure"]["message"]
    assert "换更大的图像" in data["failure"]["message"]
    assert data["totals"]["params"] == sum(row["params"] for row in data["rows"])


def test_json_gives_both_axes_where_they_differ() -> None:
    uneven = Network(
        id="uneven",
        input_shape=(1, 20, 21),
        layers=(
            Conv(name="c", out_channels=2, kernel_size=(3, 5), stride=(2, 3), padding=(1, 2, 3, 4)),
        ),
    )
    row = json.loads(EXPORTS["json"].render(trace(uneven), (), "en"))["rows"][0]
    assert row["kernel_size"] == [3, 5]
    assert row["stride"] == [2, 3]
    assert row["padding"] == [1, 2, 3, 4]
    assert row["quotient"] == [11, pytest.approx(23 / 3 + 1)]
    assert row["receptive_field"] == {
        "size": [3, 5],
        "effective_stride": [2, 3],
        "start": [-1, -3],
    }


def test_json_of_a_network_that_reaches_nothing() -> None:
    tiny = trace(
        Network(
            id="tiny",
            input_shape=(1, 2, 2),
            layers=(Conv(name="c", out_channels=1, kernel_size=3),),
        )
    )
    data = json.loads(EXPORTS["json"].render(tiny, (), "en"))
    assert data["rows"] == []
    assert data["failure"]["layer"] == "c"
    for name in TABULAR:
        assert "does not fit" in EXPORTS[name].render(tiny, DEFAULT_KEYS, "en")


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd", "'+cmd"),
        ("-2+3", "'-2+3"),
        ("-64", "-64"),
        ("+1.5", "+1.5"),
        (-64, "-64"),
        (0.5, "0.5000"),
        (None, ""),
        ("a\nb", "a b"),
    ],
)
def test_csv_disarms_formulas_and_leaves_numbers(cell: object, written: str) -> None:
    grid = Grid("", ("layer",), ((cell, "x"),), frozenset())
    assert next(csv.reader(io.StringIO(WRITERS["csv"](grid).split("\n", 1)[1])))[0] == written


def test_names_from_files_are_disarmed() -> None:
    hostile = Network(
        id="=id|<b>",
        input_shape=(1, 4, 4),
        layers=(ReLU(name="=cmd|'/c'!A1"), ReLU(name="a_b&50%|<i>\x1b[31m")),
    )
    result = trace(hostile)
    assert "\n'=cmd" in EXPORTS["csv"].render(result, ("name", "params"), "en")
    assert r"a\_b&50%\|\<i\>" in EXPORTS["markdown"].render(result, ("name", "params"), "en")
    assert r"a\_b\&50\%|<i>" in EXPORTS["latex"].render(result, ("name", "params"), "en")
    for name in TABULAR:
        assert "\x1b" not in EXPORTS[name].render(result, ("name", "params"), "en")


def test_chinese_columns_line_up() -> None:
    grid = Grid("", ("层", "n"), (("卷积", 1), ("relu", 10)), frozenset({0}), ((None, 11),))
    assert plain(grid).splitlines() == [
        "层     n", "────────", "卷积   1", "relu  10", "────────", "      11",
    ]  # fmt: skip


def test_latex_is_booktabs_and_sets_minus_signs() -> None:
    text = EXPORTS["latex"].render(PAPER, ("name", "start", "params"), "en")
    assert [line for line in text.splitlines() if "rule" in line] == [
        r"\toprule", r"\midrule", r"\midrule", r"\bottomrule",
    ]  # fmt: skip
    assert r"\begin{tabular}{lrr}" in text
    assert r"conv2 & $-16$ & 307,456 \\" in text
    assert latex(Grid("", ("a^b~{c}\\",), (), frozenset())).count(r"\text") == 3


def test_markdown_rows_have_one_width() -> None:
    text = markdown(Grid("t", ("a|b", "c"), (("x|y", 1),), frozenset({0}), (("total", 1),)))
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in text.splitlines()[2:]} == {3}


def test_every_export_has_an_extension_and_a_media_type() -> None:
    assert [export.extension for export in EXPORTS.values()] == ["txt", "csv", "md", "tex", "json"]
    assert all("/" in export.media_type for export in EXPORTS.values())
