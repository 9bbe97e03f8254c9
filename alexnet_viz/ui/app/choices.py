"""Everything a user can choose: its default, what a link may say of it, how a link spells it."""

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
from alexnet_viz.network.geometry import MAX_INPUT_SIZE, ROUNDINGS
from alexnet_viz.pictures.samples import SAMPLES
from alexnet_viz.pictures.synthetic import CLASSES
from alexnet_viz.render.export.formats import FORMATS
from alexnet_viz.text import LANGUAGES
from alexnet_viz.ui.app import chain_link, library
from alexnet_viz.ui.app.choice import (
    Choice,
    class_or_top,
    flag,
    layer_list,
    name,
    no_link,
    one_of,
    several,
    whole,
    write_flag,
    write_layers,
    write_list,
)
from alexnet_viz.variants import VARIANTS


def _ablation(text: str) -> str:
    """A parser for something taken away, as a link spells it; pages check that it is there."""
    return str(ablation.parse(text))


def _claim(text: str) -> str:
    """The parser of a claim's id; the ledger is only read for a link that has one."""
    return one_of(*claims())(text)


def _claim_layer(text: str) -> str:
    """The parser of what claims are about: a layer, or one of the other subjects."""
    return one_of(ALL, *layers())(text)


def _write_samples(values: tuple[str, ...]) -> str:
    """Only what another visitor has too: not the pictures that this one brought."""
    return write_list(tuple(name for name in values if name in PICTURES))


PICTURES = (*SAMPLES, "drawing")
"""Pictures that a link can name."""

MOST_COMPARED = 8
"""Most networks side by side: as many as there are colours."""

MAX_GPUS = 8
"""Most GPUs that a visitor can try; the drawing of more is a list."""

_SIDE = whole(1, MAX_INPUT_SIZE)
_RULE = one_of(*ROUNDINGS)

