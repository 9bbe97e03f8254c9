"""Which layers of a Caffe net are in it: phase, level and stages.

A layer with ``include`` rules is in the net if one of them is met; one with ``exclude`` rules is
not if one of them is met.  A rule is met if everything it names is: the phase, the bounds of the
level, every ``stage``, and no ``not_stage`` (net.cpp, ``Net::FilterNet``,
``Net::StateMeetsRule``).
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from alexnet_viz.readers.protobuf_text import Message, messages_of, words_of

Phase = Literal["TRAIN", "TEST"]

DEPLOYED = ("deploy", "val")
"""Stages of DIGITS under which a net is fed without being trained, the likeliest first."""


class State(NamedTuple):
    """What a net is used for; Caffe's own default has level 0 and no stage."""

    phase: Phase = "TEST"
    stages: frozenset[str] = frozenset()


def present(layer: Message, state: State) -> bool:
    """Whether a layer is in the net in this state."""
    included = messages_of(layer, "include")
    if included:
        return any(_met(rule, state) for rule in included)
    return not any(_met(rule, state) for rule in messages_of(layer, "exclude"))


def stages(layers: Iterable[Message]) -> set[str]:
    """Every stage that a rule of the layers names."""
    return {
        stage
        for layer in layers
        for rules in ("include", "exclude")
        for rule in messages_of(layer, rules)
        for name in ("stage", "not_stage")
        for stage in words_of(rule, name)
    }


def _met(rule: Message, state: State) -> bool:
    levels = (words_of(rule, "min_level"), words_of(rule, "max_level"))
    number = {"TRAIN": "0", "TEST": "1"}[state.phase]
    return (
        words_of(rule, "phase")[-1:] in ([], [state.phase], [number])
        and state.stages.issuperset(words_of(rule, "stage"))
        and state.stages.isdisjoint(words_of(rule, "not_stage"))
        and not (levels[0] and not levels[0][-1].startswith(("-", "0")))
        and not (levels[1] and levels[1][-1].startswith("-"))
    )
