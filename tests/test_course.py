"""The course: every lesson in both languages, no number typed that can be computed, its graph.

The journey through a lesson is in ``tests/browser/test_course.py``.
"""

import re
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from streamlit.testing.v1 import AppTest

from alexnet_viz.analysis.claims import expression
from alexnet_viz.analysis.claims.concept import CONCEPTS
from alexnet_viz.network.trace import trace
from alexnet_viz.teaching import drawn_truth, lesson_answer, progress
from alexnet_viz.teaching.course import LATER, course, following, ready, returning
from alexnet_viz.teaching.course_map import NEAR, PROJECTED, course_map
from alexnet_viz.teaching.exercises.carried import CHAINS, Chain
from alexnet_viz.teaching.exercises.chain_words import asked_of
from alexnet_viz.teaching.exercises.generators import GENERATORS
from alexnet_viz.teaching.lesson import CHAIN, KINDS, SECTIONS, Lesson, filled
from alexnet_viz.teaching.lesson_file import read
from alexnet_viz.teaching.progress import STEPS, Item, Progress
from alexnet_viz.text import LANGUAGES
from alexnet_viz.text.problem import Problem, Problems
from alexnet_viz.variants import VARIANTS
from tests.spoken import ROOT, open_page, press, words

FOLDER = ROOT / "alexnet_viz" / "teaching" / "lessons"
LESSONS = course().lessons
NUMBER = re.compile(r"\d[\d,.:]*\d|\d")
COMPUTED = re.compile(r"\{[^{}]*\}|\$\$.*?\$\$", re.DOTALL)
NAME = re.compile(r"[A-Za-z_]+\d+[A-Za-z_]*|\b\d+[A-Za-z]+\b")
LEAST = 2
"""Digits of a number that must be computed or quoted; smaller ones count things in the text."""


def typed(text: str) -> set[str]:
    """The numbers that stand in a text as they are, without names like conv1."""
    bare = NAME.sub(" ", COMPUTED.sub(" ", text))
    found = {match.rstrip(".,:") for match in NUMBER.findall(bare)}
    return {number for number in found if len(re.sub(r"\D", "", number)) >= LEAST}


@pytest.mark.parametrize("slug", LESSONS)
def test_no_number_is_typed_that_is_not_quoted(slug: str) -> None:
    lesson = LESSONS[slug]
    stray = {
        f"{language}.md, {name}: {number}"
        for name, text in lesson.words.items()
        for language in LANGUAGES
        for number in typed(text.of(language)) - set(lesson.quoted)
    }
    assert stray == set()


@pytest.mark.parametrize("slug", LESSONS)
def test_what_is_quoted_is_in_the_text(slug: str) -> None:
    lesson = LESSONS[slug]
    text = "\n".join(each.of(language) for each in lesson.words.values() for language in LANGUAGES)
    assert set(lesson.quoted) <= typed(text)


@pytest.mark.parametrize("slug", LESSONS)
def test_a_likely_wrong_number_is_explained_with_its_numbers(slug: str) -> None:
    """What a lesson says itself, and what the teacher's notes call likely, is no unknown slip."""
    lesson = LESSONS[slug]
    if lesson.prediction.kind != "number":
        return
    for answer, says in lesson.prediction.slips.items():
        value = expression.evaluate(answer, lesson.network)
        verdict = lesson_answer.judged(lesson, str(value))
        assert not verdict.right
        for language in LANGUAGES:
            assert typed(says.of(language)) <= {*lesson.quoted}
            assert filled(says.of(language), lesson.network) in verdict.words[language]
    notes = lesson.words["teacher"].en
    likely = next(line for line in notes.splitlines() if line.startswith("**Likely wrong"))
    for each in re.findall(
        r"(?:^|[.:] )\{([^{}:]+)\}:", likely.removeprefix("**Likely wrong answers.**")
    ):
        said = lesson_answer.judged(lesson, str(expression.evaluate(each, lesson.network)))
        assert "No known slip" not in said.words["en"], each


