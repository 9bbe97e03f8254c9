"""The ledger as tables, as data, and on the command line."""

import csv
import io
import json

import pytest

from alexnet_viz.analysis.claims.claim import WORDS
from alexnet_viz.analysis.claims.ledger import claims
from alexnet_viz.analysis.claims.selection import counts, layers, select
from alexnet_viz.analysis.claims.verdict import judge
from alexnet_viz.commands import cli
from alexnet_viz.render.tables.claims import ledger_record, ledger_table, summary_table
from alexnet_viz.text import LANGUAGES, Language, t


def test_the_summary_counts_every_claim_once() -> None:
    grid = summary_table(select()).grid
    for row in (*grid.rows, *grid.totals):
        *words, total = row[1:]
        assert len(words) == len(WORDS)
        assert sum(int(word or 0) for word in words) == total
    by_column = zip(*(row[1:] for row in grid.rows), strict=True)
    assert tuple(sum(map(int, column)) for column in by_column) == grid.totals[0][1:]
    assert grid.totals[0][-1] == len(claims())


def test_a_selection_fits_everything_asked() -> None:
    chosen = select(source="article_002", verdict="differs", concept="normalisation")
    assert len(chosen) > 5
    for claim in chosen:
        assert (claim.source, judge(claim).word) == ("article_002", "differs")
        assert claim.concept == "normalisation"
    assert {claim.layer for claim in select(layer="pool5")} == {"pool5"}
    assert select(source="article_003", verdict="wrong") == ()
    assert counts(select(source="article_003", verdict="wrong")) == {}


def test_what_is_disputed_is_all_but_agreement() -> None:
    disputed = set(select(verdict="disputed"))
    fine = {*select(verdict="agrees"), *select(verdict="roughly")}
    assert len(disputed) > 100
    assert not disputed & fine
    assert disputed | fine == set(claims().values())


def test_layers_are_in_the_order_of_a_network() -> None:
    names = layers()
    assert names[:4] == ("general", "network", "input", "conv1")
    assert names[-2:] == ("fc8", "prob")
    assert names.index("conv1") < names.index("norm1") < names.index("pool1") < names.index("conv2")
    assert names.index("pool5") < names.index("flatten") < names.index("fc6")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ledger_gives_stated_computed_and_the_paper_s(language: Language) -> None:
    grid = ledger_table([claims()["s000-29"], claims()["s000-50"]], language).grid
    line = dict(zip(grid.header, grid.rows[0], strict=True))
    assert line[t("claims.stated", language)] == "384"
    assert line[t("claims.own", language)] == "384"
    assert line[t("claims.paper", language)] == "256"
    assert line[t("claims.verdict", language)] == t("claims.verdict_of.differs", language)
    assert line[t("claims.basis", language)] == t("claims.basis_of.computed", language)
    in_words = dict(zip(grid.header, grid.rows[1], strict=True))
    assert in_words[t("claims.stated", language)] == ""
    assert in_words[t("claims.basis", language)] == t("claims.basis_of.judged", language)


def test_the_finding_that_decides_is_the_one_shown() -> None:
    """Of a claim with several numbers the table shows the one that fails."""
    columns = ("stated", "own", "paper", "against")
    assert ledger_table([claims()["s002-67"]], columns=columns).grid.rows == (("2", "2", "0", "0"),)
    assert ledger_table([claims()["s002-69"]], columns=columns).grid.rows == (
        ("yes", "no", "yes", "no"),
    )
    assert ledger_table([claims()["paper-params"]], columns=columns).grid.rows == (
        ("60,000,000", "60,965,224", "", "60,965,224"),
    )


def test_a_slip_is_shown_as_it_is_printed() -> None:
    grid = ledger_table([claims()["s001-31"]], columns=("stated", "own")).grid
    assert grid.rows == (("5×5×485×5×48", "48×5×5"),)


def test_data_have_every_quantity_and_the_link() -> None:
    record = ledger_record([claims()["s002-71"], claims()["owt-params-cfg"]])
    assert json.loads(json.dumps(record)) == record
    fc6, share = record
    assert fc6["quantities"] == [
        {"quantity": "fc6.inputs", "stated": 154587, "computed": 9216, "paper": 9216}
    ]
    assert fc6["show"].startswith("./architecture?variant=article_002_text_fc1_stated")
    assert share["quantities"][0]["computed"] == pytest.approx(0.2224, abs=1e-4)
    assert share["quantities"][0]["paper"] is None


def test_the_command_prints_what_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["claims", "--verdict", "arithmetic", "--language", "zh"]) == 0
    printed = capsys.readouterr().out
    assert "54.75" in printed
    assert "53.25" in printed
    assert "算错" in printed
    assert cli.main(["claims", "--format", "json", "--source", "paper", "--layer", "conv1"]) == 0
    assert [each["id"] for each in json.loads(capsys.readouterr().out)] == [
        "paper-neurons-conv1",
        "paper-conv1-size",
    ]
    assert cli.main(["claims", "--format", "csv", "--concept", "loss"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["No."] for row in rows] == ["s002-20", "s002-21"]
    assert rows[1]["Reason"].startswith("Right; that AlexNet uses cross-entropy")


def test_the_command_counts(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["claims", "--summary", "--format", "markdown"]) == 0
    assert f"**{len(claims())}** |\n" in capsys.readouterr().out


def test_the_command_counts_in_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["claims", "--summary", "--format", "json"]) == 0
    table = json.loads(capsys.readouterr().out)
    assert sum(sum(row.values()) for row in table.values()) == len(claims())


def test_the_command_says_when_nothing_fits(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["claims", "--source", "article_003", "--verdict", "wrong"]) == 0
    assert capsys.readouterr().out == t("claims.none") + "\n"


def test_an_unknown_layer_is_refused_with_those_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["claims", "--layer", "conv9"]) == 2
    error = capsys.readouterr().err
    assert "No claim is about 'conv9'" in error
    assert "conv5" in error
