"""The page Practice: exercises by link, a miss explained, mastery after so many in a row."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from alexnet_viz.teaching.exercises.exercise import Exercise, asked, worked
from alexnet_viz.teaching.exercises.generators import GENERATORS, draw
from alexnet_viz.teaching.mastery import IN_A_ROW, in_a_row, mastered
from alexnet_viz.teaching.progress import Item, Progress
from alexnet_viz.teaching.questions.answer_text import written
from alexnet_viz.text import LANGUAGES, t
from tests.spoken import open_page, plate, press, words


def answer(app: AppTest, exercise: Exercise, right: bool) -> AppTest:
    """Give the right answer, or another one, and check it."""
    place = f"practice.{exercise.generator}.{exercise.tier}.{exercise.seed}"
    key = f"{place}.given.0"
    if exercise.way == "choice":
        wanted = next(
            number
            for number, each in enumerate(exercise.options)
            if (each == exercise.answer) == right
        )
        app.radio(key=key).set_value(wanted).run()
    else:
        text = written(exercise.answer, exercise.question.form).en if right else "1"
        app.text_input(key=key).set_value(text).run()
    return press(app, f"{place}.check")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", GENERATORS)
def test_a_link_shows_its_exercise(kind: str, language: Any) -> None:
    app = open_page("practice", gen=kind, seed=42, tier=2, lang=language)
    assert not app.exception
    first = asked(draw(kind, 42, 2), language).split("\n")[0]
    assert first in words(app)


def test_a_miss_is_explained_and_the_next_has_other_numbers() -> None:
    app = open_page("practice", gen="out1", seed=7)
    exercise = draw("out1", 7, 1)
    answer(app, exercise, right=False)
    assert len(app.warning) == 1
    assert worked(exercise.question, "en") in words(app)
    assert t("practice.row", row=0, needed=IN_A_ROW) in words(app)
    press(app, "practice.next")
    assert app.query_params["seed"] == "8"
    assert asked(draw("out1", 8, 1), "en") in words(app)


def test_so_many_right_in_a_row_are_mastery() -> None:
    app = open_page("practice", gen="crop", seed=1)
    for turn in range(IN_A_ROW):
        assert "Mastered" not in words(app)
        answer(app, draw("crop", 1 + turn, 1), right=True)
        assert len(app.success) == 1
        if turn + 1 < IN_A_ROW:
            press(app, "practice.next")
    assert "**Mastered:**" in words(app)
    assert any(label.startswith("✓") for label in app.radio(key="widget.gen").options)


def test_a_wrong_answer_begins_the_row_again() -> None:
    right = [Item("", "par", 1, seed, right=True) for seed in range(IN_A_ROW)]
    assert mastered(Progress(items=tuple(right)), "par")
    missed = Progress(items=(*right, Item("", "par", 1, 9, right=False)))
    assert in_a_row(missed, "par") == 0
    other = Progress(items=(*right, Item("", "out1", 1, 9, right=False)))
    assert mastered(other, "par")


def test_the_map_shows_a_lesson_whose_exercises_are_mastered() -> None:
    from alexnet_viz.teaching.course import course
    from alexnet_viz.ui.app.learned import PROGRESS

    lesson = course().lessons["output-size"]
    done = Progress().with_step(lesson.slug, "explain")
    for check in lesson.checks:
        for seed in range(IN_A_ROW):
            done = done.with_item(Item("", check.generator, 1, seed, right=True))
    app = open_page("course")
    app.session_state[PROGRESS] = done
    app.run()
    assert "★" in plate(app, "course")["svg"]
