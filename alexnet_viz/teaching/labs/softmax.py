"""Softmax: logits, temperature, a shift that changes nothing, and one that overflows.

Krizhevsky et al. 2012, section 3.5: a 1000-way softmax.
"""

from collections.abc import Sequence
from math import exp, fsum, inf, isfinite, nan
from struct import error, pack
from typing import Any

from alexnet_viz.render.diagrams.graph.axes import Scale, bar, grid_lines, number_text
from alexnet_viz.render.diagrams.svg import Sheet
from alexnet_viz.render.theme import BLUE, FAILURE, VERMILION
from alexnet_viz.teaching.control import Bars, Number
from alexnet_viz.teaching.labs.lab import Drawing, Lab, Look, Outcome, Say, Task, Values

SHOWN = 5
LOGITS = (3.0, 1.5, 0.5, -1.0, 2.0)
TOP = 5
MODEST = 0.3
PLUS = 5.0


def logits(values: Values) -> list[float]:
    """Of all classes: those shown with the shift, then the others, whose own logit is 0."""
    shift = values["shift"]
    return [z + shift for z in values["z"]] + [float(shift)] * (values["classes"] - SHOWN)


def stable(z: Sequence[float], temperature: float) -> list[float]:
    """The probabilities, with the largest logit subtracted first."""
    largest = max(z)
    powers = [exp((one - largest) / temperature) for one in z]
    whole = fsum(powers)
    return [power / whole for power in powers]


def single(value: float) -> float:
    """A number as float32 holds its size: infinite above its largest, 0 below its smallest."""
    try:
        pack("<f", value)
    except (OverflowError, error):
        return inf
    return value if value >= 2.0**-150 else 0.0


def naive(z: Sequence[float], temperature: float) -> list[float]:
    """The probabilities as the formula is written, in the range of float32; NaN where it fails."""
    powers = [single(exp(min(one / temperature, 700))) for one in z]
    whole = single(fsum(powers)) if all(map(isfinite, powers)) else inf
    if whole == 0:
        return [nan] * len(z)
    return [nan if power == inf else power / whole for power in powers]


def rank(p: Sequence[float], at: int) -> int:
    """1 for the most probable class; of equal ones the first."""
    return 1 + sum(other > p[at] or (other == p[at] and n < at) for n, other in enumerate(p))


def look(values: Values, say: Say) -> Look:
    """The logits, the probabilities, and what the naive computation gives."""
    z, temperature = logits(values), values["t"]
    p, plain = stable(z, temperature), naive(z, temperature)
    place = rank(p, values["truth"] - 1)
    best = max(range(len(p)), key=lambda n: p[n])
    sentences = [
        say("best", best=best + 1, p=100 * p[best], sum=number_text(fsum(p), 6),
            classes=len(p)),
        say("top1" if place == 1 else "top5" if place <= TOP else "missed",
            truth=values["truth"], rank=place),
    ]  # fmt: skip
    if values["shift"]:
        sentences.append(say("shifted", shift=number_text(values["shift"])))
    broken = not all(map(isfinite, plain))
    power = single(exp(min(max(z) / temperature, 700)))
    if broken:
        words = {"z": number_text(max(z) / temperature)}
        sentences.append(say("overflow" if power == inf or max(z) > 0 else "underflow", **words))
    if len(p) > SHOWN:
        rest = fsum(p[SHOWN:])
        sentences.append(say("others", count=len(p) - SHOWN, rest=100 * rest))
    picture = _drawn(z, p, plain, values["truth"] - 1, say)
    return Look((Drawing(picture, "softmax", say("caption")),), tuple(sentences))


