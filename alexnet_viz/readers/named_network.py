"""A network by the id of a variant or the path of a readable file."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from alexnet_viz.network.spec import Network
from alexnet_viz.readers.format_registry import READERS, load
from alexnet_viz.text import Language
from alexnet_viz.text.local_file import MAX_PATH
from alexnet_viz.text.problem import Problem, Problems, shown
from alexnet_viz.variants import VARIANTS
from alexnet_viz.variants.lookup import variant

SUFFIXES = tuple(suffix for reader in READERS.values() for suffix in reader.suffixes)


class FileRefused(Problem):
    """Why one of several files cannot be read: the sentence begins with its path."""

    def __init__(self, path: str, problem: Problem) -> None:
        super().__init__(problem.code, **problem.values)
        self.path = path

    def message(self, language: Language = "en") -> str:
        return f"{self.path}: {super().message(language)}"


def named_network(given: str) -> Network:
    """The variant with this id, else the network in this file.

    ``./alexnet_2012_paper`` is a file whose name is also an id.

    Raises:
        Problem: neither; or the file is refused: every sentence begins with its path.
    """
    if given in VARIANTS:
        return VARIANTS[given]
    if not is_path(given):
        return variant(given)
    place = shown(given, MAX_PATH)
    try:
        return load(given)
    except Problems as refused:
        found = [(f"{place}: {where}" if where else place, each) for where, each in refused.found]
        raise Problems(refused.code, found, most=refused.most, between=refused.between) from None
    except Problem as problem:
        if "path" in problem.values:
            raise
        raise FileRefused(place, problem) from None


def is_path(given: str) -> bool:
    """Whether a word is the path of a file: there is one, or it looks like one.

    >>> is_path("net.prototxt"), is_path("alexnet2012")
    (True, False)
    """
    if "/" in given or "\\" in given or given.lower().endswith(SUFFIXES):
        return True
    try:
        return Path(given).exists()
    except (OSError, ValueError):  # a name that no file can have
        return False


def named_networks(given: Sequence[str]) -> list[Network]:
    """The networks of several words, those of files called by their file's name.

    Two files of one name are called by their paths.

    Raises:
        Problem: as ``named_network``.
    """
    names = [Path(each).name for each in given]
    found = []
    for word, name in zip(given, names, strict=True):
        network = named_network(word)
        if word not in VARIANTS:
            label = name if names.count(name) == 1 else word
            network = replace(network, id=shown(label, MAX_PATH))
        found.append(network)
    return found
