"""Transfer learning: what is frozen, and a new head trained on the bundled network's features."""

from typing import Any, NamedTuple

from alexnet_viz.analysis.claims.expression import PAPER
from alexnet_viz.render.diagrams.graph.axes import hatch, write
from alexnet_viz.render.diagrams.svg import Sheet
from alexnet_viz.render.theme import BLUE, GREY, VERMILION
from alexnet_viz.teaching.control import Cells, Number, Pick
from alexnet_viz.teaching.labs.hyperparameters import IMAGES
from alexnet_viz.teaching.labs.lab import Drawing, Lab, Look, Outcome, Say, Task, Values
from alexnet_viz.teaching.toys import new_classes
from alexnet_viz.teaching.toys.new_classes import DRAWN, KINDS, OWN
from alexnet_viz.variants import VARIANTS
from alexnet_viz.variants.traces import variant_trace

LAYERS = ("conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7")
NONE = "none"
FEATURES = {"pool5": "pool5", "fc7": "relu7"}
"""The layer that is read by the option of ``features``."""
HELD_OUT, MOST = 8, 10
"""Pictures of each class in the test, numbers 0 to 7, and most in training, from 8 on."""
GOAL = 0.9
PICTURES, CLASSES = 200, 2
"""Of the task about the line."""
BATCH, KEPT = 8, 600
"""Pictures in one pass, and pictures whose features are kept."""
CELLS = 12
"""Cells of a side of a drawing."""
HEART = tuple(
    float(cell == "#")
    for row in (
        "............", "..###..###..", ".##########.", ".##########.", ".##########.",
        ".##########.", "..########..", "...######...", "....####....", ".....##.....",
        "............", "............",
    )
    for cell in row
)  # fmt: skip
"""What is drawn at first."""

_found: dict[tuple[str, int], dict[str, Any]] = {}
"""Features by class and number; of the visitor's picture by its digest."""


class Split(NamedTuple):
    """The parameters of AlexNet with another number of classes."""

    params: dict[str, int]
    frozen: tuple[str, ...]

    @property
    def held(self) -> int:
        return sum(self.params[name] for name in self.frozen)

    @property
    def trained(self) -> int:
        return sum(self.params.values()) - self.held


def split(freeze: str, classes: int) -> Split:
    """Which parameters are frozen with the line after this layer."""
    paper = variant_trace(VARIANTS[PAPER])
    params = {row.name: row.params for row in paper.rows if row.params}
    params["fc8"] = (paper["fc8"].input_shape[0] + 1) * classes
    return Split(params, LAYERS[: LAYERS.index(freeze) + 1] if freeze != NONE else ())


def _features(values: Values, wanted: list[tuple[str, int]]) -> Any:
    """The features (examples, features) of pictures by class and number; each computed once."""
    import numpy as np

    layer = FEATURES[values["features"]]
    own, drawing = values["picture"], values["drawing"]
    digest = {OWN: str(hash(own.tobytes())), DRAWN: str(hash(drawing))}
    keys = [(kind + digest.get(kind, ""), number) for kind, number in wanted]
    missing = [n for n, key in enumerate(keys) if key not in _found]
    for first in range(0, len(missing), BATCH):
        part = missing[first : first + BATCH]
        pixels = [new_classes.picture(*wanted[n], own, drawing) for n in part]
        for n, maps in zip(part, _run(values["live"], pixels), strict=True):
            _found[keys[n]] = maps
    stacked = np.stack([_found[key][layer] for key in keys])
    while len(_found) > KEPT:
        _found.pop(next(iter(_found)), None)
    return stacked


def _run(live: Any, pictures: list[Any]) -> list[dict[str, Any]]:
    """What the network's layers of ``FEATURES`` answer to each picture."""
    import numpy as np

    from alexnet_viz.model.activations import capture
    from alexnet_viz.pictures.preprocessing import normalised

    how = live.weights.preprocessing
    batch = np.stack([normalised(each, 3, how) for each in pictures])
    model = live.model()
    with live.gate():
        maps = capture(model, batch)
    return [
        {layer: maps[layer][n].ravel().astype(np.float16) for layer in FEATURES.values()}
        for n in range(len(pictures))
    ]


