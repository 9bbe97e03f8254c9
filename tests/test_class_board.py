"""Codes of a class: read back, refused when mistyped, and counted as a teacher would by hand."""

from collections import Counter
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alexnet_viz.network.layers import Dropout
from alexnet_viz.teaching.exercises.exercise import Exercise
from alexnet_viz.teaching.exercises.generators import GENERATORS, SEEDS, draw
from alexnet_viz.teaching.questions.answer_text import written
from alexnet_viz.teaching.questions.counts import ConvMacs, ConvParams
from alexnet_viz.teaching.questions.single_values import DroppedValue
from alexnet_viz.teaching.questions.window_sizes import OutputSize
from alexnet_viz.teaching.sheets.answer_code import MARKS, Given, Handed, code, decoded, shortest
from alexnet_viz.teaching.sheets.board import GROUPS, MOST_CODES, Outcome, board, outcome
from alexnet_viz.teaching.sheets.misread import beside
from alexnet_viz.teaching.sheets.sheet import Entry, Sheet, parsed
from alexnet_viz.teaching.slips.registry import made
from alexnet_viz.teaching.typed import read
from alexnet_viz.text import LANGUAGES, has, t
from alexnet_viz.text.problem import Problem

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@st.composite
def handed(draw_: st.DrawFn) -> Handed:
    numbers = draw_(st.lists(st.integers(0, 10**9 - 1), unique=True, min_size=1, max_size=12))
    kinds = st.sampled_from(list(GENERATORS))
    entries = tuple(Entry(draw_(kinds), draw_(st.integers(1, 3)), it) for it in numbers)
    answers = st.one_of(st.none(), st.integers(0, 3), TEXTS)
    versions = draw_(st.integers(1, 8))
    return Handed(
        Sheet(entries, draw_(st.integers(0, SEEDS - 1)), versions),
        "ABCDEFGH"[versions - 1],
        tuple(draw_(answers) for _ in entries),
        draw_(st.integers(0, MARKS - 1)),
    )


@given(handed())
def test_a_code_is_read_back(given_: Handed) -> None:
    made_ = code(given_)
    assert decoded(made_) == given_
    assert set(made_) <= {*ALPHABET, "-"}
    sloppy = made_.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert decoded(sloppy) == given_


@given(handed(), st.data())
def test_one_wrong_letter_or_two_swapped_ones_are_found(
    given_: Handed, data: st.DataObject
) -> None:
    letters = code(given_).replace("-", "")
    at = data.draw(st.integers(0, len(letters) - 1))
    other = data.draw(st.sampled_from([each for each in ALPHABET if each != letters[at]]))
    with pytest.raises(Problem, match="typing error"):
        decoded(letters[:at] + other + letters[at + 1 :])
    swapped = letters[:at] + letters[at : at + 2][::-1] + letters[at + 2 :]
    if swapped != letters:
        with pytest.raises(Problem, match="typing error"):
            decoded(swapped)


def test_every_letter_of_a_code_matters() -> None:
    sheet = parsed("out1:1:0,par:2:1,tower:3:7", seed=987_654)
    letters = code(Handed(sheet, "A", ("55", None, 2), 321)).replace("-", "")
    taken = []
    for at, letter in enumerate(letters):
        for other in set(ALPHABET) - {letter}:
            with suppress(Problem):
                taken.append(decoded(letters[:at] + other + letters[at + 1 :]))
    assert taken == []


@settings(max_examples=300)
@given(st.text(max_size=60) | st.text(ALPHABET, max_size=120))
def test_nothing_but_a_code_is_taken_for_one(text: str) -> None:
    with suppress(Problem):  # one text in 60,000 has a check that fits
        found = decoded(text)
        assert decoded(code(found)) == found


def test_a_code_of_ten_items_has_at_most_eighty_letters() -> None:
    for tier in (1, 2):
        sheet = parsed(",".join(f"{id}:{tier}" for id in list(GENERATORS)[:10]), seed=SEEDS - 1)
        answers = tuple(right(each) for each in sheet.exercises("A"))
        letters = len(code(Handed(sheet, "A", answers, MARKS - 1)).replace("-", ""))
        assert letters <= 80


def right(exercise: Exercise) -> Given:
    """The right answer as a student gives it."""
    if exercise.way == "choice":
        return exercise.options.index(exercise.answer)
    return shortest(written(exercise.answer, exercise.question.form).en, exercise)


def typed(generator: str, **fields: object) -> Exercise:
    """The first exercise of a generator that is typed and has a question with these fields."""
    return next(
        each
        for seed in range(400)
        for each in [draw(generator, seed, 1)]
        if each.way == "typed"
        and all(getattr(each.question, name) == value for name, value in fields.items())
    )


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("60,965,224", "60965224"),
        (" ５５ ", "55"),
        ("61M", "61M"),
        ("1/3", "1/3"),
        ("2.50", "2.50"),
    ],
)
def test_a_typed_answer_is_written_short_and_read_the_same(text: str, short: str) -> None:
    exercise = typed("par")
    assert shortest(text, exercise) == short
    assert read(short, "count") == read(text, "count")


