"""A student practises and answers a sheet; a teacher makes it, prints it and reads the codes."""

import re
import unicodedata
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from alexnet_viz.teaching.exercises.exercise import Exercise, asked, option, title, worked
from alexnet_viz.teaching.exercises.generators import GENERATORS, draw
from alexnet_viz.teaching.mastery import IN_A_ROW
from alexnet_viz.teaching.questions.answer_text import written
from alexnet_viz.teaching.sheets.answer_code import decoded
from alexnet_viz.teaching.sheets.printed import printed, short_answer
from alexnet_viz.teaching.sheets.sheet import parsed
from alexnet_viz.teaching.slips.diagnosis import said
from alexnet_viz.text import Language, t
from tests.browser.conftest import Browse
from tests.browser.watch import settled

ITEMS = "out1:1:0,pool:1:1,tower:1:2"
SHEET = f"/practice?practice_view=sheet&items={ITEMS}&sheet_seed=7&versions=2"
ALIKE = str.maketrans("⻓⻚⻔⻅⻆⻋⻢‒", "长页门见角车马–")
"""Radicals and dashes that share a glyph with the letters of a text; NFKC knows the other ones."""
SIZES = {"a4": (595, 842), "letter": (612, 792)}
"""Points of a page."""


def answered(page: Page, exercise: Exercise, right: bool) -> None:
    """Give the right answer, or another, to the exercise of the page."""
    if exercise.way == "choice":
        value = next(it for it in exercise.options if (it == exercise.answer) == right)
        page.get_by_text(option(exercise, value), exact=True).click()
    else:
        text = written(exercise.answer, exercise.question.form).en if right else "1"
        page.get_by_role("textbox", name=t("exercise.answer")).fill(text)
        page.keyboard.press("Enter")
    settled(page)
    page.get_by_test_id("stMain").get_by_role("button", name=t("labs.check")).click()
    settled(page)


def test_a_student_misses_one_and_masters_a_kind(page: Page) -> None:
    seed = 3
    page.goto(f"/practice?gen=crop&seed={seed}")
    settled(page)
    missed = draw("crop", seed)
    answered(page, missed, right=False)
    slip = missed.judge_typed("1")
    assert slip.findings[0].slip == "non_overlapping_crops"
    expect(page.get_by_text(said(slip))).to_be_visible()
    expect(page.get_by_text(worked(missed.question))).to_be_visible()
    for turn in range(1, IN_A_ROW + 1):
        page.locator(".st-key-practice-next button").click()
        settled(page)
        answered(page, draw("crop", seed + turn), right=True)
        expect(page.get_by_text("is right.")).to_be_visible()
    expect(page.get_by_text(t("practice.mastered", row=3, needed=3).split("**")[1])).to_be_visible()
    crop = f"✓ {t('exercise.title.crop')}"
    expect(page.get_by_role("radio", name=crop)).to_be_checked()


def test_a_class_answers_a_sheet_and_the_teacher_sees_the_slips(browse: Browse) -> None:
    sheet = parsed(ITEMS, 7, 2)
    codes = []
    for letter, right in (("A", True), ("B", False)):
        student = browse(viewport={"width": 1024, "height": 768})
        student.goto(f"{SHEET}&version={letter}&answer=1")
        settled(student)
        for place, exercise in enumerate(sheet.exercises(letter)):
            field = student.locator(f".st-key-sheet-field-{place}")
            if exercise.way == "choice":
                place_of = exercise.options.index(exercise.answer)
                wanted = place_of if right else (place_of + 1) % len(exercise.options)
                words = option(exercise, exercise.options[wanted])
                field.get_by_text(words, exact=True).click()
            else:
                answer = written(exercise.answer, exercise.question.form).en
                field.get_by_role("textbox").fill(answer if right else "1 2 3")
                field.get_by_role("textbox").press("Enter")
            settled(student)
            if not right and exercise.question.form == "count" and exercise.way == "typed":
                expect(field.get_by_text("This costs no attempt")).to_be_visible()
                field.get_by_role("textbox").fill("999")
                field.get_by_role("textbox").press("Enter")
                settled(student)
        student.get_by_role("button", name=t("answering.make")).click()
        settled(student)
        codes.append(student.get_by_test_id("stCode").inner_text().strip())
        assert decoded(codes[-1]).sheet.entries == sheet.entries
    teacher = browse(viewport={"width": 1440, "height": 900})
    teacher.goto("/classroom?class_view=board")
    settled(teacher)
    area = teacher.get_by_role("textbox", name=t("board.paste"))
    area.fill("\n".join(["Anna", *codes, codes[0]]))
    area.press("Control+Enter")
    settled(teacher)
    expect(teacher.get_by_text("Line 1:")).to_be_visible()
    expect(teacher.get_by_text("Line 4 repeats line 2")).to_be_visible()
    for number, exercise in enumerate(sheet.exercises("A"), 1):
        words = f"{number}. {title(exercise)}"
        expect(teacher.get_by_role("heading", name=words)).to_be_visible()
    expect(teacher.locator("svg text", has_text="1 · 50 %").first).to_be_visible()
    assert codes[0] not in teacher.url
    with teacher.expect_download() as saved:
        teacher.get_by_role("button", name=t("show.download")).click()
        teacher.get_by_role("button", name="CSV").click()
    table = Path(saved.value.path()).read_text("utf-8-sig").splitlines()
    assert table[1].startswith(f"1,{title(sheet.exercises('A')[0])},1,right,right,1,50")


