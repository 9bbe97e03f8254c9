"""Assign the tensors of a file to the parameters of a network, or list every mismatch.

Only shapes are compared, so trying all variants is fast and no tensor is converted for a file that
is refused.  Three differences are allowed: axes of length 1 (Caffe wrote fc6 as (1, 1, 4096,
9216)); a dense layer written as a convolution over the whole map, (4096, 256, 6, 6), which has the
same order of numbers because maps are flattened channel by channel; and another number of outputs
of the last dense layer, to which the network is adapted.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from math import prod
from typing import NamedTuple

import torch
from torch import Tensor

from alexnet_viz.network.layers import BatchNorm, Shape
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.text.problem import Problem, shown
from alexnet_viz.variants import VARIANTS
from alexnet_viz.weights.compatibility import learned_shapes
from alexnet_viz.weights.files.misfit import Mismatch, WeightsMisfit
from alexnet_viz.weights.files.tensor_names import (
    OF_TORCHVISION,
    assigned,
    keys_by_layer,
    of_torchvision,
)

SIDES = (224, 227)
"""Input sizes at which every variant is tried besides its own, in pixels."""

FACTORS = ("down", "up")
"""The roles of a factored weight: ``up @ down``, (out, rank) @ (rank, in)."""

Tensors = Mapping[str, Tensor]


class Plan(NamedTuple):
    """An assignment of tensors to the parameters of a network, and its mismatches."""

    network: Network
    """With the file's number of classes."""
    sources: Mapping[str, tuple[str, ...]]
    """By parameter, the keys of the file that it is made of: one, or two factors."""
    shapes: Mapping[str, Shape]
    """By parameter, as torch stores it."""
    mismatches: tuple[Mismatch, ...]
    by_order: bool
    """Whether layers were assigned by their order, their names being unknown."""


def fit(tensors: Tensors, network: Network) -> dict[str, Tensor]:
    """The tensors under this project's names (``conv1.weight``), float32, in torch's shapes.

    The last dense layer may have another number of outputs than the network's.

    Raises:
        WeightsMisfit: lists every missing, unexpected and misshapen key.
        Problem: the network fails at its input, or a weight is not a finite float.
    """
    plan = planned(tensors, network)
    if plan.mismatches:
        raise WeightsMisfit(plan.network, plan.mismatches, nearest(tensors)[0])
    return taken(tensors, plan)


def nearest(tensors: Tensors) -> list[tuple[Network, tuple[Mismatch, ...]]]:
    """Every variant, at the input where the tensors fit it best, with its mismatches.

    Those with the fewest mismatches come first.
    """
    return [(plan.network, plan.mismatches) for plan in plans(tensors)]


def plans(tensors: Tensors) -> list[Plan]:
    """The best plan for every variant, those with the fewest mismatches first.

    Of equal ones torchvision's comes first if the tensors are named as in torchvision.
    """
    named = of_torchvision(tensors)
    best: dict[str, Plan] = {}
    for network, shapes in _readings():
        plan = _planned(tensors, network, shapes)
        known = best.get(network.id)
        if known is None or len(plan.mismatches) < len(known.mismatches):
            best[network.id] = plan

    def place(plan: Plan) -> tuple[int, bool]:
        return len(plan.mismatches), named and plan.network.id != OF_TORCHVISION

    return sorted(best.values(), key=place)


@cache
def _readings() -> tuple[tuple[Network, Mapping[str, Shape]], ...]:
    """Every variant at every input size to try, its own first, and its parameters' shapes."""
    readings = []
    for variant in VARIANTS.values():
        sides = SIDES if len(variant.input_shape) == 3 else ()
        for network in (variant, *(variant.at(side) for side in sides)):
            result = trace(network)
            if result.failure is None:
                readings.append((network, parameters(result)))
    return tuple(readings)


def planned(tensors: Tensors, network: Network) -> Plan:
    """The plan for one network.

    Raises:
        Problem: the network fails at its input.
    """
    result = trace(network)
    if result.failure:
        raise result.failure.problem
    return _planned(tensors, network, parameters(result))


