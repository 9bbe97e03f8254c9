"""``towers VARIANT``: what each of several GPUs holds and computes of a network."""

import argparse

from alexnet_viz.analysis.towers.placements import LASTS
from alexnet_viz.analysis.towers.regroup import NORM_REACHES, crossings, cuttable, regrouped
from alexnet_viz.analysis.towers.split import BATCH, MAX_BATCH, MAX_TOWERS, split
from alexnet_viz.commands.arguments import (
    Parser,
    Word,
    add_format,
    add_network,
    add_reading,
    asked_network,
    traced,
    whole_number,
)
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.render.diagrams.towers import tower_diagram
from alexnet_viz.render.tables.grid import WRITERS, as_json
from alexnet_viz.render.tables.towers import (
    gpus_table,
    layers_table,
    towers_record,
    traffic_table,
)
from alexnet_viz.render.tables.trace_table import EXPORTS
from alexnet_viz.text import t
from alexnet_viz.text.problem import Problem, shown


def configure(parser: Parser, word: Word) -> None:
    """Add the options."""
    add_network(parser, word)
    add_reading(parser, word)
    add_format(parser, word, (*EXPORTS, "svg"))
    parser.add_argument("--last", choices=LASTS, default=LASTS[0], help=word("last"))
    parser.add_argument("--gpus", metavar="N", help=word("gpus"))
    parser.add_argument("--cut", metavar="LAYER,LAYER", help=word("cut"))
    parser.add_argument("--norm", choices=NORM_REACHES, help=word("norm"))
    parser.add_argument("--batch", metavar="N", default=str(BATCH), help=word("batch"))


def run(arguments: argparse.Namespace) -> int:
    """Print a network as towers and return the exit code.

    Raises:
        Problem: a number out of range, a layer to cut that is not there.
    """
    result, language = traced(arguments, asked_network(arguments)), arguments.language
    gpus = None
    if arguments.gpus is not None:
        gpus = whole_number(arguments.gpus, "--gpus", MAX_TOWERS)
    batch = whole_number(arguments.batch, "--batch", MAX_BATCH)
    count = gpus or result.network.towers
    cut = _cut(result.network, arguments.cut)
    if cut or arguments.norm:
        cross = set(crossings(result.network, count)) - set(cut)
        result = trace(regrouped(result.network, count, cross, arguments.norm))
    towers = split(result, arguments.last, gpus)
    if arguments.format == "json":
        print(as_json(towers_record(result, towers, language, batch)))
    elif towers is None:
        print(t("towers.none", language, network=result.network.id))
    elif arguments.format == "svg":
        ghosts = result.network.layers[len(result.rows) :]
        print(tower_diagram(towers, result.input_shape, language, batch=batch, ghosts=ghosts))
    else:
        write = WRITERS[arguments.format]
        print(write(layers_table(result, towers, language).grid), end="")
        if arguments.format == "table":  # a file of any other format holds one table
            print("\n" + write(gpus_table(towers, language).grid), end="")
            print("\n" + write(traffic_table(towers, batch, language).grid), end="")
    return 0


def _cut(network: Network, given: str | None) -> tuple[str, ...]:
    names = () if given is None else tuple(map(str.strip, given.split(",")))
    for name in names:
        if name not in cuttable(network):
            known = ", ".join(cuttable(network))
            raise Problem("cannot_cut", network=network.id, layer=shown(name), known=known)
    return names
