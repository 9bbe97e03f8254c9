"""What is asked of a run, and where in it a process can be.  No torch: pages read it too."""

import json
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, NamedTuple

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
    """Where in a run a process is."""

    phase: Phase
    layer: str = ""


@dataclass(frozen=True, kw_only=True)
class Request:
    """A network at its input, how many GPUs share it, and what they are to do."""

    network: Network
    gpus: int
    last: Last = "first"
    batch: int = 8
    train: bool = False
    """Forward, loss and backward; else forward alone."""
    weights: str = "random"
    """"random" (the paper's initialisation), the id of published weights, or a file."""
    seed: int = 0
    """Of random weights, of the images and labels, of dropout."""
    device: Device = "cpu"
    rounds: int = 3
    """Passes that are timed, after one to warm up."""
    threads: int = 1
    """CPU threads of each process."""
    silence: float = 60.0
    """Seconds after which a process gives up waiting for another."""

    def towers(self) -> Towers:
        """The plan.

        Raises:
            Problem: more towers than there may be, or nothing that learns.
        """
        if not any(layer.weighted for layer in self.network.layers):
            raise Problem("run_nothing", network=self.network.id)
        towers = split(trace(self.network), self.last, self.gpus)
        assert towers is not None, "a number of GPUs was asked for"
        return towers

    def stages(self) -> tuple[Stage, ...]:
        """The stages that run: all but a softmax at the end, which belongs to the loss.

        Over halves it would exchange a maximum and a sum an image; here GPU 0 collects the logits.

        Raises:
            Problem: as ``towers``; a softmax in the middle; in training, a layer that learns from
                the image before the first convolution, which all towers would hold.
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
        """Everywhere a process comes, in order."""
        names = [stage.name for stage in self.stages()]
        step = [Place("forward", name) for name in names] + [Place("collect")]
        if self.train:
            step += [Place("backward", name) for name in reversed(names)]
        start = (Place("start"), Place("weights"))
        return (*start, *step * (1 + self.rounds), *(Place("check"),) * (2 + self.rounds))

    @property
    def logits(self) -> Shape:
        """Shape of what comes out, for one image."""
        return self.stages()[-1].row.output_shape


def place(request: Request, number: int) -> Place:
    """Where a process is that has come to so many places."""
    places = request.places()
    return places[min(max(number - 1, 0), len(places) - 1)]


def dumps(request: Request) -> str:
    """The request as JSON."""
    plain = asdict(replace(request, network=Network(id="", input_shape=(), layers=())))
    return json.dumps(plain | {"network": request.network.to_dict()})


def loads(text: str) -> Request:
    """The request that ``dumps`` wrote."""
    data: dict[str, Any] = json.loads(text)
    return Request(**data | {"network": Network.from_dict(data["network"])})