def _drawn(
    z: Sequence[float], p: Sequence[float], plain: Sequence[float], truth: int, say: Say
) -> str:  # fmt: skip
    sheet = Sheet()
    left, right, middle, bottom = 52, 630, 178, 370
    column = (right - left) / SHOWN
    shown = z[:SHOWN]
    up = Scale(min(*shown, 0), max(*shown, 1), middle - 8, 40)
    grid_lines(sheet, Scale(0, 1, left, right), up, x_ticks=())
    share = Scale(0, 1, bottom, middle + 52)
    grid_lines(sheet, Scale(0, 1, left, right), share, x_ticks=())
    sheet.text(4, 18, say("logits"), size=14, anchor="start", quiet=True)
    sheet.text(4, middle + 22, say("probabilities"), size=14, anchor="start", quiet=True)
    broken = not all(map(isfinite, plain))
    for n in range(SHOWN):
        at = left + column * (n + 0.5)
        y0, y1 = sorted((up(0), up(z[n])))
        with sheet.group(title=f"{n + 1}: {number_text(z[n])}", kind="logit"):
            bar(sheet, at - 22, y0, 44, y1 - y0, BLUE)
        sheet.text(at, max(y0 - 4, 34), number_text(z[n]), size=14)
        with sheet.group(title=f"{n + 1}: {number_text(p[n])}", kind="probability"):
            bar(sheet, at - 22, share(p[n]), 44, bottom - share(p[n]), VERMILION)
        sheet.text(at, share(p[n]) - 5, f"{100 * p[n]:.1f} %", size=14)
        name = say("true_class", n=n + 1) if n == truth else str(n + 1)
        sheet.text(at, bottom + 19, name, size=14, bold=n == truth)
        word = number_text(plain[n], 3) if isfinite(plain[n]) else "NaN"
        sheet.text(at, bottom + 41, word, size=14, bold=broken, fill=FAILURE if broken else "")
    sheet.text(4, bottom + 68, say("naive"), size=14, anchor="start", quiet=True)
    if broken:
        sheet.rectangle(left - 6, bottom + 26, right - left + 8, 21, stroke=FAILURE, width=2)
    return sheet.document(640, bottom + 78, title=say("drawing", shown=SHOWN))


def _plus_five(values: Values, answer: int, say: Say) -> Outcome:
    """How many probabilities change when every logit grows by the same."""
    z = logits(values)
    before = stable(z, values["t"])
    after = stable([one + PLUS for one in z], values["t"])
    changed = sum(abs(a - b) > 1e-9 for a, b in zip(before, after, strict=True))
    words = {"p": 100 * before[0], "after": 100 * after[0], "plus": number_text(PLUS)}
    return Outcome(
        answer == changed, say("plus_right" if answer == changed else "plus_no", **words)
    )


def _modest(values: Values, answer: Any, say: Say) -> Outcome:
    """By temperature alone, no class has more than ``MODEST``."""
    if values["z"] != LOGITS or values["classes"] != SHOWN:
        return Outcome(False, say("modest_first"))
    p = max(stable(logits(values), values["t"]))
    words = {"t": number_text(values["t"]), "p": 100 * p, "most": 100 * MODEST}
    return Outcome(p < MODEST, say("modest_right" if p < MODEST else "modest_no", **words))


def _overflow(values: Values, answer: Any, say: Say) -> Outcome:
    """A shift with which the naive computation fails and the stable one does not."""
    z = logits(values)
    if not values["shift"]:
        return Outcome(False, say("no_shift"))
    broken = not all(map(isfinite, naive(z, values["t"])))
    words = {
        "z": number_text(max(z) / values["t"]), "p": 100 * max(stable(z, values["t"])),
        "limit": number_text(_limit(), 4),
    }  # fmt: skip
    return Outcome(broken, say("broken" if broken else "still_whole", **words))


def _limit() -> float:
    """The largest x whose exp(x) float32 holds."""
    low, high = 0.0, 700.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if single(exp(middle)) == inf else (middle, high)
    return low


LAB = Lab(
    id="softmax",
    concepts=("softmax",),
    controls=(
        Number("t", 0.1, 10.0, 1.0, 0.1),
        Number("shift", -200, 200, 0),
        Number("classes", SHOWN, 1000, SHOWN),
        Number("truth", 1, SHOWN, 1),
        Bars("z", SHOWN, -10, 10, LOGITS, 0.1),
    ),
    look=look,
    tasks={
        "plus_five": Task(_plus_five, Number("count", 0, SHOWN, SHOWN)),
        "modest": Task(_modest),
        "overflow": Task(_overflow),
    },
    see=("predictions",),
)
