"""A student goes through lessons in a real browser, by keyboard alone and with the pointer."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from alexnet_viz.teaching.course import course
from alexnet_viz.text import t
from tests.browser.conftest import Browse
from tests.browser.watch import settled

PROJECTOR = {"width": 1024, "height": 768}


def reach(page: Page, role: str, name: str) -> None:
    """Press Tab until the element with this role and name has the focus."""
    wanted = page.get_by_role(role, name=name)  # type: ignore[arg-type]
    expect(wanted.first).to_be_visible()
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.first.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{role} {name!r} cannot be reached with Tab")


@pytest.fixture
def student(browse: Browse) -> Page:
    return browse(viewport=PROJECTOR)


def test_a_lesson_with_the_keyboard_alone(student: Page) -> None:
    """A wrong prediction, its explanation, a trial, an exercise, and the end of the lesson."""
    student.goto("/course?lesson=output-size")
    settled(student)
    expect(student.get_by_text("55", exact=True)).to_have_count(0)
    reach(student, "button", t("course.go.predict"))
    student.keyboard.press("Enter")
    settled(student)
    reach(student, "textbox", t("course.your_prediction_in", unit="positions"))
    student.keyboard.type("54")
    student.keyboard.press("Enter")
    settled(student)
    reach(student, "button", t("course.predict_this"))
    student.keyboard.press("Enter")
    expect(student.get_by_text("hence the + 1")).to_be_visible()
    settled(student)
    reach(student, "button", t("course.go.try"))
    student.keyboard.press("Enter")
    settled(student)
    reach(student, "slider", "Input W")
    for _ in range(4):
        student.keyboard.press("ArrowRight")
    settled(student)
    # all four steps have arrived before the page goes on
    expect(student.get_by_text("(231 − 11 + 0 + 0) / 4 + 1 =")).to_be_visible()
    settled(student)
    reach(student, "button", t("course.go.check"))
    student.keyboard.press("Enter")
    settled(student)
    reach(student, "button", t("course.go.explain"))
    student.keyboard.press("Enter")
    expect(student.get_by_text("A fence with 54 gaps has 55 posts.")).to_be_visible()
    expect(student.get_by_role("radio", name="✓ Explain")).to_be_checked()


def test_a_right_prediction_is_drawn_beside_the_truth(student: Page) -> None:
    """The bars of lesson 4, set with the arrow keys; the truth is drawn on the same scale."""
    student.goto("/course?lesson=parameters&step=predict")
    settled(student)
    bars = student.locator(".pad [role=slider]")
    expect(bars).to_have_count(3)
    bars.nth(1).focus()
    for _ in range(3):
        student.keyboard.press("PageUp")
    student.keyboard.press("Enter")
    settled(student)
    given = bars.nth(1).get_attribute("aria-valuenow")
    assert given
    assert float(given) > 34
    student.get_by_role("button", name=t("course.predict_this")).click()
    expect(student.locator(".pad").get_by_text("61.9").first).to_be_visible()
    settled(student)
    expect(student.get_by_role("button", name=t("course.go.try"))).to_be_visible()


def test_progress_is_saved_and_resumed_by_another_visitor(browse: Browse, tmp_path: Path) -> None:
    first = browse(viewport=PROJECTOR)
    first.goto("/course?lesson=output-size&step=predict")
    settled(first)
    first.get_by_role("textbox").fill("55")
    first.get_by_role("button", name=t("course.predict_this")).click()
    expect(first.get_by_role("button", name=t("course.go.try"))).to_be_visible()
    settled(first)
    first.get_by_role("link", name=t("course.map")).click()
    settled(first)
    first.get_by_role("button", name=t("course.progress")).click()
    with first.expect_download() as saved:
        first.get_by_role("button", name=t("course.save")).click()
    file = tmp_path / "progress.json"
    saved.value.save_as(file)
    assert json.loads(file.read_text("utf-8"))["predictions"] == {"output-size": "55"}

    second = browse(viewport=PROJECTOR)
    second.goto("/course")
    settled(second)
    second.get_by_role("button", name=t("course.progress")).click()
    second.locator("input[type=file]").set_input_files(file)
    expect(second.get_by_text(t("course.loaded"))).to_be_visible()
    second.keyboard.press("Escape")
    second.get_by_role("button", name="output-size").or_(
        second.locator("[data-layer=output-size]")
    ).first.click()
    settled(second)
    expect(second.get_by_role("radio", name="✓ Predict")).to_be_visible()


def test_the_map_opens_a_lesson(student: Page) -> None:
    student.goto("/course")
    settled(student)
    lessons = student.locator("svg [data-layer]")
    expect(lessons).to_have_count(len(course().lessons))
    student.locator("svg [data-layer=input-size]").click()
    expect(student.get_by_role("heading", name="224 or 227?")).to_be_visible()
    assert "lesson=input-size" in student.url
