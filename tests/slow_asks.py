"""Asks and long work that another process can be sent, and that take time."""

import os
import time
from dataclasses import dataclass
from typing import Any

from alexnet_viz.jobs import Progress, Stop, Stopped
from alexnet_viz.serving.engine import Passes
from alexnet_viz.text.problem import Problem


@dataclass(frozen=True)
class Slow:
    """Asks for the last layer's output, and takes its time."""

    seconds: float

    def __call__(self, passes: Passes) -> Any:
        """The output of the first picture."""
        time.sleep(self.seconds)
        return list(passes.kept[0].values())[-1]


@dataclass(frozen=True)
class Whole:
    """Asks for all outputs of a layer, as a download does."""

    layer: str

    def __call__(self, passes: Passes) -> Any:
        """The array."""
        return passes.kept[0][self.layer]


@dataclass(frozen=True)
class Refused:
    """Asks for what there is not."""

    def __call__(self, passes: Passes) -> Any:
        """Raise."""
        raise Problem("answer_no_classes", network="n")


@dataclass(frozen=True)
class Steps:
    """Long work of so many steps; ends its process once where the file ``once`` is not there."""

    count: int
    once: str = ""

    def __call__(self, model: Any, progress: Progress, stop: Stop) -> int:
        """The number of steps."""
        for step in range(self.count):
            progress(step / self.count, step)
            if self.once and not os.path.exists(self.once):
                open(self.once, "w").close()
                os._exit(1)
            if stop():
                raise Stopped
            time.sleep(0.1)
        return self.count