def _planned(tensors: Tensors, network: Network, needs: Mapping[str, Shape]) -> Plan:
    keys = keys_by_layer(tensors)
    offered = {layer: _offered(roles, tensors) for layer, roles in keys.items()}
    ours = list(dict.fromkeys(name.rpartition(".")[0] for name in needs))
    norms = {layer for layer in ours if isinstance(network[layer], BatchNorm)}
    norms |= {layer for layer, roles in offered.items() if len(roles.get("weight", ())) == 1}
    assignment = assigned(list(keys), ours, frozenset(norms))
    theirs = {mine: layer for layer, mine in assignment.layers.items()}
    network, shapes = _with_outputs(network, needs, offered, theirs)
    sources: dict[str, tuple[str, ...]] = {}
    mismatches = []
    for name, needed in shapes.items():
        layer, _, role = name.rpartition(".")
        # a file of one layer may have keys without its name: weight and bias
        found = offered[theirs[layer]].get(role) if layer in theirs else None
        if found is None:
            mismatches.append(Mismatch(name, None, needed))
            continue
        sources[name] = _keys(keys[theirs[layer]], role)
        if not _same(found, needed):
            mismatches.append(Mismatch(_called(name, sources[name]), found, needed))
    claimed = {key for used in sources.values() for key in used}
    left_over = (key for roles in keys.values() for key in roles.values() if key not in claimed)
    mismatches += [Mismatch(key, tuple(tensors[key].shape), None) for key in left_over]
    return Plan(network, sources, shapes, tuple(mismatches), assignment.by_order)


def taken(tensors: Tensors, plan: Plan) -> dict[str, Tensor]:
    """The parameters of a plan without mismatches: float32, of their final shapes.

    Raises:
        Problem: a weight is not a float, or has infinite or undefined numbers.
    """
    return {
        name: _finite(name, [tensors[key] for key in keys]).reshape(plan.shapes[name])
        for name, keys in plan.sources.items()
    }


def _finite(name: str, parts: Sequence[Tensor]) -> Tensor:
    """One tensor, or the product of two factors, in float32; raises if not finite."""
    for part in parts:
        if not part.is_floating_point():
            raise Problem("weights_not_float", name=name)
    numbers = parts[0].float()
    if len(parts) == 2:
        numbers = parts[1].float() @ numbers  # up @ down
    if not numbers.is_meta and not torch.isfinite(numbers).all():
        raise Problem("weights_not_finite", name=name)
    return numbers.contiguous()


def _offered(roles: Mapping[str, str], tensors: Tensors) -> dict[str, Shape]:
    """Shapes of a layer in the file by role; for two factors the shape of their product."""
    shapes = {role: tuple(tensors[key].shape) for role, key in roles.items()}
    down, up = (shapes.get(role, ()) for role in FACTORS)
    if len(down) == len(up) == 2 and up[1] == down[0] and "weight" not in shapes:
        shapes["weight"] = (up[0], down[1])
    return shapes


def _keys(roles: Mapping[str, str], role: str) -> tuple[str, ...]:
    """The keys of the file that a parameter is made of."""
    if role in roles:
        return (roles[role],)
    return tuple(roles[factor] for factor in FACTORS if factor in roles)


def parameters(result: Trace) -> dict[str, Shape]:
    """The shapes of a network's state dict by parameter, without BatchNorm's counters."""
    shapes: dict[str, Shape] = {}
    for layer, weight in learned_shapes(result).items():
        shapes[f"{layer}.weight"] = weight
        if result[layer].biases:
            shapes[f"{layer}.bias"] = weight[:1]
        if isinstance(result[layer].layer, BatchNorm):
            shapes[f"{layer}.running_mean"] = shapes[f"{layer}.running_var"] = weight
    return shapes


def _with_outputs(
    network: Network,
    shapes: Mapping[str, Shape],
    offered: Mapping[str, Mapping[str, Shape]],
    theirs: Mapping[str, str],
) -> tuple[Network, Mapping[str, Shape]]:
    """The network and its shapes, with the number of classes of the file's last dense layer."""
    last = network.last_dense
    if last is None:
        return network, shapes
    weight = offered[theirs[last.name]].get("weight", ()) if last.name in theirs else ()
    ours = shapes[f"{last.name}.weight"]
    outputs = _outputs(weight)
    if outputs in (0, ours[0]):
        return network, shapes
    changed = {f"{last.name}.weight": (outputs, *ours[1:])}
    if f"{last.name}.bias" in shapes:
        changed[f"{last.name}.bias"] = (outputs,)
    return network.with_classes(outputs), {**shapes, **changed}


def _outputs(weight: Shape) -> int:
    """Number of outputs of a dense layer with this shape of weight; 0 if it is another shape."""
    if len(weight) not in (2, 4):
        return 0
    written = len(weight) == 4 and weight[:2] == (1, 1)  # Caffe wrote (1, 1, out, in)
    return weight[2] if written else weight[0]


def _same(found: Shape, needed: Shape) -> bool:
    """Whether a tensor of one shape can be reshaped to the other as the same parameter."""
    if [axis for axis in found if axis != 1] == [axis for axis in needed if axis != 1]:
        return True
    outputs = found[:1] == needed[:1]
    return outputs and {len(found), len(needed)} == {2, 4} and prod(found) == prod(needed)


def _called(name: str, keys: Sequence[str]) -> str:
    """A parameter's name, followed by its keys in the file if they differ."""
    theirs = " + ".join(shown(key) for key in keys)
    return name if theirs == name else f"{name} ({theirs})"