def test_a_slip_of_a_lesson_that_cannot_be_computed_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "kernel-depth"
    shutil.copytree(FOLDER / "kernel-depth", folder)
    file = folder / "lesson.toml"
    file.write_text(file.read_text("utf-8").replace('"conv1.weights"', '"conv9.weights"'), "utf-8")
    with pytest.raises(Problems, match=r"predict\.slip.*conv9"):
        read(folder)


def test_a_typed_number_is_found() -> None:
    assert typed("55 maps of {conv1.output_size}, conv1, $$12$$ and 60,965,224.") == {
        "55",
        "60,965,224",
    }
    assert typed("11×11, 11x11 and 9.5, but 3 of 9") == {"11", "9.5"}


@pytest.mark.parametrize("slug", LESSONS)
def test_both_languages_compute_the_same_in_each_section(slug: str) -> None:
    """From the same quantities: Chinese counts in units of its own."""
    lesson = LESSONS[slug]
    unlike = []
    for name, text in lesson.words.items():
        one, other = (quantities(text.of(language)) for language in LANGUAGES)
        if one != other:
            unlike.append(f"{name}: {one ^ other}")
    assert unlike == []


def quantities(words: str) -> set[str]:
    """The names of the quantities in all expressions of a text."""
    bare = re.sub(r"\$\$.*?\$\$", "", words, flags=re.DOTALL)
    found = re.findall(r"\{([^{}:]*)[^{}]*\}", bare)
    return {name for each in found for name in expression.names(each)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", LESSONS)
def test_every_step_opens(slug: str, language: Any) -> None:
    lesson = LESSONS[slug]
    for step in STEPS:
        app = open_page("course", lesson=slug, step=step, reveal=1, teacher=1, lang=language)
        assert not app.exception
        said = words(app)
        section = {"question": "question", "try": "try", "explain": "explain"}.get(step, "teacher")
        first = lesson.section(section, language).splitlines()[0]
        assert re.sub(r"\\([^A-Za-z0-9\s])", r"\1", first) in said


@pytest.mark.parametrize("slug", LESSONS)
def test_a_prediction_has_its_truth(slug: str) -> None:
    lesson = LESSONS[slug]
    asked = lesson.prediction
    if asked.kind in ("number", "choice"):
        right = lesson_answer.truth(lesson)
        assert right is not None
        text = right if asked.kind == "choice" else f"{float(right):.10g}"
        assert lesson_answer.judged(lesson, text).right
    else:
        found = drawn_truth.drawn(lesson, "en")
        assert found.control.parse(found.control.write(found.truth)) == pytest.approx(
            found.truth, rel=1e-4
        )
        assert found.truth != found.control.default


def test_every_network_of_the_last_lesson_s_table_can_be_chosen() -> None:
    lesson = LESSONS["which-alexnet"]
    lines = lesson.section("question", "en").splitlines()
    rows = [line.split(" |")[0] for line in lines if re.match(r"\| \w", line)]
    assert len(lesson.prediction.options) == len(rows) == 8
    others = {option.en for option in lesson.prediction.options.values()}
    others -= {"the 2012 paper", "the paper's network without groups"}
    assert {"| CaffeNet", "| RotNet"} < {*rows}
    for option in others:
        assert any(row.strip("| ") in option for row in rows), option


def test_the_order_of_the_layers_by_work_is_told_rightly() -> None:
    rows = trace(VARIANTS["alexnet_2012_paper"]).rows
    by_work = sorted(rows, key=lambda row: row.macs, reverse=True)
    assert [row.layer.name for row in by_work[:4]] == ["conv2", "conv3", "conv4", "conv1"]
    notes = LESSONS["cost"].words["teacher"]
    assert "only fourth" in notes.en
    assert "只排第四" in notes.zh


def test_the_exercises_are_those_of_generators() -> None:
    for lesson in LESSONS.values():
        assert lesson.checks, lesson.slug
        assert {check.generator for check in lesson.checks} <= {CHAIN, *GENERATORS}, lesson.slug


def test_lessons_build_on_earlier_ones() -> None:
    numbers = {slug: lesson.number for slug, lesson in LESSONS.items()}
    assert sorted(numbers.values()) == list(range(1, len(LESSONS) + 1))
    for lesson in LESSONS.values():
        for before in lesson.builds_on:
            assert numbers[before] < lesson.number


def test_predictions_differ_in_kind() -> None:
    kinds = {lesson.prediction.kind for lesson in LESSONS.values()}
    assert kinds >= {"number", "choice", "shares", "box", "curve", "sort", "paint"}
    assert kinds <= set(KINDS)


def test_lessons_teach_concepts_that_exist() -> None:
    assert {each for lesson in LESSONS.values() for each in lesson.concepts} <= set(CONCEPTS)


def test_nothing_is_shown_before_a_prediction() -> None:
    slug = "output-size"
    truth = str(lesson_answer.truth(LESSONS[slug]))
    for step in STEPS:
        app = open_page("course", lesson=slug, step=step)
        foot = {each.value for folded in app.expander for each in folded.markdown}
        said = [each.value for each in app.markdown if each.value not in foot]
        assert not [each for each in said if re.search(rf"\b{truth}\b", each)], step


def test_a_wrong_prediction_is_somebody_s_right_answer() -> None:
    app = open_page("course", lesson="input-size", step="predict")
    app.text_input(key="course.predicted").set_value("6400").run()
    press(app, "course.give")
    said = app.warning[0].value
    assert "6,400" in said
    assert "54" in said
    links = [each.proto.query_string for each in app.get("page_link")]
    assert any(link.startswith("variant=") for link in links)
    press(app, "course.next.predict")
    assert app.query_params["step"] == "try"


def test_what_cannot_be_read_costs_nothing() -> None:
    app = open_page("course", lesson="output-size", step="predict")
    app.text_input(key="course.predicted").set_value("about fifty").run()
    press(app, "course.give")
    assert len(app.info) == 1
    app.text_input(key="course.predicted").set_value("５５").run()
    press(app, "course.give")
    assert len(app.success) == 1


def test_the_next_lesson_follows_the_graph() -> None:
    done = Progress()
    order = []
    while after := following(done, LESSONS):
        if done.finished(after.slug):
            break
        assert ready(after, done)
        order.append(after.slug)
        done = done.with_step(after.slug, STEPS[-1])
    assert sorted(order) == sorted(LESSONS)


def test_what_was_missed_comes_back_two_lessons_later() -> None:
    slugs = list(LESSONS)
    missed = Item(slugs[0], "out1", 1, 5, right=False, slip="no_plus_one")
    done = Progress().with_item(missed)
    assert returning(LESSONS[slugs[LATER]], done, LESSONS) == (missed,)
    assert returning(LESSONS[slugs[LATER - 1]], done, LESSONS) == ()
    made_good = done.with_item(Item(slugs[0], "out1", 1, 6, right=True))
    assert returning(LESSONS[slugs[LATER]], made_good, LESSONS) == ()


def test_progress_is_written_and_read_back() -> None:
    done = (
        Progress()
        .with_task("pooling", "edit")
        .with_step("output-size", "predict")
        .with_prediction("output-size", "54")
        .with_item(Item("output-size", "out1", 1, 7, right=False, slip="no_plus_one"))
        .with_test("before", (True, False))
    )
    assert progress.loads(progress.dumps(done)) == done


HOSTILE = (
    b"", b"{", b"[]", b"{}", b"[" * 100_000, b'{"format": "alexnet-viz-progress", "version": 2}',
    b'{"format": "alexnet-viz-progress", "version": 1}',
    progress.dumps(Progress()).replace('"tasks": []', '"tasks": [["a"]]').encode(),
    progress.dumps(Progress()).replace('"steps": []', '"steps": [["a", "b"]]').encode(),
    progress.dumps(Progress()).replace('"items": []', '"items": [[1,2,3,4,5,6]]').encode(),
    b"\xff\xfe", b" " * 300_000,
)  # fmt: skip


@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_a_file_that_is_no_progress_is_refused(data: bytes) -> None:
    with pytest.raises(Problem) as refused:
        progress.loads(data)
    assert refused.value.code.startswith("progress_")


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ALEXNET_VIZ_LESSONS", str(tmp_path))
    return tmp_path


def _copied(folder: Path, slug: str) -> Path:
    made = folder / slug
    shutil.copytree(FOLDER / "output-size", made)
    toml = made / "lesson.toml"
    toml.write_text(toml.read_text("utf-8").replace("number = 1\n", "number = 90\n"), "utf-8")
    return made


def test_a_teacher_s_own_lesson_is_in_the_course(own_folder: Path) -> None:
    made = _copied(own_folder, "my-lesson")
    (made / "en.md").write_text(
        "## question\nOurs at {conv1.input_size}\n## try\nA\n## explain\nB\n## teacher\nC\n",
        "utf-8",
    )
    assert course().lessons["my-lesson"].own
    app = open_page("course", lesson="my-lesson")
    assert not app.exception
    assert "Ours at 227" in words(app)
    assert "your teacher's lesson" in words(app)


BROKEN = {
    "lesson.toml": ("not toml [", "number = 0", 'title = "one"', "[predict]\nkind = 'dance'"),
    "en.md": ("", "## question\n{conv1.nothing}\n", "## question\n{__import__('os')}\n"),
}


@pytest.mark.parametrize(
    ("file", "text"), [(file, text) for file, texts in BROKEN.items() for text in texts]
)
def test_a_malformed_lesson_is_refused_in_words(own_folder: Path, file: str, text: str) -> None:
    made = _copied(own_folder, "mine")
    if file == "en.md" and text:
        text += "## try\nA\n## explain\nB\n## teacher\nC\n"
    (made / file).write_text(text, "utf-8")
    with pytest.raises(Problems):
        read(made)
    found = course()
    assert "mine" not in found.lessons
    app = open_page("course")
    assert not app.exception
    assert "mine" in app.error[0].value
    assert file in app.error[0].value


def test_a_lesson_is_not_executed(own_folder: Path, tmp_path: Path) -> None:
    made = _copied(own_folder, "mine")
    (made / "__init__.py").write_text("raise SystemExit", "utf-8")
    assert isinstance(read(made), Lesson)


def test_a_folder_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALEXNET_VIZ_LESSONS", "/nowhere/at/all")
    assert [problem.code for problem in course().refused] == ["lessons_folder"]


def test_all_lessons_that_ship_can_be_read() -> None:
    assert course().refused == ()


def test_all_sections_are_there() -> None:
    for lesson in LESSONS.values():
        assert set(lesson.words) == set(SECTIONS)


def _chain() -> tuple[AppTest, Chain]:
    app = open_page("course", lesson="input-size", step="check", reveal=1)
    labels, said = {field.label for field in app.text_input}, words(app)
    found = next(
        each
        for each in CHAINS
        if {asked_of(each, layer) for layer in each.layers} <= labels
        and f"from {each.input_size} pixels" in said
    )
    return app, found


def test_one_slip_in_a_chain_costs_one_mark() -> None:
    """The student rounds or counts once wrongly and goes on correctly from that number."""
    app, asked = _chain()
    first = asked.answers[0] + 4
    given, size = [first], first
    for layer in asked.layers[1:]:
        size = int(asked.question(layer, size).answer)  # type: ignore[call-overload]
        given.append(size)
    for layer, value in zip(asked.layers, given, strict=True):
        field = next(f for f in app.text_input if f.label == asked_of(asked, layer))
        field.set_value(str(value))
    app.run()
    press(app, "input-size.1.check")
    assert f"**{len(given) - 1} of {len(given)}**" in app.warning[-1].value
    assert "from your own" in words(app)


def test_a_chain_is_right_without_a_slip_and_an_entry_that_is_no_number_costs_nothing() -> None:
    app, asked = _chain()
    fields = [next(f for f in app.text_input if f.label == asked_of(asked, layer))
              for layer in asked.layers]  # fmt: skip
    for field, value in zip(fields, asked.answers, strict=True):
        field.set_value(str(value))
    fields[0].set_value("fifty").run()
    press(app, "input-size.1.check")
    assert len(app.info) == 1
    next(f for f in app.text_input if f.value == "fifty").set_value(str(asked.answers[0])).run()
    press(app, "input-size.1.check")
    assert f"**{len(asked.layers)} of {len(asked.layers)}**" in app.success[-1].value


def test_the_map_draws_each_lesson_right_of_what_it_builds_on() -> None:
    states = dict.fromkeys(LESSONS, "ready")
    tree = ElementTree.fromstring(course_map(LESSONS, states, "zh"))
    boxes = {}
    for group in tree.iter("{http://www.w3.org/2000/svg}g"):
        if slug := group.get("data-layer"):
            shape = group.find("{http://www.w3.org/2000/svg}polygon")
            assert shape is not None
            corners = [
                tuple(map(float, each.split(","))) for each in shape.attrib["points"].split()
            ]
            boxes[slug] = (corners[0], corners[2])
    assert set(boxes) == set(LESSONS)
    for lesson in LESSONS.values():
        for before in lesson.builds_on:
            assert boxes[before][1][0] < boxes[lesson.slug][0][0]
    lines = [
        [float(line.attrib[name]) for name in ("x1", "y1", "x2", "y2")]
        for line in tree.iter("{http://www.w3.org/2000/svg}line")
    ]
    level = [line for line in lines if line[1] == line[3]]
    assert level
    for x1, y, x2, _ in level:  # no level part of an arrow lies on a lesson
        for (left, top), (right, bottom) in boxes.values():
            assert not (top < y < bottom and min(x1, x2) < right - 1 and max(x1, x2) > left + 1)


@pytest.mark.parametrize("measures", [NEAR, PROJECTED])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_map_has_every_title_in_full_and_inside_its_box(measures: Any, language: Any) -> None:
    svg = course_map(LESSONS, dict.fromkeys(LESSONS, "next"), language, measures)
    tree = ElementTree.fromstring(svg)
    width = float(tree.attrib["viewBox"].split()[2])
    if measures is PROJECTED:  # the width of a page at 1024 px; the plate enlarges what is smaller
        assert measures.size * 976 / width >= 20
    found = 0
    for group in tree.iter("{http://www.w3.org/2000/svg}g"):
        if slug := group.get("data-layer"):
            shape = group.find("{http://www.w3.org/2000/svg}polygon")
            assert shape is not None
            (left, top), _, (right, bottom), _ = [
                tuple(map(float, each.split(","))) for each in shape.attrib["points"].split()
            ]
            lines = list(group.iter("{http://www.w3.org/2000/svg}text"))
            said = "".join("".join(each.itertext()) for each in lines)
            assert LESSONS[slug].title.of(language).replace(" ", "") in said.replace(" ", "")
            for line in lines:
                letters = "".join(line.itertext())  # of Source Sans, half an em on average
                wide = sum(1.0 if ord(each) > 0x2E80 else 0.5 for each in letters)
                half = measures.size * wide / 2
                middle, foot = float(line.attrib["x"]), float(line.attrib["y"])
                assert left <= middle - half < middle + half <= right, said
                assert top <= foot - 0.75 * measures.size < foot + 0.2 * measures.size <= bottom
            found += 1
    assert found == len(LESSONS)


def test_the_map_leaves_out_what_another_lesson_implies() -> None:
    states = dict.fromkeys(LESSONS, "later")
    tips = course_map(LESSONS, states).count("<polygon") - len(LESSONS)
    given = sum(len(lesson.builds_on) for lesson in LESSONS.values())
    assert tips < given
    assert tips >= len(LESSONS) - 1


def test_an_unknown_lesson_is_named_above_the_map() -> None:
    app = open_page("course", lesson="no-such")
    assert not app.exception
    assert "There is no lesson no-such" in app.warning[0].value.replace("\\", "")


def test_a_sorted_prediction_is_told_with_the_names_of_its_bins() -> None:
    app = open_page("course", lesson="towers", step="predict")
    app = app.button(key="course.drawn").click().run()
    assert not app.exception
    said = app.warning[-1].value
    assert "GPU 1" in said
    assert "“2”" not in said


def test_a_drawn_prediction_is_told_with_its_unit_and_few_digits() -> None:
    app = open_page("course", lesson="parameters", step="predict")
    app = app.button(key="course.drawn").click().run()
    said = app.warning[-1].value
    assert "33.33%" in said
    assert not re.findall(r"\d\.\d{4,}", said)
