"""Canonical form of a layer, and the comparison of layers and of traced rows.

Layers that compute the same function have the same canonical form:

- LRN's alpha is the factor of the plain sum of squares: 1e-4 divided by 5 cells is 2e-5.
- VALID is no padding, rounded down.
- At stride 1 nothing is rounded, so there is no rounding rule, and SAME is a padding of (F - 1)/2.
  At a larger stride SAME pads as needed, so there is no padding.
- Caffe's rounding is rounding up unless its clip rule can drop a window, which takes a padding
  after the map of more than F - S cells.
- ``in_features`` follows from the layers before and is left out.

A table of traced rows shows more than the canonical form: fields as they are written, and what
follows from them at the input (``differing``).  There a rounding rule is no difference where every
window fits exactly, because nothing was rounded.
"""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any

from alexnet_viz.analysis.columns import COLUMNS
from alexnet_viz.network.layers import LRN, Layer, Linear, Sides, Window
from alexnet_viz.network.trace import Row

COMPARED = (
    "kind", "input_shape", "output_shape", "kernel_size", "stride", "padding", "groups",
    "rounding", "quotient", "params", "macs",
)  # fmt: skip
"""The columns in which traced rows are compared.  Receptive fields are left out: one different
padding would mark every layer after it."""
FOLLOWING = frozenset({"input_shape", "output_shape", "quotient", "params", "macs", "in_features"})
"""Keys of ``differing`` that depend on the layers before."""
OUTPUTS = {"out_channels": "out", "out_features": "out"}


def canonical(layer: Layer) -> dict[str, Any]:
    """The settings of a layer in canonical form, by name; None for one that has no effect.

    >>> from alexnet_viz.network.layers import MaxPool
    >>> canonical(MaxPool(name="pool1", kernel_size=3, stride=2, rounding="caffe"))["rounding"]
    'ceil'
    """
    found = {
        OUTPUTS.get(field.name, field.name): getattr(layer, field.name) for field in fields(layer)
    }
    del found["name"]
    match layer:
        case Window():
            found["padding"], found["rounding"] = _window(layer)
        case LRN():
            del found["alpha"], found["divide_alpha"]
            found["effective_alpha"] = float(f"{layer.effective_alpha:.9g}")
            found["towers"] = found.pop("groups")
        case Linear():
            del found["in_features"]
    return found | {"kind": layer.kind}


def changed(one: Layer, other: Layer) -> Iterator[tuple[str, Any, Any]]:
    """Each setting in which the canonical forms differ: its name, its value in each.

    Of layers of different kinds only the kind and the number of outputs are compared.  A rule that
    both layers state is no difference, although SAME needs no rule at stride 1; a stated padding is
    one from SAME, whose padding is None: it depends on the input.
    """
    before, now = canonical(one), canonical(other)
    for name, old in before.items():
        if one.kind != other.kind and name not in ("kind", "out"):
            continue
        new = now.get(name, old)
        if old == new or (name == "rounding" and _rule(one) == _rule(other)):
            continue
        if name == "padding" and None in (old, new):
            if any(old or new) and _rule(one) != _rule(other):
                yield name, old, new
            continue
        if None in (old, new) and not {"same", "caffe"} & {old, new}:
            continue  # a setting without effect in one of them: another setting differs
        if name == "rounding":
            old, new = old or "floor", new or "floor"
        yield name, old, new


def _rule(layer: Layer) -> str | None:
    """The rounding rule that a layer states; None if it has no window."""
    return layer.rounding if isinstance(layer, Window) else None


def differing(rows: Sequence[Row | None]) -> frozenset[str]:
    """The keys in which rows of one role differ, one row a network.

    Columns of ``COMPARED``; among layers of one kind also their fields; ``present`` where a network
    has no such layer or failed before it.
    """
    present = [row for row in rows if row]
    forms = [{key: COLUMNS[key].value(row) for key in COMPARED} for row in present]
    if len({row.kind for row in present}) == 1:
        forms = [form | _written(row.layer) for row, form in zip(present, forms, strict=True)]
    found = {key for key in forms[0] if len({form[key] for form in forms}) > 1}
    if all(window.exact for row in present for window in row.slides or ()):
        found.discard("rounding")
    return frozenset(found | ({"present"} if len(present) < len(rows) else set()))


def same_function(one: Layer | None, other: Layer | None) -> bool:
    """Whether both networks have the layer, in the same canonical form."""
    return one is not None and other is not None and not any(changed(one, other))


def _written(layer: Layer) -> dict[str, Any]:
    """The fields of a layer as they are written, but for the padding; LRN's effective alpha."""
    names = [field.name for field in fields(layer) if field.name not in ("name", "padding")]
    names += ["effective_alpha"] if isinstance(layer, LRN) else []
    return {name: getattr(layer, name) for name in names}


def _window(layer: Window) -> tuple[Sides | None, str | None]:
    """Padding and rounding rule of a window in canonical form."""
    padding, rounding = layer.padding, str(layer.rounding)
    after = padding[1], padding[3]
    axes = tuple(zip(layer.kernel_size, layer.stride, layer.dilation, after, strict=True))
    jumps = layer.stride != (1, 1)
    if rounding == "valid":
        return (0, 0, 0, 0), "floor" if jumps else None
    if rounding == "same":
        if jumps:
            return None, rounding
        down, across = (d * (kernel - 1) for kernel, _, d, _ in axes)
        return (down // 2, -(-down // 2), across // 2, -(-across // 2)), None
    if rounding == "caffe":
        inside = all(p + s <= d * (kernel - 1) + 1 for kernel, s, d, p in axes)
        rounding = "ceil" if inside or not any(padding) else rounding
    return padding, rounding if jumps or rounding == "caffe" else None
