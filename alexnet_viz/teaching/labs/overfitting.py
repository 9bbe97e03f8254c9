"""Over-fitting of polynomials, and three remedies (sections 1 and 4)."""

from typing import Any

from alexnet_viz.analysis.claims.expression import PAPER
from alexnet_viz.render.diagrams.graph.axes import Scale, grid_lines, number_text, write
from alexnet_viz.render.diagrams.svg import Point, Sheet
from alexnet_viz.render.theme import BLUE, GREY, INK, VERMILION
from alexnet_viz.teaching.control import Number, Pick
from alexnet_viz.teaching.labs.hyperparameters import IMAGES
from alexnet_viz.teaching.labs.lab import Drawing, Lab, Look, Outcome, Say, Task, Values
from alexnet_viz.teaching.toys import polynomial
from alexnet_viz.teaching.toys.polynomial import DEGREES, NOISE, VALIDATION, Fit, fitted
from alexnet_viz.variants import VARIANTS
from alexnet_viz.variants.traces import variant_trace

TOP, BOTTOM = 54, 300
LOW, HIGH = 0.05, 5.0
"""Of the axis of errors; what is beyond lies on its edge."""
CLOSED, GOOD = 0.2, 0.4
"""Of the task: largest gap and largest validation error."""
NEARLY = 1.02
"""Of the task: validation error relative to the best degree's."""
REMEDIES = ("degree", "samples", "decay")


def _fit(values: Values, degree: int | None = None) -> Fit:
    return fitted(
        int(degree or values["degree"]),
        int(values["samples"]),
        int(values["seed"]),
        float(values["decay"]),
    )


def look(values: Values, say: Say) -> Look:
    """The fitted curve over its samples, and both errors by degree with the gap shaded."""
    fit, degree, samples = _fit(values), int(values["degree"]), int(values["samples"])
    errors = [_fit(values, each) for each in range(1, DEGREES + 1)]
    sheet = Sheet()
    _curve(sheet, values, fit, say)
    _errors(sheet, errors, degree, say)
    svg = sheet.document(640, BOTTOM + 50, title=say("drawing", degree=degree, samples=samples))
    alexnet = variant_trace(VARIANTS[PAPER]).params
    return Look(
        drawings=(Drawing(svg, "overfitting"),),
        sentences=(
            say("gap", **_words(fit), degree=degree),
            say("params", params=degree + 1, samples=samples, share=(degree + 1) / samples,
                alexnet=alexnet, images=IMAGES, ratio=alexnet / IMAGES),
            say("how", noise=NOISE, validation=VALIDATION),
        ),
    )  # fmt: skip


def _words(fit: Fit) -> dict[str, str]:
    return {
        "training": number_text(fit.training, 3),
        "validation": number_text(fit.validation, 3),
        "gap": number_text(fit.gap, 3),
    }


def _curve(sheet: Sheet, values: Values, fit: Fit, say: Say) -> None:
    across, down = Scale(-1, 1, 34, 300), Scale(-2, 2, BOTTOM, TOP)
    grid_lines(sheet, across, down, x_ticks=(-1, 0, 1))
    x, y = polynomial.samples(int(values["samples"]), int(values["seed"]))
    ticks = [n / 80 - 1 for n in range(161)]
    with sheet.group(title=say("truth"), kind="curve"):
        wave = [(across(t), down(float(polynomial.truth(t)))) for t in ticks]
        sheet.polyline(wave, stroke=GREY, width=2, dash="6 4")
    with sheet.group(title=say("fit"), kind="curve"):
        piece: list[Point] = []
        for t in ticks:
            height = float(polynomial.values(fit, t))
            if -2 <= height <= 2:
                piece.append((across(t), down(height)))
            elif piece:
                sheet.polyline(piece, stroke=BLUE, width=2.4)
                piece = []
        if piece:
            sheet.polyline(piece, stroke=BLUE, width=2.4)
    for a, b in zip(x, y, strict=True):
        if abs(b) <= 2:
            sheet.circle(across(float(a)), down(float(b)), 3.2, fill=INK)
    write(sheet, 34, 18, [say("fit")], anchor="start", bold=True)
    write(sheet, 34, 38, [say("truth")], anchor="start", quiet=True)


