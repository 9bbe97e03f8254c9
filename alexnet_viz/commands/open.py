"""``open FILE``: a network from another program's file, on the command line.

It is printed like ``trace``; what the file leaves open and was filled in goes to standard error, a
line each, so that a table that is written to a file holds nothing else.
"""

import sys

from alexnet_viz.network.spec import Network
from alexnet_viz.readers import load
from alexnet_viz.text import Language, t


def opened(path: str, language: Language) -> Network:
    """The network of a file; says on standard error what was assumed.

    Raises:
        Problem: there is no such file, or it is no network; every offending layer is named.
    """
    network = load(path)
    if network.about and sys.stderr is not None:
        for assumption in network.about.assumptions:
            note = t("open.note", language, words=assumption.of(language))
            print(note, file=sys.stderr)
    return network
