"""From Keras code to a network: a text that is read and never executed (article 002)."""

from typing import Any

from alexnet_viz.analysis.compare.difference_words import sentence
from alexnet_viz.analysis.compare.differences import Difference, differences
from alexnet_viz.network.geometry import slide
from alexnet_viz.network.layers import shape_text
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.render.diagrams.layer_columns import layer_columns
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.teaching.control import Number, Words
from alexnet_viz.teaching.keras_source import MOST_LETTERS, Refusal, Source, read
from alexnet_viz.teaching.labs.lab import Drawing, Lab, Look, Outcome, Say, Table, Task, Values
from alexnet_viz.text import running
from alexnet_viz.variants import VARIANTS

PAPER = VARIANTS["alexnet_2012_227"].refitted()
KERAS_LACKS = frozenset(("scale", "towers"))
"""Differences that Keras' own layers leave: where dropout scales, and LRN within each tower."""
MOST_REFUSALS = 6
ASKED = PAPER.input_size
"""The input of the task about padding, in pixels."""

CODE = """\
import tensorflow as tf
from tensorflow.keras import layers, models

def create_model():
    model = models.Sequential()

    # conv block 1
    model.add(layers.Conv2D(filters=96, kernel_size=(11, 11), strides=(4, 4),
                            activation='relu', padding="same",
                            input_shape=(224, 224, 3)))
    model.add(layers.BatchNormalization())
    model.add(layers.MaxPooling2D(pool_size=(3, 3), strides=(2, 2)))

    # conv block 2
    model.add(layers.Conv2D(filters=256, kernel_size=(5, 5), activation='relu', padding="same"))
    model.add(layers.BatchNormalization())
    model.add(layers.MaxPooling2D(pool_size=(3, 3), strides=(2, 2)))

    # conv block 3
    model.add(layers.Conv2D(filters=384, kernel_size=(3, 3), activation='relu', padding="same"))
    model.add(layers.BatchNormalization())

    # conv block 4
    model.add(layers.Conv2D(filters=384, kernel_size=(3, 3), activation='relu', padding="same"))
    model.add(layers.BatchNormalization())

    # conv block 5
    model.add(layers.Conv2D(filters=256, kernel_size=(3, 3), activation='relu', padding="same"))
    model.add(layers.BatchNormalization())
    model.add(layers.MaxPooling2D(pool_size=(3, 3), strides=(2, 2)))

    # dense block 1
    model.add(layers.Flatten())
    model.add(layers.Dense(units=4096, activation='relu'))
    model.add(layers.Dropout(rate=0.5))

    # dense block 2
    model.add(layers.Dense(units=4096, activation='relu'))
    model.add(layers.Dropout(rate=0.5))

    # output layer
    model.add(layers.Dense(units=1000, activation='softmax'))

    return model
"""
"""The code of article 002, section 4, with one line broken."""


def look(values: Values, say: Say) -> Look:
    """The layers that the code describes beside the paper's, or the lines not understood."""
    source = read(values["code"])
    if source.network is None:
        return Look((), _refusals(source, say))
    result = trace(source.network)
    titles = say("code_title"), say("paper_title")
    drawn = layer_columns(
        (result, trace(PAPER)), titles, say.language, title=say("drawing"), size=say.size
    )
    said = (_first(result, say), _difference(source.network, say), _counted(result, say))
    table = Table(_table(source, result, say), "keras_code_layers")
    drawing = Drawing(drawn, "keras_code", say("caption"))
    return Look((drawing,), tuple(filter(None, said)), (table,))


def _refusals(source: Source, say: Say) -> tuple[str, ...]:
    said = [_refusal(each, say) for each in source.refused[:MOST_REFUSALS]]
    more = len(source.refused) - MOST_REFUSALS
    return (*said, say("more_refused", n=more)) if more > 0 else tuple(said)


