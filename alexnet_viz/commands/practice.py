"""``practice sheet | show``: a sheet of exercises as a file for a learning platform, or as text."""

import argparse
import re
import sys
from collections.abc import Callable, Iterator, Mapping

from alexnet_viz.commands.arguments import Parser, Word, add_language, whole_number
from alexnet_viz.commands.output import saved
from alexnet_viz.teaching.exercises.generators import GENERATORS, SEEDS
from alexnet_viz.teaching.sheets.exports.item import Item, items
from alexnet_viz.teaching.sheets.exports.picture import described
from alexnet_viz.teaching.sheets.exports.question_html import title
from alexnet_viz.teaching.sheets.exports.registry import EXPORTS
from alexnet_viz.teaching.sheets.sheet import MOST_ENTRIES, VERSIONS, Sheet, parsed
from alexnet_viz.text import Language, t
from alexnet_viz.text.problem import Problem, shown


def configure(parser: Parser, word: Word) -> None:
    """Add the actions and their options."""
    actions = parser.add_subparsers(
        required=True, metavar="ACTION", dest="action", parser_class=Parser
    )
    for name in ACTIONS:
        help = word(f"practice_{name}")
        added: Parser = actions.add_parser(name, help=help, description=help, allow_abbrev=False)
        add_language(added, word)
        ids = ", ".join(GENERATORS)
        added.add_argument("--gen", metavar="ID:TIER,…", required=True, help=f"{word('gen')} {ids}")
        added.add_argument("--count", metavar="N", default="1", help=word("gen_count"))
        added.add_argument("--seed", metavar="N", default="0", help=word("sheet_seed"))
        added.add_argument("--versions", metavar="N", default="1", help=word("sheet_versions"))
        added.add_argument("--version", metavar="LETTER", help=word("sheet_version"))
        if name == "sheet":
            added.add_argument("--to", choices=EXPORTS, required=True, help=word("sheet_to"))
            added.add_argument("--output", metavar="FILE", help=word("export_output"))
        else:
            added.add_argument("--key", action="store_true", help=word("sheet_key"))


def run(arguments: argparse.Namespace) -> int:
    """Run one of the actions and return the exit code.

    Raises:
        Problem: no such exercise, tier, seed or version, or a file that cannot be written.
    """
    sheet = _sheet(arguments)
    letter = _letter(arguments.version, sheet)
    return ACTIONS[arguments.action](arguments, sheet, letter)


def _sheet(arguments: argparse.Namespace) -> Sheet:
    count = whole_number(arguments.count, "--count", MOST_ENTRIES)
    versions = whole_number(arguments.versions, "--versions", len(VERSIONS))
    if not re.fullmatch(r"\d{1,9}", arguments.seed, re.ASCII):
        raise Problem("sheet_seed", given=shown(arguments.seed), most=SEEDS - 1)
    entries = [entry for entry in arguments.gen.split(",") for _ in range(count)]
    sheet = parsed(",".join(entries), int(arguments.seed), versions)
    if not sheet.entries:
        raise Problem("sheet_empty", known=", ".join(GENERATORS))
    return sheet


def _letter(given: str | None, sheet: Sheet) -> str:
    """The version that is asked for; empty for all."""
    if given is None:
        return ""
    if len(given) != 1 or given not in sheet.letters:
        raise Problem("sheet_letter", given=shown(given), known=", ".join(sheet.letters))
    return given


def _file(arguments: argparse.Namespace, sheet: Sheet, letter: str) -> int:
    """Write the file, or print it."""
    export = EXPORTS[arguments.to]
    content = export.write(sheet, letter, arguments.language)
    if arguments.output is not None:
        saved(arguments.output, content)
    elif export.suffix.endswith("zip") and sys.stdout.isatty():
        raise Problem("export_to_terminal", format=export.id)
    else:
        sys.stdout.buffer.write(content)
    return 0


def _text(arguments: argparse.Namespace, sheet: Sheet, letter: str) -> int:
    """Print the exercises of the versions, and with ``--key`` their answers below each version."""
    language: Language = arguments.language
    for each in letter or sheet.letters:
        found = items(sheet, each, language)
        print(title(sheet, each, language))
        for item in found:
            print()
            for line in _lines(item, language):
                print(line)
        if arguments.key:
            print(f"\n{t('sheet_export.key', language)}")
            for item in found:
                print(f"{item.place}  {item.right.words}  {item.worked}")
        print()
    return 0


def _lines(item: Item, language: Language) -> Iterator[str]:
    yield f"{item.place}  {item.asked}"
    if numbers := described(item.question, language):
        yield f"    {numbers}"
    for number, line in enumerate(item.lines, 1):
        yield f"    {number}. {line}"
    if item.kind == "choice":
        for letter, reply in zip(OPTIONS, item.replies, strict=False):
            yield f"    {letter}) {reply.words}"


OPTIONS = "abcdefgh"
"""Letters before the options of a choice."""

ACTIONS: Mapping[str, Callable[[argparse.Namespace, Sheet, str], int]] = {
    "sheet": _file,
    "show": _text,
}
