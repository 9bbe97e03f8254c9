"""What the words of a command line mean: its commands and options, and numbers among them.

Every complaint is a ``Problem``, so that each is one line in either language, and none repeats more
of what was typed than is needed to recognise it.
"""

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from alexnet_viz import __version__
from alexnet_viz.analysis.claims.claim import WORDS
from alexnet_viz.analysis.claims.concept import CONCEPTS
from alexnet_viz.analysis.claims.selection import DISPUTED
from alexnet_viz.analysis.claims.source import SOURCES
from alexnet_viz.analysis.columns import GROUPS
from alexnet_viz.analysis.inputs.sweep import LARGEST, SMALLEST
from alexnet_viz.analysis.towers.placements import LASTS
from alexnet_viz.analysis.towers.regroup import NORM_REACHES
from alexnet_viz.analysis.towers.split import BATCH
from alexnet_viz.network.geometry import ROUNDINGS
from alexnet_viz.render.export.formats import FORMATS
from alexnet_viz.render.tables.trace_table import EXPORTS
from alexnet_viz.text import LANGUAGES, Language, t
from alexnet_viz.text.problem import SHOWN_LETTERS, Problem, shown

PROGRAM = "alexnet-viz" if Path(sys.argv[0]).stem == "alexnet-viz" else "python -m alexnet_viz"
"""How this process was started, as help and remedies print it."""

MAX_REASON = 300
"""Most letters of a complaint of argparse, which repeats everything it does not know."""

Word = Callable[[str], str]
"""The help of an option, by its key in text/cli.toml."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaint is a ``Problem``: one line, like every other."""

    def error(self, message: str) -> NoReturn:
        brief = re.sub(rf"\S{{{SHOWN_LETTERS + 1},}}", lambda word: shown(word[0]), message)
        raise Problem("arguments", reason=shown(brief, MAX_REASON))


class _Layer(argparse.Action):
    """``--layer fc6``: one more layer, of which nothing is known yet."""

    def __call__(self, parser: Any, namespace: Any, values: Any, option: Any = None) -> None:
        namespace.keep = [*namespace.keep, (values, None)]


class _Features(argparse.Action):
    """``--features 9216``: the number that the layer named last is to keep."""

    def __call__(self, parser: Any, namespace: Any, values: Any, option: Any = None) -> None:
        *before, last = namespace.keep or [None]
        if last is None or last[1] is not None:
            raise Problem("features_without_layer")
        namespace.keep = [*before, (last[0], values)]


def parser(language: Language) -> Parser:
    """The commands and their options, with help in one language."""

    def word(key: str) -> str:
        return t(f"cli.{key}", language)

    whole = Parser(prog=PROGRAM, description=word("about"), allow_abbrev=False)
    whole.add_argument("--version", action="version", version=__version__)
    commands = whole.add_subparsers(
        required=True, metavar="COMMAND", dest="command", parser_class=Parser
    )

    def command(name: str) -> Parser:
        key = name.replace("-", "_")
        added: Parser = commands.add_parser(
            name, help=word(key), description=word(key), allow_abbrev=False
        )
        added.add_argument("--language", choices=LANGUAGES, default="en", help=word("language"))
        return added

    _add_format(command("list"), word)

    for name in ("trace", "open"):
        added = command(name)
        if name == "trace":
            add_network(added, word)
        else:
            added.add_argument("file", metavar="FILE", help=word("open_file"))
        add_reading(added, word)
        _add_format(added, word)
        added.add_argument(
            "--columns", metavar="GROUP,GROUP", help=f"{word('columns')} {', '.join(GROUPS)}"
        )

    added = command("compare")
    added.add_argument("variants", nargs="+", metavar="VARIANT", help=word("variant"))
    add_reading(added, word)
    _add_format(added, word)

    added = command("towers")
    add_network(added, word)
    add_reading(added, word)
    _add_format(added, word, "svg")
    added.add_argument("--last", choices=LASTS, default=LASTS[0], help=word("last"))
    added.add_argument("--gpus", metavar="N", help=word("gpus"))
    added.add_argument("--cut", metavar="LAYER,LAYER", help=word("cut"))
    added.add_argument("--norm", choices=NORM_REACHES, help=word("norm"))
    added.add_argument("--batch", metavar="N", default=str(BATCH), help=word("batch"))

    added = command("which-inputs")
    add_network(added, word)
    added.set_defaults(keep=())
    added.add_argument("--layer", action=_Layer, metavar="LAYER", help=word("layer"))
    added.add_argument("--features", action=_Features, metavar="N", help=word("features"))
    added.add_argument("--format", choices=("text", "json"), default="text", help=word("format"))

    added = command("sweep")
    add_network(added, word)
    added.add_argument(
        "--from", dest="smallest", metavar="N", default=str(SMALLEST), help=word("sweep_from")
    )
    added.add_argument(
        "--to", dest="largest", metavar="N", default=str(LARGEST), help=word("sweep_to")
    )
    _add_format(added, word, "svg")

    added = command("export")
    added.add_argument("variants", nargs="*", metavar="VARIANT", help=word("variant"))
    added.add_argument("--spec", metavar="FILE", help=word("spec"))
    add_reading(added, word)
    added.add_argument("--to", choices=FORMATS, required=True, help=word("export_to"))
    added.add_argument("--output", metavar="FILE", help=word("export_output"))
    added.add_argument("--weights", metavar="ID", help=word("export_weights"))

    added = command("serve")
    added.add_argument("--port", metavar="N", help=word("port"))
    added.add_argument("--address", metavar="HOST", default="127.0.0.1", help=word("address"))

    _add_claims(command("claims"), word)
    _add_weights(command("weights"), word)
    return whole


