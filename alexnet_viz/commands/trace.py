"""``trace VARIANT``: one network layer by layer."""

import argparse

from alexnet_viz.analysis.columns import COLUMNS, GROUPS
from alexnet_viz.commands.arguments import (
    Parser,
    Word,
    add_format,
    add_network,
    add_reading,
    asked_network,
    traced,
)
from alexnet_viz.network.trace import Trace
from alexnet_viz.render.tables.trace_table import DEFAULT_KEYS, EXPORTS
from alexnet_viz.text.problem import Problem, shown


def configure(parser: Parser, word: Word) -> None:
    """Add the options."""
    add_network(parser, word)
    add_layers(parser, word)


def add_layers(parser: Parser, word: Word) -> None:
    """Add the options of the table of layers, which ``print_layers`` reads."""
    add_reading(parser, word)
    add_format(parser, word)
    parser.add_argument(
        "--columns", metavar="GROUP,GROUP", help=f"{word('columns')} {', '.join(GROUPS)}"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the layers of a variant or a spec and return the exit code."""
    return print_layers(arguments, traced(arguments, asked_network(arguments)))


def print_layers(arguments: argparse.Namespace, result: Trace) -> int:
    """Print the layers of a trace and return the exit code.

    Raises:
        Problem: columns that do not exist.
    """
    keys = _keys(arguments.columns)
    print(EXPORTS[arguments.format].render(result, keys, arguments.language), end="")
    return 0


def _keys(columns: str | None) -> tuple[str, ...]:
    """Groups and columns by name, the layer's name always first."""
    if columns is None:
        return DEFAULT_KEYS
    keys = ["name"]
    for given in columns.split(","):
        if given in GROUPS:
            keys += GROUPS[given]
        elif given in COLUMNS:
            keys.append(given)
        else:
            raise Problem("unknown_columns", given=shown(given), known=", ".join(GROUPS))
    return tuple(dict.fromkeys(keys))
