"""``scan FOLDER``: the strongest crops of every channel of a layer, over a folder of pictures."""

import argparse
import hashlib
import os
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from alexnet_viz.commands.arguments import Parser, Word, whole_number
from alexnet_viz.commands.output import saved
from alexnet_viz.commands.progress_bar import bar
from alexnet_viz.commands.weights import known_weights
from alexnet_viz.render.tables.grid import WRITERS, as_json
from alexnet_viz.text import Language, t
from alexnet_viz.text.problem import Problem, shown
from alexnet_viz.weights.catalogue import WEIGHTS

OUTPUTS = (".html", ".csv", ".json")
EVERY = 200
"""Pictures after which a scan is saved."""
MOST_TOP, MOST_WORKERS = 100, 256


def configure(parser: Parser, word: Word) -> None:
    """Add the options."""
    parser.add_argument("folder", metavar="FOLDER", help=word("scan_folder"))
    parser.add_argument("--weights", metavar="ID", default="drawings", help=word("scan_weights"))
    parser.add_argument("--layer", metavar="LAYER", default="conv5", help=word("scan_layer"))
    parser.add_argument("--top", metavar="N", default="9", help=word("scan_top"))
    parser.add_argument(
        "--output", metavar="FILE", action="append", required=True, help=word("scan_output")
    )
    parser.add_argument("--workers", metavar="N", default="1", help=word("scan_workers"))
    parser.add_argument(
        "--backend", choices=("here", "ray"), default="here", help=word("scan_backend")
    )
    parser.add_argument("--no-names", action="store_true", help=word("scan_no_names"))
    fresh = parser.add_mutually_exclusive_group()
    fresh.add_argument("--resume", action="store_true", help=word("scan_resume"))
    fresh.add_argument("--fresh", action="store_true", help=word("scan_fresh"))


