"""The formulas are evaluated as they are printed, and must give what the trace gives."""

import re
from fractions import Fraction

import pytest

from alexnet_viz.analysis.formulas import (
    lrn_formula,
    macs_formula,
    output_size_formula,
    params_formula,
)
from alexnet_viz.analysis.inputs.case_224 import CASES
from alexnet_viz.network.geometry import ROUNDINGS, slide
from alexnet_viz.network.layers import LRN, Linear
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.variants import VARIANTS

FRACTION = re.compile(r"\\frac\{([^{}]*)\}\{(\d+)\}(?: \+ 1)?")


def printed_quotient(latex: str) -> Fraction:
    """(W - F + P + P)/S + 1 as the formula's own numbers give it."""
    match = FRACTION.search(latex)
    assert match, latex
    numerator = match[1].replace(r"\cdot", "*")
    assert re.fullmatch(r"[\d+\-*() ]+", numerator), latex
    return Fraction(eval(numerator), int(match[2])) + 1


def test_every_window_of_every_variant(subtests: pytest.Subtests) -> None:
    for variant in VARIANTS:
        with subtests.test(variant=variant):
            for row in trace(VARIANTS[variant]).rows:
                for window in row.slides or ():
                    latex = output_size_formula(window)
                    assert latex.endswith(f"= {window.output_size}"), latex
                    if window.rounding != "same":
                        assert printed_quotient(latex) == window.quotient, latex


@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_stated_padding_is_printed_not_the_overhang(rounding: str) -> None:
    window = slide(224, 11, 4, (1, 0), 2, rounding)  # type: ignore[arg-type]
    latex = output_size_formula(window)
    if rounding == "same":
        assert r"\lceil \frac{224}{4}" in latex
    else:
        padding = "0 + 0" if rounding == "valid" else "1 + 0"
        assert rf"224 - (2\cdot(11 - 1) + 1) + {padding}" in latex


def test_a_window_that_caffe_drops_is_not_printed_as_rounding() -> None:
    window = slide(4, 1, 2, (1, 1), rounding="caffe")
    latex = output_size_formula(window)
    assert window.output_size == 3
    assert r"\min(\lceil 3.5 \rceil,\, \lfloor \tfrac{4 + 1 - 1}{2} \rfloor + 1) = 3" in latex


def test_alpha_is_printed_with_all_its_digits() -> None:
    assert r"2.5 \cdot 10^{-5}" in lrn_formula(LRN(name="n", alpha=2.5e-5), 8)
    assert r"1 \cdot 10^{0}" in lrn_formula(LRN(name="n", alpha=1.0), 8)


def numbers(latex: str) -> list[int]:
    r"""The numbers as they stand; \tfrac{a}{b} is a divided by b."""
    plain = re.sub(
        r"\\tfrac\{(\d+)\}\{(\d+)\}",
        lambda fraction: str(Fraction(int(fraction[1]), int(fraction[2]))),
        latex.replace("{,}", ""),
    )
    return [int(n) for n in re.findall(r"\d+", plain)]


def test_a_dense_layer_in_groups_is_printed_as_a_fraction() -> None:
    layers = (Linear(name="fc6", out_features=8192, groups=2),)
    (row,) = trace(Network(id="columns", input_shape=(9216,), layers=layers)).rows
    half = r"\tfrac{9{,}216}{2} \times 8{,}192"
    assert params_formula(row).startswith(f"{half} + 8{{,}}192 = 37{{,}}748{{,}}736 + ")
    assert macs_formula(row) == f"{half} = 37{{,}}748{{,}}736"


def test_parameters_and_macs_add_up_as_printed(subtests: pytest.Subtests) -> None:
    for variant in VARIANTS:
        with subtests.test(variant=variant):
            for row in trace(VARIANTS[variant]).rows:
                if params_formula(row):
                    *_, weights, biases, total = numbers(params_formula(row))
                    assert (weights, biases, total) == (row.weights, row.biases, row.params)
                    assert weights + biases == total
                if macs_formula(row):
                    *factors, total = numbers(macs_formula(row))
                    product = 1
                    for factor in factors:
                        product *= factor
                    assert product == total == row.macs


def test_lrn_is_printed_with_its_constants() -> None:
    paper = lrn_formula(LRN(name="norm1", groups=2), 96)
    assert "2 + 1 \\cdot 10^{-4}" in paper
    assert r"i-2" in paper
    assert r"\min(47,\,i+2)" in paper
    assert paper.endswith("^{0.75}}")
    caffe = lrn_formula(LRN(name="norm1", k=1, divide_alpha=True), 96)
    assert "1 + 2 \\cdot 10^{-5}" in caffe
    assert r"\min(95," in caffe


def test_the_224_227_case() -> None:
    """What each way of fitting gives: conv1, fc6's inputs, parameters."""
    found = {}
    for case in CASES:
        result = case.trace()
        found[case.key] = (
            result["conv1"].output_shape[1], result["fc6"].input_shape[0], result.params,
        )  # fmt: skip
    assert found["paper_floor"] == (54, 6400, 49_430_888)
    assert found["krizhevsky"] == found["textbook"] == (55, 9216, 60_965_224)
    assert found["caffe"] == (54, 9216, 60_965_224)
    assert found["one"] == (54, 6400, 49_430_888)
    assert found["two"][0] == found["one_two"][0] == found["right_three"][0] == 55
    assert found["tensorflow_same"][0] == found["two_227"][0] == 56
