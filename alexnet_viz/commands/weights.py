"""``weights list | show | fetch | check``: sets of learned weights.

``check``, which reads a file's numbers, is the only one that needs torch; with torch ``fetch``
compares the shapes of a file that no checksum vouches for.
"""

import argparse
import sys
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from importlib.util import find_spec
from operator import attrgetter
from pathlib import Path
from typing import Any

from alexnet_viz.analysis.columns import Column, word_column
from alexnet_viz.commands.arguments import Parser, Word, add_format, add_language
from alexnet_viz.commands.output import printed
from alexnet_viz.commands.progress_bar import bar
from alexnet_viz.network.layers import shape_text
from alexnet_viz.network.spec import Network
from alexnet_viz.pictures.preprocessing import Preprocessing
from alexnet_viz.render.tables.table import Table
from alexnet_viz.text import Language, running, t
from alexnet_viz.text.problem import Problem, shown
from alexnet_viz.variants import VARIANTS
from alexnet_viz.weights import Weights
from alexnet_viz.weights.catalogue import WEIGHTS
from alexnet_viz.weights.download import cached, fetch
from alexnet_viz.weights.integrity import DIGITS, checksum, warning


def configure(parser: Parser, word: Word) -> None:
    """Add the actions and their options."""
    actions = parser.add_subparsers(
        required=True, metavar="ACTION", dest="action", parser_class=Parser
    )
    for name in ACTIONS:
        help = word(f"weights_{name}")
        added: Parser = actions.add_parser(name, help=help, description=help, allow_abbrev=False)
        add_language(added, word)
        if name in ("show", "fetch"):
            added.add_argument("id", metavar="ID", help=word("weights_id"))
        if name == "fetch":
            added.add_argument("--folder", metavar="FOLDER", help=word("weights_folder"))
        elif name == "list":
            add_format(added, word)
        else:
            add_format(added, word, ("text", "json"), "text")
        if name == "check":
            added.add_argument("file", metavar="FILE", help=word("weights_file"))
            added.add_argument("--variant", metavar="VARIANT", help=word("weights_variant"))


def run(arguments: argparse.Namespace) -> int:
    """Run one of the actions and return the exit code.

    Raises:
        Problem: unknown weights, a download that failed, a file that fits nothing.
    """
    return ACTIONS[arguments.action](arguments, arguments.language)


def _list(arguments: argparse.Namespace, language: Language) -> int:
    table = Table(
        tuple(WEIGHTS.values()),
        (
            word_column("", "weights_files.id", attrgetter("id")),
            word_column("", "weights_files.state", _state, "weights_files"),
            Column("", "weights_files.size", lambda it: round(it.bytes / 1e6) or None),
            word_column("", "weights_files.checked", lambda it: _checked(it, language)),
            word_column("", "weights_files.network", attrgetter("network.id")),
            word_column("", "weights_files.title", attrgetter("title")),
        ),
        language,
    )
    records = [_record(each, language) for each in WEIGHTS.values()]
    return printed(arguments.format, table.grid, records)


def _show(arguments: argparse.Namespace, language: Language) -> int:
    weights = known_weights(arguments.id)
    if arguments.format == "json":
        return printed("json", None, _record(weights, language))
    unstated = t("weights_files.unstated", language)
    here = cached(weights)
    return _say(
        {
            "id": weights.id,
            "title": weights.title.of(language),
            "network": _place(weights.network, language),
            "trained_on": weights.trained_on.of(language),
            "classes": len(weights.classes) or unstated,
            "preparation": _formula(weights.preprocessing, language),
            "state": str(here) if here else t(f"weights_files.{_state(weights)}", language),
            "file": weights.file,
            "size": f"{weights.bytes / 1e6:.1f}" if weights.bytes else None,
            "checked": _checked(weights, language),
            "url": weights.url or None,
            "source": weights.source or None,
            "licence": weights.licence or unstated,
        },
        language,
    )


def _fetch(arguments: argparse.Namespace, language: Language) -> int:
    weights = known_weights(arguments.id)
    folder = Path(arguments.folder) if arguments.folder else None

    def said(done: int, total: int | None) -> str:
        received = done / 1e6
        if not total:
            return t("weights_files.progress_open", language, done=received)
        return t("weights_files.progress", language, done=received, total=total / 1e6)

    if words := warning(weights, language):
        print(words.replace("**", ""), file=sys.stderr, flush=True)
    drawn = bar(said)
    try:
        path = fetch(weights, progress=drawn, folder=folder)
    except KeyboardInterrupt:
        raise Problem("fetch_stopped", megabytes=drawn.done / 1e6 if drawn else 0) from None
    finally:
        if drawn:
            drawn.end()
    if find_spec("torch"):  # without it the first program that reads the file compares them
        from alexnet_viz.weights.loader import fits

        fits(path, weights)
    print(path)
    return 0


