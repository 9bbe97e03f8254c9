"""The command line: list, trace, open, compare, towers, which-inputs, export, serve and weights.

Results go to standard output and exit with 0, a network that fails included: where and why it
fails is the result.  A request that cannot be answered is one line on standard error and exit
code 2.  Everything but ``serve``, ``weights`` and some formats of ``export`` needs the standard
library only.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches

from alexnet_viz.analysis.columns import COLUMNS, GROUPS
from alexnet_viz.commands.arguments import PROGRAM, language_of, parser, whole_number
from alexnet_viz.commands.output import printed
from alexnet_viz.commands.short_form import in_long_form
from alexnet_viz.network.from_plain import BOUNDS
from alexnet_viz.network.geometry import MAX_INPUT_SIZE
from alexnet_viz.network.spec import Network
from alexnet_viz.network.spec_file import load
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.render.tables import inputs
from alexnet_viz.render.tables import networks as reports
from alexnet_viz.render.tables.trace_table import DEFAULT_KEYS, EXPORTS
from alexnet_viz.text import Language
from alexnet_viz.text.problem import Problem, shown
from alexnet_viz.variants import VARIANTS


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    language = language_of(words)
    try:
        arguments = parser(language).parse_args(in_long_form(words))
        return COMMANDS[arguments.command](arguments, language)
    except Problem as problem:
        complain(problem, language)
    except ModuleNotFoundError as missing:
        complain(Problem("not_installed", package=missing.name), language)
    return 2


def complain(problem: Problem, language: Language) -> None:
    """Say a problem and its remedy in one line on standard error, if there is one."""
    line = problem.explained(language).replace("python -m alexnet_viz ", f"{PROGRAM} ")
    printable = "".join(letter if letter.isprintable() else " " for letter in line)
    if sys.stderr is not None:
        print(f"alexnet_viz: {' '.join(printable.split())}", file=sys.stderr)


def _list(arguments: argparse.Namespace, language: Language) -> int:
    traces = [trace(network) for network in VARIANTS.values()]
    return printed(
        arguments.format,
        reports.list_grid(traces, language),
        reports.list_record(traces, language),
    )


def _trace(arguments: argparse.Namespace, language: Language) -> int:
    return _print_trace(arguments, asked_network(arguments), language)


def _open(arguments: argparse.Namespace, language: Language) -> int:
    from alexnet_viz.commands.open import opened  # torch or onnx, where the file is of theirs

    return _print_trace(arguments, opened(arguments.file, language), language)


def _print_trace(arguments: argparse.Namespace, network: Network, language: Language) -> int:
    export = EXPORTS[arguments.format]
    result = traced(arguments, network)
    print(export.render(result, _keys(arguments.columns), language), end="")
    return 0


def _compare(arguments: argparse.Namespace, language: Language) -> int:
    if len(arguments.variants) < 2:
        raise Problem("too_few_variants")
    traces = [traced(arguments, _variant(each)) for each in arguments.variants]
    return printed(
        arguments.format,
        reports.compare_grid(traces, language),
        reports.compare_record(traces, language),
    )


def _towers(arguments: argparse.Namespace, language: Language) -> int:
    from alexnet_viz.commands.towers import run

    return run(arguments, traced(arguments, asked_network(arguments)), language)


def _which_inputs(arguments: argparse.Namespace, language: Language) -> int:
    network = asked_network(arguments)
    _refuse_flat(network)
    largest = BOUNDS["in_features"][1]
    keep = [
        (shown(layer), None if number is None else whole_number(number, f"--{layer}", largest))
        for layer, number in arguments.keep
    ]
    if arguments.format == "json":
        return printed("json", None, inputs.inputs_record(network, keep))
    for line in inputs.inputs_lines(network, keep, language):
        print(line)
    return 0


def _sweep(arguments: argparse.Namespace, language: Language) -> int:
    from alexnet_viz.commands.sweep import run

    return run(arguments, asked_network(arguments), language)


def _serve(arguments: argparse.Namespace, language: Language) -> int:
    from alexnet_viz.commands.serve import run

    return run(arguments, language)


def _claims(arguments: argparse.Namespace, language: Language) -> int:
    from alexnet_viz.commands.claims import run  # reads the ledger, which no other command needs

    return run(arguments, language)


def _weights(arguments: argparse.Namespace, language: Language) -> int:
    from alexnet_viz.commands.weights import run  # numpy and Pillow, which no table needs

    return run(arguments, language)


def _export(arguments: argparse.Namespace, language: Language) -> int:
    from alexnet_viz.commands.export import run

    networks = [_variant(each) for each in arguments.variants]
    networks += [] if arguments.spec is None else [load(arguments.spec)]
    if not networks:
        raise Problem("nothing_to_export")
    return run(arguments, [traced(arguments, network) for network in networks], language)


COMMANDS: Mapping[str, Callable[[argparse.Namespace, Language], int]] = {
    "list": _list,
    "trace": _trace,
    "open": _open,
    "compare": _compare,
    "towers": _towers,
    "which-inputs": _which_inputs,
    "sweep": _sweep,
    "export": _export,
    "claims": _claims,
    "serve": _serve,
    "weights": _weights,
}


def asked_network(arguments: argparse.Namespace) -> Network:
    """The variant or the spec that was asked for.

    Raises:
        Problem: neither or both, or no such one.
    """
    if (arguments.variant is None) == (arguments.spec is None):
        raise Problem("variant_or_spec")
    return _variant(arguments.variant) if arguments.spec is None else load(arguments.spec)


def _variant(given: str) -> Network:
    if given in VARIANTS:
        return VARIANTS[given]
    near = _nearest(given, VARIANTS)
    if near:
        raise Problem("unknown_variant_near", given=shown(given), nearest=near)
    raise Problem("unknown_variant", given=shown(given))


def traced(arguments: argparse.Namespace, network: Network) -> Trace:
    """A network read as the options say: its input, rounding rule and dense layers.

    Raises:
        Problem: an input out of range, or of a network that takes no picture.
    """
    if arguments.rounding:
        network = network.rounded(arguments.rounding)
    if arguments.refit:
        network = network.refitted()
    if arguments.input is None:
        return trace(network)
    size = whole_number(arguments.input, "--input", MAX_INPUT_SIZE)
    _refuse_flat(network)
    return trace(network, size)


def _refuse_flat(network: Network) -> None:
    if len(network.input_shape) == 1:
        raise Problem("flat_input", network=network.id, features=network.input_shape[0])


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


def _nearest(given: str, known: Iterable[str]) -> str | None:
    """The first known id that goes on as ``given`` begins, else the most similar one."""

    def simple(text: str) -> str:
        return "".join(filter(str.isalnum, text.lower()))

    for each in known:
        if simple(given) and simple(each).startswith(simple(given)):
            return each
    return next(iter(get_close_matches(given.lower(), known, n=1)), None)
