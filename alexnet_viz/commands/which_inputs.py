"""``which-inputs VARIANT``: the square inputs that fit, or that keep a dense layer at N inputs.

``--keep fc6=9216`` asks for a layer and a number.  Older spellings of the same are
``--layer fc6 --features 9216`` and ``--fc6 9216`` (``short_form``); all three fill one list of
words: ``fc6=9216``, or ``fc6`` followed by ``=9216``.
"""

import argparse
from collections.abc import Iterable

from alexnet_viz.commands.arguments import (
    Parser,
    Word,
    add_format,
    add_network,
    asked_network,
    refuse_flat,
    whole_number,
)
from alexnet_viz.commands.output import printed
from alexnet_viz.network.from_plain import BOUNDS
from alexnet_viz.render.tables.inputs import Kept, inputs_lines, inputs_record
from alexnet_viz.text.problem import Problem, shown


def configure(parser: Parser, word: Word) -> None:
    """Add the options."""
    add_network(parser, word)
    parser.add_argument(
        "--keep", action="append", default=[], metavar="LAYER[=N]", help=word("keep")
    )
    parser.add_argument(
        "--layer", action="append", dest="keep", metavar="LAYER", help=word("layer")
    )
    parser.add_argument(
        "--features",
        action="append",
        dest="keep",
        type="={}".format,
        metavar="N",
        help=word("features"),
    )
    add_format(parser, word, ("text", "json"), "text")


def run(arguments: argparse.Namespace) -> int:
    """Print the inputs and return the exit code.

    Raises:
        Problem: no such dense layer, a number out of range or without a layer.
    """
    network = asked_network(arguments)
    refuse_flat(network)
    keep = list(_kept(arguments.keep))
    if arguments.format == "json":
        return printed("json", None, inputs_record(network, keep))
    for line in inputs_lines(network, keep, arguments.language):
        print(line)
    return 0


def _kept(words: Iterable[str]) -> Iterable[Kept]:
    """Layers and their numbers, from words such as ``fc6=9216``, ``fc6`` and ``=9216``."""
    joined: list[str] = []
    for word in words:
        if not word.startswith("="):
            joined.append(word)
        elif joined and "=" not in joined[-1]:
            joined[-1] += word
        else:
            raise Problem("features_without_layer")
    for word in joined:
        layer, equals, number = word.partition("=")
        largest = BOUNDS["in_features"][1]
        yield shown(layer), whole_number(number, f"--{layer}", largest) if equals else None
