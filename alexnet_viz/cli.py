"""The command line: list, trace, compare, towers, which-inputs and serve.

Results go to standard output and exit with 0, a network that fails included: where and why it
fails is the result.  A request that cannot be answered is one line on standard error and exit
code 2.  Everything but ``serve`` needs the standard library only.
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

from alexnet_viz import __version__, reports
from alexnet_viz.columns import COLUMNS, GROUPS
from alexnet_viz.exports import DEFAULT_KEYS, EXPORTS
from alexnet_viz.geometry import MAX_INPUT_SIZE, ROUNDINGS, check_input_size
from alexnet_viz.problem import Problem
from alexnet_viz.spec import Network
from alexnet_viz.specfile import load
from alexnet_viz.tables import WRITERS, Grid
from alexnet_viz.text import LANGUAGES, Language, t
from alexnet_viz.towers import split
from alexnet_viz.trace import Trace, trace
from alexnet_viz.variants import VARIANTS

APP = Path(__file__).resolve().parent.parent / "app.py"


class _Parser(argparse.ArgumentParser):
    """An argument parser whose complaint is a ``Problem``: one line, like every other."""

    def error(self, message: str) -> NoReturn:
        raise Problem("arguments", reason=message)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    language = _language(words)
    try:
        arguments = _parser(language).parse_args(_with_layer_options(words))
        return int(arguments.run(arguments, language))
    except Problem as problem:
        remedy = problem.remedy(language)
        line = " ".join(filter(None, (problem.message(language), remedy)))
        shown = "".join(letter if letter.isprintable() else " " for letter in line)
        print(f"alexnet_viz: {' '.join(shown.split())}", file=sys.stderr)
        return 2


def _list(arguments: argparse.Namespace, language: Language) -> int:
    traces = [trace(network) for network in VARIANTS.values()]
    return _print(
        arguments.format,
        reports.list_grid(traces, language),
        reports.list_record(traces, language),
    )


def _trace(arguments: argparse.Namespace, language: Language) -> int:
    export = EXPORTS[arguments.format]
    result = _traced(arguments, _network(arguments))
    print(export.render(result, _keys(arguments.columns), language), end="")
    return 0


def _compare(arguments: argparse.Namespace, language: Language) -> int:
    if len(arguments.variants) < 2:
        raise Problem("too_few_variants")
    traces = [_traced(arguments, _variant(each)) for each in arguments.variants]
    return _print(
        arguments.format,
        reports.compare_grid(traces, language),
        reports.compare_record(traces, language),
    )


def _towers(arguments: argparse.Namespace, language: Language) -> int:
    result = _traced(arguments, _network(arguments))
    towers = split(result, arguments.last)
    record = reports.towers_record(result, towers, language)
    if towers is None and arguments.format != "json":
        print(t("towers.none", language, network=result.network.id))
        return 0
    grid = reports.towers_grid(result, towers, language) if towers else None
    return _print(arguments.format, grid, record)


def _which_inputs(arguments: argparse.Namespace, language: Language) -> int:
    network = _network(arguments)
    _refuse_flat(network)
    features = None
    if arguments.features is not None:
        if arguments.layer is None:
            raise Problem("features_without_layer")
        features = _integer(arguments.features, "features")
    for line in reports.inputs_lines(network, arguments.layer, features, language):
        print(line)
    return 0


def _serve(arguments: argparse.Namespace, language: Language) -> int:
    port = _integer(arguments.port, "port")
    if not 1 <= port <= 65_535:
        raise Problem("port", value=port)
    if find_spec("streamlit") is None:
        raise Problem("no_streamlit")
    if not APP.is_file():
        raise Problem("file_missing", path=str(APP))
    command = [
        *(sys.executable, "-m", "streamlit", "run", str(APP)),
        "--server.address=127.0.0.1",
        f"--server.port={port}",
        "--server.headless=true",
        "--browser.gatherUsageStats=false",
    ]
    try:
        return subprocess.run(command, check=False).returncode
    except KeyboardInterrupt:
        return 0


def _parser(language: Language) -> argparse.ArgumentParser:
    def word(key: str) -> str:
        return t(f"cli.{key}", language)

    parser = _Parser(prog="python -m alexnet_viz", description=word("about"), allow_abbrev=False)
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)

    def command(name: str, run: Any) -> argparse.ArgumentParser:
        key = name.replace("-", "_")
        added: argparse.ArgumentParser = commands.add_parser(
            name, help=word(key), description=word(key), allow_abbrev=False
        )
        added.set_defaults(run=run)
        added.add_argument("--language", choices=LANGUAGES, default="en", help=word("language"))
        return added

    def add_network(added: argparse.ArgumentParser) -> None:
        added.add_argument("variant", nargs="?", metavar="VARIANT", help=word("variant"))
        added.add_argument("--spec", metavar="FILE", help=word("spec"))

    def add_reading(added: argparse.ArgumentParser) -> None:
        added.add_argument("--input", metavar="N", help=word("input"))
        added.add_argument("--rounding", choices=ROUNDINGS, help=word("rounding"))
        added.add_argument("--refit", action="store_true", help=word("refit"))

    def add_format(added: argparse.ArgumentParser) -> None:
        added.add_argument("--format", choices=EXPORTS, default="table", help=word("format"))

    add_format(command("list", _list))

    added = command("trace", _trace)
    add_network(added)
    add_reading(added)
    add_format(added)
    added.add_argument(
        "--columns", metavar="GROUP,GROUP", help=f"{word('columns')} {', '.join(GROUPS)}"
    )

    added = command("compare", _compare)
    added.add_argument("variants", nargs="+", metavar="VARIANT", help=word("variant"))
    add_reading(added)
    add_format(added)

    added = command("towers", _towers)
    add_network(added)
    add_reading(added)
    add_format(added)
    added.add_argument("--last", choices=("first", "halves"), default="first", help=word("last"))

    added = command("which-inputs", _which_inputs)
    add_network(added)
    added.add_argument("--layer", metavar="LAYER", help=word("layer"))
    added.add_argument("--features", metavar="N", help=word("features"))

    added = command("serve", _serve)
    added.add_argument("--port", metavar="N", default="8501", help=word("port"))
    return parser


def _language(words: Sequence[str]) -> Language:
    """The language asked for, wherever it stands: help and complaints speak it too."""
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False, allow_abbrev=False)
    parser.add_argument("--language", default="en")
    try:
        asked = parser.parse_known_args(words)[0].language
    except argparse.ArgumentError:
        return "en"
    return "zh" if asked == "zh" else "en"


def _with_layer_options(words: list[str]) -> list[str]:
    """``--fc6 9216`` in the long form, ``--layer fc6 --features 9216``."""
    if "which-inputs" not in words[:1]:
        return words
    long: list[str] = []
    known = ("--layer", "--features", "--spec", "--language", "--help")
    for word in words:
        option, _, value = word.partition("=")
        if not option.startswith("--") or option in known or option == "--":
            number = re.fullmatch(r"[+-]?\d[\d_,.]*", word)
            long += ["--features", word] if number and long[-2:-1] == ["--layer"] else [word]
        else:
            long += ["--layer", option[2:], *(["--features", value] if value else [])]
    return long


def _network(arguments: argparse.Namespace) -> Network:
    if (arguments.variant is None) == (arguments.spec is None):
        raise Problem("variant_or_spec")
    return _variant(arguments.variant) if arguments.spec is None else load(arguments.spec)


def _variant(given: str) -> Network:
    if given in VARIANTS:
        return VARIANTS[given]
    near = _nearest(given, VARIANTS)
    if near:
        raise Problem("unknown_variant_near", given=given, nearest=near)
    raise Problem("unknown_variant", given=given)


def _traced(arguments: argparse.Namespace, network: Network) -> Trace:
    if arguments.rounding:
        network = network.rounded(arguments.rounding)
    if arguments.refit:
        network = network.refitted()
    if arguments.input is None:
        return trace(network)
    try:
        size = int(arguments.input)
    except ValueError:
        raise Problem("input_size", value=arguments.input, largest=MAX_INPUT_SIZE) from None
    check_input_size(size)
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
            raise Problem("unknown_columns", given=given, known=", ".join(GROUPS))
    return tuple(dict.fromkeys(keys))


def _integer(text: str, name: str) -> int:
    try:
        value = int(text)
    except ValueError:
        raise Problem("not_integer", name=name, value=text) from None
    if value < 1:
        raise Problem("not_positive", name=name, value=value)
    return value


def _nearest(given: str, known: Iterable[str]) -> str | None:
    """The first known id that goes on as ``given`` begins, else the most similar one."""

    def simple(text: str) -> str:
        return "".join(filter(str.isalnum, text.lower()))

    for each in known:
        if simple(given) and simple(each).startswith(simple(given)):
            return each
    return next(iter(get_close_matches(given.lower(), known, n=1)), None)


def _print(format: str, grid: Grid | None, record: object) -> int:
    if format == "json" or grid is None:
        print(json.dumps(record, ensure_ascii=False, indent=2))
    else:
        print(WRITERS[format](grid), end="")
    return 0
