"""The short form of which-inputs: ``--fc6 9216`` for ``--keep fc6=9216``."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from alexnet_viz.text.problem import Problem

INPUTS_OPTIONS = ("--keep", "--layer", "--features", "--spec", "--language", "--format")
"""Options of which-inputs that take a value; any other is the name of a layer."""

OTHER_OPTIONS = (
    *("--input", "--rounding", "--refit", "--columns", "--last", "--gpus", "--cut", "--norm"),
    *("--batch", "--from", "--to", "--port"),
)
"""Options of other commands, which somebody may try with which-inputs: no layer has their name."""


def in_long_form(words: Sequence[str]) -> list[str]:
    """The words with the short form of which-inputs, ``--fc6 9216``, written out.

    A word after ``--fc6`` is its number, unless it is the only word that can be the variant.

    >>> in_long_form(["which-inputs", "--fc6", "9216", "zfnet_paper", "--fc7"])
    ['which-inputs', '--keep=fc6', '--features=9216', 'zfnet_paper', '--keep=fc7']

    Raises:
        Problem: an option of another command.
    """
    if "which-inputs" not in words[:1]:
        return list(words)
    long: list[str] = []
    loose: list[int] = []
    named = after_layer = False
    rest: Iterator[str] = iter(words[1:])
    for word in rest:
        option, equals, _ = word.partition("=")
        was_layer, after_layer = after_layer, False
        if option in OTHER_OPTIONS:
            raise Problem("foreign_option", option=option, command=words[0])
        if option in INPUTS_OPTIONS:
            long += [word] if equals else [word, *islice(rest, 1)]
            named |= option == "--spec"
        elif option.startswith("--") and option not in ("--", "--help"):
            long.append(f"--keep={word[2:]}")
            after_layer = not equals
        elif was_layer and re.match(r"[+-]?\d", word):
            long.append(f"--features={word}")
        elif was_layer:
            loose.append(len(long))
            long.append(word)
        else:
            long.append(word)
            named |= not word.startswith("-")
    for place in loose if named else loose[1:]:
        long[place] = f"--features={long[place]}"
    return [*words[:1], *long]
