"""Time of what every lab computes and draws after a control was moved.

Each lab's controls are moved one after the other to the ends of their range; measured is ``look``,
the work of one answer without Streamlit's own, in milliseconds.  Labs that keep results answer a
second time faster; the first answers are shown too.

    python -m benchmarks.labs [rounds]
"""

import statistics
import sys
import time
from dataclasses import dataclass
from typing import Any

from alexnet_viz.pictures.preprocessing import cropped
from alexnet_viz.pictures.samples import SAMPLES
from alexnet_viz.render.tables.grid import Grid, plain
from alexnet_viz.teaching.control import Cells, Number, Pick, Switch
from alexnet_viz.teaching.labs.lab import Lab, Spoken
from alexnet_viz.teaching.labs.registry import LABS
from alexnet_viz.ui.labs.live_network import live

ROUNDS = 3
GOAL = 300
"""Milliseconds within which a lab is to answer."""


@dataclass
class Times:
    """Milliseconds of the first and of the later answers of a lab."""

    first: float
    later: list[float]


def settings(lab: Lab) -> list[dict[str, Any]]:
    """The lab as it begins, then each control at the ends of its range."""
    start = {control.name: control.default for control in lab.controls}
    found = [start]
    for control in lab.controls:
        match control:
            case Number(low=low, high=high):
                found += [{**start, control.name: end} for end in (low, high)]
            case Pick(options=options):
                found += [{**start, control.name: each} for each in options]
            case Switch():
                found += [{**start, control.name: not control.default}]
            case Cells(low=low, high=high, rows=rows, columns=columns):
                found += [{**start, control.name: (end,) * rows * columns} for end in (low, high)]
    return found


def measured(lab: Lab, rounds: int) -> Times:
    """The times of one lab."""
    given: dict[str, Any] = {}
    if lab.needs_picture:
        picture = next(iter(SAMPLES.values())).load()
        given["picture"] = cropped(picture, lab.picture_side, 3)
    if lab.runs_network:
        given["live"] = live()
        given["live"].model()
    times = []
    for _ in range(rounds):
        for values in settings(lab):
            began = time.perf_counter()
            lab.look({**values, **given}, Spoken(lab.id, "en"))
            times.append(1000 * (time.perf_counter() - began))
    return Times(times[0], times[1:] or times)


def main(rounds: str = str(ROUNDS)) -> None:
    """Print a table, the slowest lab first."""
    found = {id: measured(lab, int(rounds)) for id, lab in LABS.items()}
    rows = tuple(
        (id, round(each.first), round(statistics.median(each.later)), round(max(each.later)))
        for id, each in sorted(found.items(), key=lambda pair: -max(pair[1].later))
    )
    print(plain(Grid("", ("lab", "first ms", "median ms", "slowest ms"), rows, frozenset({0}))))
    slow = [id for id, each in found.items() if statistics.median(each.later) > GOAL]
    print(f"median over {GOAL} ms: {', '.join(slow) or 'none'}")


if __name__ == "__main__":
    main(*sys.argv[1:])
