"""The same question put to every registered network and every rounding rule.

An answer that is wrong here is often right there: 6,400 inputs of fc6 are what PyTorch's rounding
makes of 224 pixels.
"""

from collections.abc import Iterator, Mapping

from alexnet_viz.network.geometry import ROUNDINGS, Rounding, output_size
from alexnet_viz.network.layers import Window
from alexnet_viz.teaching.questions.answer_text import phrase
from alexnet_viz.teaching.questions.network_chains import (
    ChainQuestion,
    arrows,
    chain,
    maps_before,
    quantity_of,
    sides,
    title_of,
)
from alexnet_viz.teaching.questions.question import Question
from alexnet_viz.teaching.questions.window_sizes import OutputSize
from alexnet_viz.teaching.slips.finding import Finding, gives
from alexnet_viz.teaching.typed import Typed
from alexnet_viz.text import Text
from alexnet_viz.variants import VARIANTS

MOST_NAMED = 3
"""Most networks that a sentence names; a finding holds the ids of all."""

Values = Mapping[str, object]


def elsewhere(question: Question, given: Typed, values: Values) -> Iterator[Finding]:
    """The rules, networks and inputs in which the same question has the given answer.

    ``values`` are those of every sentence about the answer.
    """
    if isinstance(question, ChainQuestion):
        yield from _chains(question, given, values)
    elif isinstance(question, OutputSize):
        yield from _rules(question, given, values)
        yield from _windows(question, given, values)


def _chains(question: ChainQuestion, given: Typed, values: Values) -> Iterator[Finding]:
    """The network under each rule, then the others by their chains, the most first, then itself at
    its own input.

    Rules that lead to the same chain are one finding, that of the first.
    """
    size, network = question.input_size, question.network
    chains = set()
    for rounding in ROUNDINGS:
        if _holds(question, network, size, rounding, given):
            finding = _chain(question, (network,), rounding, size, values)
            if finding.chain not in chains:
                yield finding
            chains.add(finding.chain)
    found: dict[tuple[int, ...], list[str]] = {}
    for id in VARIANTS:
        if id != network and _holds(question, id, size, None, given):
            found.setdefault(sides(chain(id, size), question.quantity), []).append(id)
    for networks in sorted(found.values(), key=len, reverse=True):
        yield _chain(question, tuple(networks), None, size, values)
    native = VARIANTS[network].input_size
    if native != size and _holds(question, network, native, None, given):
        yield _chain(question, (network,), None, native, values)


def _holds(
    question: ChainQuestion, network: str, size: int, rounding: Rounding | None, given: Typed
) -> bool:
    found = quantity_of(chain(network, size, rounding), question.quantity)
    return found is not None and gives(found, given, question.form)


def _chain(
    question: ChainQuestion,
    networks: tuple[str, ...],
    rounding: Rounding | None,
    size: int,
    values: Values,
) -> Finding:
    traced = chain(networks[0], size, rounding)
    layer, _, quantity = question.quantity.partition(".")
    channels, height, width = maps_before(traced, layer)
    kind = "rule" if rounding else "input" if size != question.input_size else "network"
    what = "inputs" if quantity == "inputs" else "size"
    filled = {
        **values,
        "layer": layer,
        "size": size,
        "chain": arrows(sides(traced, question.quantity)),
        "product": f"{height}·{width}·{channels}",
        "networks": _titles(networks),
        "rule": phrase(f"exercise.rule.{rounding}") if rounding else "",
    }
    return Finding(
        f"slip.elsewhere.{kind}.{what}",
        filled,
        networks=networks,
        rounding=rounding,
        chain=sides(traced, question.quantity),
        input_size=size,
    )


def _rules(question: OutputSize, given: Typed, values: Values) -> Iterator[Finding]:
    for rounding in ROUNDINGS:
        if rounding != question.rounding and _size(question, rounding=rounding) == given.value:
            filled = {**values, "rule": phrase(f"exercise.rule.{rounding}")}
            yield Finding("slip.elsewhere.window_rule", filled, rounding=rounding)


def _windows(question: OutputSize, given: Typed, values: Values) -> Iterator[Finding]:
    """The networks that pad this window in another way, and get the given size."""
    found: dict[tuple[str, int, int], list[str]] = {}
    for id, network in VARIANTS.items():
        for layer in network.layers:
            if not isinstance(layer, Window):
                continue
            window: Window = layer
            padding = window.padding[:2]
            alike = (window.kernel_size[0], window.stride[0], window.rounding) == (
                *(question.kernel_size, question.stride, question.rounding),
            )
            other = alike and padding != question.padding
            if other and _size(question, padding) == given.value:
                found.setdefault((layer.name, *padding), []).append(id)
    for (name, before, after), ids in found.items():
        filled = {**values, "layer": name, "before": before, "after": after}
        filled["networks"] = _titles(tuple(ids))
        yield Finding("slip.elsewhere.window_network", filled, networks=tuple(ids))


def _size(
    asked: OutputSize, padding: tuple[int, int] | None = None, rounding: Rounding | None = None
) -> int:
    return output_size(
        asked.input_size,
        asked.kernel_size,
        asked.stride,
        asked.padding if padding is None else padding,
        rounding=rounding or asked.rounding,
    )


def _titles(networks: tuple[str, ...]) -> Text:
    titles = [title_of(id) for id in networks[:MOST_NAMED]]
    named = Text(", ".join(each.en for each in titles), "、".join(each.zh for each in titles))
    more = len(networks) - len(titles)
    return phrase("slip.elsewhere.more", names=named, count=more) if more else named
