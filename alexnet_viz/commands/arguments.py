"""What the commands share: common options, and what their values mean.

Every complaint is a ``Problem``, so that each is one line in either language, and none repeats more
of what was typed than is needed to recognise it.
"""

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NoReturn

from alexnet_viz.network.geometry import MAX_INPUT_SIZE, ROUNDINGS
from alexnet_viz.network.spec import Network
from alexnet_viz.network.spec_file import load
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.render.tables.trace_table import EXPORTS
from alexnet_viz.text import LANGUAGES, Language
from alexnet_viz.text.problem import SHOWN_LETTERS, Problem, shown
from alexnet_viz.variants.lookup import variant

PROGRAM = "alexnet-viz" if Path(sys.argv[0]).stem == "alexnet-viz" else "python -m alexnet_viz"
"""How this process was started, as help and remedies print it."""

MAX_CHANNELS = 4096
"""Most channels of an input; a picture has 1 or 3, a satellite's some hundreds."""

MAX_REASON = 300
"""Most letters of a complaint of argparse, which repeats everything it does not know."""

Word = Callable[[str], str]
"""The help of an option, by its key in text/cli.toml."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaint is a ``Problem``: one line, like every other."""

    def error(self, message: str) -> NoReturn:
        brief = re.sub(rf"\S{{{SHOWN_LETTERS + 1},}}", lambda word: shown(word[0]), message)
        raise Problem("arguments", reason=shown(brief, MAX_REASON))


def add_language(added: Parser, word: Word) -> None:
    """Add ``--language``, which every command has."""
    added.add_argument("--language", choices=LANGUAGES, default="en", help=word("language"))


def add_network(added: Parser, word: Word) -> None:
    """Add a variant, or the file of a spec."""
    added.add_argument("variant", nargs="?", metavar="VARIANT", help=word("variant"))
    added.add_argument("--spec", metavar="FILE", help=word("spec"))


def add_reading(added: Parser, word: Word) -> None:
    """Add the input, the rounding rule and ``--refit``, which ``traced`` reads."""
    added.add_argument("--input", metavar="N", help=word("input"))
    added.add_argument("--channels", metavar="N", help=word("channels"))
    added.add_argument("--rounding", choices=ROUNDINGS, help=word("rounding"))
    added.add_argument("--refit", action="store_true", help=word("refit"))


def add_format(
    added: Parser, word: Word, choices: Iterable[str] = EXPORTS, default: str = "table"
) -> None:
    """Add ``--format``."""
    added.add_argument("--format", choices=tuple(choices), default=default, help=word("format"))


def language_of(words: Sequence[str]) -> Language:
    """The language asked for anywhere in ``words``: help and complaints use it too."""
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


def asked_network(arguments: argparse.Namespace) -> Network:
    """The variant or the spec that was asked for.

    Raises:
        Problem: neither or both, or no such one.
    """
    if (arguments.variant is None) == (arguments.spec is None):
        raise Problem("variant_or_spec")
    return variant(arguments.variant) if arguments.spec is None else load(arguments.spec)


def traced(arguments: argparse.Namespace, network: Network) -> Trace:
    """The trace of a network at the input, rounding rule and dense layers that were asked for.

    Raises:
        Problem: an input out of range, or of a network that takes no picture.
    """
    if arguments.rounding:
        network = network.rounded(arguments.rounding)
    if arguments.refit:
        network = network.refitted()
    if arguments.channels is not None:
        refuse_flat(network)
        channels = whole_number(arguments.channels, "--channels", MAX_CHANNELS)
        network = network.with_channels(channels)
    if arguments.input is None:
        return trace(network)
    size = whole_number(arguments.input, "--input", MAX_INPUT_SIZE)
    refuse_flat(network)
    return trace(network, size)


def refuse_flat(network: Network) -> None:
    """Check that the input of a network has a side.

    Raises:
        Problem: its input is a flat row of features.
    """
    if len(network.input_shape) == 1:
        raise Problem("flat_input", network=network.id, features=network.input_shape[0])
