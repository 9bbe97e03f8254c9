"""A SCORM package in a real browser: the page grades itself and tells the platform around it."""

from dataclasses import replace
from fractions import Fraction
from html import escape

from playwright.sync_api import Frame, Page, expect

from alexnet_viz.teaching.questions.question import Answer
from alexnet_viz.teaching.sheets.exports.registry import EXPORTS
from alexnet_viz.teaching.sheets.sheet import Entry, Sheet
from alexnet_viz.teaching.slips.diagnosis import said
from alexnet_viz.teaching.slips.registry import made
from alexnet_viz.teaching.typed import read
from alexnet_viz.text.problem import Problem
from tests.browser.accessible import findings
from tests.sheet_readers import package

PLATFORM = """
<script>
  window.told = { "cmi.core.lesson_status": "not attempted" }
  window.calls = []
  window.API = {
    LMSInitialize: (words) => (calls.push("LMSInitialize"), words === "" ? "true" : "false"),
    LMSGetValue: (name) => told[name] ?? "",
    LMSSetValue: (name, value) => ((told[name] = value), "true"),
    LMSCommit: () => (calls.push("LMSCommit"), "true"),
    LMSFinish: () => (calls.push("LMSFinish"), "true"),
  }
</script>
"""

SHEET = Sheet((Entry("fcpar", 3, 0), Entry("wshape", 1, 1), Entry("tower", 1, 2)), 0)

TYPED = {
    "count": (
        *(
            "60,965,224",
            "６０，９６５，２２４",
            "60965224",
            "6.1e7",
            "61M",
            "６１M",
            "6096万",
            "0.61亿",
        ),
        *(
            "6.1×10^7",
            "about 61 million",
            "54.25 px",
            "1/3",
            "−3",
            "- 3",
            "1,23",
            "1 234 567",
            "1e99",
        ),
        *("abc", "", "12 13", "5.", ".5", "1/0"),
    ),
    "shape": (
        "96×55×55",
        "[96, 55, 55]",
        "96 x 55 X 55",
        "96，55，55",
        "９６＊５５",
        "96 · 55",
        "96×",
    ),
    "range": ("227–230", "227 - 230", "227 to 230", "227到230", "227", "1,2,3", "0..194"),
    "grid": ("1 -2; 3 4", "[[1, −2], [3, 4]]", "1 - 2", "1-2", "0.5 .5", "1e3"),
}
"""What a page of the application reads, and what it refuses."""


def opened(page: Page, platform: str, sheet: Sheet = SHEET) -> Frame:
    """The page of version A, in a frame of the platform if there is one."""
    document = package(EXPORTS["scorm12"].write(sheet, "A", "en"))["version_A.html"]
    page.goto("about:blank")
    if not platform:
        page.set_content(document.decode("utf-8"))
        return page.main_frame
    held = escape(document.decode("utf-8"))
    page.set_content(f'{platform}<iframe srcdoc="{held}" width="1000" height="700"></iframe>')
    frame = page.frames[1]
    expect(frame.get_by_role("heading", level=1)).to_be_visible()
    return frame


def test_a_package_grades_reports_and_begins_again(page: Page) -> None:
    counted, shaped, tower = SHEET.exercises("A")
    assert (counted.way, counted.about, shaped.way) == ("typed", True, "typed")
    frame = opened(page, PLATFORM)
    told = lambda: page.evaluate("window.told")  # noqa: E731
    assert told()["cmi.core.lesson_status"] == "incomplete"
    hand_in = frame.get_by_role("button", name="Hand in")
    count, shape = frame.get_by_label("Your answer").all()
    slip = next(iter(made(shaped.question).values()))
    assert isinstance(slip, tuple)
    shape.fill("no shape")
    hand_in.click()
    expect(frame.get_by_role("status")).to_contain_text("cannot be read")
    expect(shape).to_be_focused()
    assert "cmi.core.score.raw" not in told()

    count.fill(f"{counted.answer / 1e6:.2f}M")  # type: ignore[operator]
    shape.fill(" x ".join(map(str, slip)))
    right = tower.options.index(tower.answer)
    frame.get_by_role("radio").nth(right).check()
    hand_in.click()
    expect(frame.get_by_role("status")).to_contain_text("2 of 3 right.")
    expect(frame.get_by_role("status")).to_contain_text("sent to the learning platform")
    expect(frame.locator("#said_A2")).to_contain_text(said(shaped.judge(slip)))
    expect(frame.locator("#said_A1")).to_contain_text(said(counted.judge(counted.answer)))
    expect(hand_in).to_be_disabled()
    record = told()
    assert record["cmi.core.score.raw"] == "67"
    assert (record["cmi.core.score.min"], record["cmi.core.score.max"]) == ("0", "100")
    assert record["cmi.core.lesson_status"] == "completed"
    results = [record[f"cmi.interactions.{n}.result"] for n in range(3)]
    assert results == ["correct", "wrong", "correct"]
    assert record["cmi.interactions.2.student_response"] == "abcd"[right]

    frame.get_by_role("button", name="Start again").click()
    expect(hand_in).to_be_enabled()
    expect(shape).to_have_value("")
    expect(frame.locator("#said_A2")).to_be_hidden()
    shape.fill("1 2 3")
    frame.get_by_role("radio").nth(1).check()
    page.evaluate("held = document.querySelector('iframe'), held.remove()")
    assert page.evaluate("window.calls") == ["LMSInitialize", "LMSCommit", "LMSFinish"]
    assert told()["cmi.core.session_time"].startswith("00:0")
    assert told()["cmi.core.exit"] == "suspend"
    page.evaluate("document.body.append(held)")
    frame = page.frames[1]
    expect(frame.get_by_role("radio").nth(1)).to_be_checked()
    expect(frame.get_by_label("Your answer").nth(1)).to_have_value("1 2 3")


