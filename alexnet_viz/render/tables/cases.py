"""The 224/227 case: the ways to make the 2012 network's sizes consistent, and what comes out."""

from alexnet_viz.analysis.columns import Column, word_column
from alexnet_viz.analysis.inputs.case_224 import CASES, Case
from alexnet_viz.network.layers import shape_text
from alexnet_viz.render.tables.table import Table
from alexnet_viz.text import Language, t


def cases_table(language: Language = "en") -> Table[Case]:
    """Who does it so: input, padding and rounding; then conv1, pool5, fc6 and the parameters.

    Data have padding as [before, after].
    """

    def maps(layer: str) -> Column[Case]:
        return Column(
            layer, "calculator.maps", lambda case: shape_text(case.trace()[layer].output_shape[1:]),
            filled={"layer": layer}, numeric=False,
        )  # fmt: skip

    return Table(
        CASES,
        (
            Column("case", "", lambda case: case.key),
            word_column("", "calculator.who", lambda case: t(f"repair.{case.key}", language)),
            Column("input", "choose.input", lambda case: case.input_size),
            Column("padding", "column.padding", lambda case: list(case.stated_padding), _padding),
            word_column("conv", "calculator.conv_rule", lambda case: case.conv, "rounding"),
            word_column("pool", "calculator.pool_rule", lambda case: case.pool, "rounding"),
            maps("conv1"),
            maps("pool5"),
            Column("fc6", "calculator.fc6", lambda case: case.trace()["fc6"].input_shape[0]),
            Column("params", "column.params", lambda case: case.trace().params),
        ),
        language,
        title=t("calculator.case", language),
    )


def _padding(sides: list[int]) -> str:
    before, after = sides
    return str(before) if before == after else f"{before} + {after}"
