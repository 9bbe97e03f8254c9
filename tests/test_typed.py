"""Numbers as students type them."""

from fractions import Fraction

import pytest

from alexnet_viz.teaching.questions.question import Form
from alexnet_viz.teaching.typed import number, numbers, read
from alexnet_viz.text import LANGUAGES
from alexnet_viz.text.problem import Problem

SPELLINGS = {
    60965224: (
        *("60,965,224", "60965224", "60 965 224", "６０，９６５，２２４", "６０９６５２２４"),
        *("6096,5224", "60，965，224"),
        *("= 60,965,224", "60'965'224", "60_965_224", " 60,965,224 params", "+60965224"),
    ),
    61_000_000: (
        *("61M", "61 M", "61 million", "6.1e7", "6.1E+7", "0.61亿", "6100万"),
        *("6.1×10^7", "6.1 x 10^7", "6.1×10⁷"),
        *("61m", "６１Ｍ", "约 6100 万", "≈61M", "6.1千万", "0.061B", "61百万", "6.1*10**7"),
    ),
    60_960_000: ("6096万", "60.96M", "6096.0 万", "0.6096 亿"),
    Fraction(217, 4): ("54.25", "５４．２５", "217/4", "54。25", "54.250"),
    -5: ("-5", "−5", "–5", "－5"),
    Fraction(1, 8): ("1/8", ".125", "0.125", "12.5e-2"),
    0: ("0", "0.0", "-0"),
    227: ("227 px", "227像素", "227 pixels"),
}  # fmt: skip


def test_every_spelling_of_a_number_is_read() -> None:
    wrong = [
        f"{text!r}: {found}"
        for value, texts in SPELLINGS.items()
        for text in texts
        if (found := number(text).value) != value
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "slack"),
    [
        ("61M", 500_000),
        ("6.1e7", 500_000),
        ("6096万", 5_000),
        ("60.965M", 500),
        ("54.25", Fraction(1, 200)),
        ("60,965,224", 0),
        ("217/4", 0),
        ("54", 0),
    ],
)
def test_what_is_abbreviated_has_half_a_unit_of_slack(text: str, slack: Fraction) -> None:
    assert number(text).slack == slack


REFUSED = (
    *("", " ", "fifty", "54,25", "5 4", "1,23", "1/0", "--5", "5-", "e7", "M", "5 apples", "1e7e7"),
    *("inf", "nan", "0x10", "1.2.3", "五十四", "60,96,5224", "54.", "½½", "26²", "10⁷7"),
)  # fmt: skip


def test_what_is_no_number_costs_no_attempt() -> None:
    for text in REFUSED:
        with pytest.raises(Problem) as refused:
            number(text)
        assert refused.value.code == "typed_number", text
        assert "no attempt" in refused.value.message()
        assert "不计次数" in refused.value.message("zh")


@pytest.mark.parametrize("text", ["9" * 400, "9" * 31, "1e99", "1e-99", "9" * 5000])
def test_a_number_that_is_too_long_is_refused_at_once(text: str) -> None:
    with pytest.raises(Problem) as refused:
        number(text)
    assert refused.value.code in ("typed_long", "typed_number")
    assert all(len(refused.value.message(language)) < 200 for language in LANGUAGES)


@pytest.mark.parametrize(
    ("text", "form", "value"),
    [
        ("96×55×55", "shape", (96, 55, 55)),
        ("96x55x55", "shape", (96, 55, 55)),
        ("(96, 48, 5, 5)", "shape", (96, 48, 5, 5)),
        ("[９６，５５，５５]", "shape", (96, 55, 55)),
        ("96 55 55", "shape", (96, 55, 55)),
        ("96、55、55", "shape", (96, 55, 55)),
        ("227–230", "range", (227, 230)),
        ("227-230", "range", (227, 230)),
        ("227 to 230", "range", (227, 230)),
        ("227 - 230", "range", (227, 230)),
        ("227到230", "range", (227, 230)),
        ("227..230", "range", (227, 230)),
        ("-4 to 4", "range", (-4, 4)),
        ("−4–4", "range", (-4, 4)),
        ("227", "range", (227, 227)),
        ("1 -2; 3 4", "grid", (1, -2, 3, 4)),
        ("1 -2\n3 4", "grid", (1, -2, 3, 4)),
        ("1,-2,3,4", "grid", (1, -2, 3, 4)),
        ("0.5 1", "grid", (Fraction(1, 2), 1)),
        ("own", "word", "own"),
    ],
)  # fmt: skip
def test_lists_are_read(text: str, form: Form, value: object) -> None:
    assert read(text, form).value == value


@pytest.mark.parametrize("text", ["", "a b", "1e5 2", "1 2 x y", "9999999999999999 1"])
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(Problem) as refused:
        numbers(text)
    assert refused.value.code == "typed_list"


def test_a_range_has_two_ends() -> None:
    with pytest.raises(Problem) as refused:
        read("1 2 3", "range")
    assert refused.value.code == "typed_range"
