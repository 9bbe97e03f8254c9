"""Order the layers of a file's graph into a chain; report where the graph is no chain.

A file lists steps, each with the blobs (named tensors) that it reads and makes.  Steps are sorted
by depth, the number of steps between them and the input.  In a chain there is one step at every
depth.  Several equal steps at one depth are towers; they become one layer if each reads its own
tower (``groups``) or each reads all towers (no groups), as the columns a and b of cuda-convnet do.
Other steps at one depth, and steps that skip a depth, are refused by name; of the arms of a branch
the first steps are named, with the blob that they share.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from alexnet_viz.readers.diagnostics import Finding, listed

Spec = Mapping[str, Any]
"""A layer as plain data for ``alexnet_viz.network.from_plain``, without its name."""

Chain = list[tuple[str, Spec]]
"""Pairs of a layer's name in the file and the layer, from the input to the output."""

OWN, ALL, SAME = "own", "all", "same"
"""Each tower reads its own blob; each tower reads all blobs; there is one blob, read by all."""


@dataclass(frozen=True)
class Step:
    """A layer of a file with the blobs that it reads and makes."""

    name: str
    reads: tuple[str, ...]
    makes: tuple[str, ...]
    layer: Spec | None
    """None if it was refused already; empty if it changes nothing."""


class Wires:
    """Unique names for blobs: a step that works in place makes a new blob of the same name."""

    def __init__(self) -> None:
        self._latest: dict[str, str] = {}
        self._made = 0

    def read(self, name: str) -> str:
        """The unique name of the latest blob called ``name``."""
        return self._latest.get(name, name)

    def make(self, name: str) -> str:
        """The unique name of a new blob called ``name``."""
        self._made += 1
        self._latest[name] = f"{name}\n{self._made}"
        return self._latest[name]


def chained(
    steps: Sequence[Step], inputs: Sequence[str], found: Finding, *, towers: bool = False
) -> Chain:
    """The steps as a chain that begins at one input; problems go to ``found``."""
    if len(set(inputs)) > 1:
        found.refuse("open_inputs", layers=listed(list(inputs)))
    made = [tuple(dict.fromkeys(inputs))]
    chain: Chain = []
    for stage in _stages(steps, inputs, found):
        layer = _merged(stage, made[-1], found, towers, len(chain))
        if layer:
            chain.append((stage[0].name, layer))
        made.append(tuple(blob for step in stage for blob in step.makes))
    return chain


def _stages(steps: Sequence[Step], inputs: Sequence[str], found: Finding) -> list[list[Step]]:
    """Steps grouped by depth; a step that reads an unknown blob or skips a depth is refused."""
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
    stage: Sequence[Step], made: tuple[str, ...], found: Finding, towers: bool, depth: int
) -> Spec | None:
    """One layer that does what all steps of one depth do together; None if it was refused.

    ``depth`` is the number of layers before them.
    """
    layers = [step.layer for step in stage]
    if len(stage) > 1 and len(made) == 1 and not (towers and None not in layers):
        _refuse_branch(stage, depth, found)
        return None
    if None in layers:
        return None
    if len(stage) == len(made) == 1:
        if len(set(stage[0].reads)) > 1 or len(stage[0].makes) != 1:
            found.refuse("open_several", layer=stage[0].name)
        return layers[0]
    reading = _reading(stage, made) if towers and layers.count(layers[0]) == len(layers) else None
    merged = _as_groups(layers[0] or {}, len(stage), reading) if reading else None
    if merged is None and len(made) == 1:
        _refuse_branch(stage, depth, found)
    elif merged is None and towers and len(stage) > 1:
        found.refuse("open_unequal", layers=listed([step.name for step in stage]))
    elif merged is None and not found.problems:
        unread = set(made) - {blob for step in stage for blob in step.reads}
        blobs = listed([_plain(blob) for blob in made if blob in unread])
        found.refuse("open_unread", layers=listed([step.name for step in stage]), blobs=blobs)
    return merged


def _refuse_branch(stage: Sequence[Step], depth: int, found: Finding) -> None:
    """Report the steps of one depth that read one blob, after ``depth`` layers of a chain."""
    found.refuse(
        "open_branch",
        layers=listed([step.name for step in stage]),
        blob=_plain(stage[0].reads[0]) if stage[0].reads else "?",
        depth=depth,
    )


def _reading(stage: Sequence[Step], made: tuple[str, ...]) -> str | None:
    """OWN, ALL or SAME, by how the towers read the blobs before them; None if they differ."""
    reads = [step.reads for step in stage]
    if all(set(each) == set(made) for each in reads):
        return ALL if len(made) > 1 else SAME
    return OWN if reads == [(blob,) for blob in made] else None


def _as_groups(layer: Spec, count: int, reading: str) -> Spec | None:
    """One layer for ``count`` equal towers; None if no kind of layer can express it."""
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
    """The file's own name of a blob."""
    return blob.partition("\n")[0]
