"""A registered variant by its id, or a problem that names the nearest id."""

from collections.abc import Iterable
from difflib import get_close_matches

from alexnet_viz.network.spec import Network
from alexnet_viz.text.problem import Problem, shown
from alexnet_viz.variants import VARIANTS


def variant(given: str) -> Network:
    """The registered variant with this id.

    Raises:
        Problem: there is none; it names the nearest id.
    """
    if given in VARIANTS:
        return VARIANTS[given]
    near = nearest_word(given, VARIANTS)
    if near:
        raise Problem("unknown_variant_near", given=shown(given), nearest=near)
    raise Problem("unknown_variant", given=shown(given))


def nearest_word(given: str, known: Iterable[str]) -> str | None:
    """The first known word that begins with ``given``, else the most similar one.

    >>> nearest_word("alexnet2012", ["torchvision_alexnet", "alexnet_2012_paper"])
    'alexnet_2012_paper'
    """
    words = list(known)
    for each in words:
        if _simple(given) and _simple(each).startswith(_simple(given)):
            return each
    return next(iter(get_close_matches(given.lower(), words, n=1)), None)


def _simple(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))
