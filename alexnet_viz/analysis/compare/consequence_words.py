"""What follows from how two networks differ, in words: English and Chinese.

Each consequence is a clause about the second network: "conv1: 54 instead of 55 because it rounds
down", "fc6 reads 6,400 instead of 9,216".
"""

from typing import Any

from alexnet_viz.analysis.compare.consequences import Consequence, Reason
from alexnet_viz.analysis.compare.difference_words import layers_text, padding_text
from alexnet_viz.network.layers import Pair, shape_text
from alexnet_viz.text import Language, t


def consequence_text(it: Consequence, language: Language = "en") -> str:
    """One consequence in words.

    >>> consequence_text(Consequence("reads", ("fc6",), 9216, 6400))
    'fc6 reads 6,400 instead of 9,216'
    """
    layers = layers_text(it.layers, language)
    match it.what:
        case "size":
            said = t("follows.size", language, layer=layers, **_both(it))
            if not it.reasons:
                return said
            because = [_reason(each, language) for each in it.reasons]
            return t("follows.because", language, said=said, reasons=_joined(because, language))
        case "again":
            return t("follows.again", language, layer=layers, size=_size(it.new))
        case "stops" | "runs":
            assert it.failure is not None
            problem = it.failure.problem.message(language).rstrip(".。")
            return t(f"follows.{it.what}", language, layer=layers, problem=problem)
        case "weights" | "fit":
            return t(f"follows.{it.what}", language, layers=layers)
        case _:
            return t(f"follows.{it.what}", language, layer=layers, old=it.old, new=it.new)


def _both(it: Consequence) -> dict[str, str]:
    return {"old": _size(it.old), "new": _size(it.new)}


def _reason(it: Reason, language: Language) -> str:
    match it.field:
        case "rounding":
            rounds = t(f"follows.rounding_{it.new}", language)
            left = it.old == "same"
            return t("follows.left_same", language, rounds=rounds) if left else rounds
        case "without" | "added":
            return t(f"follows.reason_{it.field}", language, layer=it.new)
        case _:
            old, new = (_value(it.field, each, language) for each in (it.old, it.new))
            return t(f"follows.reason_{it.field}", language, old=old, new=new)


def _value(field: str, value: Any, language: Language) -> str:
    match field:
        case "kind":
            return t(f"kind.{value}", language)
        case "padding":
            return padding_text(value)
        case "kernel_size" | "output_size":
            return shape_text(value)
        case _:
            return _size(value)


def _size(size: Pair) -> str:
    """A square as one number, other sizes as height×width."""
    return str(size[0]) if size[0] == size[1] else shape_text(size)


def _joined(words: list[str], language: Language) -> str:
    *before, last = words
    if not before:
        return last
    return t("difference.and", language, head=layers_text(before, language), last=last)
