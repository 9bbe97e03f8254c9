"""Sheets as files for learning platforms: what is written is read back as the same exercises.

The readers are those of ``tests/sheet_readers.py``; what is right, wrong and said is asked of the
exercise itself.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from typing import Any

import pytest

from alexnet_viz.commands import cli
from alexnet_viz.teaching.exercises.exercise import Exercise, asked, lines, option, worked
from alexnet_viz.teaching.exercises.generators import GENERATORS, draw
from alexnet_viz.teaching.questions.network_chains import PlantedError
from alexnet_viz.teaching.questions.question import Answer
from alexnet_viz.teaching.questions.small_maps import ConvolvedMap, PooledMap
from alexnet_viz.teaching.sheets.exports import gift, moodle, qti12, qti21, scorm12
from alexnet_viz.teaching.sheets.exports.item import item
from alexnet_viz.teaching.sheets.exports.registry import ALL, EXPORTS
from alexnet_viz.teaching.sheets.sheet import Entry, Sheet
from alexnet_viz.teaching.slips.diagnosis import said
from alexnet_viz.teaching.slips.registry import made
from alexnet_viz.teaching.typed import Typed, read
from alexnet_viz.text import LANGUAGES, Language
from tests import sheet_readers
from tests.sheet_readers import Asked
from tests.test_arguments import refused

READERS: dict[str, Callable[[bytes], dict[str, list[Asked]]]] = {
    "moodle": sheet_readers.moodle,
    "gift": sheet_readers.gift,
    "qti12": sheet_readers.qti12,
    "qti21": sheet_readers.qti21,
}

TOGETHER = ("qti12",)
"""Formats in which a typed wrong reply is told the sentences of all slips."""

WHOLE = Sheet(tuple(Entry(id, 1 + n % 3, n) for n, id in enumerate(GENERATORS)), 7, 2)
"""Every generator, in two versions."""


def typed_as(value: Answer) -> str:
    """A value as a student types it where only digits are read."""
    if isinstance(value, tuple):
        return ", ".join(typed_as(each) for each in value)
    assert not isinstance(value, str)
    return str(int(value)) if value == int(value) else f"{float(value):.9f}"


def wrong_answers(exercise: Exercise) -> list[Answer]:
    """What slips lead to and can be typed: a map of fractions cannot."""
    return [
        value
        for value in dict.fromkeys(made(exercise.question).values())
        if not exercise.judge(value).right
        and not (isinstance(value, tuple) and any(each != int(each) for each in value))
    ]


@pytest.mark.parametrize("format", READERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_platform_reads_the_same_exercises(format: str, language: Language) -> None:
    """The right reply is right, and each slip's result is wrong and told why."""
    found = READERS[format](EXPORTS[format].write(WHOLE, ALL, language))
    assert len(found) == len(WHOLE.letters)
    for letter, questions in zip(WHOLE.letters, found.values(), strict=True):
        for number, (question, exercise) in enumerate(
            zip(questions, WHOLE.exercises(letter), strict=True), 1
        ):
            assert question.name.startswith(f"{letter}{number} ")
            check(question, exercise, language, format in TOGETHER)


def check(question: Asked, exercise: Exercise, language: Language, together: bool) -> None:
    shown = sheet_readers.words(question.text)
    assert asked(exercise, language) in shown
    if isinstance(exercise.question, PlantedError):
        assert all(line in shown for line in lines(exercise.question, language))
    assert question.general == worked(exercise.question, language)
    if exercise.way == "choice":
        values = {option(exercise, value, language): value for value in exercise.options}
        assert question.options == tuple(values)
        replies = [(words, value, exercise.judge(value)) for words, value in values.items()]
    else:
        assert question.options == ()
        values = {typed_as(value): value for value in (exercise.answer, *wrong_answers(exercise))}
        replies = [(words, value, exercise.judge(value)) for words, value in values.items()]
    for words, value, diagnosis in replies:
        right, says = question.grade(words)
        assert right == (value == exercise.answer) == diagnosis.right, (question.name, words)
        sentence = said(diagnosis, language)
        if together and exercise.way == "typed":
            assert right or sentence in says, (question.name, words)
        else:
            assert says == sentence, (question.name, words)
    if exercise.way == "typed":
        assert not question.grade("123456789")[0]


