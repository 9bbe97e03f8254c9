"""Data augmentation: views of one picture, and whether they keep its label (section 4.1)."""

from typing import Any

from alexnet_viz.analysis.history import RUNS
from alexnet_viz.render.diagrams.graph.axes import number_text, write
from alexnet_viz.render.diagrams.svg import Sheet
from alexnet_viz.render.tables.grid import Cells, Grid
from alexnet_viz.render.theme import VERMILION
from alexnet_viz.teaching.control import Number, Sort, Switch
from alexnet_viz.teaching.labs.lab import (
    Backing,
    Drawing,
    Lab,
    Look,
    Outcome,
    Say,
    Table,
    Task,
    Values,
)
from alexnet_viz.teaching.toys.sign_shapes import ITEMS, label_after

WHOLE = 256
"""Pixels of a side of the picture that is cropped."""
PAPERS, PAPERS_VIEWS = 224, 2048
"""The paper's crop, and how many views it counts: "increases the size of our training set by a
factor of 2048" (section 4.1)."""
CENTRE_CROP = 39.0
"""Top-1 error in per cent on the test set of 2010 with the centre crop alone (section 4.1)."""
THUMB, GAP, TOP = 46, 4, 26


def _crop(values: Values, size: int | None = None) -> Any:
    from alexnet_viz.pictures.augmentation import Crop

    size = int(size or values["size"])
    left, top = (min(int(values[name]), WHOLE - size) for name in ("left", "top"))
    return Crop(left, top, size, bool(values["flip"]))


def _alphas(values: Values) -> tuple[float, float, float]:
    return values["a1"], values["a2"], values["a3"]


def look(values: Values, say: Say) -> Look:
    """The picture with its crop, the view that the network gets, and the ten crops of the test."""
    from alexnet_viz.pictures import augmentation

    pixels, crop = values["picture"], _crop(values)
    axes = augmentation.colour_axes(pixels)
    shift = augmentation.colour_shift(axes, _alphas(values))
    source = augmentation.turned(pixels, values["turn"]) if values["turn"] else pixels
    view = augmentation.shifted(augmentation.taken(source, crop), shift)
    tests = [augmentation.taken(pixels, each) for each in augmentation.ten_crops(WHOLE, crop.size)]
    sentences = [
        say("count", size=crop.size, places=WHOLE - crop.size + 1, whole=WHOLE,
            views=augmentation.views(WHOLE, crop.size)),
        say("papers", size=PAPERS, views=augmentation.views(WHOLE, PAPERS), paper=PAPERS_VIEWS,
            less=WHOLE - PAPERS, places=WHOLE - PAPERS + 1),
        say("colour", red=f"{shift[0]:+.1f}", green=f"{shift[1]:+.1f}", blue=f"{shift[2]:+.1f}"),
    ]  # fmt: skip
    if values["turn"]:
        sentences.append(say("turned", degrees=int(values["turn"])))
    ten = 100 * RUNS["145-2010"].top1
    sentences.append(say("ten", centre=CENTRE_CROP, ten=ten))
    return Look(
        drawings=(Drawing(_drawn(source, view, tests, crop, say), "augmentation"),),
        sentences=tuple(sentences),
        tables=(Table(_table(axes, say), "colour_axes", say("table")),),
    )


def _drawn(source: Any, view: Any, tests: list[Any], crop: Any, say: Say) -> str:
    from alexnet_viz.render.charts.picture_uri import picture_uri

    sheet = Sheet()
    write(sheet, 6, 17, [say("whole", side=WHOLE)], anchor="start")
    sheet.image(6, TOP, WHOLE, WHOLE, picture_uri(source))
    sheet.rectangle(
        6 + crop.left, TOP + crop.top, crop.size, crop.size, stroke=VERMILION, width=2.5
    )
    write(sheet, 276, 17, [say("view", size=crop.size)], anchor="start")
    sheet.image(276, TOP, crop.size, crop.size, picture_uri(view))
    write(sheet, 542, 17, [say("tests")], anchor="start")
    for number, each in enumerate(tests):
        x = 542 + (THUMB + GAP) * (number // 5)
        y = TOP + (THUMB + GAP + 2) * (number % 5)
        sheet.image(x, y, THUMB, THUMB, picture_uri(each, THUMB * 2))
    return sheet.document(640, TOP + WHOLE + 6, title=say("drawing", size=crop.size))


def _table(axes: Any, say: Say) -> Grid:
    rows: list[Cells] = [
        (n + 1, number_text(axes.deviations[n], 3), *(f"{part:+.2f}" for part in axes.axes[:, n]))
        for n in range(3)
    ]
    names = ("axis", "deviation", "red", "green", "blue")
    return Grid("", tuple(say(f"column.{name}") for name in names), tuple(rows), frozenset())


def _count(values: Values, answer: Any, say: Say) -> Outcome:
    from alexnet_viz.pictures.augmentation import views

    size, given = int(values["size"]), int(answer)
    places = WHOLE - size + 1
    words = {"size": size, "whole": WHOLE, "places": places, "views": views(WHOLE, size)}
    slips = {
        2 * (places - 1) ** 2: "last_place",
        places**2: "no_flips",
        (places - 1) ** 2: "both",
        2 * places: "one_axis",
    }
    if given == words["views"]:
        return Outcome(True, say("counted", **words))
    return Outcome(False, say(f"slip.{slips.get(given, 'other')}", given=given, **words))


def _labels(values: Values, answer: Any, say: Say) -> Outcome:
    wrong, reasons = 0, []
    for (item, (name, change)), bin in zip(ITEMS.items(), answer, strict=True):
        after = label_after(name, change)
        truth = 0 if after == name else 1
        if bin == truth:
            continue
        wrong += 1
        key = "keeps" if truth == 0 else "becomes" if after else "nothing"
        words = {"item": say(f"option.labels.{item}"), "after": after}
        if after in ("left", "right"):
            words["after"] = say(f"shape.{after}")
        reasons.append(say(f"why.{key}", **words))
    if not wrong:
        return Outcome(True, say("labels_right", n=len(ITEMS)))
    return Outcome(False, say("labels_wrong", n=wrong, reason=reasons[0]))


def _backing(name: str, values: Values, say: Say) -> Backing:
    return Backing(
        labels=tuple(say(f"option.labels.{item}") for item in ITEMS),
        bins=(say("bin.keeps"), say("bin.changes")),
    )


LAB = Lab(
    id="augmentation",
    concepts=("augmentation",),
    controls=(
        Number("left", 0, 128, 16),
        Number("top", 0, 128, 16),
        Number("size", 128, WHOLE, PAPERS),
        Number("turn", -30, 30, 0),
        Number("a1", -0.5, 0.5, 0, 0.05),
        Number("a2", -0.5, 0.5, 0, 0.05),
        Number("a3", -0.5, 0.5, 0, 0.05),
        Switch("flip"),
    ),
    look=look,
    tasks={
        "count": Task(_count, Number("views", 0, 1_000_000, 0)),
        "labels": Task(_labels, Sort("labels", len(ITEMS), 2, (0,) * len(ITEMS))),
    },
    see=("predictions", "weights", "experiments?experiment=augmentation"),
    needs_picture=True,
    picture_side=WHOLE,
    backing=_backing,
)
