"""Everything a user can choose: default, values, and its text in a link.

The lists of options are here or, where a lower room has a registry (FORMATS, METHODS, PAIRS …),
there; widgets take them from ``CHOICES``.
"""

import re
from dataclasses import replace

from alexnet_viz.analysis.claims.claim import WORDS
from alexnet_viz.analysis.claims.concept import CONCEPTS
from alexnet_viz.analysis.claims.ledger import claims
from alexnet_viz.analysis.claims.selection import ALL, DISPUTED, layers
from alexnet_viz.analysis.claims.source import SOURCES
from alexnet_viz.analysis.compare import ancestry
from alexnet_viz.analysis.compare.disputes import PAIRS
from alexnet_viz.analysis.memory import CARD, MIB, PRESETS, WORKSPACES
from alexnet_viz.analysis.towers.placements import LASTS
from alexnet_viz.analysis.towers.regroup import NORM_REACHES
from alexnet_viz.analysis.towers.split import BATCH, MAX_BATCH
from alexnet_viz.interpretability import ablation
from alexnet_viz.interpretability.attribution import METHODS
from alexnet_viz.network.geometry import MAX_INPUT_SIZE, ROUNDINGS
from alexnet_viz.pictures.fashion import NAMES, PER_CLASS
from alexnet_viz.pictures.samples import SAMPLES
from alexnet_viz.pictures.synthetic import CLASSES
from alexnet_viz.render.export.formats import FORMATS
from alexnet_viz.teaching import setting
from alexnet_viz.teaching.exercises.generators import GENERATORS, SEEDS, TIERS
from alexnet_viz.teaching.experiments.budget import BUDGETS
from alexnet_viz.teaching.experiments.experiment import DRAWINGS, FASHION
from alexnet_viz.teaching.progress import STEPS
from alexnet_viz.teaching.sheets.printed import PAPERS
from alexnet_viz.teaching.sheets.sheet import VERSIONS
from alexnet_viz.text import LANGUAGES
from alexnet_viz.ui.app import chain_link, library
from alexnet_viz.ui.app.choice import (
    Choice,
    name,
    no_link,
    one_of,
    several,
    switch,
    whole,
    write_list,
)
from alexnet_viz.variants import VARIANTS


def _ablation(text: str) -> str:
    """Parse an ablation; pages check that the network has its layer."""
    return str(ablation.parse(text))


def _class(text: str) -> str | int:
    """Parse a class: ``top`` is the one that the network predicts."""
    return text if text == "top" else _CHANNEL.parse(text)


def _layer_list(text: str) -> tuple[str, ...]:
    """Parse any number of layers; a dash is none."""
    return () if text == "-" else several(name, 1, 40).parse(text)


def _claim(text: str) -> str:
    """Parse a claim's id; the ledger is read only for a link that has one."""
    return str(one_of(*claims(), default=None).parse(text))


def _given(text: str) -> str:
    """Parse what a teacher gives: a page, a lesson or a lab; the page checks that it exists."""
    if not re.fullmatch(r"[a-z_]{1,40}(\?(lesson|lab)=[a-z0-9_-]{1,60})?", text):
        raise ValueError(text)
    return text


def _lesson(text: str) -> str | None:
    """Parse the slug of a lesson; an empty text is the map of the course."""
    return name(text.replace("-", "_")).replace("_", "-") if text else None


def _lab(text: str) -> str | None:
    """Parse the id of a lab; an empty text is the gallery."""
    return name(text) if text else None


def _items(text: str) -> str:
    """Parse the entries of a sheet; the page says what is wrong with them."""
    if not re.fullmatch(rf"[a-z0-9_:, ]{{0,{MOST_ITEM_LETTERS}}}", text):
        raise ValueError(text)
    return text


def _claim_layer(text: str) -> str:
    """Parse the subject of claims: a layer, or one of the others."""
    return str(one_of(ALL, *layers(), default=ALL).parse(text))


def _search(text: str) -> str:
    """Parse the words that are looked for."""
    if len(text) > MOST_LETTERS or not text.isprintable():
        raise ValueError(text)
    return text


def _write_pictures(values: tuple[str, ...]) -> str:
    """The pictures that every visitor has, without those that this one opened."""
    return write_list(tuple(name for name in values if name in PICTURES))


PICTURES = (*SAMPLES, "drawing", "clothes")
"""Pictures that a link can name."""

MOST_COMPARED = 8
"""Most networks side by side: twice as many as there are colours, half of them hatched."""

MOST_LETTERS = 60
"""Most letters that are looked for."""

