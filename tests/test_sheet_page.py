"""Sheets on the pages: a teacher's choices are the link, a student gets a code, a class a board."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from alexnet_viz.teaching.exercises.exercise import Exercise, asked, worked
from alexnet_viz.teaching.exercises.generators import GENERATORS
from alexnet_viz.teaching.questions.answer_text import written
from alexnet_viz.teaching.sheets.answer_code import Handed, code, decoded
from alexnet_viz.teaching.sheets.sheet import Sheet, parsed
from alexnet_viz.text import LANGUAGES, t
from tests.spoken import open_page, plate, press, words

ITEMS = "out1:1:0,pool:1:1,tower:1:2"


def open_sheet(items: str = ITEMS, **query: object) -> AppTest:
    return open_page("practice", practice_view="sheet", items=items, sheet_seed=7, **query)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_teacher_sees_every_exercise_with_its_answer(language: Any) -> None:
    every = ",".join(GENERATORS)
    app = open_sheet(every, versions=2, version="B", lang=language)
    assert not app.exception
    said = words(app)
    for exercise in parsed(every, 7, 2).exercises("B"):
        assert asked(exercise, language).split("\n")[0] in said
        assert worked(exercise.question, language) in said
    covered = words(open_sheet(versions=2, covered=1))
    assert all(worked(each.question) not in covered for each in parsed(ITEMS, 7).exercises("A"))


def test_seed_and_versions_are_explained() -> None:
    told = {each.label: each.help for each in open_sheet().number_input}
    assert "the same seed gives the same sheet again" in told[t("sheet.seed")]
    assert "the same kinds of exercises" in told[t("sheet.versions")]


def test_entries_are_added_moved_dropped_and_drawn_anew_in_the_link() -> None:
    app = open_page("practice", practice_view="sheet", gen="par", tier=2, how_many=2)
    press(app, "sheet.add")
    assert app.query_params["items"] == "par:2:0,par:2:1"
    app.selectbox(key="widget.gen").set_value("crop").run()
    press(app, "sheet.add")
    press(app, "sheet.up.3")
    assert app.query_params["items"] == "par:2:0,par:2:1,crop:2:3,crop:2:2"
    press(app, "sheet.drop.0")
    press(app, "sheet.redraw.0")
    assert app.query_params["items"] == "par:2:4,crop:2:3,crop:2:2"
    press(app, "sheet.one_each")
    assert len(app.query_params["items"].split(",")) == 3 + len(GENERATORS)
    assert app.button(key="sheet.one_each").disabled  # 40 are the most


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"items": "out1:9"}, "“out1:9” is not an entry of a sheet"),
        ({"items": "evil"}, "No exercise “evil”"),
        ({"items": "<b>"}, "that part was left out"),
        ({"items": "out1", "versions": 9}, "that part was left out"),
        ({"items": "out1", "version": "D"}, "There is no version D; version A is shown."),
    ],
)
def test_a_link_that_makes_no_sense_is_answered_in_words(query: dict[str, Any], said: str) -> None:
    app = open_page("practice", practice_view="sheet", **query)
    assert not app.exception
    assert said in words(app)


def enter(app: AppTest, exercise: Exercise, text: str) -> None:
    key = f"sheet.answer.{exercise.generator}.{exercise.tier}.{exercise.seed}"
    app.text_input(key=key).set_value(text).run()


def test_a_student_gets_a_code_of_the_answers() -> None:
    sheet = parsed("same:1,par:1,crop:1,rf:1,inv:1", 7, 2)
    app = open_sheet(sheet.link, versions=2, version="B", answer=1)
    assert app.button(key="answering.make").disabled
    exercises = sheet.exercises("B")
    place, exercise = next(each for each in enumerate(exercises) if each[1].way == "typed")
    assert worked(exercise.question) not in words(app)
    enter(app, exercise, "many")
    assert "cannot be read" in words(app)
    assert app.button(key="answering.make").disabled
    enter(app, exercise, written(exercise.answer, exercise.question.form).en)
    press(app, "answering.make")
    handed = decoded(app.code[0].value)
    assert (handed.sheet.entries, handed.letter) == (sheet.entries, "B")
    assert [given is not None for given in handed.given] == [n == place for n in range(5)]
    enter(app, exercise, "12 ")
    assert not app.code
    assert t("answering.changed") in words(app)


def test_a_board_shows_what_a_class_answered() -> None:
    sheet = Sheet(parsed("tower:1,published:1", 7).entries, 7, 1)
    tower, published = sheet.exercises("A")
    right = (tower.options.index(tower.answer), published.options.index(published.answer))
    lines = [code(Handed(sheet, "A", right, mark)) for mark in range(3)]
    lines.append(code(Handed(sheet, "A", (right[0], None), 9)))
    app = open_page("classroom", class_view="board")
    assert not app.exception
    app.text_area(key="widget.codes").set_value("\n".join([*lines, "x-y", lines[0]])).run()
    assert not app.exception
    said = words(app)
    assert "**4 codes** of the sheet with seed 7 (A: 4)" in said
    assert "**88 %** are right" in said  # 7 of 8
    assert "the fewest in number 2" in said
    assert "Line 5: “x-y” is no code" in said
    assert "Line 6 repeats line 1" in said
    drawn = plate(app, "board.2")["svg"]
    assert "3 · 75 %" in drawn
    assert t("board.missing") in drawn
    assert "codes" not in app.query_params
