"""Every column has words, a place in one group, and a total that is the sum of its cells."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexnet_viz.analysis.columns import COLUMNS, GROUPS, cells, group_title, quotient_text, totals
from alexnet_viz.network.layers import Conv, MaxPool
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.text import LANGUAGES
from alexnet_viz.variants import VARIANTS

PAPER = trace(VARIANTS["alexnet_2012_paper"])
UNEVEN = trace(
    Network(
        id="uneven",
        input_shape=(3, 30, 40),
        layers=(
            Conv(
                name="conv1",
                out_channels=4,
                kernel_size=(3, 5),
                stride=(2, 3),
                padding=(1, 2, 3, 4),
                rounding="ceil",
            ),
            MaxPool(name="pool1", kernel_size=2, stride=2),
        ),
    )
)


def row(name: str, keys: tuple[str, ...]) -> list[object]:
    return cells(PAPER, keys)[[each.name for each in PAPER.rows].index(name)]


def test_groups_hold_every_column_once() -> None:
    assert list(GROUPS) == [
        *("layer", "shape", "window", "cost", "share", "memory", "operations", "view")
    ]
    assert [key for keys in GROUPS.values() for key in keys] == list(COLUMNS)
    assert all(COLUMNS[key].key == key for key in COLUMNS)


def test_a_column_has_words(subtests: pytest.Subtests) -> None:
    for key in COLUMNS:
        for language in LANGUAGES:
            with subtests.test(key=key, language=language):
                assert COLUMNS[key].header(language)
                assert group_title(COLUMNS[key].group, language)
                assert COLUMNS[key].title(language).endswith(f"({COLUMNS[key].unit})") == bool(
                    COLUMNS[key].unit
                )


def test_the_first_layer_in_every_column() -> None:
    assert dict(zip(COLUMNS, row("conv1", tuple(COLUMNS)), strict=True)) == {
        "name": "conv1",
        "kind": "conv",
        "input_shape": "3×224×224",
        "output_shape": "96×55×55",
        "kernel_size": "11×11",
        "stride": "4",
        "padding": "0,3,0,3",
        "groups": 1,
        "rounding": "ceil",
        "quotient": "54.25",
        "weights": 11 * 11 * 3 * 96,
        "biases": 96,
        "params": 34944,
        "macs": 105415200,
        "params_share": pytest.approx(100 * 34944 / 60965224),
        "macs_share": pytest.approx(100 * 105415200 / 724406816),
        "elements": 55 * 55 * 96,
        "activation_bytes": 4 * 55 * 55 * 96,
        "weight_bytes": 4 * 34944,
        "comparisons": 0,
        "additions": 55 * 55 * 96,
        "multiplications": 0,
        "divisions": 0,
        "exponentials": 0,
        "logarithms": 0,
        "powers": 0,
        "receptive_field": "11",
        "effective_stride": "4",
        "start": "0",
    }


def test_a_layer_without_a_window_leaves_its_cells_empty() -> None:
    assert row("relu1", GROUPS["window"]) == [None] * len(GROUPS["window"])
    assert row("norm1", ("groups",)) == [None]
    assert row("pool1", GROUPS["window"]) == ["3×3", "2", "0", None, "ceil", "27"]


def test_axes_that_differ_are_both_shown() -> None:
    assert cells(UNEVEN, GROUPS["window"])[0] == [*("3×5", "2×3", "1,2,3,4", 1, "ceil", "16×15")]
    assert cells(UNEVEN, GROUPS["view"]) == [["3×5", "2×3", "-1×-3"], ["5×8", "4×6", "-1×-3"]]


def test_a_total_is_the_sum_of_its_cells(subtests: pytest.Subtests) -> None:
    for size in [None, 32]:
        for variant in VARIANTS:
            with subtests.test(size=size, variant=variant):
                result = trace(VARIANTS[variant], size)
                table = cells(result, tuple(COLUMNS))
                for index, (key, total) in enumerate(
                    zip(COLUMNS, totals(result, tuple(COLUMNS)), strict=True)
                ):
                    column = [line[index] for line in table]
                    if total is not None:
                        assert total == sum(column), key
                    if COLUMNS[key].numeric:
                        assert all(
                            cell is None or isinstance(cell, int | float) for cell in column
                        ), key
                    else:
                        assert all(cell is None or isinstance(cell, str) for cell in column), key


def test_totals_are_the_traces() -> None:
    assert totals(PAPER, ("params", "macs", "name", "groups", "params_share")) == [
        *(PAPER.params, PAPER.macs, None, None, None)
    ]
    for name, count in PAPER.operations.items():
        assert totals(PAPER, (name,)) == [count]


def test_every_operation_has_a_column() -> None:
    for network in VARIANTS.values():
        assert trace(network).operations.keys() <= set(GROUPS["operations"])


def test_shares_are_parts_of_a_whole() -> None:
    for index in (0, 1):
        shares = [line[index] for line in cells(PAPER, GROUPS["share"])]
        assert sum(shares) == pytest.approx(100)
    assert row("fc6", GROUPS["share"]) == pytest.approx([61.925, 5.211], abs=0.001)
    nothing = trace(VARIANTS["alexnet_2012_paper"], 1)
    assert nothing.macs == 0
    assert cells(nothing, ("macs_share",)) == [[None]] * len(nothing.rows)


@given(st.integers(-500, 5000), st.integers(1, 40))
def test_quotients_are_exact_where_decimals_end(numerator: int, denominator: int) -> None:
    quotient = Fraction(numerator, denominator)
    text = quotient_text(quotient)
    ends = not set("37") & {str(p) for p in (3, 7) if quotient.denominator % p == 0}
    ends = ends and all(quotient.denominator % p for p in (11, 13, 17, 19, 23, 29, 31, 37))
    if ends:
        assert Fraction(text) == quotient
        assert "." not in text or not text.endswith("0")
    else:
        assert abs(Fraction(text) - quotient) <= Fraction(1, 20_000)
        assert len(text.partition(".")[2]) == 4


def test_an_unknown_column_is_refused() -> None:
    with pytest.raises(KeyError, match="flops"):
        cells(PAPER, ("flops",))
