"""The 224/227 case: the known ways to make the 2012 network's sizes consistent.

A case is the textbook network with another input size, padding or rounding; all other numbers are
traced.  224 + 3 = 227: the textbook's 227, the authors' overhang and the paddings 0 + 3 and 1 + 2
all add exactly three pixels.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from alexnet_viz.analysis.columns import quotient_text
from alexnet_viz.network.geometry import Rounding
from alexnet_viz.network.layers import shape_text
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.variants import VARIANTS
from alexnet_viz.variants.traces import variant_trace

POOLS = ("pool1", "pool2", "pool5")
SIZES = (224, 227)


def staircase(result: Trace) -> tuple[int, ...]:
    """The sides of the map in pixels, each time they change, from the image on.

    >>> staircase(trace(VARIANTS["alexnet_2012_paper"], 224))
    (224, 55, 27, 13, 6)
    """
    steps = [result.input_shape[1]]
    for row in result.rows:
        side = row.output_shape[1] if len(row.output_shape) == 3 else steps[-1]
        if side != steps[-1]:
            steps.append(side)
    return tuple(steps)


def figures() -> dict[str, object]:
    """The numbers that phrases about the case quote, by placeholder."""
    first = variant_trace(VARIANTS["alexnet_2012_paper"])["conv1"]
    assert first.slides
    window = first.slides[0]
    return {
        "size": window.input_size,
        "quotient": quotient_text(window.quotient),
        "down": int(window.quotient),
        "up": window.output_size,
        "shape": shape_text(first.output_shape),
        "maps": first.output_shape[0],
    }


@dataclass(frozen=True)
class Case:
    """One way to set up conv1 and the pools of the 2012 network."""

    key: str
    """Key of the phrase that names who does it so."""
    input_size: int
    padding: int | tuple[int, int] = 0
    conv: Rounding = "floor"
    pool: Rounding = "floor"

    @property
    def stated_padding(self) -> tuple[int, int]:
        """Padding of conv1 (before, after), as resolved where the rule is SAME."""
        if self.conv == "same":
            return self.trace()["conv1"].slides[0].padding  # type: ignore[index]
        return self.padding if isinstance(self.padding, tuple) else (self.padding, self.padding)

    def trace(self) -> Trace:
        """The trace of the textbook network with these settings."""
        return _traced(self)


@cache
def _traced(case: Case) -> Trace:
    pools: dict[str, Any] = {name: {"rounding": case.pool} for name in POOLS}
    network = (
        VARIANTS["alexnet_2012_227"]
        .refitted()
        .edited(id=case.key, conv1={"padding": case.padding, "rounding": case.conv}, **pools)
    )
    return trace(network, case.input_size)


CASES = (
    Case("paper_floor", 224),
    Case("textbook", 227),
    Case("krizhevsky", 224, conv="ceil", pool="ceil"),
    Case("caffe", 224, pool="caffe"),
    Case("right_three", 224, padding=(0, 3)),
    Case("one_two", 224, padding=(1, 2)),
    Case("one", 224, padding=1),
    Case("two", 224, padding=2),
    Case("two_227", 227, padding=2),
    Case("tensorflow_same", 224, conv="same"),
)
