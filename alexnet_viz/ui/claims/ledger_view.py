"""Parts of the Claims page: filters, ledger, one claim in full, counts by source."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any

import streamlit as st

from alexnet_viz import text
from alexnet_viz.analysis.claims.claim import WORDS, Claim
from alexnet_viz.analysis.claims.concept import CONCEPTS
from alexnet_viz.analysis.claims.ledger import claims
from alexnet_viz.analysis.claims.selection import (
    ALL,
    DISPUTED,
    FINE,
    furthest,
    layers,
    select,
)
from alexnet_viz.analysis.claims.source import SOURCES
from alexnet_viz.analysis.claims.verdict import judge
from alexnet_viz.analysis.claims.view import view
from alexnet_viz.analysis.claims.wording import (
    explained,
    paper_text,
    quantity_text,
    said,
    value_text,
)
from alexnet_viz.analysis.compare.difference_words import layers_text
from alexnet_viz.render.tables.claims import (
    BRIEF,
    cell,
    layer_text,
    ledger_record,
    ledger_table,
    summary_table,
)
from alexnet_viz.render.tables.grid import Grid, as_json, comma_separated, latex, markdown
from alexnet_viz.text import Language
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.choices import MOST_LETTERS
from alexnet_viz.ui.app.words import escaped, labels, language, t
from alexnet_viz.ui.components import network_picker
from alexnet_viz.ui.components.downloads import Files, download_menu
from alexnet_viz.ui.components.plate import plate
from alexnet_viz.ui.components.table_view import grid_table, plate_table

FILTERS = ("claim_text", "claim_source", "claim_verdict", "claim_layer", "claim_concept")
HEIGHT = 500
"""Height of the ledger in pixels; it scrolls under its header, beside the chosen claim."""

WIDE, NARROW = 170, 130
"""Widths of the search and of the choice of a layer, in pixels."""


def filters() -> tuple[Claim, ...]:
    """Draw the search and the choices of source, verdict, layer and concept.

    Returns the claims that match.
    """
    spoken = language()
    sources = {id: source.title.of(spoken) for id, source in SOURCES.items()}
    named = {
        "claim_source": (t("claims.source"), sources),
        "claim_verdict": (
            t("claims.verdict"),
            {DISPUTED: t("claims.disputed"), **_named("claims.verdict_of.", WORDS)},
        ),
        "claim_layer": (
            t("claims.layer"),
            {layer: layer_text(layer, spoken) for layer in layers()},
        ),
        "claim_concept": (t("claims.concept"), _named("claims.concept_of.", CONCEPTS)),
    }
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input(
            t("claims.search"),
            max_chars=MOST_LETTERS,
            placeholder=t("claims.search_hint"),
            width=WIDE,
            help=t("claims.search_help"),
            **state.bound("claim_text"),
        )
        for choice, (label, options) in named.items():
            titles = {ALL: t("claims.all"), **options}
            st.selectbox(
                label,
                list(titles),
                format_func=titles.__getitem__,
                width=NARROW if choice == "claim_layer" else "stretch",
                **state.bound(choice),
            )
        st.button(
            t("claims.reset"),
            key="claims.reset",
            icon=":material/filter_alt_off:",
            on_click=state.reset,
            args=FILTERS,
            disabled=all(map(state.is_default, FILTERS)),
        )
    return _selected()


def _selected(**other: str) -> tuple[Claim, ...]:
    """The claims that pass the filters, ``other`` ones in place of those chosen."""
    chosen = {choice.removeprefix("claim_"): state.get(choice) for choice in FILTERS}
    return select(language=language(), **chosen | other)


def _named(prefix: str, options: Sequence[str] | dict[str, str]) -> dict[str, str]:
    name = labels(prefix, options)
    return {option: name(option) for option in options}


def ledger(chosen: Sequence[Claim]) -> None:
    """Show the claims as a table to choose from, and as files."""
    counted = t("claims.counted", shown=len(chosen), all=len(claims()))
    if not chosen:
        st.markdown(counted)
        st.info(t("claims.none"), icon=":material/filter_alt_off:")
        return
    plate(
        key="claims",
        table=_ledger_table(chosen),
        selected=state.use("claim"),
        choice="claim",
    )
    st.markdown(counted)
    st.caption(t("claims.ledger_caption"))
    _downloads(chosen)


def _ledger_table(chosen: Sequence[Claim]) -> dict[str, Any]:
    return plate_table(
        t("claims.ledger"),
        [(t(f"claims.{column}"), "", False) for column in BRIEF[1:]],
        [_line(claim, language()) for claim in chosen],
        wrap=True,
        roomy=1,
        height=HEIGHT,
    )


@cache
def _line(claim: Claim, spoken: Language) -> dict[str, Any]:
    """A row of the ledger; a claim and a language always give the same."""
    cells = [cell(claim, column, spoken) for column in BRIEF[1:]]
    cells[0] = _place(claim, spoken)
    verdict = judge(claim)
    if verdict.basis == "judged":
        cells[-1] = text.t("claims.judged_so", spoken, verdict=cells[-1])
    return {
        "name": claim.id,
        "title": said(claim, spoken),
        "cells": cells,
        "keys": [claim.id, *cells[1:-1], WORDS.index(verdict.word)],
        "lit": [*(False for _ in cells[1:]), verdict.word not in FINE],
    }


def _place(claim: Claim, spoken: Language) -> str:
    """The place of a claim in short form: "000, line 6", "torchvision"."""
    number = claim.source.removeprefix("article_")
    if number == claim.source:
        return SOURCES[claim.source].title.of(spoken)
    place = text.t("claims.place", spoken, article=number, where=claim.where.of(spoken))
    # at most two lines, broken after the comma
    joined = re.sub(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])", "\N{WORD JOINER}", place)
    return re.sub(r"(?<!,) ", "\N{NO-BREAK SPACE}", joined)


def _downloads(chosen: Sequence[Claim]) -> None:
    spoken = language()

    def written(write: Callable[[Grid], str]) -> str:
        return write(ledger_table(chosen, spoken).grid)

    writers = {"csv": comma_separated, "markdown": markdown, "latex": latex}
    formats: dict[str, Callable[[], str]] = {
        **{name: partial(written, write) for name, write in writers.items()},
        "json": lambda: as_json(ledger_record(chosen, spoken)),
    }
    download_menu(Files("", "claims", formats), key="claims")


def detail(chosen: Sequence[Claim]) -> None:
    """Show the claim that was clicked; until one is, how many hold, and the one farthest off."""
    id = state.use("claim")
    if id is not None:
        st.button(
            t("claims.close"),
            key="claims.close",
            icon=":material/close:",
            type="tertiary",
            on_click=state.reset,
            args=("claim",),
        )
        _in_full(claims()[id])
        return
    every = _selected(verdict=ALL)
    counted = Counter(judge(claim).word for claim in every)
    parts = [
        t("claims.part", verdict=t(f"claims.verdict_of.{word}"), n=n)
        for word, n in counted.most_common()
        if word not in FINE
    ]
    fine = sum(counted[word] for word in FINE)
    if every:
        words = "claims.hold" if parts else "claims.all_hold"
        listed = layers_text(parts, language())
        st.markdown(t(words, all=len(every), fine=fine, rest=len(every) - fine, parts=listed))
    if found := furthest(chosen):
        st.markdown(f"**{t('claims.furthest')}**")
        _in_full(found)


def _in_full(claim: Claim) -> None:
    """Show a claim: numbers, reason, and a link to the page that shows it."""
    spoken = language()
    verdict = judge(claim)
    about = (
        claim.where.of(spoken),
        layer_text(claim.layer, spoken),
        t(f"claims.concept_of.{claim.concept}"),
    )
    st.caption(" · ".join((_linked(claim.source), *map(escaped, about))))
    st.header(escaped(said(claim, spoken)), anchor=False)
    st.markdown(
        f"**{t(f'claims.verdict_of.{verdict.word}')}** · {t(f'claims.basis_long.{verdict.basis}')}"
    )
    if claim.printed:
        st.markdown(t("claims.printed", printed=escaped(claim.printed)))
    if verdict.findings:
        paper = [paper_text(each, spoken) for each in verdict.findings]
        columns = {
            t("claims.quantity"): [quantity_text(e.quantity, spoken) for e in verdict.findings],
            t("claims.stated"): [
                value_text(e.quantity, e.stated, spoken) for e in verdict.findings
            ],
            t("claims.own"): [value_text(e.quantity, e.own, spoken) for e in verdict.findings],
        }
        st.table(columns | ({t("claims.paper"): paper} if any(paper) else {}))
    st.markdown(escaped(explained(claim, spoken)))
    shown = view(claim)
    st.page_link(
        f"pages/{shown.page}.py",
        label=t("claims.show", page=t(f"page.{shown.page}.title")),
        icon=":material/arrow_forward:",
        query_params=shown.choices,
    )
    st.caption(t("claims.checked_in", variant=network_picker.variant_title(claim.variant)))


def summary() -> None:
    """Show the number of claims by source and verdict; choosing a source filters by it."""
    st.header(t("claims.by_source"), anchor=False)
    table = summary_table(claims().values(), language(), "verdict_short")
    counts = grid_table(table.grid, table.rows, titled=True)
    for row in counts["rows"]:
        row["cells"] = ["" if text == "0" else text for text in row["cells"]]
    plate(
        key="claims_summary",
        table=counts | {"label": t("claims.by_source")},
        selected=state.get("claim_source"),
        choice="claim_source",
    )
    st.caption(t("claims.by_source_caption"))
    links = [_linked(id) for id, source in SOURCES.items() if source.url]
    st.caption(t("claims.sources", links=layers_text(links, language())))


def _linked(id: str) -> str:
    """The title of a source, as a link where it has an address."""
    source = SOURCES[id]
    title = escaped(source.title.of(language()))
    return f"[{title}]({source.url})" if source.url else title
