"""Two GPUs: which layers exchange maps, and what each unit can see (2012, section 3.2)."""

from typing import Any

from alexnet_viz.analysis.memory import PRESETS, memory
from alexnet_viz.analysis.towers.channel_dependence import seen
from alexnet_viz.analysis.towers.regroup import crossings, cuttable, regrouped
from alexnet_viz.analysis.towers.split import BATCH, Towers, split
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.render.diagrams.towers import tower_diagram
from alexnet_viz.teaching.control import Number, Pick, Several
from alexnet_viz.teaching.labs.lab import Drawing, Lab, Look, Outcome, Say, Task, Values
from alexnet_viz.variants import VARIANTS

PAPER = VARIANTS["alexnet_2012_paper"]
ABLE = cuttable(PAPER)
PAPERS = crossings(PAPER, 2)
"""The layers that cross in the paper: conv3 and the dense layers."""
GIB, CARD = 2**30, 3
"""A card of 2012 had 3 GB (section 3.2)."""
UNITS = (*ABLE[:4], "fc6", "fc7")


def cut(crossing: tuple[str, ...], gpus: int = 2) -> Trace:
    """The paper's network on so many GPUs, where only these layers read all of them."""
    return trace(regrouped(PAPER, gpus, crossing))


def placed(result: Trace, gpus: int = 2) -> Towers:
    """The towers, all layers divided evenly as in Figure 2.

    >>> placed(cut(PAPERS)).crossing, placed(cut(ABLE)).crossing, placed(cut(PAPERS)).params
    (60672, 260448, (30482612, 30482612))
    """
    towers = split(result, "halves", gpus)
    assert towers
    return towers


def sees(crossing: tuple[str, ...], layer: str, gpus: int = 2) -> tuple[int, int]:
    """How many maps of conv1 the first unit of a layer depends on: of the first and second half.

    >>> sees(PAPERS, "conv2"), sees(PAPERS, "conv4")
    ((48, 0), (48, 48))
    """
    result = cut(crossing, gpus)
    lit = seen(result, layer, 0)["conv1"]
    half = result["conv1"].output_shape[0] // 2
    near = sum(channel < half for channel in lit)
    return near, len(lit) - near


def look(values: Values, say: Say) -> Look:
    """The towers with what crosses, and the part of them that one unit sees."""
    gpus = int(values["gpus"])
    crossing, layer = values["crossing"], values["unit"]
    result = cut(crossing, gpus)
    towers = placed(result, gpus)
    drawn = tower_diagram(
        towers, result.input_shape, say.language,
        lit=seen(result, layer, 0), unit_of=(layer, 0),
        cut=tuple(name for name in PAPERS if name not in crossing) if gpus > 1 else (),
    )  # fmt: skip
    near, far = sees(crossing, layer, gpus)
    said = (
        _traffic(towers, values["batch"], say),
        _memory(result, values, say),
        say("params", names=", ".join(f"{n:,}" for n in towers.params), sum=result.params),
        say("sees" if gpus > 1 else "sees_one", layer=layer, near=near, far=far,
            seen=near + far, all=result["conv1"].output_shape[0]),
    )  # fmt: skip
    return Look((Drawing(drawn, "towers", say("caption")),), said)


def _traffic(towers: Towers, batch: int, say: Say) -> str:
    if towers.count == 1:
        return say("alone")
    parts = [f"{stage.name} {stage.crossing:,}" for stage in towers.stages if stage.crossing]
    if not parts:
        return say("silent")
    every = placed(cut(ABLE)).crossing
    return say(
        "traffic", values=towers.crossing, parts=" + ".join(parts), every=every,
        part=f"{100 * towers.crossing / every:.0f}",
        megabytes=f"{batch * towers.crossing_bytes / 1e6:,.1f}", batch=batch,
    )  # fmt: skip


def needed(result: Trace, gpus: int, batch: int) -> int:
    """Bytes that training needs on the fullest GPU, counted as the 2012 code keeps its matrices."""
    held = memory(result, PRESETS["cuda_convnet"], gpus)
    return max(held.of(tower).bytes(batch) for tower in range(gpus))


def _memory(result: Trace, values: Values, say: Say) -> str:
    most = values["limit"] * GIB
    bytes_needed = needed(result, int(values["gpus"]), values["batch"])
    return say(
        "memory_fits" if bytes_needed <= most else "memory_lacks", batch=values["batch"],
        needed=f"{bytes_needed / GIB:.2f}", limit=values["limit"],
    )  # fmt: skip


def _blind(values: Values, answer: Any, say: Say) -> Outcome:
    """One crossing of the paper removed, so that the unit shown sees half of conv1."""
    crossing, layer = values["crossing"], values["unit"]
    if values["gpus"] == "1":
        return Outcome(False, say("one_gpu"))
    removed = [name for name in PAPERS if name not in crossing]
    added = [name for name in crossing if name not in PAPERS]
    if added or len(removed) != 1:
        return Outcome(False, say("not_one", removed=len(removed), added=len(added)))
    near, far = sees(crossing, layer)
    words = {"cut": removed[0], "layer": layer, "near": near, "far": far, "all": near + far}
    if far:
        through = [name for name in crossing if ABLE.index(name) <= ABLE.index(layer)]
        return Outcome(False, say("still_sees", through=through[-1], **words))
    before = sum(sees(PAPERS, layer))
    if before == near:
        return Outcome(False, say("saw_half_before", **words))
    return Outcome(True, say("blind", before=before, ways=len(solutions()), **words))


def solutions() -> list[tuple[str, str]]:
    """Every crossing of the paper and unit of ``UNITS`` such that the cut halves what it sees.

    >>> solutions()
    [('conv3', 'conv3'), ('conv3', 'conv4'), ('conv3', 'conv5')]
    """
    return [
        (name, layer)
        for name in PAPERS
        for layer in UNITS
        if sees(PAPERS, layer)[1]
        and not sees(tuple(each for each in PAPERS if each != name), layer)[1]
    ]


def _maps(values: Values, answer: int, say: Say) -> Outcome:
    """With conv3 cut, how many maps of conv1 does a unit of fc6 see?"""
    crossing = tuple(name for name in PAPERS if name != "conv3")
    right, conv5 = sum(sees(crossing, "fc6")), sum(sees(crossing, "conv5"))
    words = {"answer": answer, "right": right, "conv5": conv5}
    if answer == right:
        return Outcome(True, say("maps_right", **words))
    return Outcome(False, say("maps_half" if answer == conv5 else "maps_wrong", **words))


LAB = Lab(
    id="towers",
    concepts=("towers",),
    controls=(
        Pick("gpus", ("1", "2"), "2"),
        Several("crossing", ABLE, PAPERS),
        Pick("unit", UNITS, "conv4"),
        Number("batch", 1, 512, BATCH),
        Number("limit", 1, 24, CARD),
    ),
    look=look,
    tasks={"blind": Task(_blind), "maps": Task(_maps, Number("seen", 0, 96, 0))},
    see=("towers?section=split", "towers?section=memory", "experiments?experiment=towers"),
    wide=True,
)
