"""What a layer declares, read so that equal functions look equal.

- LRN's alpha is the one that multiplies the plain sum: 1e-4 divided by 5 cells is 2e-5.
- VALID is no padding, rounded down.
- At a stride of 1 nothing is ever rounded, so there is no rule, and SAME is a padding of (F - 1)/2;
  at a larger stride SAME pads as it needs, so there is no padding.
- Caffe's rounding is rounding up wherever its clip rule cannot bite, which takes a padding behind
  the map of more than F - S cells.

What a dense layer was built for (``in_features``) follows from the layers before it: left out.
"""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from alexnet_viz.network.layers import LRN, Conv, Layer, Linear, Sides, Window


def declared(layer: Layer) -> dict[str, Any]:
    """The settings of a layer by field; None for one that does not apply.

    >>> from alexnet_viz.network.layers import MaxPool
    >>> declared(MaxPool(name="pool1", kernel_size=3, stride=2, rounding="caffe"))["rounding"]
    'ceil'
    """
    found: dict[str, Any] = {}
    match layer:
        case Window():
            padding, rounding = _window(layer)
            found = {
                "kernel_size": layer.kernel_size,
                "stride": layer.stride,
                "padding": padding,
                "dilation": layer.dilation,
                "rounding": rounding,
            }
            if isinstance(layer, Conv):
                found |= {"out": layer.out_channels, "groups": layer.groups, "bias": layer.bias}
        case Linear():
            found = {"out": layer.out_features, "groups": layer.groups, "bias": layer.bias}
        case LRN():
            found = {
                "k": layer.k,
                "size": layer.size,
                "effective_alpha": float(f"{layer.effective_alpha:.9g}"),
                "beta": layer.beta,
                "towers": layer.groups,
                "region": layer.region,
            }
        case _:
            found = {each.name: getattr(layer, each.name) for each in fields(layer)}
            del found["name"]
    return found


def changed(one: Layer, other: Layer) -> Iterator[tuple[str, Any, Any]]:
    """Each setting that differs: its field, what the one has, what the other has.

    Of layers of different kinds only how many outputs they have can be compared.
    """
    before, now = declared(one), declared(other)
    for field, old in before.items():
        if one.kind != other.kind and field != "out":
            continue
        new = now.get(field, old)
        if old == new or (None in (old, new) and "same" not in (old, new)):
            continue  # a setting that one of them does not have differs by another setting
        if field == "rounding":
            old, new = old or "floor", new or "floor"
        yield field, old, new


def _window(layer: Window) -> tuple[Sides | None, str | None]:
    """Padding and rounding rule of a window."""
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
        harmless = all(p + s <= d * (kernel - 1) + 1 for kernel, s, d, p in axes)
        rounding = "ceil" if harmless else rounding
    return padding, rounding if jumps or rounding == "caffe" else None
