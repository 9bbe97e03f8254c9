"""The command line: finds the command that was asked for, runs it, reports what goes wrong.

Results go to standard output and exit with 0, a network that fails included: where and why it
fails is the result.  A request that cannot be answered is one line on standard error and exit
code 2; so is a package that the command needs and that is not installed.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from alexnet_viz import __version__
from alexnet_viz.commands.arguments import PROGRAM, Parser, add_language, language_of
from alexnet_viz.commands.short_form import in_long_form
from alexnet_viz.text import Language, t
from alexnet_viz.text.problem import Problem, Problems

COMMANDS = (
    "list", "trace", "open", "compare", "diff", "check", "towers", "which-inputs", "sweep",
    "export", "serve", "claims", "weights", "scan", "run-towers", "practice", "lab",
)  # fmt: skip
"""In the order of the help.  A command's module has ``configure(parser, word)``, which adds its
options, and ``run(arguments)``, which prints the result and returns the exit code."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    language = language_of(words)
    try:
        arguments = parser(language, words).parse_args(in_long_form(words))
        code: int = _module(arguments.command).run(arguments)
    except Problem as problem:
        complain(problem, language)
        return 2
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package in ("", "alexnet_viz"):
            raise
        complain(Problem("not_installed", command=words[0], package=package), language)
        return 2
    return code


def parser(language: Language, words: Sequence[str]) -> Parser:
    """All commands, and the options of those named in ``words``, with help in one language."""

    def word(key: str) -> str:
        return t(f"cli.{key}", language)

    whole = Parser(prog=PROGRAM, description=word("about"), allow_abbrev=False)
    whole.add_argument("--version", action="version", version=__version__)
    commands = whole.add_subparsers(
        required=True, metavar="COMMAND", dest="command", parser_class=Parser
    )
    for name in COMMANDS:
        help = word(name.replace("-", "_"))
        added: Parser = commands.add_parser(name, help=help, description=help, allow_abbrev=False)
        if name in words:  # the module of no other command is loaded
            add_language(added, word)
            _module(name).configure(added, word)
    return whole


def _module(command: str) -> Any:
    return import_module(f"alexnet_viz.commands.{command.replace('-', '_')}")


def complain(problem: Problem, language: Language) -> None:
    """Print a problem and its remedy on standard error, if there is one.

    They are one line, except of a file with several problems, which has one for each.
    """
    said = problem.explained(language).replace("python -m alexnet_viz ", f"{PROGRAM} ")
    several = isinstance(problem, Problems) and problem.between == "\n"
    lines = said.split("\n") if several else [said]
    printable = ("".join(each if each.isprintable() else " " for each in line) for line in lines)
    if sys.stderr is not None:
        tidy = "\n  ".join(" ".join(line.split()) for line in printable)
        print(f"alexnet_viz: {tidy}", file=sys.stderr)