def run(arguments: argparse.Namespace) -> int:
    """Scan, write the files, and return the exit code.

    Raises:
        Problem: no such folder, weights or layer, nothing to look at, or a file that cannot be
            written.
    """
    from alexnet_viz.interpretability.folder_scan.looking import Looker
    from alexnet_viz.interpretability.folder_scan.picture_files import SUFFIXES, listed
    from alexnet_viz.interpretability.folder_scan.scan import BATCH, Found

    language, folder = arguments.language, Path(arguments.folder)
    for output in arguments.output:
        if Path(output).suffix.lower() not in OUTPUTS:
            raise Problem("scan_output", output=shown(output, 255), known=", ".join(OUTPUTS))
    top = whole_number(arguments.top, "--top", MOST_TOP)
    workers = whole_number(arguments.workers, "--workers", MOST_WORKERS)
    weights = known_weights(arguments.weights)
    listing = listed(folder)
    if not listing.names:
        suffixes = ", ".join(SUFFIXES)
        raise Problem("scan_nothing", folder=shown(str(folder), 255), known=suffixes)
    looker = Looker(weights, arguments.layer, len(listing.names) // BATCH)
    found = Found(looker.row, top)
    state = Path(arguments.output[0] + ".state")
    key = _key(listing.digest, weights.sha256 or weights.id, arguments.layer, top)
    if not arguments.fresh and state.exists():
        resumed = found.resume(state, key)
        said = "scan.resumed" if resumed else "scan.changed"
        _tell(t(said, language, done=found.done, total=len(listing.names)))
    began = time.monotonic()
    _look(arguments, looker, found, listing.names, workers, state, key)
    gallery = _gallery(arguments, looker, found, listing, language)
    for output in arguments.output:
        saved(output, _written(Path(output).suffix.lower(), gallery, language))
    state.unlink(missing_ok=True)
    words = {"pictures": gallery.pictures, "refused": len(gallery.refused)}
    seconds = time.monotonic() - began
    outputs = ", ".join(arguments.output)
    print(t("scan.done", language, **words, seconds=seconds, output=outputs))
    return 0


def _key(*parts: object) -> str:
    """What a saved scan must have in common with this one to be gone on with."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _tell(words: str) -> None:
    if sys.stderr is not None:
        print(words, file=sys.stderr)


def _look(
    arguments: argparse.Namespace,
    looker: Any,
    found: Any,
    names: Sequence[str],
    workers: int,
    state: Path,
    key: str,
) -> None:
    """Look at the pictures that are left, and save every now and then what was found."""
    from alexnet_viz.interpretability.folder_scan.scan import scan

    language: Language = arguments.language
    drawn = bar(lambda done, total: t("scan.progress", language, done=done, total=total))

    def save() -> None:
        try:
            found.save(state, key)
        except OSError as error:
            reason = error.strerror or str(error)
            raise Problem("export_unwritable", path=shown(str(state), 255), reason=reason) from None

    try:
        scan(
            _looked(arguments, looker, names, found.done, workers),
            found,
            lambda problem: problem.message(language),
            lambda done: drawn and drawn(done, len(names)),
            save,
            EVERY,
        )
    except KeyboardInterrupt:
        save()
        raise Problem("scan_stopped", done=found.done, total=len(names)) from None
    finally:
        if drawn:
            drawn.end()


def _looked(
    arguments: argparse.Namespace, looker: Any, names: Sequence[str], done: int, workers: int
) -> Iterable[Any]:
    from alexnet_viz.interpretability.folder_scan import looking, on_ray, scan
    from alexnet_viz.isolation.pool import Children
    from alexnet_viz.model.device import threads_here

    folder, left = Path(arguments.folder), scan.batches(names, done)
    if arguments.backend == "ray":
        return on_ray.on_ray(arguments.weights, arguments.layer, folder, left, workers)
    children = Children(workers)
    threads = max(1, (os.cpu_count() or 1) // workers)
    return scan.here(
        lambda batch: looking.look_at(looker, children, folder, batch),
        left,
        workers,
        lambda: threads_here(threads),
    )


def _gallery(
    arguments: argparse.Namespace, looker: Any, found: Any, listing: Any, language: Language
) -> Any:
    from alexnet_viz.interpretability.folder_scan.picture_files import printable
    from alexnet_viz.model.device import dtype_name
    from alexnet_viz.model.precision import TOLERANCE
    from alexnet_viz.render.export.crop_gallery import Gallery, Tile

    weights, names = WEIGHTS[arguments.weights], printable(listing.names)
    if arguments.no_names:
        names = [t("scan.unnamed", language, number=number + 1) for number in range(len(names))]
    notes = []
    if listing.links:
        notes.append(t("scan.links", language, count=listing.links))
    if looker.notice:
        notes.append(looker.notice.message(language))
    elif looker.taken and looker.taken.error:
        dtype = looker.taken.placement.dtype
        words = {"dtype": dtype_name(dtype), "bound": TOLERANCE[dtype]}
        notes.append(t("scan.half", language, error=looker.taken.error, **words))
    classes = [
        (weights.classes[number].of(language) if number < len(weights.classes) else str(number), n)
        for number, n in found.answers.most_common()
        if number >= 0
    ]
    tops = found.tops
    return Gallery(
        network=weights.network.id,
        weights=weights.id,
        layer=arguments.layer,
        pictures=found.done - len(found.refused),
        channels=[
            [
                Tile(crop.value, names[crop.picture], tops.place(crop.cell), crop.jpeg)
                for crop in tops.of(channel)
            ]
            for channel in range(looker.row.output_shape[0])
        ],
        classes=classes,
        refused=[(names[number], reason) for number, reason in found.refused],
        notes=notes,
    )


def _written(suffix: str, gallery: Any, language: Language) -> str:
    from alexnet_viz.render.export.crop_gallery import gallery_grid, gallery_page, gallery_record

    if suffix == ".html":
        return gallery_page(gallery, language)
    if suffix == ".json":
        return as_json(gallery_record(gallery)) + "\n"
    return WRITERS["csv"](gallery_grid(gallery, language))
