"""The terms: the concept that each belongs to, and the view that shows it.

A term's words are the phrases ``glossary.<term>.term``, ``.means`` and, where other texts say it
differently, ``.also``.
"""

from functools import cache
from typing import NamedTuple

from alexnet_viz.analysis.inputs import case_224
from alexnet_viz.analysis.towers.split import BATCH
from alexnet_viz.network.layers import shape_text
from alexnet_viz.teaching.labs.registry import labs_of
from alexnet_viz.text import Language, has, t
from alexnet_viz.variants import VARIANTS
from alexnet_viz.variants.traces import variant_trace


class Term(NamedTuple):
    """Where a term belongs."""

    concept: str
    """Which of ``analysis.claims.concept.CONCEPTS`` it belongs to."""
    seen: str
    """The view that shows it: ``page?choice=value``."""


TERMS: dict[str, Term] = {
    "alexnet": Term("structure", "architecture"),
    "convolution": Term("convolution", "channel?layer=conv1"),
    "kernel": Term("convolution", "towers?section=kernels"),
    "map": Term("features", "feature_maps?layer=conv1"),
    "stride": Term("output_size", "layer?layer=conv1"),
    "padding": Term("output_size", "layer?layer=conv2"),
    "dilation": Term("output_size", "calculator?d=2"),
    "quotient": Term("output_size", "calculator"),
    "pooling": Term("pooling", "layer?layer=pool1"),
    "overlapping": Term("overlapping_pooling", "layer?layer=pool2"),
    "field": Term("features", "channel?layer=pool5"),
    "activation": Term("activation", "feature_maps?layer=conv5"),
    "relu": Term("activation", "feature_maps?layer=relu1"),
    "lrn": Term("lrn", "layer?layer=norm1"),
    "batch_norm": Term("normalisation", "architecture?variant=rotnet_alexnet_bn&detail=1"),
    "dropout": Term("dropout", "layer?layer=drop6"),
    "flatten": Term("dense", "layer?layer=flatten"),
    "dense": Term("dense", "layer?layer=fc6"),
    "class_map": Term(
        "dense_as_convolution",
        "compare?compare=article_001,article_001_fc_as_conv&differing=1&own=1",
    ),
    "groups": Term("groups", "towers"),
    "tower": Term("towers", "towers?section=split"),
    "weight": Term("sharing", "layer?layer=conv1"),
    "params": Term("cost", "architecture"),
    "macs": Term("cost", "compare?compare_view=scatter"),
    "neurons": Term("cost", "architecture"),
    "logit": Term("softmax", "predictions?ab_values=logits"),
    "softmax": Term("softmax", "predictions"),
    "cross_entropy": Term("loss", "predictions"),
    "top": Term("loss", "weights"),
    "batch": Term("hyperparameters", "towers?section=memory"),
    "seed": Term("hyperparameters", "experiments"),
    "validation": Term("overfitting", "experiments"),
    "epoch": Term("hyperparameters", "weights"),
    "learning_rate": Term("gradient_descent", "claims?claim_concept=gradient_descent"),
    "momentum": Term("gradient_descent", "claims?claim_concept=gradient_descent"),
    "weight_decay": Term("gradient_descent", "claims?claim_concept=hyperparameters"),
    "overfitting": Term("overfitting", "claims?claim_concept=overfitting"),
    "augmentation": Term("augmentation", "claims?claim_concept=augmentation"),
    "preprocessing": Term("input", "architecture?layer=conv1"),
    "fine_tuning": Term("transfer", "weights"),
}


def lab_of(concept: str) -> str | None:
    """The link of the first lab that teaches a concept; None if no lab does."""
    return next((f"labs?lab={lab.id}" for lab in labs_of(concept)), None)


@cache
def figures() -> dict[str, object]:
    """The numbers of the paper's network that the meanings quote, by placeholder."""
    paper = variant_trace(VARIANTS["alexnet_2012_paper"])
    conv1, pool1, pool5 = paper["conv1"].layer, paper["pool1"].layer, paper["pool5"]
    field = pool5.receptive_field
    assert field
    return {
        **case_224.figures(),
        "stride": conv1.stride[0],  # type: ignore[attr-defined]
        "pool": pool1.kernel_size[0],  # type: ignore[attr-defined]
        "pool_stride": pool1.stride[0],  # type: ignore[attr-defined]
        "field": field[0].size,
        "flat_shape": shape_text(pool5.output_shape),
        "flat": paper["flatten"].output_shape[0],
        "dense": paper["fc6"].output_shape[0],
        "params": paper.params,
        "macs": paper.macs,
        "neurons": paper.neurons,
        "batch": BATCH,
    }


def name(term: str, language: Language) -> str:
    """The name of a term."""
    return t(f"glossary.{term}.term", language)


def means(term: str, language: Language) -> str:
    """What a term means, with its figures."""
    return t(f"glossary.{term}.means", language, **figures())


def also(term: str, language: Language) -> str:
    """The words that other texts use for it; empty if there are none."""
    key = f"glossary.{term}.also"
    return t(key, language) if has(key) else ""


def listed(search: str, language: Language) -> list[str]:
    """The terms that have some words in either language, in the order of their names in this one.

    Chinese names are in the order of their sounds, as GB 18030 has the common characters.
    """
    wanted = search.strip().lower()

    def said(term: str) -> str:
        every = ((name(term, each), also(term, each)) for each in ("en", "zh"))
        return " ".join(word for words in every for word in words).lower()

    def order(term: str) -> bytes:
        return name(term, language).lower().encode("gb18030")

    found = [term for term in TERMS if wanted in said(term) + means(term, language).lower()]
    return sorted(found, key=order)
