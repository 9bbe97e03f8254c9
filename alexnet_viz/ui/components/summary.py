"""Parts of pages about a trace: totals, failure, sources, the files of a table."""

import streamlit as st

from alexnet_viz.analysis.columns import COLUMNS
from alexnet_viz.analysis.inputs.case_224 import SIZES, staircase
from alexnet_viz.network.layers import Conv, Flatten, Linear, shape_text
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Trace
from alexnet_viz.render.diagrams.blocks import is_thin
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.render.theme import FAMILY_COLOURS
from alexnet_viz.text import has
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.components.downloads import download_menu, grid_file
from alexnet_viz.variants.traces import variant_trace

COUNTED_IN = {"en": 1_000_000, "zh": 10_000}
"""The unit of a large count in each language: million, 万."""


def failure(result: Trace) -> None:
    """Show where the network fails, the rule and the remedy; nothing if it does not fail."""
    if result.failure:
        words = (result.failure.message(language()), result.failure.remedy(language()))
        st.warning("\n\n".join(map(escaped, words)), icon=":material/block:")


def totals(result: Trace) -> None:
    """Show parameters, MACs, neurons and the input of the first dense layer in a quiet line."""
    st.caption(totals_line(result))


def totals_line(result: Trace) -> str:
    """Parameters, MACs, neurons and the input of the first dense layer."""
    parts = [
        t("show.params", n=result.params),
        t("show.macs", n=result.macs),
        t("show.neurons", n=result.neurons),
    ]
    dense = next((row for row in result.rows if isinstance(row.layer, Linear)), None)
    if dense:
        before = next((r for r in result.rows if isinstance(r.layer, Flatten)), dense)
        parts.append(
            t(
                "show.dense",
                layer=dense.name,
                n=dense.input_shape[0],
                shape=shape_text(before.input_shape),
            )
        )
    until = t("show.until", layer=result.failure.layer) + " " if result.failure else ""
    return until + " · ".join(parts)


def staircases(network: Network) -> None:
    """Show the sides of the maps at inputs of 224 and 227 in a quiet line."""
    st.caption(staircases_line(network))


def staircases_line(network: Network) -> str:
    """The sides of the maps at inputs of 224 and 227."""
    lines = []
    for size in SIZES:
        result = variant_trace(network, size)
        steps = " → ".join(map(str, staircase(result)))
        stops = f" ✗ {result.failure.layer}" if result.failure else ""
        lines.append(t("show.staircase", size=size, steps=steps + stops))
    return " · ".join(lines)


def counted(number: int) -> float:
    """A large count in the unit of the language: millions, or 万."""
    return number / COUNTED_IN[language()]


def where_the_numbers_are(result: Trace) -> str:
    """A sentence: the dense layers' share of the parameters, the convolutions' of the MACs.

    Empty for a network that has not both.
    """
    dense = [row for row in result.rows if isinstance(row.layer, Linear)]
    convolutions = sum(row.macs for row in result.rows if isinstance(row.layer, Conv))
    if not dense or not convolutions:
        return ""
    return t(
        "show.where",
        params=counted(result.params),
        dense=counted(sum(row.params for row in dense)),
        first=dense[0].name,
        last=dense[-1].name,
        share=100 * convolutions / result.macs,
    )


def kind_legend(result: Trace, *, detail: bool) -> list[tuple[str, str]]:
    """The (colour, name) pairs of a diagram, in the order in which they appear."""
    named: dict[str, str] = {}
    for row in result.rows:
        if not row.layer.is_view and (detail or not is_thin(row.layer)):
            named.setdefault(FAMILY_COLOURS[row.layer.family], t(f"kind.{row.kind}"))
    return list(named.items())


def about(network: Network) -> None:
    """Show the variant's summary, its source, and its assumptions."""
    if network.about is None:
        return
    words, source = network.about, network.about.source
    title = escaped(source.titled(language()))
    link = f"[{title}]({source.url})" if source.url else title
    st.markdown(words.summary.of(language()))
    parts = (t("show.source", source=link), escaped(source.place(language())), words.year)
    st.caption(" · ".join(str(part) for part in parts if part))
    if network.assumptions or words.stated:
        with st.expander(t("show.assumptions"), key="assumptions"):
            for assumption in network.assumptions:
                st.markdown(f"- {escaped(assumption.of(language()))}")
            if words.stated:
                st.markdown(f"**{t('show.stated')}**")
                st.table(
                    {
                        t("column.name"): list(map(escaped, words.stated)),
                        t("show.stated"): [
                            ", ".join(field_title(field) for field in fields)
                            for fields in words.stated.values()
                        ],
                    },
                )


def field_title(field: str) -> str:
    """The title of a layer's field."""
    if field in COLUMNS:
        return COLUMNS[field].header(language())
    return t(f"field.{field}") if has(f"field.{field}") else escaped(field)


def grid_downloads(grid: Grid, record: object, file: str, *, key: str) -> None:
    """The menu of a table's files; ``record`` is its content as JSON data."""
    download_menu(grid_file(grid, record, file), key=key)
