"""``claims``: the ledger on the command line, filtered, as a table or as data."""

import argparse

from alexnet_viz.analysis.claims.selection import counts, layers, select
from alexnet_viz.render.tables.claims import BRIEF, FULL, ledger_grid, ledger_record, summary_grid
from alexnet_viz.render.tables.grid import WRITERS, as_json
from alexnet_viz.text import Language, t
from alexnet_viz.text.problem import Problem, shown


def run(arguments: argparse.Namespace, language: Language) -> int:
    """Print the claims that were asked for and return the exit code.

    Raises:
        Problem: a layer of which no claim speaks.
    """
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
        print(write(summary_grid(chosen, language)), end="")
    elif chosen:
        brief = arguments.format == "table"
        print(write(ledger_grid(chosen, language, BRIEF if brief else FULL)), end="")
    else:
        print(t("claims.none", language))
    return 0
