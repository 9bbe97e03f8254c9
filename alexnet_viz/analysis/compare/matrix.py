"""One row of fields per variant: the fields in which AlexNets differ.

Fields are read at the variant's own input.  A stage's order is written in letters: R for a
non-linearity, N for a normalisation, P for a pool.  The paper's first stage is RNP, CaffeNet's RPN.
"""

from collections.abc import Callable
from functools import cache

from alexnet_viz.analysis.columns import Value
from alexnet_viz.analysis.compare.ancestry import about
from alexnet_viz.analysis.compare.canonical import canonical
from alexnet_viz.analysis.compare.difference_words import number_text, padding_text
from alexnet_viz.analysis.inputs.case_224 import SIZES, staircase
from alexnet_viz.analysis.inputs.input_ranges import dense_layers, inputs_fitting, inputs_keeping
from alexnet_viz.network.layers import (
    LRN,
    AvgPool,
    Conv,
    Dropout,
    MaxPool,
    Window,
    shape_text,
)
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.variants import VARIANTS

LETTERS = {"activation": "R", "normalisation": "N", "pooling": "P"}
LARGEST = 10_000
"""Largest input size tried, in pixels; a range that reaches it is printed without an upper end."""


def stage_order(network: Network, stage: int) -> str:
    """The layers between a stage's convolution and the next learned layer, in letters.

    >>> stage_order(VARIANTS["alexnet_2012_paper"], 1)
    'RNP'
    """
    names = [layer.name for layer in network.layers]
    if f"conv{stage}" not in names:
        return ""
    letters = ""
    for layer in network.layers[names.index(f"conv{stage}") + 1 :]:
        if layer.weighted:
            break
        letters += LETTERS.get(layer.family, "")
    return letters


def range_text(sizes: range) -> str:
    """Input sizes as text: 196–227, 63+ for 63 and more, a dash for none.

    >>> range_text(range(196, 228)), range_text(range(63, 10_001)), range_text(range(0))
    ('196–227', '63+', '–')
    """
    if not sizes:
        return "–"
    last = sizes.stop - 1
    return f"{sizes.start}+" if last >= LARGEST else f"{sizes.start}–{last}"


def keeping(network: Network) -> range:
    """The square inputs at which weights learned at the network's own input still fit."""
    if trace(network).failure:
        return range(0)
    dense = dense_layers(network)
    if not dense or dense[0].arriving is None:
        return inputs_fitting(network)
    return inputs_keeping(network, dense[0].name, dense[0].arriving)


def _convs(network: Network) -> list[Conv]:
    """The convolutions of the stages, without dense layers written as convolutions."""
    return [each for each in network.layers if isinstance(each, Conv) and each.name[0] == "c"]


def _conv1(network: Network) -> Value:
    return next((_window_text(each) for each in _convs(network)), None)


def _window_text(layer: Window) -> str:
    """Kernel size, stride and padding: ``11×11 / 4, 2``; SAME in place of a padding."""
    padding = canonical(layer)["padding"]
    return f"{_size_text(layer)}, {'SAME' if padding is None else padding_text(padding)}"


def _size_text(layer: Window) -> str:
    return f"{shape_text(layer.kernel_size)} / {layer.stride[0]}"


def _widths(network: Network) -> Value:
    return " ".join(str(each.out_channels) for each in _convs(network))


def _groups(network: Network) -> Value:
    return " ".join(str(each.groups) for each in _convs(network))


def _pools(network: Network) -> Value:
    """Each different pooling window and its stages: 3×3 / 2 (1 2 5)."""
    stages: dict[str, list[str]] = {}
    for layer in network.layers:
        if isinstance(layer, MaxPool | AvgPool):
            stage = layer.name.removeprefix("pool")
            stages.setdefault(_size_text(layer), []).append(stage)
    return "; ".join(f"{words} ({' '.join(where)})" for words, where in stages.items())


def _rounding(kind: type[Window]) -> Callable[[Network], Value]:
    def value(network: Network) -> Value:
        rules = [canonical(each)["rounding"] for each in network.layers if isinstance(each, kind)]
        return " / ".join(dict.fromkeys(rule for rule in rules if rule))

    return value


def _lrn(read: Callable[[LRN], float]) -> Callable[[Network], Value]:
    def value(network: Network) -> Value:
        found = [read(each) for each in network.layers if isinstance(each, LRN)]
        return " / ".join(dict.fromkeys(map(number_text, found)))

    return value


def _dropout(network: Network) -> Value:
    """The learned layers after each dropout, and its probability: fc7 fc8 (0.5)."""
    found: dict[float, list[str]] = {}
    for index, layer in enumerate(network.layers):
        if isinstance(layer, Dropout):
            behind = network.layers[index:]
            reader = next((each.name for each in behind if each.weighted), "–")
            found.setdefault(layer.p, []).append(reader)
    return "; ".join(f"{' '.join(names)} ({p:g})" for p, names in found.items())


def _dense(network: Network) -> Value:
    widths = [
        canonical(each)["out"]
        for each in network.layers
        if each.name.startswith("fc") and each.weighted
    ]
    return " ".join(map(str, widths))


def _staircase(size: int) -> Callable[[Network], Value]:
    def value(network: Network) -> Value:
        result = trace(network.refitted(), size)
        steps = " ".join(map(str, staircase(result)[1:]))
        return steps + (f" ✗ {result.failure.layer}" if result.failure else "")

    return value


FIELDS: dict[str, Callable[[Network], Value]] = {
    "year": lambda network: about(network.id).year,
    "framework": lambda network: about(network.id).framework or "–",
    "input": lambda network: network.input_size,
    "conv1": _conv1,
    "widths": _widths,
    "groups": _groups,
    "round_conv": _rounding(Conv),
    **{f"stage{n}": lambda network, n=n: stage_order(network, n) for n in (1, 2)},  # type: ignore[misc]
    "pools": _pools,
    "round_pool": _rounding(MaxPool),
    "lrn_n": _lrn(lambda layer: layer.size),
    "lrn_k": _lrn(lambda layer: layer.k),
    "lrn_alpha": _lrn(lambda layer: layer.effective_alpha),
    "lrn_beta": _lrn(lambda layer: layer.beta),
    "dropout": _dropout,
    "dense": _dense,
    "params": lambda network: trace(network).params,
    "macs": lambda network: trace(network).macs,
    "keeps": lambda network: range_text(keeping(network)),
    **{f"at_{size}": _staircase(size) for size in SIZES},
}
"""The columns by key, in order: functions of a network."""
NUMBERS = frozenset(("year", "input", "params", "macs"))


@cache
def line(id: str) -> dict[str, Value]:
    """The fields of one registered variant; cached, because they take some 50 traces."""
    return {key: read(VARIANTS[id]) for key, read in FIELDS.items()}
