"""What to run, and the places of a run in order.  No torch: pages import it too."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from alexnet_viz.analysis.towers.placements import Last
from alexnet_viz.analysis.towers.split import Stage, Towers, split
from alexnet_viz.network.layers import Shape, Softmax
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.text.problem import Problem

Phase = Literal["start", "weights", "forward", "collect", "deal", "backward", "check"]
Device = Literal["cpu", "cuda"]

MAX_BATCH = 1024
MAX_ROUNDS = 1000


class Place(NamedTuple):
    """A point of a run: its phase and, forward and backward, the layer."""

    phase: Phase
    layer: str = ""


@dataclass(frozen=True, kw_only=True)
class Request:
    """A network with its input shape, the number of GPUs that share it, and what to compute."""

    network: Network
    gpus: int
    last: Last = "first"
    batch: int = 8
    train: bool = False
    """Forward, loss and backward; else forward only."""
    weights: str = "random"
    """"random" (see ``run_data.reinitialised``), the id of published weights, or a file."""
    seed: int = 0
    """Of random weights, images, labels and dropout masks."""
    device: Device = "cpu"
    rounds: int = 3
    """Timed passes, after one warm-up pass."""
    threads: int = 1
    """CPU threads of each process."""
    silence: float = 60.0
    """Timeout of the process group in seconds: the longest wait for another process."""

    def towers(self) -> Towers:
        """Return the split of the network over the GPUs.

        Raises:
            Problem: too many towers, or the network has no convolution and no dense layer.
        """
        if not any(layer.weighted for layer in self.network.layers):
            raise Problem("run_nothing", network=self.network.id)
        towers = split(trace(self.network), self.last, self.gpus)
        assert towers is not None, "split() returns None only without a number of GPUs"
        return towers

    def stages(self) -> tuple[Stage, ...]:
        """Return the stages that run: all but a final softmax, which is part of the loss.

        A softmax over distributed logits would exchange a maximum and a sum per image; here GPU 0
        collects the logits instead.

        Raises:
            Problem: as ``towers``; a softmax that is not the last layer; in training, a BatchNorm
                before the first convolution, whose parameters every tower would hold.
        """
        stages = self.towers().stages
        if isinstance(stages[-1].row.layer, Softmax):
            stages = stages[:-1]
        for stage in stages:
            if isinstance(stage.row.layer, Softmax):
                raise Problem("run_softmax", layer=stage.name)
            learns = stage.row.params > 0 and not stage.row.layer.weighted
            if self.train and stage.reads == "image" and learns:
                raise Problem("run_learns_early", layer=stage.name)
        return stages

    def places(self) -> tuple[Place, ...]:
        """Return every place that a process reaches, in order, with repetitions."""
        names = [stage.name for stage in self.stages()]
        step = [Place("forward", name) for name in names] + [Place("collect")]
        if self.train:
            step += [Place("backward", name) for name in reversed(names)]
        start = (Place("start"), Place("weights"))
        return (*start, *step * (1 + self.rounds), *(Place("check"),) * (2 + self.rounds))

    def place(self, number: int) -> Place:
        """Return the ``number``-th place (1-based) of ``places()``, the nearest if out of range."""
        places = self.places()
        return places[min(max(number - 1, 0), len(places) - 1)]

    @property
    def logits(self) -> Shape:
        """Shape (classes, …) of the logits of one image."""
        return self.stages()[-1].row.output_shape