@pytest.mark.parametrize("format", READERS)
def test_the_numbers_of_a_picture_are_its_text(format: str) -> None:
    sheet = Sheet((Entry("conv", 1, 0), Entry("conv", 3, 1), Entry("pool", 2, 2)), 5)
    (questions,) = READERS[format](EXPORTS[format].write(sheet, "A", "en")).values()
    for question, exercise in zip(questions, sheet.exercises("A"), strict=True):
        drawn = exercise.question
        assert isinstance(drawn, ConvolvedMap | PooledMap)
        maps = drawn.channels + drawn.kernel if isinstance(drawn, ConvolvedMap) else (drawn.cells,)
        spoken = sheet_readers.words(question.text)
        spoken += " ".join(str(each["alt"]) for each in sheet_readers.pictures(question.text))
        told = sorted(re.findall(r"−?\d+", spoken.replace(asked(exercise), "")))
        for each in {cell for rows in maps for row in rows for cell in row}:
            count = sum(row.count(each) for rows in maps for row in rows)
            assert told.count(str(each).replace("-", "−")) >= count


def test_without_a_typeface_the_numbers_are_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    from alexnet_viz.render.export import png

    monkeypatch.setattr(png, "drawable", lambda letter: False)
    sheet = Sheet((Entry("pool", 1, 0),), 5)
    (exercise,) = sheet.exercises("A")
    assert isinstance(exercise.question, PooledMap)
    for format, reader in READERS.items():
        ((question,),) = reader(EXPORTS[format].write(sheet, "A", "zh")).values()
        assert not sheet_readers.pictures(question.text)
        cells = re.findall(r"<td>(.*?)</td>", question.text)
        assert cells == [str(cell) for row in exercise.question.cells for cell in row], format


def test_a_count_asked_about_may_be_rounded() -> None:
    """Within 1 %, unless it is what a slip gives; everywhere else a count is exact."""
    about = next(e for e in drawn_as("par", 3, "typed") if e.about)
    exact = next(e for e in drawn_as("par", 2, "typed"))
    for exercise in (about, exact):
        question = sheet_readers.moodle(written(moodle.question(item(exercise, "A1", "en"), "en")))
        (found,) = question[""]
        assert isinstance(exercise.answer, int)
        near = exercise.answer + exercise.answer // 250
        assert near not in wrong_answers(exercise)
        assert found.grade(str(near))[0] is exercise.about


def drawn_as(generator: str, tier: int, way: str) -> Iterator[Exercise]:
    return (e for seed in range(400) if (e := draw(generator, seed, tier)).way == way)


def written(root: Any) -> bytes:
    from alexnet_viz.teaching.sheets.exports.xml_tree import element, file_of

    return file_of(element("quiz", root))


def test_a_slip_within_one_percent_is_told_where_an_answer_may_be_rounded() -> None:
    """The platform takes the first reply that matches, so the slip has to stand first."""
    for generator in ("par", "fcpar"):
        for exercise in drawn_as(generator, 3, "typed"):
            close = [
                value
                for value in wrong_answers(exercise)
                if abs(Fraction(value) - exercise.answer) * 100 <= exercise.answer  # type: ignore
            ]
            for value in close:
                replies = item(exercise, "A1", "en").replies
                match = next(
                    reply
                    for reply in replies
                    if Fraction(reply.within[0]) <= value <= Fraction(reply.within[1])  # type: ignore
                )
                assert match.value == value
                assert not match.right
            if close:
                break
        else:
            raise AssertionError(generator)


def test_every_writing_is_read_by_a_page_as_the_same_numbers() -> None:
    """Also what slips lead to, but for the fractions among them, which are rounded."""
    seen = set()
    for generator in ("inv", "wshape", "rfbox", "pool", "conv"):
        for tier in (1, 2, 3):
            for exercise, _ in zip(drawn_as(generator, tier, "typed"), range(8), strict=False):
                form = exercise.question.form
                for reply in item(exercise, "A1", "en").replies:
                    whole = all(each == int(each) for each in reply.value)  # type: ignore[union-attr]
                    for writing in reply.writings if whole else ():
                        assert read(writing, form) == Typed(reply.value), writing
                        seen.add(form)
                assert len(item(exercise, "A1", "en").right.writings) > 8
    assert seen == {"range", "shape", "grid"}


ODD = "a < b & c > \"d\" 'e' {f} ~g = #h: \\i \\n [html] %50% *j* ]]> </script> &amp; $k$ 中文 −1"


def test_no_letter_of_a_text_has_a_meaning() -> None:
    for generator in ("out1", "wshape", "which"):
        for way in ("typed", "choice"):
            for exercise in drawn_as(generator, 1, way):
                check_odd(exercise)
                break


