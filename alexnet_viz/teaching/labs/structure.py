"""Structure: what an article's network lacks of the paper's, repaired by small edits."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import combinations
from typing import Any

from alexnet_viz.analysis.compare.difference_words import sentence
from alexnet_viz.analysis.compare.differences import differences
from alexnet_viz.network.layers import LRN, Conv, Dropout, Layer, MaxPool, Softmax
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.render.diagrams.layer_columns import layer_columns
from alexnet_viz.teaching.control import Order, Pick, Several
from alexnet_viz.teaching.labs.lab import Backing, Drawing, Lab, Look, Outcome, Say, Task, Values
from alexnet_viz.text import running
from alexnet_viz.variants import VARIANTS

PAPER = VARIANTS["alexnet_2012_227"].refitted()
"""The paper's network with an input of 227, where rounding down gives the paper's maps."""

STARTS: dict[str, Network] = {
    # nothing is added to what the article says: no padding, no softmax
    "article_000": VARIANTS["article_000_text_p0"].edited(id="article_000", without=("prob",)),
    "article_001": VARIANTS["article_001"],
    "article_002": VARIANTS["article_002_text"],
    "article_002_code": VARIANTS["article_002_keras"],
    "article_003": VARIANTS["article_003"],
    "article_004": VARIANTS["article_004"],
    "paper": PAPER,
}
Edit = Callable[[Network], Network]


def _set(*names: str, **fields: Any) -> Edit:
    """The edit that sets fields of the layers that the network has of these."""

    def edit(network: Network) -> Network:
        known = {layer.name for layer in network.layers}
        changes: dict[str, Any] = {name: fields for name in names if name in known}
        return network.edited(id=network.id, **changes)

    return edit


def _put(layer: Layer, after: str) -> Edit:
    """The edit that puts a layer behind the layer ``after``, instead of one of its name."""

    def edit(network: Network) -> Network:
        kept = [each for each in network.layers if each.name != layer.name]
        place = next((n for n, each in enumerate(kept) if each.name == after), len(kept) - 1)
        return replace(network, layers=(*kept[: place + 1], layer, *kept[place + 1 :]))

    return edit


def _drop(found: Callable[[Layer], bool]) -> Edit:
    """The edit that removes layers."""

    def edit(network: Network) -> Network:
        return replace(network, layers=tuple(each for each in network.layers if not found(each)))

    return edit


def _all(*edits: Edit) -> Edit:
    def edit(network: Network) -> Network:
        for each in edits:
            network = each(network)
        return network

    return edit


def _norm(stage: int) -> Edit:
    return _put(LRN(name=f"norm{stage}", groups=2), f"relu{stage}")


def _dropout(number: int) -> Edit:
    return _put(Dropout(name=f"drop{number}", p=0.5, scale="test"), f"relu{number}")


EDITS: dict[str, Edit] = {
    "norm1": _norm(1),
    "norm2": _norm(2),
    "norm3": _norm(3),
    "other_norms": _drop(
        lambda layer: layer.family == "normalisation" and layer.name not in ("norm1", "norm2")
    ),
    "pool3": _put(MaxPool(name="pool3", kernel_size=3, stride=2), "relu3"),
    "other_pools": _drop(lambda layer: layer.name in ("pool3", "pool4")),
    "kernels5": _set("conv5", out_channels=256),
    "conv1": _set("conv1", padding=0, rounding="floor"),
    "padding2": _set("conv2", padding=2, rounding="floor"),
    "padding345": _set("conv3", "conv4", "conv5", padding=1, rounding="floor"),
    "groups2": _set("conv2", groups=2),
    "groups3": _set("conv3", groups=2),
    "groups45": _set("conv4", "conv5", groups=2),
    "dropout": _all(_dropout(6), _dropout(7)),
    "softmax": _put(Softmax(name="prob"), "fc8"),
    "input": lambda network: network.at(227),
}
"""The small edits, by name, in the order in which they are made."""


def edited(start: str, edits: tuple[str, ...]) -> Network:
    """An article's network after some edits."""
    network = STARTS[start].refitted()
    for name, edit in EDITS.items():
        if name in edits:
            network = edit(network)
    return network


