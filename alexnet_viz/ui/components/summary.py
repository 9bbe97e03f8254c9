"""Parts of pages about a trace: totals, failure, sources, downloads."""

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from alexnet_viz.analysis.columns import COLUMNS
from alexnet_viz.analysis.inputs.case_224 import SIZES, staircase
from alexnet_viz.network.layers import Flatten, Linear, shape_text
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.render.diagrams.blocks import is_thin
from alexnet_viz.render.tables.grid import Grid, as_json, comma_separated, latex, markdown
from alexnet_viz.render.tables.trace_table import EXPORTS
from alexnet_viz.render.theme import FAMILY_COLOURS
from alexnet_viz.text import has
from alexnet_viz.ui.app.words import escaped, language, t

FORMATS = ("csv", "markdown", "latex", "json")


def failure(result: Trace) -> None:
    """Show where the network fails, the rule and the remedy; nothing if it does not fail."""
    if result.failure:
        words = (result.failure.message(language()), result.failure.remedy(language()))
        st.warning("\n\n".join(map(escaped, words)), icon=":material/block:")


def totals(result: Trace) -> None:
    """Show parameters, MACs, neurons and the input of the first dense layer in one line."""
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
    st.markdown(until + " · ".join(parts))


def staircases(network: Network) -> None:
    """Show the sides of the maps at inputs of 224 and 227."""
    lines = []
    for size in SIZES:
        result = trace(network, size)
        steps = " → ".join(map(str, staircase(result)))
        stops = f" ✗ {result.failure.layer}" if result.failure else ""
        lines.append(t("show.staircase", size=size, steps=steps + stops))
    st.markdown(" &nbsp; · &nbsp; ".join(lines))


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
    link = f"[{escaped(source.title)}]({source.url})" if source.url else escaped(source.title)
    st.markdown(words.summary.of(language()))
    parts = (t("show.source", source=link), escaped(source.where), words.year)
    st.caption(" · ".join(str(part) for part in parts if part))
    if words.assumptions or words.stated:
        with st.expander(t("show.assumptions"), key="assumptions"):
            for assumption in words.assumptions:
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


def downloads(result: Trace, keys: list[str], *, key: str) -> None:
    """Buttons to download a trace's table."""
    chosen = language()
    renderers = {
        name: partial(export.render, result, keys, chosen) for name, export in EXPORTS.items()
    }
    file_downloads(renderers, f"{result.network.id}_{result.input_shape[-1]}", key=key)


def grid_downloads(grid: Grid, record: object, file: str, *, key: str) -> None:
    """Buttons to download any other table; ``record`` is its content as JSON data."""
    renderers: dict[str, Callable[[], str]] = {
        "csv": lambda: comma_separated(grid),
        "markdown": lambda: markdown(grid),
        "latex": lambda: latex(grid),
        "json": lambda: as_json(record),
    }
    file_downloads(renderers, file, key=key)


def file_downloads(renderers: Mapping[str, Callable[[], str]], file: str, *, key: str) -> None:
    """Buttons to download files; a file is rendered only when its button is pressed."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(t("show.download"))
        for name in FORMATS:
            # Excel takes CSV for UTF-8 only with a byte order mark
            encoding = "utf-8-sig" if name == "csv" else "utf-8"
            st.download_button(
                t(f"show.format.{name}"),
                data=partial(_encoded, renderers[name], encoding),
                file_name=f"{file}.{EXPORTS[name].extension}",
                mime=EXPORTS[name].media_type,
                on_click="ignore",
                key=f"{key}.{name}",
            )


def _encoded(render: Callable[[], str], encoding: str) -> bytes:
    return render().encode(encoding)
