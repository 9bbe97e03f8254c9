"""``claims``: the ledger of claims, filtered, as a table or as data."""

import argparse

from alexnet_viz.analysis.claims.claim import WORDS
from alexnet_viz.analysis.claims.concept import CONCEPTS
from alexnet_viz.analysis.claims.selection import DISPUTED, counts, layers, select
from alexnet_viz.analysis.claims.source import SOURCES
from alexnet_viz.commands.arguments import Parser, Word, add_format
from alexnet_viz.render.tables.claims import BRIEF, FULL, ledger_record, ledger_table, summary_table
from alexnet_viz.render.tables.grid import WRITERS, as_json
from alexnet_viz.text import t
from alexnet_viz.text.problem import Problem, shown


def configure(parser: Parser, word: Word) -> None:
    """Add the options."""
    options = (("source", SOURCES), ("verdict", (DISPUTED, *WORDS)), ("concept", CONCEPTS))
    for name, choices in options:
        parser.add_argument(
            f"--{name}", choices=choices, default="all", help=word(f"claims_{name}"), metavar="NAME"
        )
    parser.add_argument("--layer", metavar="LAYER", default="all", help=word("claims_layer"))
    parser.add_argument("--summary", action="store_true", help=word("claims_summary"))
    add_format(parser, word)


def run(arguments: argparse.Namespace) -> int:
    """Print the claims that were asked for and return the exit code.

    Raises:
        Problem: a layer that no claim is about.
    """
    language = arguments.language
    if arguments.layer not in ("all", *layers()):
        raise Problem("claims_layer", given=shown(arguments.layer), known=", ".join(layers()))
    chosen = select(
        source=arguments.source,
        verdict=arguments.verdict,
        layer=arguments.layer,
        concept=arguments.concept,
    )
    if arguments.format == "json":
        record = counts(chosen) if arguments.summary else ledger_record(chosen, language)
        print(as_json(record))
        return 0
    write = WRITERS[arguments.format]
    if arguments.summary:
        print(write(summary_table(chosen, language).grid), end="")
    elif chosen:
        columns = BRIEF if arguments.format == "table" else FULL
        print(write(ledger_table(chosen, language, columns).grid), end="")
    else:
        print(t("claims.none", language))
    return 0