def _atoms(network: Network) -> frozenset[tuple[object, ...]]:
    """The differences from the paper, one a layer and setting."""
    return frozenset(
        (each.what, name, each.kind, each.field)
        for each in differences(PAPER, network)
        for name in each.layers or ("input",)
    )


@cache
def least(start: str) -> int:
    """The fewest edits that leave no difference, of all combinations of those that remove one."""
    found = _atoms(edited(start, ()))
    useful = [name for name in EDITS if found - _atoms(edited(start, (name,)))]
    return next(
        count
        for count in range(len(useful) + 1)
        for chosen in combinations(useful, count)
        if not differences(PAPER, edited(start, chosen))
    )


def _useless(start: str, edits: tuple[str, ...]) -> list[str]:
    """The edits without which the copy would be the same or nearer to the paper."""
    network = edited(start, edits)
    size = len(_atoms(network))
    return [
        name
        for name in edits
        if len(_atoms(edited(start, tuple(each for each in edits if each != name)))) <= size
    ]


def look(values: Values, say: Say) -> Look:
    """The copy beside the paper's network, and what still differs."""
    copy = edited(values["start"], values["edits"])
    traces = trace(copy), trace(PAPER)
    found = differences(PAPER, copy)
    titles = say("copy", start=say(f"option.start.{values['start']}")), say("paper")
    drawn = layer_columns(traces, titles, say.language, title=say("drawing"), size=say.size)
    learned = [layer for layer in copy.layers if layer.weighted]
    convolutions = sum(isinstance(layer, Conv) for layer in learned)
    said = (
        say("differs", n=len(found), what=sentence(found, say.language)) if found else say("same")
    )
    if failure := traces[0].failure:
        why = failure.problem.message(say.language)
        state = say("breaks", layer=failure.layer, why=why)
    else:
        state = say("counts", conv=convolutions, dense=len(learned) - convolutions,
                    learned=len(learned), params=traces[0].params, macs=traces[0].macs)  # fmt: skip
    score = say("score", n=len(values["edits"]))
    if useless := _useless(values["start"], values["edits"]):
        names = ", ".join(say(f"option.edits.{name}") for name in useless)
        score = running([score, say("useless", names=names)], say.language)
    return Look((Drawing(drawn, "structure", say("caption")),), (said, state, score))


def _rebuild(values: Values, answer: Any, say: Say) -> Outcome:
    if values["start"] != "article_000":
        return Outcome(False, say("wrong_start", start=say("option.start.article_000")))
    found = differences(PAPER, edited(values["start"], values["edits"]))
    if found:
        first = sentence(found[:1], say.language)
        return Outcome(False, say("not_yet", n=len(found), first=first))
    edits, best = len(values["edits"]), least(values["start"])
    return Outcome(True, say("rebuilt" if edits == best else "rebuilt_longer", n=edits, best=best))


BLOCKS = ("norm1", "conv2", "pool1", "relu2", "conv1", "pool2", "relu1", "norm2")
"""The layers of the paper's first two blocks, not in its order."""


def _in_order(values: Values, answer: Any, say: Say) -> Outcome:
    """Are the layers in the order in which the paper has them?"""
    given = [BLOCKS[each] for each in answer]
    right = [layer.name for layer in PAPER.layers if layer.name in BLOCKS]
    if given == right:
        return Outcome(True, say("order_right", layers=" → ".join(right)))
    places = [mine == its for mine, its in zip(given, right, strict=True)]
    at = places.index(False)
    before = say("order_after", layer=right[at - 1]) if at else say("order_first")
    return Outcome(False, say("order_wrong", n=sum(places), all=len(right), layer=given[at],
                              before=before))  # fmt: skip


LAB = Lab(
    id="structure",
    concepts=("structure",),
    controls=(
        Pick("start", tuple(STARTS), "article_000"),
        Several("edits", tuple(EDITS)),
    ),
    look=look,
    tasks={
        "rebuild": Task(_rebuild),
        "order": Task(_in_order, Order("layers", len(BLOCKS), tuple(range(len(BLOCKS))))),
    },
    backing=lambda name, values, say: Backing(labels=BLOCKS),
    see=("architecture", "compare"),
)
