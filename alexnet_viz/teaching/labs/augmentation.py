"""Data augmentation: views of one picture, whether they keep its label, its colours' axes, and the
prediction over ten crops (section 4.1)."""

from math import acos, degrees, sqrt
from typing import Any

from alexnet_viz.analysis.history import RUNS
from alexnet_viz.render.diagrams.graph.axes import number_text, write
from alexnet_viz.render.diagrams.graph.colour_cloud import Axis, cloud
from alexnet_viz.render.diagrams.graph.share_rows import Row, share_rows
from alexnet_viz.render.diagrams.svg import Sheet
from alexnet_viz.render.tables.grid import Cells, Grid
from alexnet_viz.render.theme import VERMILION
from alexnet_viz.teaching.control import Number, Pick, Sort, Switch
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
from alexnet_viz.teaching.labs.ten_crops import WHOLE, alphas, ten_answers
from alexnet_viz.teaching.toys.sign_shapes import ITEMS, label_after

PAPERS, PAPERS_VIEWS = 224, 2048
"""The paper's crop, and how many views it counts: "increases the size of our training set by a
factor of 2048" (section 4.1)."""
CENTRE_CROP = 39.0
"""Top-1 error in per cent on the test set of 2010 with the centre crop alone (section 4.1)."""
THUMB, GAP, TOP = 46, 4, 26
APART = 10
"""Every so many rows and columns one pixel is drawn in the cloud of colours."""
REACH = 2
"""Standard deviations to which an axis is drawn."""
GREY_WITHIN = 15
"""Degrees from the grey diagonal within which an axis is said to be light against dark."""
SHOWN = 4
"""Classes that are shown of the answers to ten crops."""


def _crop(values: Values, size: int | None = None) -> Any:
    from alexnet_viz.pictures.augmentation import Crop

    size = int(size or values["size"])
    left, top = (min(int(values[name]), WHOLE - size) for name in ("left", "top"))
    return Crop(left, top, size, bool(values["flip"]))


def look(values: Values, say: Say) -> Look:
    """The views of the picture, the cloud of its colours, or the answers to its ten crops."""
    return {"views": _views, "cloud": _cloud, "ten": _ten}[values["show"]](values, say)


