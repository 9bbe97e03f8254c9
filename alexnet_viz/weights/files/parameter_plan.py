"""Tensors of a file as the parameters of a network, or everything that keeps them from it.

Only shapes are compared, so that a whole registry is gone through in a moment and nothing of any
size is computed for a file that will be refused.  Three differences are none: axes of length 1
(Caffe wrote fc6 as (1, 1, 4096, 9216)), a dense layer written as a convolution over the whole map
((4096, 256, 6, 6): flattening goes channel by channel everywhere here), and the number of outputs
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
"""Inputs at which every variant is tried besides its own."""

FACTORS = ("down", "up")
"""The roles of two thin factors: the weight is up @ down."""

Tensors = Mapping[str, Tensor]


class Plan(NamedTuple):
    """What would go where, and what stands against it."""

    network: Network
    """With as many outputs as the file has."""
    sources: Mapping[str, tuple[str, ...]]
    """By parameter, the keys of the file it is made of: one, or two factors."""
    shapes: Mapping[str, Shape]
    mismatches: tuple[Mismatch, ...]
    by_order: bool


def fit(tensors: Tensors, network: Network) -> dict[str, Tensor]:
    """The tensors under this project's names (``conv1.weight``), shaped as torch wants them.

    The last dense layer may have another number of outputs than the network; ``opened`` adapts it.

    Raises:
        WeightsMisfit: with every missing, unexpected and misshapen key.
        Problem: the network fails at its input, or a weight is no finite float.
    """
    plan = planned(tensors, network)
    if plan.mismatches:
        raise WeightsMisfit(plan.network, plan.mismatches, nearest(tensors)[0])
    return taken(tensors, plan)


def nearest(tensors: Tensors) -> list[tuple[Network, tuple[Mismatch, ...]]]:
    """Every variant at the input where the tensors fit it best, the best first."""
    return [(plan.network, plan.mismatches) for plan in plans(tensors)]


def plans(tensors: Tensors) -> list[Plan]:
    """The best plan for every variant that runs, those with the fewest mismatches first.

    Of equals the one comes first that the names speak for.
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
    """Every variant at every input at which it is tried, its own first, with its parameters."""
    readings = []
    for variant in VARIANTS.values():
        sides = SIDES if len(variant.input_shape) == 3 else ()
        for network in (variant, *(variant.at(side) for side in sides)):
            result = trace(network)
            if result.failure is None:
                readings.append((network, parameters(result)))
    return tuple(readings)


def planned(tensors: Tensors, network: Network) -> Plan:
    """What of a file would go where in a network.

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
        found = offered.get(theirs.get(layer, ""), {}).get(role)
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
        Problem: a weight is no float, or holds what is no number.
    """
    return {
        name: _finite(name, [tensors[key] for key in keys]).reshape(plan.shapes[name])
        for name, keys in plan.sources.items()
    }


def _finite(name: str, parts: Sequence[Tensor]) -> Tensor:
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
    """What a layer of the file offers: the shape by role, of two thin factors their product's."""
    shapes = {role: tuple(tensors[key].shape) for role, key in roles.items()}
    down, up = (shapes.get(role, ()) for role in FACTORS)
    if len(down) == len(up) == 2 and up[1] == down[0] and "weight" not in shapes:
        shapes["weight"] = (up[0], down[1])
    return shapes


def _keys(roles: Mapping[str, str], role: str) -> tuple[str, ...]:
    if role in roles:
        return (roles[role],)
    return tuple(roles[factor] for factor in FACTORS if factor in roles)


def parameters(result: Trace) -> dict[str, Shape]:
    """The shape of every tensor a network's state dict must have, but for counters."""
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
    """The network and its shapes with as many classes as the file's last dense layer has."""
    last = network.last_dense
    if last is None:
        return network, shapes
    weight = offered.get(theirs.get(last.name, ""), {}).get("weight", ())
    ours = shapes[f"{last.name}.weight"]
    outputs = _outputs(weight)
    if outputs in (0, ours[0]):
        return network, shapes
    changed = {f"{last.name}.weight": (outputs, *ours[1:])}
    if f"{last.name}.bias" in shapes:
        changed[f"{last.name}.bias"] = (outputs,)
    return network.with_classes(outputs), {**shapes, **changed}


def _outputs(weight: Shape) -> int:
    """How many outputs a layer with this weight has; 0 if it is none of a dense layer."""
    if len(weight) not in (2, 4):
        return 0
    return weight[2] if weight[:2] == (1, 1) else weight[0]  # Caffe wrote (1, 1, out, in)


def _same(found: Shape, needed: Shape) -> bool:
    """Whether numbers of one shape can be read as another without moving any."""
    if [axis for axis in found if axis != 1] == [axis for axis in needed if axis != 1]:
        return True
    outputs = found[:1] == needed[:1]
    return outputs and {len(found), len(needed)} == {2, 4} and prod(found) == prod(needed)


def _called(name: str, keys: Sequence[str]) -> str:
    """A parameter and, where the file calls it otherwise, what the file calls it."""
    theirs = " + ".join(shown(key) for key in keys)
    return name if theirs == name else f"{name} ({theirs})"
