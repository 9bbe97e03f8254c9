"""Whether this server works without the internet, found by doing what the pages need."""

import re
import time
from collections.abc import Callable, Iterator
from hashlib import file_digest
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import streamlit as st

from alexnet_viz import scripts
from alexnet_viz.pictures.samples import SAMPLES
from alexnet_viz.text import LANGUAGES, catalogue
from alexnet_viz.ui.app.routes import DOCUMENT, POLICY
from alexnet_viz.ui.app.shell import PAGES
from alexnet_viz.weights.catalogue import DRAWINGS

DRAWN, SEED, RECORDED, WITHIN = "star", 0, 16.7034, 0.05
"""A drawing, the number that fc8 of the weights that ship gives out for its class, as recorded when
they were trained, and how far processors may differ."""
FOREIGN = re.compile(r"""(?:src|href)=["']?(https?:)?//""")

_one_at_a_time = Lock()
"""A model takes a quarter of a gigabyte while it is tested."""


class Found(NamedTuple):
    """What a check found: whether it is as it should be, and the values that its words quote."""

    right: bool
    values: dict[str, object]


class Result(NamedTuple):
    """A check that was made."""

    name: str
    found: Found
    milliseconds: float


def weights() -> Found:
    """The file of the weights that ship: there, and with the checksum of its card."""
    path = Path(str(files("alexnet_viz.weights") / DRAWINGS.file))
    digest, size = "", 0
    if path.is_file():
        with path.open("rb") as file:
            digest, size = file_digest(file, "sha256").hexdigest(), file.tell()
    values = {"file": DRAWINGS.file, "megabytes": size / 1e6, "digest": digest[:8] or "–"}
    return Found(digest == DRAWINGS.sha256, values)


def samples() -> Found:
    """The pictures that ship can be decoded or drawn."""
    sound = sum(sample.load().rgb.size > 0 for sample in SAMPLES.values())
    return Found(sound == len(SAMPLES), {"n": sound, "all": len(SAMPLES)})


def typefaces() -> Found:
    """The system has letters for PNG files in both languages."""
    from alexnet_viz.render.export.png import PROBES, drawable

    lacking = "".join(letter for each in PROBES.values() for letter in each if not drawable(letter))
    return Found(not lacking, {"lacking": lacking or "–"})


def foreign_hosts() -> Found:
    """Pages may ask no host but this one, load nothing from another, and send no statistics."""
    allowed = re.findall(r"\b(?:https?:|\*)(?=\S)|\bhttps?:(?=[ ;]|$)", POLICY)
    loaded = FOREIGN.findall(DOCUMENT)
    told = bool(st.get_option("browser.gatherUsageStats"))
    return Found(not (allowed or loaded or told), {"n": len(allowed) + len(loaded) + told})


def texts() -> Found:
    """Every phrase is there in both languages."""
    phrases = catalogue()
    lacking = sum(not text.of(each) for text in phrases.values() for each in LANGUAGES)
    return Found(not lacking, {"n": len(phrases), "lacking": lacking})


def pages() -> Found:
    """The script of every page is there."""
    there = sum((scripts() / "pages" / f"{page}.py").is_file() for page in PAGES)
    return Found(there == len(PAGES), {"n": there, "all": len(PAGES)})


def network() -> Found:
    """Torch loads, and the network gives out for a drawing what it gave when it was trained."""
    from alexnet_viz.model.activations import capture
    from alexnet_viz.pictures.preprocessing import preprocess
    from alexnet_viz.pictures.samples.fresh import drawing
    from alexnet_viz.pictures.synthetic import CLASSES
    from alexnet_viz.weights.loader import load

    picture = preprocess(drawing(DRAWN, SEED), DRAWINGS.network.input_size)
    with _one_at_a_time:
        scores = capture(load(DRAWINGS), picture)["fc8"].ravel()
    place = list(CLASSES).index(DRAWN)
    value = float(scores[place])
    right = int(scores.argmax()) == place and abs(value - RECORDED) <= WITHIN
    return Found(right, {"value": value, "recorded": RECORDED, "within": WITHIN})


CHECKS: dict[str, Callable[[], Found]] = {
    "pages": pages,
    "texts": texts,
    "weights": weights,
    "samples": samples,
    "typefaces": typefaces,
    "foreign_hosts": foreign_hosts,
    "network": network,
}
"""By name; the last one takes longest."""


def results() -> Iterator[Result]:
    """Make the checks one after the other; one that raises an error was not passed."""
    for name, check in CHECKS.items():
        began = time.perf_counter()
        try:
            found = check()
        except Exception as error:  # whatever is broken, the next check is made
            found = Found(False, {"error": f"{type(error).__name__}: {error}"})
        yield Result(name, found, 1000 * (time.perf_counter() - began))