def test_a_teacher_draws_one_anew_and_takes_the_file(page: Page, tmp_path: Path) -> None:
    page.goto(f"{SHEET}&version=B")
    settled(page)
    first = page.locator(".st-key-sheet-entry-0")
    before = first.inner_text()
    expect(first.get_by_text(t("sheet.answer_is", answer="").strip("* "))).to_be_visible()
    first.get_by_role("button", name=t("sheet.redraw")).click()
    settled(page)
    assert first.inner_text() != before
    page.locator(".st-key-sheet-entry-2").get_by_role("button", name=t("sheet.up")).click()
    settled(page)
    expect(page).to_have_url(re.compile(quote("out1:1:3,tower:1:2,pool:1:1", safe="")))
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    text = "".join(each.extract_text() for each in PdfReader(tmp_path / "page.pdf").pages)
    drawn = parsed("out1:1:3,tower:1:2,pool:1:1", 7, 2).exercises("B")
    assert [it for it in drawn if squeezed(title(it)) not in squeezed(text)] == []
    assert t("sheet.versions") not in text
    page.get_by_role("button", name=t("show.download")).click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="HTML").first.click()
    file = tmp_path / saved.value.suggested_filename
    saved.value.save_as(file)
    sheet = parsed("out1:1:3,tower:1:2,pool:1:1", 7, 2)
    text = file.read_text("utf-8")
    assert all(title(each) in text for each in sheet.exercises("A"))


@pytest.mark.parametrize(("paper", "language"), [("a4", "en"), ("letter", "zh")])
def test_a_printed_sheet_has_its_key_on_its_own_page(
    chromium: Browser, tmp_path: Path, paper: str, language: Language
) -> None:
    """All kinds of exercises, as the browser writes them to PDF; read back by another program."""
    sheet = parsed(",".join(f"{id}:{1 + n % 3}" for n, id in enumerate(GENERATORS)), 7, 2)
    file = tmp_path / "sheet.html"
    file.write_text(printed(sheet, language, paper), "utf-8")
    with chromium.new_context(offline=True) as context:
        opened = context.new_page()
        opened.goto(file.as_uri())
        opened.pdf(path=tmp_path / "sheet.pdf", prefer_css_page_size=True)
    pages = PdfReader(tmp_path / "sheet.pdf").pages
    sizes = {tuple(map(round, each.mediabox.upper_right)) for each in pages}
    assert sizes == {SIZES[paper]}
    texts = [squeezed(each.extract_text()) for each in pages]
    starts = [where(texts, squeezed(t("sheet.key_of", language, letter=it))) for it in "AB"]
    strips = where(texts, squeezed(t("sheet.strips", language)))
    versions = [n for n, text in enumerate(texts) if squeezed(t("sheet.heading", language)) in text]
    assert versions[0] == 0
    assert len(versions) == 2
    assert versions[1] < starts[0] < starts[1] < strips == len(texts) - 1
    # one page more where the last column begins on a page of its own
    assert len(texts) <= 20
    for letter, start in zip("AB", versions, strict=True):
        end = versions[1] if letter == "A" else starts[0]
        exercises = sheet.exercises(letter)
        for number, exercise in enumerate(exercises, 1):
            head = squeezed(f"{number}. {title(exercise, language)}")
            ((at, text),) = [
                (n, it) for n, it in enumerate(texts) if start <= n < end and head in it
            ]
            # the exercise is whole: its last words are on the page of its head
            assert squeezed(asked(exercise, language))[-20:] in text, (number, at)
            for value in exercise.options:
                assert squeezed(option(exercise, value, language)) in text
        key = "".join(texts[starts["AB".index(letter)] : (*starts, strips)["AB".index(letter) + 1]])
        for exercise in exercises:
            assert squeezed(short_answer(exercise, language)) in key


def squeezed(text: str) -> str:
    """The text without what a PDF loses: white space, and which of two equal letters it is."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).translate(ALIKE)


def where(texts: list[str], words: str) -> int:
    """The only page that has these words, which it begins with but for the letter beside them."""
    (found,) = [number for number, text in enumerate(texts) if words in text]
    assert texts[found].index(words) < 30
    return found