class Result(NamedTuple):
    """How a head does on the pictures held out: counts (true class, answer)."""

    confusion: tuple[tuple[int, ...], ...]

    @property
    def right(self) -> float:
        total = sum(map(sum, self.confusion))
        return sum(row[n] for n, row in enumerate(self.confusion)) / total


def _kinds(values: Values) -> tuple[str, ...]:
    chosen = dict.fromkeys((values["kind1"], values["kind2"], values["kind3"]))
    return tuple(kind for kind in chosen if kind != NONE)


def tested(values: Values, examples: int) -> Result:
    """Train a head on so many examples of each chosen class, and test it."""
    import numpy as np

    from alexnet_viz.teaching.toys import softmax_head

    kinds = _kinds(values)
    known = [(kind, HELD_OUT + n) for kind in kinds for n in range(examples)]
    held = [(kind, n) for kind in kinds for n in range(HELD_OUT)]
    label = np.repeat(np.arange(len(kinds)), examples)
    head = softmax_head.trained(_features(values, known), label, len(kinds))
    said = softmax_head.answers(head, _features(values, held)).reshape(len(kinds), HELD_OUT)
    return Result(tuple(tuple(int((row == n).sum()) for n in range(len(kinds))) for row in said))


def look(values: Values, say: Say) -> Look:
    """The layers with the line, and the new head's examples and confusions."""
    parts = split(values["freeze"], int(values["classes"]))
    kinds, examples = _kinds(values), int(values["n"])
    result = tested(values, examples) if len(kinds) > 1 else None
    sheet = Sheet()
    _column(sheet, parts, say)
    _examples(sheet, values, kinds, examples, say)
    if result:
        _confusion(sheet, kinds, result, say)
    svg = sheet.document(640, 316, title=say("drawing"))
    sentences = [
        say("split", classes=int(values["classes"]), trained=parts.trained, held=parts.held,
            total=parts.trained + parts.held, fc8=parts.params["fc8"])
    ]  # fmt: skip
    if result:
        words = {"n": examples, "right": 100 * result.right, "held": HELD_OUT}
        sentences.append(say("tested", layer=values["features"], kinds=len(kinds), **words))
    else:
        sentences.append(say("two_classes"))
    if DRAWN in kinds:
        painted = sum(cell > 0 for cell in values["drawing"])
        sentences.append(say("drawing_shown" if painted else "nothing_drawn", painted=painted))
    sentences.append(say(f"reads.{values['features']}"))
    return Look(drawings=(Drawing(svg, "transfer"),), sentences=tuple(sentences))


def _column(sheet: Sheet, parts: Split, say: Say) -> None:
    write(sheet, 0, 16, [say("alexnet")], anchor="start", bold=True)
    most = max(parts.params.values())
    for n, (name, params) in enumerate(parts.params.items()):
        y = 28 + 30 * n
        frozen = name in parts.frozen
        wide = max(2.0, 110 * (params / most) ** 0.5)
        sheet.rectangle(
            52, y, wide, 20, fill=GREY if frozen else BLUE, opacity=0.25 if frozen else 0.85,
            stroke=GREY if frozen else BLUE,
        )  # fmt: skip
        if frozen:
            hatch(sheet, 52, y, wide, 20, stroke=GREY)
        write(sheet, 0, y + 15, [name], anchor="start")
        write(sheet, 58 + wide, y + 15, [f"{params:,}"], anchor="start", quiet=frozen)
    line = 28 + 30 * len(parts.frozen) - 5
    sheet.line((0, line), (262, line), stroke=VERMILION, width=2, dash="7 4")
    write(sheet, 0, 284, [say("line")], anchor="start", quiet=True)
    write(sheet, 0, 304, [say("scale")], anchor="start", quiet=True)


def _examples(
    sheet: Sheet, values: Values, kinds: tuple[str, ...], examples: int, say: Say
) -> None:
    from alexnet_viz.render.charts.picture_uri import picture_uri

    write(sheet, 290, 16, [say("examples", n=examples)], anchor="start", bold=True)
    for row, kind in enumerate(kinds):
        y = 26 + 46 * row
        write(sheet, 290, y + 25, [say(f"option.kind.{kind}")], anchor="start")
        for n in range(min(examples, 5)):
            pixels = new_classes.picture(kind, HELD_OUT + n, values["picture"], values["drawing"])
            sheet.image(424 + 43 * n, y, 40, 40, picture_uri(pixels, 80))