def _refusal(it: Refusal, say: Say) -> str:
    """The line, what is not understood, and what is known instead."""
    name = it.name.replace("`", "'").replace("\n", " ") or "…"
    words = say(f"refused_{it.code}", line=it.line, name=name)
    known = ", ".join(f"`{each}`" for each in it.known)
    return running([words, say("known", names=known) if known else ""], say.language)


def _first(result: Trace, say: Say) -> str:
    """What the padding makes of the first convolution."""
    row = next((row for row in result.rows if row.kind == "conv"), None)
    if row is None or row.slides is None:
        return ""
    window = row.slides[0]
    numbers = {"layer": row.name, "w": window.input_size, "s": window.stride,
               "n": window.output_size, "before": window.padding[0],
               "after": window.padding[1], "f": window.kernel_size}  # fmt: skip
    return say("same" if window.rounding == "same" else "valid", **numbers)


def left(network: Network) -> tuple[Difference, ...]:
    """The differences from the paper that Keras' own layers can remove."""
    return tuple(each for each in differences(PAPER, network)
                 if each.field not in KERAS_LACKS and not each.same)  # fmt: skip


def _difference(network: Network, say: Say) -> str:
    found = left(network)
    if found:
        return say("differs", n=len(found), what=sentence(found, say.language))
    rest = [each for each in differences(PAPER, network) if each.field in KERAS_LACKS]
    return say("alike") if not rest else say("alike_but", what=sentence(rest, say.language))


def _counted(result: Trace, say: Say) -> str:
    if failure := result.failure:
        why = failure.problem.message(say.language)
        return say("breaks", layer=failure.layer, why=why)
    said = say("counted", layers=len(result.rows), params=result.params, macs=result.macs)
    kept = sum(2 * row.output_shape[0] for row in result.rows if row.kind == "batch_norm")
    more = say("statistics", n=kept, all=result.params + kept) if kept else ""
    return running([said, more], say.language)


def _table(source: Source, result: Trace, say: Say) -> Grid:
    paper = trace(PAPER).by_name
    rows = tuple(
        (source.lines[row.name], row.name, shape_text(row.output_shape),
         shape_text(paper[row.name].output_shape) if row.name in paper else "–",
         row.params or None)
        for row in result.rows
    )  # fmt: skip
    header = ("line", "layer", "shape", "paper", "params")
    return Grid(
        title=say("table"),
        header=tuple(say(f"column.{key}") for key in header),
        rows=rows,
        words=frozenset((1,)),
        totals=((None, None, None, None, result.params),),
    )


def _paper(values: Values, answer: Any, say: Say) -> Outcome:
    source = read(values["code"])
    if source.network is None:
        return Outcome(False, _refusals(source, say)[0])
    result = trace(source.network)
    if result.failure:
        return Outcome(False, _counted(result, say))
    found = left(source.network)
    if found:
        first = sentence(found[:1], say.language)
        return Outcome(False, say("not_yet", n=len(found), first=first))
    return Outcome(True, say("rebuilt", params=result.params))


def _same(values: Values, answer: Any, say: Say) -> Outcome:
    row = trace(VARIANTS["article_002_keras"], ASKED)["conv1"]
    assert row.slides
    window = row.slides[0]
    stride, right = window.stride, window.output_size
    numbers = {"w": ASKED, "s": stride, "n": answer}
    if answer == right:
        before, after = window.padding
        return Outcome(True, say("same_right", before=before, after=after, **numbers))
    own = trace(VARIANTS["article_002_keras"])["conv1"].output_shape[1]
    known = {
        slide(ASKED, window.kernel_size, stride).output_size: "same_valid",
        own: "same_other",
        ASKED: "same_stride_one",
    }
    return Outcome(False, say(known.get(answer, "same_wrong"), **numbers))


LAB = Lab(
    id="keras_code",
    concepts=("code",),
    controls=(Words("code", MOST_LETTERS, CODE),),
    look=look,
    tasks={"same": Task(_same, answer=Number("side", 1, 300, 1)), "paper": Task(_paper)},
    see=("architecture?variant=article_002_keras", "open"),
)