def _views(values: Values, say: Say) -> Look:
    """The picture with its crop, the view that the network gets, and the ten crops of the test."""
    from alexnet_viz.pictures import augmentation

    pixels, crop = values["picture"], _crop(values)
    axes = augmentation.colour_axes(pixels)
    shift = augmentation.colour_shift(axes, alphas(values))
    source = augmentation.turned(pixels, values["turn"]) if values["turn"] else pixels
    view = augmentation.shifted(augmentation.taken(source, crop), shift)
    tests = [augmentation.taken(pixels, each) for each in augmentation.ten_crops(WHOLE, crop.size)]
    sentences = [
        say("count", size=crop.size, places=WHOLE - crop.size + 1, whole=WHOLE,
            views=augmentation.views(WHOLE, crop.size)),
        say("papers", size=PAPERS, views=augmentation.views(WHOLE, PAPERS), paper=PAPERS_VIEWS,
            less=WHOLE - PAPERS, places=WHOLE - PAPERS + 1),
        _shift_said(shift, say),
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


def _shift_said(shift: Any, say: Say) -> str:
    return say("colour", **_colours(shift, 1))


def _colours(parts: Any, places: int) -> dict[str, str]:
    """The parts of red, green and blue with their signs."""
    words = (f"{part:+.{places}f}".replace("-", "−") for part in parts)
    return dict(zip(("red", "green", "blue"), words, strict=True))


def _cloud(values: Values, say: Say) -> Look:
    """Pixels in the cube of colours with the three axes through their mean."""
    from alexnet_viz.pictures import augmentation

    pixels = values["picture"]
    axes = augmentation.colour_axes(pixels)
    shift = augmentation.colour_shift(axes, alphas(values))
    chosen = pixels[APART // 2 :: APART, APART // 2 :: APART].reshape(-1, 3).tolist()
    red, green, blue = pixels.reshape(-1, 3).mean(axis=0).tolist()
    variances = axes.deviations**2
    shares = 100 * variances / (variances.sum() or 1)
    lines = [
        Axis(
            tuple(axes.axes[:, n].tolist()), REACH * float(axes.deviations[n]),
            say("axis_of", n=n + 1, deviation=number_text(axes.deviations[n], 3), share=shares[n]),
        )
        for n in range(3)
    ]  # fmt: skip
    drawn = cloud(
        chosen, (red, green, blue), lines,
        title=say("cloud", points=len(chosen)),
        names=tuple(say(f"column.{name}") for name in ("red", "green", "blue")),  # type: ignore[arg-type]
        shift=(tuple(shift.tolist()), say("shifted_mean")),
    )  # fmt: skip
    tilt = degrees(acos(min(1.0, abs(float(axes.axes[:, 0].sum())) / sqrt(3))))
    key = "grey" if tilt < GREY_WITHIN else "coloured"
    sentences = (
        say(f"first_{key}" if variances.sum() > 0 else "first_none", share=shares[0], tilt=tilt,
            **_colours(axes.axes[:, 0], 2)),
        _shift_said(shift, say),
        say("points", points=len(chosen), all=len(pixels) ** 2, reach=REACH),
    )  # fmt: skip
    drawings = (Drawing(drawn, "augmentation_colours"),)
    return Look(drawings, sentences, (Table(_table(axes, say), "colour_axes", say("table")),))


def _ten(values: Values, say: Say) -> Look:
    """The softmax of each of the ten crops of the test, and their mean."""
    from alexnet_viz.render.charts.picture_uri import picture_uri

    crops, answers = ten_answers(values)
    mean = answers.mean(axis=0)
    columns = mean.argsort()[::-1][:SHOWN].tolist()
    names = [each.of(say.language) for each in values["live"].weights.classes]
    places = ("upper_left", "upper_right", "lower_left", "lower_right", "centre")
    rows = []
    for n, where in enumerate(places):
        for number, name in ((n, where), (n + len(places), "mirrored")):
            shares = answers[number, columns].tolist()
            rows.append(Row(say(f"crop.{name}"), shares, picture_uri(crops[number], 2 * THUMB)))
    drawn = share_rows(
        rows, Row(say("crop.mean"), mean[columns].tolist()), [names[n] for n in columns],
        title=say("ten_drawing"),
    )  # fmt: skip
    best, centre = columns[0], places.index("centre")
    alone = int(answers[centre].argmax())
    ten = 100 * RUNS["145-2010"].top1
    sentences = (
        say("ten_mean", name=names[best], share=100 * mean[best],
            least=100 * answers[:, best].min(), most=100 * answers[:, best].max(),
            agree=int((answers.argmax(axis=1) == best).sum()), crops=len(answers)),
        say("ten_centre", name=names[alone], share=100 * answers[centre, alone]),
        say("ten_paper", centre=CENTRE_CROP, ten=ten),
    )  # fmt: skip
    origin = values["live"].weights.title.of(say.language)
    caption = say("ten_caption", origin=origin, size=values["live"].network.input_size, whole=WHOLE)
    return Look((Drawing(drawn, "augmentation_ten_crops", caption),), sentences)


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

    if values["show"] != "views":
        return Outcome(False, say("about_views"))
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


def _idle(values: Values) -> tuple[str, ...]:
    """The controls of the crop where none is chosen; the cloud is that of the picture as it is."""
    crop = ("left", "top", "size", "flip")
    return {"views": (), "ten": crop, "cloud": (*crop, "turn")}[values["show"]]


LAB = Lab(
    id="augmentation",
    concepts=("augmentation",),
    controls=(
        Pick("show", ("views", "cloud", "ten"), "views"),
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
    runs_network=lambda values: values["show"] == "ten",
    idle=_idle,
    backing=_backing,
)
