"""What a program or a notebook asks for: a trace, a comparison, towers, a network from a file.

The names are public as attributes of ``alexnet_viz`` and loaded when they are first used.  Results
show themselves in a notebook: the drawing and the table of the pages, without a script.  A network
is given as the id of a variant or as a ``Network``; a file is opened with ``open_network``.
Nothing in a file is run.  docs/api.md describes each name with an example.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from alexnet_viz.analysis.compare.comparison import Comparison, compared
from alexnet_viz.analysis.towers.split import Towers, split
from alexnet_viz.network import trace as tracing
from alexnet_viz.network.geometry import Rounding
from alexnet_viz.network.spec import Network
from alexnet_viz.readers.format_registry import load
from alexnet_viz.render.export.notebook_cell import comparison_cell, towers_cell, trace_cell
from alexnet_viz.render.tables.diff import diff_text
from alexnet_viz.render.tables.grid import plain
from alexnet_viz.render.tables.towers import gpus_table
from alexnet_viz.render.tables.trace_table import DEFAULT_KEYS, EXPORTS
from alexnet_viz.text import Language, t
from alexnet_viz.text.problem import Problem
from alexnet_viz.variants import VARIANTS
from alexnet_viz.variants.lookup import variant

__all__ = ["VARIANTS", "compare", "open_network", "towers", "trace"]


@dataclass(frozen=True)
class ShownTrace(tracing.Trace):
    """A ``Trace`` that shows itself as its drawing and its table; printed, as the table."""

    language: Language = field(default="en", compare=False)

    def __str__(self) -> str:
        return EXPORTS["table"].render(self, DEFAULT_KEYS, self.language)

    def _repr_html_(self) -> str:
        return trace_cell(self, self.language)


@dataclass(frozen=True)
class ShownComparison(Comparison):
    """A ``Comparison`` that shows itself as sentences, the layers that differ, and drawings."""

    language: Language = field(default="en", compare=False)

    def __str__(self) -> str:
        return diff_text(self, self.language)

    def _repr_html_(self) -> str:
        return comparison_cell(self, self.language)


@dataclass(frozen=True)
class ShownTowers:
    """A network cut over GPUs: ``split`` is None where it has one tower."""

    trace: tracing.Trace
    split: Towers | None
    language: Language = field(default="en", compare=False)

    def __str__(self) -> str:
        if self.split is None:
            return t("towers.none", self.language, network=self.trace.network.id)
        return plain(gpus_table(self.split, self.language).grid)

    def _repr_html_(self) -> str:
        return towers_cell(self.trace, self.split, self.language)


def open_network(path: str | Path) -> Network:
    """The network in a file of Caffe, ONNX, Darknet, cuda-convnet, PyTorch, safetensors or JSON.

    Raises:
        Problem: there is no such file, or it is no network that can be held; with every reason.
    """
    return load(path)


def trace(
    network: str | Network,
    size: int | None = None,
    *,
    channels: int | None = None,
    rounding: Rounding | None = None,
    refit: bool = False,
    language: Language = "en",
) -> ShownTrace:
    """The trace of a network at its own input, or at a square input of ``size`` pixels.

    ``channels`` are those of the input, ``rounding`` is one rule for every window, and ``refit``
    rebuilds dense layers for what they read.  A network that fails is a trace with a ``failure``.

    Raises:
        Problem: no such variant, or a size that is not 1 to 10,000.
    """
    asked = _network(network)
    asked = asked.rounded(rounding) if rounding else asked
    asked = asked.refitted() if refit else asked
    asked = asked.with_channels(channels) if channels else asked
    return ShownTrace(**_values(tracing.trace(asked, size)), language=language)


def compare(
    *networks: str | Network,
    size: int | None = None,
    ignore: Iterable[str] = (),
    language: Language = "en",
) -> ShownComparison:
    """How each further network differs from the first, and what follows in numbers.

    ``ignore`` has the words of ``diff --ignore``: settings, kinds, layers, ``order``, ``input``,
    ``names``.

    Raises:
        Problem: fewer than two networks, no such variant, an unknown word to ignore.
    """
    if len(networks) < 2:
        raise Problem("too_few_networks")
    traces = [tracing.trace(_network(each), size) for each in networks]
    return ShownComparison(**_values(compared(traces, ignore)), language=language)


def towers(
    network: str | Network,
    gpus: int | None = None,
    *,
    size: int | None = None,
    language: Language = "en",
) -> ShownTowers:
    """What each GPU holds, computes and fetches; ``gpus`` instead of the network's own number.

    Raises:
        Problem: no such variant, or a number of GPUs that is not 1 to 64.
    """
    traced = tracing.trace(_network(network), size)
    return ShownTowers(traced, split(traced, gpus=gpus), language)


def _network(given: str | Network) -> Network:
    return variant(given) if isinstance(given, str) else given


def _values(it: tracing.Trace | Comparison) -> dict[str, Any]:
    return {each.name: getattr(it, each.name) for each in fields(it)}