def _errors(sheet: Sheet, errors: list[Fit], degree: int, say: Say) -> None:
    across, down = Scale(1, DEGREES, 372, 626), Scale(LOW, HIGH, BOTTOM, TOP, log=True)
    grid_lines(sheet, across, down, x_ticks=(1, 3, 5, 7, 9, 11, 13, 15))

    def line(values: list[float]) -> list[Point]:
        inside = [min(max(value, LOW), HIGH) for value in values]
        return [(across(n), down(value)) for n, value in enumerate(inside, 1)]

    training = line([each.training for each in errors])
    validation = line([each.validation for each in errors])
    with sheet.group(title=say("gap_area"), kind="band"):
        sheet.polygon([*training, *reversed(validation)], fill=VERMILION, opacity=0.18)
    for points, colour, dash, key in (
        (training, BLUE, "", "training"),
        (validation, VERMILION, "7 4", "validation"),
    ):
        with sheet.group(title=say(key), kind="curve"):
            sheet.polyline(points, stroke=colour, width=2.4, dash=dash)
        x, y = points[degree - 1]
        sheet.circle(x, y, 5, fill=colour)
    sheet.line((across(degree), TOP), (across(degree), BOTTOM), width=1.2, dash="2 3")
    for row, (colour, dash, key) in enumerate(
        ((BLUE, "", "training"), (VERMILION, "7 4", "validation"))
    ):
        y = 13 + 20 * row
        sheet.polyline([(372, y), (400, y)], stroke=colour, width=2.4, dash=dash)
        write(sheet, 406, y + 5, [say(key)], anchor="start")
    write(sheet, 499, BOTTOM + 42, [say("degree")], quiet=True)


def _remedy(values: Values, answer: Any, say: Say) -> Outcome:
    begun = {each.name: each.default for each in LAB.controls}
    changed = [name for name in REMEDIES if values[name] != begun[name]]
    if len(changed) != 1:
        return Outcome(False, say("one_change" if changed else "no_change", n=len(changed)))
    fit, part = _fit(values), changed[0]
    if fit.gap > CLOSED:
        return Outcome(False, say("still_a_gap", **_words(fit), most=CLOSED))
    if fit.validation > GOOD:
        return Outcome(False, say("too_stiff", **_words(fit), most=GOOD))
    more = values["samples"] / begun["samples"]
    return Outcome(True, say(f"solved.{part}", **_words(fit), more=number_text(more, 2)), part)


def _best(values: Values, answer: Any, say: Say) -> Outcome:
    errors = [_fit(values, degree) for degree in range(1, DEGREES + 1)]
    best = min(range(DEGREES), key=lambda n: errors[n].validation)
    chosen = errors[int(answer) - 1]
    words = {"degree": int(answer), **_words(chosen), "least": _words(errors[best])["validation"]}
    if chosen.validation <= NEARLY * errors[best].validation:
        return Outcome(True, say("best", **words))
    lowest = min(range(DEGREES), key=lambda n: errors[n].training) + 1
    key = "trained_best" if int(answer) == lowest else "not_best"
    return Outcome(False, say(key, **words))


LAB = Lab(
    id="overfitting",
    concepts=("overfitting",),
    controls=(
        Number("degree", 1, DEGREES, 12),
        Number("samples", 5, 200, 15, 5),
        Pick("decay", ("0", "0.0001", "0.001", "0.003", "0.01", "0.03", "0.1", "0.3"), "0"),
        Number("seed", 0, 99, 1),
    ),
    look=look,
    tasks={
        "remedy": Task(_remedy, parts=REMEDIES),
        "best": Task(_best, Number("best", 1, DEGREES, 1)),
    },
    see=("layer?layer=fc6", "layer?layer=drop6", "experiments?experiment=data_size"),
)