def _check(arguments: argparse.Namespace, language: Language) -> int:
    from alexnet_viz.weights import files

    path = Path(arguments.file)
    candidates: tuple[Network, ...]
    if arguments.variant is None:
        imported = files.opened(path, path.name)
        tensors, candidates, notes = imported.tensors, imported.candidates, imported.notes
    elif arguments.variant in VARIANTS:
        candidates, notes = (VARIANTS[arguments.variant],), ()
        tensors = files.fit(files.read(path, path.name), candidates[0])
    else:
        raise Problem("unknown_variant", given=shown(arguments.variant))
    network, params = candidates[0], sum(tensor.numel() for tensor in tensors.values())
    if arguments.format == "json":
        record = {
            "file": path.name,
            "network": network.id,
            "input_shape": list(network.input_shape),
            "candidates": [each.id for each in candidates],
            "params": params,
            "tensors": {name: list(tensor.shape) for name, tensor in tensors.items()},
            "notes": [t(key, language) for key in notes],
        }
        return printed("json", None, record)
    count = len(tensors)
    return _say(
        {
            "file": path.name,
            "network": _place(network, language),
            "params": t("weights_files.count_params", language, params=params, tensors=count),
            "also": ", ".join(each.id for each in candidates[1:]) or None,
            "note": running((t(key, language) for key in notes), language) or None,
        },
        language,
    )


ACTIONS: Mapping[str, Callable[[argparse.Namespace, Language], int]] = {
    "list": _list,
    "show": _show,
    "fetch": _fetch,
    "check": _check,
}


def known_weights(given: str) -> Weights:
    """The weights of an id.

    Raises:
        Problem: there are none.
    """
    if given in WEIGHTS:
        return WEIGHTS[given]
    near = get_close_matches(given.lower(), WEIGHTS, n=1)
    raise Problem("unknown_weights", given=shown(given), known=", ".join(near or WEIGHTS))


def _state(weights: Weights) -> str:
    if not weights.url:
        return "ships"
    return "here" if cached(weights) else "absent"


def _checked(weights: Weights, language: Language) -> str:
    """The strength of the checksum of a fetched file."""
    method, digits = checksum(weights)
    if not method:
        return t("weights_files.unstated", language)
    name = method.upper().replace("SHA", "SHA-")
    if len(digits) == DIGITS[method]:
        return t("weights_files.whole", language, method=name)
    return t("weights_files.prefix", language, method=name, count=len(digits))


def _place(network: Network, language: Language) -> str:
    shape = shape_text(network.input_shape)
    return t("weights_files.place", language, network=network.id, shape=shape)


def _formula(how: Preprocessing, language: Language) -> str:
    colours = "weights_files.colours_bgr" if how.bgr else "weights_files.colours"
    mean, std = (tuple(each[::-1] if how.bgr else each) for each in (how.mean, how.std))
    return t(
        "weights_files.formula",
        language,
        colours=t(colours, language),
        scale=f"{how.scale:.4g}",
        mean=", ".join(f"{each:.4g}" for each in mean),
        std=", ".join(f"{each:.4g}" for each in std),
    )


def _record(weights: Weights, language: Language) -> dict[str, Any]:
    here = cached(weights)
    return {
        "id": weights.id,
        "title": weights.title.of(language),
        "network": weights.network.id,
        "input_shape": list(weights.network.input_shape),
        "trained_on": weights.trained_on.of(language),
        "file": weights.file,
        "path": str(here) if here else None,
        "bytes": weights.bytes or None,
        "sha256": weights.sha256 or None,
        "sha1": weights.sha1 or None,
        "url": weights.url or None,
        "source": weights.source or None,
        "licence": weights.licence or None,
        "preprocessing": {
            "scale": weights.preprocessing.scale,
            "mean": list(weights.preprocessing.mean),
            "std": list(weights.preprocessing.std),
            "bgr": weights.preprocessing.bgr,
        },
        "classes": [each.of(language) for each in weights.classes],
    }


def _say(facts: Mapping[str, str | int | None], language: Language) -> int:
    """Print facts, one line each, and return 0."""
    for key, value in facts.items():
        if value is not None:
            words = {"label": t(f"weights_files.{key}", language), "value": value}
            print(t("weights_files.line", language, **words))
    return 0