CHOICES: dict[str, Choice] = {
    "lang": Choice(None, one_of(*LANGUAGES)),
    # the network, on every page
    "variant": Choice("alexnet_2012_paper", library.parse),
    "input": Choice(None, _SIDE),
    "rounding": Choice("declared", one_of("declared", *ROUNDINGS)),
    "refit": Choice(False, flag, write_flag),
    "layer": Choice("conv1", name),
    # Architecture
    "detail": Choice(False, flag, write_flag),
    "columns": Choice(
        ("layer", "shape", "window", "cost"),
        several(name, 1, 12),
        write_list,
    ),
    "export": Choice("torch", one_of(*FORMATS)),
    # Layer
    "row": Choice(None, whole(0, MAX_INPUT_SIZE)),
    "column": Choice(None, whole(0, MAX_INPUT_SIZE)),
    # Calculator
    "w": Choice(224, _SIDE),
    "f": Choice(11, whole(1, 1000)),
    "s": Choice(4, whole(1, 1000)),
    "before": Choice(0, whole(0, 1000)),
    "after": Choice(0, whole(0, 1000)),
    "d": Choice(1, whole(1, 100)),
    "rule": Choice("floor", _RULE),
    "want": Choice(55, _SIDE),
    "features": Choice(9216, whole(1, 10**8)),
    "chain": Choice(None, chain_link.parse, chain_link.link),
    # the live pages
    "weights": Choice("drawings", name),
    # Feature maps
    "source": Choice("drawing", one_of("drawing", "sample", "upload", "camera")),
    "sample": Choice(next(iter(SAMPLES)), one_of(*SAMPLES)),
    "drawing": Choice("star", one_of(*CLASSES)),
    "drawing_seed": Choice(0, whole(0, 10**8)),
    "upload": Choice(None, no_link, lambda digest: ""),
    "beside": Choice((), several(one_of(*PICTURES), 0, 3), _write_samples),
    "scale": Choice("layer", one_of("map", "layer", "percentile", "images", "shared")),
    "channel": Choice(0, whole(0, 100_000)),
    "order": Choice("number", one_of(*("number", "mean", "max", "variance", "zeros", "colour"))),
    "opacity": Choice(50, whole(0, 100)),
    # A channel in detail
    "cell_row": Choice(None, whole(0, MAX_INPUT_SIZE)),
    "cell_column": Choice(None, whole(0, MAX_INPUT_SIZE)),
    # Predictions
    "ab_values": Choice("probabilities", one_of("probabilities", "logits")),
    "ab_temperature": Choice("1", one_of("0.1", "0.2", "0.5", "1", "2", "5", "10")),
    "ab_off": Choice((), several(_ablation, 0, 12), write_list),
    "ab_kind": Choice("lrn", one_of(*ablation.ABLATIONS)),
    "ab_layer": Choice(None, name),
    "ab_channel": Choice(0, whole(0, 100_000)),
    "ab_tower": Choice(0, whole(0, 100_000)),
    "ab_rank": Choice(None, name),
    # Attribution
    "attr_what": Choice("class", one_of("class", "unit")),
    "attr_class": Choice("top", class_or_top),
    "attr_at": Choice("strongest", one_of("strongest", "mean", "cell")),
    "attr_method": Choice(
        "grad_cam",
        one_of(
            *("grad_cam", "saliency", "integrated_gradients", "guided_backpropagation"),
            "occlusion",
        ),
    ),
    "attr_maps": Choice(None, name),
    "attr_window": Choice(None, whole(1, MAX_INPUT_SIZE)),
    "attr_random": Choice("all", one_of("all", "last")),
    "attr_seed": Choice(0, whole(0, 10**8)),
    # Towers
    "section": Choice("split", one_of("split", "memory", "run", "kernels", "history")),
    "gpus": Choice(None, whole(1, MAX_GPUS)),
    "cross": Choice(None, layer_list, write_layers),
    "norm": Choice(None, one_of(*NORM_REACHES)),
    "batch": Choice(BATCH, whole(1, MAX_BATCH)),
    "seen": Choice(False, flag, write_flag),
    "gpu": Choice(0, whole(0, MAX_GPUS - 1)),
    "last": Choice(LASTS[0], one_of(*LASTS)),
    "mem_card": Choice(CARD // MIB, whole(1, 1_000_000)),
    "mem_purpose": Choice("training", one_of("training", "inference")),
    "mem_keeping": Choice("cuda_convnet", one_of(*PRESETS)),
    "mem_bytes": Choice("4", one_of("4", "2")),
    "mem_workspace": Choice(None, one_of(*WORKSPACES)),
    "mem_overhead": Choice(0, whole(0, 100_000)),
    "unit": Choice("values", one_of("values", "bytes", "batch")),
    "run_batch": Choice(8, lambda text: int(one_of("1", "8", "32")(text))),
    "run_train": Choice(False, flag, write_flag),
    "run_where": Choice("processes", one_of("processes", "one")),
    "kernel_rank": Choice("colour", one_of("number", "colour", "orientation", "uniformity")),
    "kernel_shuffled": Choice(False, flag, write_flag),
    "kernel_seed": Choice(1, whole(0, 10**8)),
    # Claims
    "claim": Choice(None, _claim),
    "claim_source": Choice(ALL, one_of(ALL, *SOURCES)),
    "claim_verdict": Choice(ALL, one_of(ALL, DISPUTED, *WORDS)),
    "claim_layer": Choice(ALL, _claim_layer),
    "claim_concept": Choice(ALL, one_of(ALL, *CONCEPTS)),
    # which variants are shown: Family tree, Compare
    "family_articles": Choice(False, flag, write_flag),
    "family_framework": Choice("all", one_of("all", "-", *ancestry.frameworks())),
    "family_norms": Choice("all", one_of("all", *ancestry.NORMS)),
    "family_towers": Choice(0, whole(0, 2)),
    "family_fits": Choice(None, _SIDE),
    "family_colour": Choice(False, flag, write_flag),
    # Compare
    "compare_view": Choice("layers", one_of("layers", "matrix", "scatter", "inputs", "maps")),
    "compare": Choice(
        ("alexnet_2012_paper", "torchvision_alexnet"),
        several(library.parse, 1, MOST_COMPARED),
        write_list,
    ),
    "reference": Choice("alexnet_2012_paper", one_of(*VARIANTS)),
    "fields": Choice(("conv", "stages", "lrn"), several(name, 1, 7), write_list),
    "scatter_says": Choice("norms", one_of("norms", "towers", "framework")),
    "scatter_range": Choice("near", one_of("all", "near")),
    "inputs_who": Choice("chosen", one_of("chosen", "all")),
    "pair": Choice("norm_place", one_of(*PAIRS, "own")),
    "apart_layer": Choice(None, name),
    "own": Choice(False, flag, write_flag),
    "differing": Choice(False, flag, write_flag),
}
