"""Write a network row by row; refuse one that fails or that the format cannot express."""

from collections.abc import Callable
from typing import TypeVar

from alexnet_viz.network.layers import LRN
from alexnet_viz.network.trace import Row, Trace
from alexnet_viz.text import Language, t
from alexnet_viz.text.problem import Problem, Problems

Piece = TypeVar("Piece")


def written(trace: Trace, format: str, write: Callable[[Row], Piece]) -> list[tuple[Row, Piece]]:
    """Every row of a trace with the result of ``write``.

    Raises:
        CannotRun: the network fails at its input.
        Problems: ``write`` raised a ``Problem`` for some rows; all of them are named.
    """
    pieces: list[tuple[Row, Piece]] = []
    refused: list[tuple[str, Problem]] = []
    for row in trace.complete_rows():
        try:
            pieces.append((row, write(row)))
        except Problem as problem:
            refused.append((row.name, problem))
    if refused:
        names = {"format": format, "network": trace.network.id}
        raise Problems("inexpressible", refused, most=len(refused), between=" ", **names)
    return pieces


def odd_window(layer: LRN, format: str) -> None:
    """Refuse a response norm of even size, which formats centre differently.

    Raises:
        Problem: the size is even.
    """
    if layer.size % 2 == 0:
        raise Problem("even_norm", format=format, size=layer.size)


def heading(trace: Trace, language: Language, format: str) -> list[str]:
    """Lines for the head of a file: the network, its source, its input, the program.

    All characters are printable, so each line can be written as a comment.
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