def add_network(added: Parser, word: Word) -> None:
    """A variant, or the file of a spec."""
    added.add_argument("variant", nargs="?", metavar="VARIANT", help=word("variant"))
    added.add_argument("--spec", metavar="FILE", help=word("spec"))


def add_reading(added: Parser, word: Word) -> None:
    """How the network is read: at which input, rounded how, with dense layers that give way."""
    added.add_argument("--input", metavar="N", help=word("input"))
    added.add_argument("--rounding", choices=ROUNDINGS, help=word("rounding"))
    added.add_argument("--refit", action="store_true", help=word("refit"))


def _add_format(added: Parser, word: Word, *more: str) -> None:
    choices = (*EXPORTS, *more)
    added.add_argument("--format", choices=choices, default="table", help=word("format"))


def _add_claims(claims: Parser, word: Word) -> None:
    """``claims`` filters the ledger by four things."""
    verdicts = (DISPUTED, *WORDS)
    for name, options in (("source", SOURCES), ("verdict", verdicts), ("concept", CONCEPTS)):
        claims.add_argument(
            f"--{name}", choices=options, default="all", help=word(f"claims_{name}"), metavar="NAME"
        )
    claims.add_argument("--layer", metavar="LAYER", default="all", help=word("claims_layer"))
    claims.add_argument("--summary", action="store_true", help=word("claims_summary"))
    _add_format(claims, word)


def _add_weights(weights: Parser, word: Word) -> None:
    """``weights`` has commands of its own."""
    actions = weights.add_subparsers(
        required=True, metavar="ACTION", dest="action", parser_class=Parser
    )
    for name in ("list", "show", "fetch", "check"):
        help = word(f"weights_{name}")
        added: Parser = actions.add_parser(name, help=help, description=help, allow_abbrev=False)
        added.add_argument("--language", choices=LANGUAGES, default="en", help=word("language"))
        if name in ("show", "fetch"):
            added.add_argument("id", metavar="ID", help=word("weights_id"))
        if name == "fetch":
            added.add_argument("--folder", metavar="FOLDER", help=word("weights_folder"))
        elif name == "list":
            _add_format(added, word)
        else:
            added.add_argument(
                "--format", choices=("text", "json"), default="text", help=word("format")
            )
        if name == "check":
            added.add_argument("file", metavar="FILE", help=word("weights_file"))
            added.add_argument("--variant", metavar="VARIANT", help=word("weights_variant"))


def language_of(words: Sequence[str]) -> Language:
    """The language asked for, wherever it stands: help and complaints speak it too."""
    asking = argparse.ArgumentParser(add_help=False, exit_on_error=False, allow_abbrev=False)
    asking.add_argument("--language", default="en")
    try:
        asked = asking.parse_known_args(words)[0].language
    except argparse.ArgumentError:
        return "en"
    return "zh" if asked == "zh" else "en"


def whole_number(text: str, option: str, largest: int) -> int:
    """The number, 1 to ``largest``, that was given for an option.

    Raises:
        Problem: not a whole number, or out of range.
    """
    if not re.fullmatch(r"[+-]?\d+", text):
        raise Problem("not_integer", option=shown(option), value=shown(text))
    # a number of thousands of digits, which Python does not convert, is out of any range
    number = int(text) if len(text) <= SHOWN_LETTERS else 0
    if not 1 <= number <= largest:
        raise Problem("out_of_range", option=shown(option), value=shown(text), largest=largest)
    return number
