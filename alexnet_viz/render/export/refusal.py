"""Why a network cannot be written in a format: it stops, or the format has no such layer."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from alexnet_viz.network.layers import LRN
from alexnet_viz.network.trace import Failure, Row, Trace
from alexnet_viz.text import Language, t
from alexnet_viz.text.problem import Problem

Piece = TypeVar("Piece")


class Stopped(Problem):
    """A network that fails at its input; speaks with the failure's own words."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.problem.code, **failure.problem.values)
        self.failure = failure

    def message(self, language: Language = "en") -> str:
        return self.failure.message(language)


class Inexpressible(Problem):
    """Layers that a format has no words for; names every one of them and says why."""

    def __init__(self, format: str, network: str, found: Mapping[str, Problem]) -> None:
        super().__init__("inexpressible", format=format, network=network, count=len(found))
        self.found = found

    def message(self, language: Language = "en") -> str:
        """How many layers, and for each the reason."""
        return " ".join((self.summary(language), *self.reasons(language)))

    def summary(self, language: Language = "en") -> str:
        """The format, the network and how many layers."""
        return super().message(language)

    def reasons(self, language: Language = "en") -> list[str]:
        """For each layer, why it cannot be said."""
        return [f"{name}: {why.message(language)}" for name, why in self.found.items()]


def whole(trace: Trace) -> tuple[Row, ...]:
    """The rows of a network that runs through.

    Raises:
        Stopped: it does not.
    """
    if trace.failure:
        raise Stopped(trace.failure)
    return trace.rows


def written(trace: Trace, format: str, write: Callable[[Row], Piece]) -> list[tuple[Row, Piece]]:
    """Every row beside what ``write`` makes of it.

    Raises:
        Stopped: the network fails.
        Inexpressible: ``write`` raised a ``Problem`` for some rows; all of them are named.
    """
    pieces: list[tuple[Row, Piece]] = []
    refused: dict[str, Problem] = {}
    for row in whole(trace):
        try:
            pieces.append((row, write(row)))
        except Problem as problem:
            refused[row.name] = problem
    if refused:
        raise Inexpressible(format, trace.network.id, refused)
    return pieces


def odd_window(layer: LRN, format: str) -> None:
    """See that a response norm has a middle.

    Raises:
        Problem: it reads an even number of neighbours, which formats centre differently.
    """
    if layer.size % 2 == 0:
        raise Problem("even_norm", format=format, size=layer.size)


def heading(trace: Trace, language: Language, format: str) -> list[str]:
    """What a file says about itself: the network, its source, its input, who wrote it.

    One line each and printable, so that a comment sign before it is enough.
    """
    network = trace.network
    lines = []
    if about := network.about:
        lines.append(about.title.of(language))
        source = about.source
        lines.append(t("exports.head_source", language, title=source.title, where=source.where))
    lines.append(
        t(
            "exports.head_numbers",
            language,
            network=network.id,
            shape=" × ".join(map(str, trace.input_shape)),
            params=trace.params,
            macs=trace.macs,
        )
    )
    lines.append(t("exports.head_writer", language, format=format))
    return ["".join(c if c.isprintable() else " " for c in line) for line in lines]