def check_odd(exercise: Exercise) -> None:
    plain = item(exercise, "A1", "en")
    replies = tuple(
        replace(reply, words=f"{reply.words} {ODD}", says=f"{ODD} {number}")
        for number, reply in enumerate(plain.replies)
    )
    odd = replace(plain, title=ODD, asked=ODD, worked=ODD, replies=replies)
    moodled = sheet_readers.moodle(written(moodle.question(odd, "en")))[""]
    gifted = sheet_readers.gift(gift.question(odd, "en").encode("utf-8"))[""]
    for (found,) in (moodled, gifted):
        assert found.name == f"A1 {ODD}"
        assert sheet_readers.words(found.text).startswith(ODD)
        assert found.general == ODD
        if plain.kind == "choice":
            assert found.options == tuple(reply.words for reply in replies)
        for reply in replies:
            typed = reply.words if plain.kind == "choice" else typed_as(reply.value)
            assert found.grade(typed) == (reply.right, reply.says)
    one, two = (
        sheet_readers.bare(qti12.file_of(root))
        for root in (qti12.question("q", odd, "en"), qti21.question("q", odd, "en"))
    )
    assert sheet_readers.words(one.findtext("presentation/material/mattext") or "").startswith(ODD)
    assert two.findtext("itemBody/p") == ODD
    page = Page()
    page.feed(scorm12.document(ODD, (odd,), "en"))
    page.close()
    assert ODD in page.words["h1"]
    assert ODD in page.words["p"]
    (graded,) = json.loads(page.words["script"][0])["items"]
    assert [reply["says"] for reply in graded["replies"]] == [reply.says for reply in replies]


class Page(HTMLParser):
    """The text of the elements of a page, by tag."""

    def __init__(self) -> None:
        super().__init__()
        self.words: dict[str, list[str]] = {}
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.words.setdefault(self.open[-1] if self.open else "", []).append(data)


NAMESPACES = {
    "http://www.imsglobal.org/xsd/ims_qtiasiv1p2",
    "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1",
    "http://canvas.instructure.com/xsd/cccv1p0",
    "http://www.imsglobal.org/xsd/imsqti_v2p1",
    "http://www.imsglobal.org/xsd/imscp_v1p1",
    "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
    "http://www.adlnet.org/xsd/adlcp_rootv1p2",
    "http://www.w3.org/2000/svg",
}
"""Names of vocabularies, which nothing fetches."""


@pytest.mark.parametrize("format", EXPORTS)
def test_nothing_is_fetched_and_the_same_sheet_is_the_same_file(format: str) -> None:
    sheet = Sheet((Entry("conv", 1, 0), Entry("which", 2, 1), Entry("par", 3, 2)), 3)
    data = EXPORTS[format].write(sheet, ALL, "zh")
    assert data == EXPORTS[format].write(sheet, "A", "zh")
    files = sheet_readers.package(data) if data[:2] == b"PK" else {"": data}
    found = {
        address
        for name, content in files.items()
        if not name.endswith(".png")
        for address in sheet_readers.addresses(content)
    }
    assert found <= NAMESPACES
    if format == "scorm12":
        assert not re.search(
            rb"\b(?:src|srcset|action)=|<link|@import|url\(", files["version_A.html"]
        )


@pytest.mark.parametrize("format", EXPORTS)
def test_a_file_of_one_version_has_no_other(format: str) -> None:
    export = EXPORTS[format]
    sheet = Sheet((Entry("out1", 1, 0),), 9, 3)
    assert export.file_name(sheet, ALL, "en") == f"sheet_9_ABC_en.{export.suffix}"
    assert export.file_name(sheet, "B", "zh") == f"sheet_9_B_zh.{export.suffix}"
    whole, one = (export.write(sheet, letter, "en") for letter in (ALL, "B"))
    if format in READERS:
        names = [
            [
                question.name[0]
                for questions in READERS[format](data).values()
                for question in questions
            ]
            for data in (whole, one)
        ]
    else:
        names = [re.findall(r"version_(\w)\.html", " ".join(sheet_readers.package(data)))
                 for data in (whole, one)]  # fmt: skip
    assert names == [["A", "B", "C"], ["B"]]