def test_a_page_without_a_platform_reads_numbers_as_the_application_does(page: Page) -> None:
    frame = opened(page, "")
    for form, texts in TYPED.items():
        found = frame.evaluate(
            "([texts, form]) => texts.map((text) => read(text, form))", [texts, form]
        )
        for text, got in zip(texts, found, strict=True):
            try:
                wanted = read(text, form)  # type: ignore[arg-type]
            except Problem:
                assert got is None, (form, text, got)
                continue
            assert got is not None, (form, text)
            several = isinstance(wanted.value, tuple)
            values = wanted.value if several else (wanted.value,)
            given = got["value"] if several else [got["value"]]
            assert len(given) == len(values), (form, text)  # type: ignore[arg-type]
            for one, other in zip(given, values, strict=True):  # type: ignore[arg-type]
                assert abs(one - float(other)) <= 1e-12 * abs(one), (form, text, got)
            assert abs(got["slack"] - float(wanted.slack)) <= 1e-9 * got["slack"], (form, text)
    frame.get_by_role("button", name="Hand in").click()
    expect(frame.get_by_role("status")).to_contain_text("0 of 3 right.")
    expect(frame.get_by_role("status")).to_contain_text("There is no learning platform")
    assert findings(page) == []


def test_a_page_judges_as_the_application_does(page: Page) -> None:
    """Right, a slip, near enough, or a rounded number where the exact one is asked."""
    kinds = ("out1", "par", "fcpar", "mac", "wshape", "lrn", "drop", "inv", "pool", "conv")
    entries = [Entry(kind, tier, 0) for kind in kinds for tier in (1, 2, 3)]
    entries += [Entry("par", 2, 0)] * 8
    sheet = Sheet(tuple(replace(entry, number=n) for n, entry in enumerate(entries)), 3)
    frame = opened(page, "", sheet)
    seen = set()
    for number, exercise in enumerate(sheet.exercises("A")):
        if exercise.way == "choice":
            continue
        slips = [value for value in made(exercise.question).values() if whole(value)]
        texts = [typed_as(value) for value in (exercise.answer, *slips)]
        if isinstance(exercise.answer, int):
            texts += [f"{exercise.answer / 1e3:.2f}k", str(round(exercise.answer * 1.007))]
        if isinstance(exercise.answer, float | Fraction):
            texts += [
                f"{float(exercise.answer):.2f}",
                *(f"{float(exercise.answer) * off:.6f}" for off in (1.004, 1.006)),
            ]
        judge = "([n, texts]) => texts.map((text) => judged(sheet.items[n], text))"
        for text, got in zip(texts, frame.evaluate(judge, [number, texts]), strict=True):
            diagnosis = exercise.judge_typed(text)
            right = None if diagnosis.rounded else diagnosis.right
            assert got["right"] is right, (exercise, text)
            known = diagnosis.findings and diagnosis.findings[0].slip
            if known and diagnosis.given in slips:
                assert got["says"] == said(diagnosis), (exercise, text)
            seen.add((exercise.question.form, right, bool(known)))
    assert {("count", None, False), ("count", True, False), ("count", False, True)} <= seen
    assert {("shape", False, True), ("grid", False, True), ("number", True, False)} <= seen


def whole(value: Answer) -> bool:
    several = value if isinstance(value, tuple) else (value,)
    return not isinstance(value, tuple) or all(each == int(each) for each in several)


def typed_as(value: Answer) -> str:
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    assert not isinstance(value, str)
    return str(int(value)) if value == int(value) else f"{float(value):.9f}"
