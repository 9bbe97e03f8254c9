"""Who descends from whom: the tree of the registered variants, and who of them fits a filter.

A variant's parent is the one it is a reading of, which its source names, or else the older one that
it differs least from (``About.parent``); all descend from the paper.  What changed along an edge is
computed (``alexnet_viz.analysis.compare.differences``), never told.
"""

from collections.abc import Iterable, Iterator
from functools import cache

from alexnet_viz.analysis.compare.differences import Difference, differences
from alexnet_viz.analysis.inputs.sweep import sweep
from alexnet_viz.network.layers import LRN, BatchNorm
from alexnet_viz.network.spec import About, Network
from alexnet_viz.variants import VARIANTS

NORMS = ("lrn", "batch_norm", "none")
ARTICLE = "article_"
"""How the ids of the articles' readings begin."""


def about(id: str) -> About:
    """What is known of a registered variant.

    Raises:
        KeyError: no such variant.
    """
    words = VARIANTS[id].about
    assert words is not None  # every registered variant has words
    return words


def lineage(id: str) -> list[str]:
    """The ancestors from the root on, and the variant itself.

    >>> lineage("places365_alexnet")
    ['alexnet_2012_paper', 'caffe_bvlc_reference_caffenet', 'places365_alexnet']
    """
    parent = about(id).parent
    return [*lineage(parent), id] if parent else [id]


def children(id: str) -> list[str]:
    """Whose parent this is, the oldest first."""
    found = [each for each in VARIANTS if about(each).parent == id]
    return sorted(found, key=lambda each: about(each).year or 0)


def relatives(id: str) -> frozenset[str]:
    """The ancestors, the variant itself, and all who descend from it."""
    return frozenset(each for each in VARIANTS if id in lineage(each)) | set(lineage(id))


def tree(ids: Iterable[str]) -> list[str]:
    """These variants and the ancestors that connect them: each child behind its parent."""
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
    """What a variant does otherwise than its parent; nothing for the root."""
    parent = about(id).parent
    return differences(VARIANTS[parent], VARIANTS[id]) if parent else ()


def norm(network: Network) -> str:
    """How it normalises: one of ``NORMS``; BatchNorm where it has both."""
    kinds = {type(layer) for layer in network.layers}
    return "batch_norm" if BatchNorm in kinds else "lrn" if LRN in kinds else "none"


def frameworks() -> list[str]:
    """What the variants are written for, those of most variants first; papers have none."""
    named = [about(id).framework for id in VARIANTS if about(id).framework]
    return sorted(set(named), key=lambda name: (-named.count(name), name.lower()))


def weights_fit(network: Network, size: int) -> bool:
    """Whether weights learned at the network's own input run at this one."""
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
    """The variants that pass every filter, in the order of the menu.

    ``framework`` is one of ``frameworks()`` or ``-`` for papers and articles, ``norms`` one of
    ``NORMS``, ``towers`` how many, ``fits`` an input size that the weights must fit; ``all`` and 0
    pass all.
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