def test_a_second_sheet_does_not_replace_the_first() -> None:
    """Platforms take a package with the same identifiers for a newer one of the same questions."""
    sheets = [Sheet((Entry("out1", 1, 0),), 9), Sheet((Entry("out1", 1, 1),), 9)]
    for format in ("qti12", "qti21", "scorm12"):
        seen = [
            str(sheet_readers.bare(files["imsmanifest.xml"]).get("identifier"))
            for sheet in sheets
            for language in LANGUAGES
            if (files := sheet_readers.package(EXPORTS[format].write(sheet, ALL, language)))
        ]
        assert len(set(seen)) == 4, format


def test_a_scorm_package_opens_its_pages() -> None:
    manifest = sheet_readers.bare(
        sheet_readers.package(EXPORTS["scorm12"].write(WHOLE, ALL, "en"))["imsmanifest.xml"]
    )
    assert manifest.findtext("metadata/schema") == "ADL SCORM"
    assert manifest.findtext("metadata/schemaversion") == "1.2"
    organizations = manifest.find("organizations")
    assert organizations is not None
    (organization,) = organizations
    assert organizations.get("default") == organization.get("identifier")
    pages = {node.get("identifier"): node for node in manifest.iterfind("resources/resource")}
    opened = [pages[node.get("identifierref")] for node in organization.iterfind("item")]
    assert [page.get("href") for page in opened] == ["version_A.html", "version_B.html"]
    adlcp = "{http://www.adlnet.org/xsd/adlcp_rootv1p2}scormtype"
    assert {page.get(adlcp) for page in opened} == {"sco"}


def test_the_command_writes_what_the_page_writes(
    tmp_path: Any, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    words = ["practice", "sheet", "--gen", "out1,par:2", "--count", "2", "--seed", "7"]
    words += ["--versions", "3", "--language", "zh"]
    entries = (("out1", 1), ("out1", 1), ("par", 2), ("par", 2))
    sheet = Sheet(tuple(Entry(*each, n) for n, each in enumerate(entries)), 7, 3)
    for format in EXPORTS:
        path = tmp_path / format
        assert cli.main([*words, "--to", format, "--output", str(path)]) == 0
        assert path.read_bytes() == EXPORTS[format].write(sheet, ALL, "zh")
    assert cli.main([*words, "--to", "gift", "--version", "B"]) == 0
    assert capfdbinary.readouterr().out == EXPORTS["gift"].write(sheet, "B", "zh")


def test_the_command_shows_a_sheet_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["practice", "show", "--gen", "out1,find,pool", "--seed", "7", "--versions", "2"]
    assert cli.main([*words, "--version", "B"]) == 0
    shown = capsys.readouterr().out
    sheet = Sheet(tuple(Entry(id, 1, n) for n, id in enumerate(("out1", "find", "pool"))), 7, 2)
    first, found, pooled = sheet.exercises("B")
    assert f"B1  {asked(first)}" in shown
    assert isinstance(found.question, PlantedError)
    assert all(line in shown for line in lines(found.question))
    assert isinstance(pooled.question, PooledMap)
    assert " / ".join(" ".join(map(str, row)) for row in pooled.question.cells) in shown
    assert worked(first.question) not in shown
    assert "A1" not in shown
    assert cli.main([*words, "--key"]) == 0
    assert worked(first.question) in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--gen", "nope"], "No exercise “nope”. There are: out1, out2"),
        (["--gen", "out1:4"], "“out1:4” is not an entry of a sheet."),
        (["--gen", "out1:1:0,par:1:0"], "the number 0 belongs to another entry"),
        (["--gen", ","], "The sheet has no exercise."),
        (["--gen", "out1", "--seed", "x"], "Seed x: it must be between 0 and 999999."),
        (["--gen", "out1", "--seed", "1000000"], "Seed 1000000: it must be between"),
        (["--gen", "out1", "--versions", "9"], "--versions 9 is out of range: it must be 1 to 8"),
        (["--gen", "out1", "--count", "41"], "--count 41 is out of range: it must be 1 to 40"),
        (["--gen", "out1,par", "--count", "40"], "80 entries: a sheet has at most 40."),
        (["--gen", "out1", "--version", "B"], "No version “B”: the sheet has A."),
        (["--gen", "x" * 5000], "No exercise “xxx"),
        ([], "required: --gen"),
    ],
)
def test_a_sheet_that_cannot_be_drawn_is_refused(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    refused(["practice", "show", *words], sentence, capsys)
    assert cli.main(["practice", "sheet", "--to", "gift", *words]) == 2
    assert len(capsys.readouterr().err) < 500