MOST_ITEM_LETTERS = 1200
"""Most letters of a sheet's entries: 40 with numbers of nine digits have 960."""

MOST_BESIDE = 3
"""Most pictures beside the one that is shown."""

MOST_ABLATIONS = 12
"""Most parts that are removed at once."""

PARTS = ("controls", "sentence", "tables", "task", "sources")
"""Parts of a page that a link can hide."""

GPUS = (1, 2, 3, 4, 8)
"""Numbers of GPUs that are offered; a link may have any number up to the last."""

_SIDE = whole(1, MAX_INPUT_SIZE)
_CELL = whole(0, MAX_INPUT_SIZE)
_CHANNEL = whole(0, 100_000, default=0)
_SEED = whole(0, 10**8, default=0)
_SPAN = whole(1, 1000)
_PADDING = whole(0, 1000, default=0)
_LAYER = Choice(None, name)

CHOICES: dict[str, Choice] = {
    "lang": one_of(*LANGUAGES, default=None),
    # what a teacher's link asks of every page
    "present": switch(),
    "hide": several(one_of(*PARTS, default=None).parse, 0, len(PARTS)),
    "reveal": switch(),
    # the network, on every page
    "variant": Choice("alexnet_2012_paper", library.parse),
    "input": _SIDE,
    "rounding": one_of("declared", *ROUNDINGS, default="declared"),
    "refit": switch(),
    "layer": replace(_LAYER, default="conv1"),
    # Architecture
    "detail": switch(),
    "columns": several(name, 1, 12, default=("layer", "shape", "window", "cost")),
    "export": one_of(*FORMATS, default="torch"),
    # Layer
    "row": _CELL,
    "column": _CELL,
    # Calculator
    "w": replace(_SIDE, default=224),
    "f": replace(_SPAN, default=11),
    "s": replace(_SPAN, default=4),
    "before": _PADDING,
    "after": _PADDING,
    "d": whole(1, 100, default=1),
    "rule": one_of(*ROUNDINGS, default=None),
    "want": replace(_SIDE, default=55),
    "features": whole(1, 10**8, default=9216),
    "chain": Choice(None, chain_link.parse, chain_link.link),
    # the live pages
    "weights": Choice("drawings", name),
    # Feature maps
    "source": one_of(
        "drawing", "clothes", "sample", "upload", "camera", default=None
    ),  # Start has its own
    "sample": one_of(*SAMPLES, default=next(iter(SAMPLES))),
    "drawing": one_of(*CLASSES, default="star"),
    "drawing_seed": _SEED,
    "clothes": one_of(*NAMES, default="ankle_boot"),
    "clothes_number": whole(0, PER_CLASS["test"] - 1, default=0),
    "upload": Choice(None, no_link, lambda digest: ""),
    "beside": several(one_of(*PICTURES, default=None).parse, 0, MOST_BESIDE, write=_write_pictures),
    "scale": one_of("map", "layer", "percentile", "images", "shared", default="layer"),
    "channel": whole(0, 100_000),
    "order": one_of("number", "mean", "max", "variance", "zeros", "colour", default="number"),
    "opacity": whole(0, 100, default=50),
    # A channel in detail
    "cell_row": _CELL,
    "cell_column": _CELL,
    # Predictions
    "ab_values": one_of("probabilities", "logits", default="probabilities"),
    "ab_temperature": one_of("0.1", "0.2", "0.5", "1", "2", "5", "10", default="1"),
    "ab_off": several(_ablation, 0, MOST_ABLATIONS),
    "ab_kind": one_of(*ablation.ABLATIONS, default="lrn"),
    "ab_layer": _LAYER,
    "ab_channel": _CHANNEL,
    "ab_tower": _CHANNEL,
    "ab_rank": _LAYER,
    # Attribution
    "attr_what": one_of("class", "unit", default="class"),
    "attr_class": Choice("top", _class),
    "attr_at": one_of("strongest", "mean", "cell", default="strongest"),
    "attr_method": one_of(*METHODS, default="grad_cam"),
    "attr_maps": _LAYER,
    "attr_window": _SIDE,
    "attr_random": one_of("all", "last", default="all"),
    "attr_seed": _SEED,
    # Towers
    "section": one_of("split", "memory", "run", "kernels", "history", default="split"),
    "gpus": whole(1, GPUS[-1], options=GPUS),
    "cross": Choice(None, _layer_list, lambda layers: write_list(layers) or "-"),
    "norm": one_of(*NORM_REACHES, default=None),
    "batch": whole(1, MAX_BATCH, default=BATCH, options=(32, 64, 128, 256, 512)),
    "seen": switch(),
    "gpu": whole(0, GPUS[-1] - 1, default=0),
    "last": one_of(*LASTS, default=LASTS[0]),
    "mem_card": whole(1, 1_000_000, default=CARD // MIB, options=(1536, 3072, 6144, 12288, 24576)),
    "mem_purpose": one_of("training", "inference", default="training"),
    "mem_keeping": one_of(*PRESETS, default="cuda_convnet"),
    "mem_bytes": one_of("4", "2", default="4"),
    "mem_workspace": one_of(*WORKSPACES, default=None),
    "mem_overhead": whole(0, 100_000, default=0),
    "unit": one_of("values", "bytes", "batch", default="values"),
    "run_batch": one_of(1, 8, 32, default=8),
    "run_train": switch(),
    "run_where": one_of("processes", "one", default="processes"),
    "kernel_rank": one_of("number", "colour", "orientation", "uniformity", default="colour"),
    "kernel_shuffled": switch(),
    "kernel_seed": replace(_SEED, default=1),
    # Claims
    "claim": Choice(None, _claim),
    "claim_source": one_of(ALL, *SOURCES, default=ALL),
    "claim_verdict": one_of(ALL, DISPUTED, *WORDS, default=DISPUTED),
    "claim_layer": Choice(ALL, _claim_layer),
    "claim_concept": one_of(ALL, *CONCEPTS, default=ALL),
    "claim_text": Choice("", _search, limits=(0, MOST_LETTERS)),
    # Course
    "lesson": Choice(None, _lesson),
    "step": one_of(*STEPS, default=STEPS[0]),
    "teacher": switch(),
    # Practice
    "gen": one_of(*GENERATORS, default=next(iter(GENERATORS))),
    "tier": one_of(*TIERS, default=1),
    "seed": whole(0, SEEDS - 1, default=0),
    "practice_view": one_of("one", "sheet", default="one"),
    "items": Choice("", _items),
    "sheet_seed": whole(0, SEEDS - 1, default=0),
    "versions": whole(1, len(VERSIONS), default=1),
    "version": one_of(*VERSIONS, default=VERSIONS[0]),
    "how_many": whole(1, 10, default=1),
    "paper": one_of(*PAPERS, default=PAPERS[0]),
    "covered": switch(),
    "answer": switch(),
    # Training lab
    "experiment": Choice("activation", name),
    "budget": one_of("ready", *BUDGETS, default="ready"),
    "data": one_of(FASHION, DRAWINGS, default=FASHION),
    "seeds": whole(1, 10, options=(1, 3, 5, 10)),
    # Labs
    "lab": Choice(None, _lab),
    "set": Choice((), setting.parse, setting.write),
    # which variants are shown: Family tree, Compare
    "family_articles": switch(),
    "family_framework": one_of("all", "-", *ancestry.frameworks(), default="all"),
    "family_norms": one_of("all", *ancestry.NORMS, default="all"),
    "family_towers": whole(0, 2, default=0),
    "family_fits": _SIDE,
    "family_colour": switch(),
    # Compare
    "compare_view": one_of("layers", "matrix", "scatter", "inputs", "maps", default="layers"),
    "compare": several(
        library.parse, 1, MOST_COMPARED, default=("alexnet_2012_paper", "torchvision_alexnet")
    ),
    "reference": one_of(*VARIANTS, default="alexnet_2012_paper"),
    "fields": several(name, 1, 7, default=("conv", "stages", "lrn")),
    "scatter_says": one_of("norms", "towers", "framework", default="norms"),
    "scatter_range": one_of("near", "all", default="near"),
    "inputs_who": one_of("chosen", "all", default="chosen"),
    "pair": one_of(*PAIRS, "own", default="norm_place"),
    "apart_layer": _LAYER,
    "own": one_of(False, True, default=None, write=lambda value: str(int(value))),
    "differing": switch(),
    # Classroom: the codes of a class, and what a link for students asks for
    "class_view": one_of("link", "board", default="link"),
    "codes": Choice("", no_link, lambda codes: ""),
    "give_page": Choice("start", _given),
    "give_lang": one_of("reader", *LANGUAGES, default="reader"),
    "give_present": switch(),
    "give_hide": several(one_of(*PARTS, default=None).parse, 0, len(PARTS)),
    "give_address": Choice(None, no_link, lambda address: ""),
    "give_base": Choice(None, no_link, lambda address: ""),
    # Glossary
    "term": Choice(None, name),
    "term_text": Choice("", _search, limits=(0, MOST_LETTERS)),
}
