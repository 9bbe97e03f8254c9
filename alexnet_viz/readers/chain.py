"""The graph of a file as a chain of layers, or everything that keeps it from being one.

A file lists steps that read blobs and make blobs.  Steps are sorted by their depth, the number of
steps between them and the input.  In a chain there is one step at every depth.  Two or more that
are alike are towers, and one layer holds them all exactly where each reads its own tower
(``groups``) or every one reads all towers (no groups): the columns a and b of cuda-convnet.
Whatever else stands side by side, or reads past its neighbour, is refused by name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from alexnet_viz.readers.diagnostics import Finding, listed

Spec = Mapping[str, Any]
"""A layer as plain data, what ``schema`` reads, without its name."""

Chain = list[tuple[str, Spec]]
"""Layers in the order in which the input passes them, each by its name in the file."""

OWN, ALL, SAME = "own", "all", "same"
"""Each tower reads itself; every tower reads all; every tower reads the one blob there is."""


@dataclass(frozen=True)
class Step:
    """A layer of a file."""

    name: str
    reads: tuple[str, ...]
    makes: tuple[str, ...]
    layer: Spec | None
    """None where it was refused already; empty where it changes nothing."""


class Wires:
    """Names of blobs made unique: a step that works in place makes a new blob of the same name."""

    def __init__(self) -> None:
        self._latest: dict[str, str] = {}
        self._made = 0

    def read(self, name: str) -> str:
        """What a step that comes next finds under this name."""
        return self._latest.get(name, name)

    def make(self, name: str) -> str:
        """A new blob under this name."""
        self._made += 1
        self._latest[name] = f"{name}\n{self._made}"
        return self._latest[name]


def chained(
    steps: Sequence[Step], inputs: Sequence[str], found: Finding, *, towers: bool = False
) -> Chain:
    """The layers of steps that begin at one input."""
    if len(set(inputs)) > 1:
        found.refuse("open_inputs", layers=listed(list(inputs)))
    made = [tuple(inputs)]
    chain: Chain = []
    for stage in _stages(steps, inputs, found):
        layer = _merged(stage, made[-1], found, towers)
        if layer:
            chain.append((stage[0].name, layer))
        made.append(tuple(blob for step in stage for blob in step.makes))
    return chain


def _stages(steps: Sequence[Step], inputs: Sequence[str], found: Finding) -> list[list[Step]]:
    """Steps by depth; what reads nothing known, or past its neighbours, is noted."""
    depths = dict.fromkeys(inputs, 0)
    stages: list[list[Step]] = []
    for step in steps:
        known = [depths[blob] for blob in step.reads if blob in depths]
        depth = max(known, default=len(stages))
        refused = False
        for blob in step.reads:
            if depths.get(blob) != depth and step.layer is not None:
                refused = True
                code = "open_bypass" if blob in depths else "open_unmade"
                found.refuse(code, layer=step.name, blob=_plain(blob))
        depths.update(dict.fromkeys(step.makes, depth + 1))
        if depth == len(stages):
            stages.append([])
        stages[depth].append(replace(step, layer=None) if refused else step)
    return stages


def _merged(
    stage: Sequence[Step], made: tuple[str, ...], found: Finding, towers: bool
) -> Spec | None:
    """One layer that does what all steps of a stage do side by side."""
    layers = [step.layer for step in stage]
    if None in layers:
        return None
    if len(stage) == len(made) == 1:
        if len(set(stage[0].reads)) > 1 or len(stage[0].makes) != 1:
            found.refuse("open_several", layer=stage[0].name)
        return layers[0]
    reading = _reading(stage, made) if towers and layers.count(layers[0]) == len(layers) else None
    merged = _as_groups(layers[0] or {}, len(stage), reading) if reading else None
    if merged is None:
        found.refuse("open_branch", layers=listed([step.name for step in stage]))
    return merged


def _reading(stage: Sequence[Step], made: tuple[str, ...]) -> str | None:
    """How the towers of a stage read those before; None where they differ."""
    reads = [step.reads for step in stage]
    if all(set(each) == set(made) for each in reads):
        return ALL if len(made) > 1 else SAME
    return OWN if reads == [(blob,) for blob in made] else None


def _as_groups(layer: Spec, count: int, reading: str) -> Spec | None:
    """The layer that holds ``count`` equal towers; None where no layer of ours does."""
    kind = layer.get("kind")
    if reading != OWN:
        width = {"conv": "out_channels", "linear": "out_features"}.get(str(kind))
        if width is None or layer.get("groups", 1) != 1:
            return None
        return {**layer, width: layer[width] * count}
    grouped = {**layer, "groups": layer.get("groups", 1) * count}
    match kind:
        case "conv":
            return {**grouped, "out_channels": layer["out_channels"] * count}
        case "linear":
            return {**grouped, "out_features": layer["out_features"] * count}
        case "lrn":
            return layer if layer.get("region") == "map" else grouped
        case "softmax" | "flatten":
            return None
        case _:
            return layer


def _plain(blob: str) -> str:
    """A blob as the file calls it."""
    return blob.partition("\n")[0]