def test_the_histogram_is_what_a_teacher_counts() -> None:
    """Twelve students at four items, each answer's kind known beforehand."""
    sheet = parsed("out1:1:0,pool:1:1,crop:1:2,tower:1:3", seed=11, versions=2)
    lines: list[str] = []
    expected: list[Counter[str]] = [Counter() for _ in sheet.entries]
    for number in range(12):
        letter = "AB"[number % 2]
        answers: list[Given] = []
        for place, exercise in enumerate(sheet.exercises(letter)):
            kind = ("right", "missing", "wrong")[(number + place) % 3]
            answer = right(exercise) if kind == "right" else None
            if kind == "wrong":
                answer = "123456" if exercise.way == "typed" else _not(exercise)
            answers.append(answer)
            expected[place][kind] += 1
        lines.append(code(Handed(sheet, letter, tuple(answers), number)))
    text = "\n\n".join(["junk!", *lines, lines[0], lines[3][:-1] + "!"])
    found = board(text)
    assert found.sheet == sheet
    assert found.versions == {"A": 6, "B": 6}
    assert [line for line, _ in found.refused] == [1, 29]
    assert found.repeated == ((27, 3),)
    for item, counted in zip(found.items, expected, strict=True):
        assert item.of("right") == counted["right"] == 4
        assert item.of("missing") == counted["missing"] == 4
        assert sum(item.counts.values()) == 12
    # one number where a map of several is asked
    assert (
        found.items[1].of("other") + found.items[1].of("slip") + found.items[1].of("unknown") == 4
    )


def _not(exercise: Exercise) -> int:
    return next(n for n, it in enumerate(exercise.options) if it != exercise.answer)


def test_a_code_of_another_sheet_is_named_by_its_line() -> None:
    mine, other = parsed("par:1", seed=1), parsed("par:1", seed=2)
    lines = [code(Handed(mine, "A", (None,), n)) for n in range(2)]
    found = board("\n".join([lines[0], code(Handed(other, "A", (None,), 1)), lines[1]]))
    ((line, problem),) = found.refused
    assert (line, problem.code, problem.values) == (2, "code_sheet", {"seed": 2})
    assert found.counted == 2


def test_an_answer_that_no_field_takes_is_refused() -> None:
    """A code that somebody made by other means."""
    sheet = parsed("tower:1,tower:1", seed=3)
    for answers in (("own", 0), (3, 0)):
        found = board(code(Handed(sheet, "A", answers, 0)))
        ((_, problem),) = found.refused
        assert (problem.code, problem.values["number"]) == ("code_answer", 1)
    par = parsed(",".join(["par:1"] * 6), seed=3)
    place = next(n for n, each in enumerate(par.exercises("A")) if each.way == "typed")
    given_ = tuple("<b>" if n == place else None for n in range(6))
    ((_, problem),) = board(code(Handed(par, "A", given_, 0))).refused
    assert (problem.code, problem.values["number"]) == ("code_answer", place + 1)


def test_more_codes_than_a_class_has_are_said() -> None:
    sheet = parsed("par:1")
    lines = [code(Handed(sheet, "A", (None,), n)) for n in range(MOST_CODES + 3)]
    found = board("\n".join(lines))
    assert found.counted == MOST_CODES
    ((line, problem),) = found.refused
    assert (line, problem.code) == (MOST_CODES + 1, "codes")


def judged(exercise: Exercise, text: str) -> Outcome:
    answer = read(text, exercise.question.form)
    return outcome(exercise, answer, exercise.judge(answer))


def test_slips_are_told_from_answers_to_another_question() -> None:
    """By hand: the numbers of each question are chosen, and what each answer is follows."""

    def about(generator: str, question: object) -> Exercise:
        return replace(typed(generator), question=question)  # type: ignore[arg-type]

    # (14 - 3) / 2 + 1 = 6.5: 7 asked, 6 is PyTorch's
    rule = about("out2", OutputSize(14, 3, 2, rounding="ceil"))
    assert judged(rule, "7") == Outcome("right")
    assert judged(rule, "6") == Outcome("other", "rule")
    # where rounding down is merely said, rounding up is a slip
    down = about("out1", OutputSize(14, 3, 2))
    assert judged(down, "7") == Outcome("slip", "rounded_up")
    assert judged(down, "5") == Outcome("slip", "no_plus_one")
    assert judged(down, "999") == Outcome("unknown")
    # 8 kernels of 3·3·4 and 8 biases; on 6×6 places 288·36 multiply-accumulates
    fields = {"in_channels": 4, "out_channels": 8, "kernel_size": 3, "map_size": 8}
    params = about("par", ConvParams(**fields))
    assert judged(params, "296") == Outcome("right")
    assert judged(params, "288") == Outcome("slip", "bias_forgotten")
    assert judged(params, "10368") == Outcome("other", "macs")
    assert judged(about("mac", ConvMacs(**fields)), "296") == Outcome("other", "params")
    shape = typed("wshape")
    assert judged(shape, "36") == Outcome("other", "form")
    # kept by p = 0.5, scaled in training: 8 / 0.5 = 16, and 8 at test time
    drop = about("drop", DroppedValue(8, Dropout(name="drop", p=0.5, scale="train"), "train"))
    assert judged(drop, "16") == Outcome("right")
    assert judged(drop, "8") == Outcome("other", "time")
    assert judged(drop, "12") == Outcome("unknown")


def test_a_rounded_number_is_right_but_for_its_digits() -> None:
    exercise = replace(typed("par"), question=ConvParams(16, 64, 5, 28))
    assert exercise.answer == 16 * 64 * 25 + 64 == 25_664
    assert judged(exercise, "25.7k") == Outcome("rounded")
    assert judged(exercise, "25664") == Outcome("right")


def test_every_outcome_has_a_name_in_both_languages() -> None:
    kinds = {
        name for id in GENERATORS for seed in range(20) for name, _ in beside(draw(id, seed, 2))
    } | {"form"}
    slips = {id for it in GENERATORS for seed in range(20) for id in made(draw(it, seed).question)}
    keys = [f"board.answers.{name}" for name in kinds] + [f"slip_name.{name}" for name in slips]
    keys += [f"board.{group}" for group in GROUPS]
    assert [key for key in keys if not has(key)] == []
    assert all(t(key, language) for key in keys for language in LANGUAGES)
