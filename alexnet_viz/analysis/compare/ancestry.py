"""The tree of the registered variants, and the filter of variants.

The parent of a variant (``About.parent``) is the variant it is a reading of, the one its source
names, or else the older one that it differs least from; the root is the paper.  What changed along
an edge is computed (``alexnet_viz.analysis.compare.differences``), not stored.
"""

from collections.abc import Iterable, Iterator
from functools import cache

from alexnet_viz.analysis.compare.difference_words import sentence
from alexnet_viz.analysis.compare.differences import Difference, differences
from alexnet_viz.analysis.inputs.sweep import sweep
from alexnet_viz.network.layers import LRN, BatchNorm
from alexnet_viz.network.spec import About, Network
from alexnet_viz.text import Language
from alexnet_viz.variants import VARIANTS

NORMS = ("lrn", "batch_norm", "none")
ARTICLE = "article_"
"""Prefix of the ids of the articles' variants."""


def about(id: str) -> About:
    """The description of a registered variant.

    Raises:
        KeyError: no such variant.
    """
    found = VARIANTS[id].about
    assert found is not None  # every registered variant has one
    return found


def lineage(id: str) -> list[str]:
    """Ids of the ancestors, the root first, and of the variant itself.

    >>> lineage("places365_alexnet")
    ['alexnet_2012_paper', 'caffe_bvlc_reference_caffenet', 'places365_alexnet']
    """
    parent = about(id).parent
    return [*lineage(parent), id] if parent else [id]


def children(id: str) -> list[str]:
    """Ids of the variants with this parent, the oldest first."""
    found = [each for each in VARIANTS if about(each).parent == id]
    return sorted(found, key=lambda each: about(each).year or 0)


def relatives(id: str) -> frozenset[str]:
    """Ids of the ancestors, of the variant itself and of its descendants."""
    return frozenset(each for each in VARIANTS if id in lineage(each)) | set(lineage(id))


def tree(ids: Iterable[str]) -> list[str]:
    """These variants and all their ancestors, in depth-first order: each child after its parent."""
    wanted = {each for id in ids for each in lineage(id)}

    def below(id: str) -> Iterator[str]:
        yield id
        for child in children(id):
            if child in wanted:
                yield from below(child)

    roots = [id for id in VARIANTS if about(id).parent is None and id in wanted]
    return [id for root in roots for id in below(root)]


@cache
def change(id: str) -> tuple[Difference, ...]:
    """The differences of a variant from its parent; empty for the root."""
    parent = about(id).parent
    return differences(VARIANTS[parent], VARIANTS[id]) if parent else ()


@cache
def change_text(id: str, language: Language = "en", most: int | None = None) -> str:
    """The differences of a variant from its parent as a sentence, of at most ``most`` clauses."""
    return sentence(change(id), language, most)


def norm(network: Network) -> str:
    """The kind of normalisation, one of ``NORMS``; ``batch_norm`` where there are both."""
    kinds = {type(layer) for layer in network.layers}
    return "batch_norm" if BatchNorm in kinds else "lrn" if LRN in kinds else "none"


def frameworks() -> list[str]:
    """The frameworks of the variants, the most frequent first; papers have none."""
    named = [about(id).framework for id in VARIANTS if about(id).framework]
    return sorted(set(named), key=lambda name: (-named.count(name), name.lower()))


def weights_fit(network: Network, size: int) -> bool:
    """Whether weights learned at the network's own input size fit an input of ``size`` pixels."""
    (stretch,) = sweep(network, size, size)
    return stretch.outcome == "fits"


def selected(
    *,
    articles: bool = True,
    framework: str = "all",
    norms: str = "all",
    towers: int = 0,
    fits: int = 0,
) -> list[str]:
    """Ids of the variants that pass every filter, in the order of the menu.

    ``framework`` is one of ``frameworks()`` or ``-`` for papers and articles, ``norms`` one of
    ``NORMS``, ``towers`` a number of towers, ``fits`` an input size in pixels that the weights must
    fit; ``all`` and 0 pass every variant.
    """
    return [
        id
        for id, network in VARIANTS.items()
        if (articles or not id.startswith(ARTICLE))
        and framework in ("all", about(id).framework or "-")
        and norms in ("all", norm(network))
        and towers in (0, network.towers)
        and (not fits or weights_fit(network, fits))
    ]