def _confusion(sheet: Sheet, kinds: tuple[str, ...], result: Result, say: Say) -> None:
    write(sheet, 290, 188, [say("confusion")], anchor="start", bold=True)
    wide = 210 / len(kinds)
    for n, kind in enumerate(kinds):
        write(sheet, 424 + wide * (n + 0.5), 208, [say(f"short.{kind}")], quiet=True)
        y = 214 + 32 * n
        write(sheet, 290, y + 20, [say(f"option.kind.{kind}")], anchor="start")
        for m, count in enumerate(result.confusion[n]):
            colour = BLUE if n == m else VERMILION
            shade = 0.75 * count / HELD_OUT
            sheet.rectangle(
                424 + wide * m, y, wide - 2, 29, fill=colour, opacity=shade, stroke=GREY
            )
            write(sheet, 424 + wide * (m + 0.5), y + 20, [str(count)], bold=n == m)


def _line(values: Values, answer: Any, say: Say) -> Outcome:
    chosen, paper = split(answer, CLASSES), variant_trace(VARIANTS[PAPER]).params / IMAGES
    share = chosen.trained / PICTURES
    words = {"trained": chosen.trained, "share": share, "paper": paper, "pictures": PICTURES}
    return Outcome(share <= paper, say("line_right" if share <= paper else "line_wrong", **words))


def _few(values: Values, answer: Any, say: Say) -> Outcome:
    if len(_kinds(values)) < 2:
        return Outcome(False, say("two_classes"))
    n = int(values["n"])
    mine = tested(values, n).right
    words = {"n": n, "right": 100 * mine, "goal": 100 * GOAL, "layer": values["features"]}
    if mine < GOAL:
        return Outcome(False, say("too_few", **words))
    least = next(each for each in range(1, n + 1) if tested(values, each).right >= GOAL)
    if least < n:
        return Outcome(False, say("fewer_do", least=least, **words))
    return Outcome(True, say("few_enough", **words))


def _mine(values: Values, answer: Any, say: Say) -> Outcome:
    """A class that the student has drawn is told from others."""
    kinds, drawing = _kinds(values), values["drawing"]
    if DRAWN not in kinds:
        return Outcome(False, say("not_chosen", kind=say(f"option.kind.{DRAWN}")))
    if len(kinds) < 2:
        return Outcome(False, say("two_classes"))
    if drawing == HEART or not any(drawing):
        return Outcome(False, say("not_drawn"))
    result, n = tested(values, int(values["n"])), int(values["n"])
    mine = result.confusion[kinds.index(DRAWN)]
    words = {"n": n, "right": 100 * result.right, "goal": 100 * GOAL, "layer": values["features"],
             "mine": mine[kinds.index(DRAWN)], "held": HELD_OUT}  # fmt: skip
    return Outcome(result.right >= GOAL, say("told_apart" if result.right >= GOAL else "mixed_up",
                                             **words))  # fmt: skip


LAB = Lab(
    id="transfer",
    concepts=("transfer",),
    controls=(
        Pick("freeze", (NONE, *LAYERS), "fc7"),
        Number("classes", 2, 1000, 10),
        Pick("kind1", KINDS, "left"),
        Pick("kind2", KINDS, "right"),
        Pick("kind3", (NONE, *KINDS), NONE),
        Pick("features", tuple(FEATURES), "fc7"),
        Number("n", 1, MOST, 2),
        Cells("drawing", CELLS, CELLS, 0, 1, HEART, paint=True),
    ),
    look=look,
    idle=lambda values: () if DRAWN in _kinds(values) else ("drawing",),
    tasks={
        "line": Task(_line, Pick("freeze2", (NONE, *LAYERS), NONE)),
        "few": Task(_few),
        "mine": Task(_mine),
    },
    see=("predictions", "weights"),
    needs_picture=True,
    runs_network=True,
)
