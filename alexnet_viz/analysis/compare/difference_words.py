"""The differences of two networks as a sentence, in English and Chinese.

Each difference is a clause whose subject is the second network: "pools before it normalises
(stages 1 and 2); LRN k = 1 instead of 2".
"""

import re
from collections.abc import Iterable
from functools import reduce
from typing import Any

from alexnet_viz.analysis.compare.differences import Difference
from alexnet_viz.network.layers import Sides, shape_text
from alexnet_viz.text import Language, has, t


def sentence(
    differences: Iterable[Difference], language: Language = "en", most: int | None = None
) -> str:
    """All clauses, or the first ``most`` and the number of the rest.

    >>> from alexnet_viz.analysis.compare.differences import differences
    >>> from alexnet_viz.variants import VARIANTS
    >>> pair = VARIANTS["caffe_bvlc_alexnet"], VARIANTS["caffe_bvlc_reference_caffenet"]
    >>> sentence(differences(*pair))
    'pools before it normalises (stages 1 and 2)'
    """
    told = [clause(each, language) for each in differences]
    if not told:
        return t("difference.none", language)
    # a single remaining clause is as short as its count
    shown = told if most is None or len(told) <= most + 1 else told[:most]
    left = len(told) - len(shown)
    more = [t("difference.more", language, n=left)] if left else []
    return reduce(
        lambda before, then: t("difference.then", language, before=before, then=then),
        [*shown, *more],
    )


def clause(it: Difference, language: Language = "en") -> str:
    """One difference in words."""
    match it.what:
        case "order":
            return _order(it, language)
        case "without" | "added":
            return _said(
                "none_left" if it.what == "without" and it.whole else it.what, it, language
            )
        case "kind":
            return _said("kind", it, language, old=_kind(it.old, language))
        case "moved":
            if it.old == it.new:
                return _said("renamed", it, language, old=it.layers[0], new=it.layers[1])
            ends = {"old": it.old or "–", "new": it.new or "–"}
            return _said("moved", it, language, **ends)
        case "input":
            return _said(f"input_{it.field}", it, language, **_both(it, language))
        case _:
            return _setting(it, language)


def layers_text(names: Iterable[str], language: Language) -> str:
    """The names as a list in words."""
    row = list(names)
    if not row:
        return ""
    return reduce(
        lambda before, next: t("difference.beside", language, before=before, next=next), row
    )


def _order(it: Difference, language: Language) -> str:
    first, second = it.new
    stages = [name[-1] for name in it.layers]
    where = layers_text(it.layers, language)
    if all(re.fullmatch(r"[a-z]+[1-5]", name) for name in it.layers):
        key = "stage" if len(stages) == 1 else "stages"
        where = t(f"difference.{key}", language, stages=_listed(stages, language))
    if it.same:
        names = {"first": _kind(first, language), "second": _kind(second, language)}
        return _spaced(t("difference.order_same", language, where=where, **names))
    verbs = {"first": _verb(first, language), "second": _verb(second, language)}
    return _spaced(t("difference.order", language, where=where, **verbs))


def _setting(it: Difference, language: Language) -> str:
    key = it.field
    match key:
        case "out":
            key = "units" if it.kind == "linear" else "kernels"
        case "towers":
            key = "across" if it.new == 1 else "inside" if it.old == 1 else "towers"
        case "region":
            key = f"region_{it.new}"
        case "scale":
            key = f"scale_{it.new}"
        case "bias":
            key = f"bias_{'on' if it.new else 'off'}"
        case "log":
            key = f"log_{'on' if it.new else 'off'}"
    where = "" if it.whole else t("difference.where", language, layers=_layers(it, language))
    key = key if has(f"difference.{key}") else "setting"
    return _said(key, it, language, where=where, field=it.field, **_both(it, language))


def _said(key: str, it: Difference, language: Language, **values: object) -> str:
    values = {"layers": _layers(it, language), "kind": _kind(it.kind, language), **values}
    return _spaced(t(f"difference.{key}", language, **values))


def _spaced(words: str) -> str:
    """Without the spaces between two Chinese characters and before a Chinese bracket."""
    return re.sub(r"(?<=[\u4e00-\u9fff：]) (?=[\u4e00-\u9fff])| (?=（)", "", words).strip()


def _layers(it: Difference, language: Language) -> str:
    return layers_text(it.layers, language)


def _kind(kind: str, language: Language) -> str:
    return t(f"kind_short.{kind}" if has(f"kind_short.{kind}") else f"kind.{kind}", language)


def _verb(kind: str, language: Language) -> str:
    key = f"difference.verb_{kind}"
    return t(key if has(key) else "difference.verb", language, kind=_kind(kind, language))


def _both(it: Difference, language: Language) -> dict[str, str]:
    return {name: _value(it.field, getattr(it, name), language) for name in ("old", "new")}


def _value(field: str, value: Any, language: Language) -> str:
    """A value as written in a sentence; the values of several layers are separated by commas."""
    match field:
        case "out":
            each = value if isinstance(value, tuple) else (value,)
            return ", ".join(f"{number:,}" for number in each)
        case "padding":
            return t("rounding.same", language) if value is None else padding_text(value)
        case "rounding":
            return t(f"rounding.{value}", language)
        case "stride" | "dilation" | "size" if isinstance(value, tuple):
            return str(value[0]) if len(set(value)) == 1 else shape_text(value)
        case "kernel_size" | "output_size":
            return shape_text(value)
        case _:
            return number_text(value) if isinstance(value, float) else str(value)


def padding_text(padding: Sides) -> str:
    """A padding as one number, as before + after, or as all four sides: top, bottom, left, right.

    >>> padding_text((2, 2, 2, 2)), padding_text((0, 3, 0, 3)), padding_text((0, 1, 2, 3))
    ('2', '0+3', '0,1,2,3')
    """
    if len(set(padding)) == 1:
        return str(padding[0])
    if padding[:2] == padding[2:]:
        return f"{padding[0]}+{padding[1]}"
    return ",".join(map(str, padding))


def number_text(value: float) -> str:
    """A constant as papers write it.

    >>> number_text(2e-5), number_text(1e-4), number_text(0.75), number_text(1.0)
    ('2e-5', '1e-4', '0.75', '1')
    """
    if value == 0 or abs(value) >= 1e-3:
        return f"{value:g}"
    mantissa, exponent = f"{value:e}".split("e")
    return f"{float(mantissa):g}e{int(exponent)}"


def _listed(words: list[str], language: Language) -> str:
    """The words as an enumeration: 1, 2 and 5."""
    *before, last = words
    if not before:
        return last
    return t("difference.and", language, head=layers_text(before, language), last=last)
