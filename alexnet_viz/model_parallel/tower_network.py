"""Forward and backward pass of the towers of one process, stage by stage.

Forward, a tower fetches the channels that it lacks, concatenates them with its own in order, and
computes.  Backward, it computes the gradient of everything that it read, keeps the part of its own
channels and sends the part of the fetched channels to their towers, which add it to their own.
torch's autograd differentiates each stage separately; the steps between the stages are explicit, so
that every process posts its sends and receives in the same order and every step is timed.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter

import torch
from torch import Tensor

from alexnet_viz.model_parallel.exchange import Exchange
from alexnet_viz.model_parallel.request import Phase, Place, Request
from alexnet_viz.model_parallel.result import Event
from alexnet_viz.model_parallel.shard import Shard, Share
from alexnet_viz.model_parallel.stage_plan import (
    Route,
    StagePlan,
    gather_channels,
    narrow,
    overlap,
    stage_plans,
)

Maps = dict[int, Tensor]
"""Own channels (images, channels, …), float32, of each tower of this process."""
Loss = Callable[[Tensor], Tensor]
"""Maps logits (images, classes, …) to a scalar."""


class TowerNetwork:
    """The towers of one process.

    ``tensors`` is the whole network's state by "conv1.weight" …; only the rows that the towers hold
    are copied.  ``advance`` is called at the start of every layer of a pass, and of "collect".
    """

    def __init__(
        self,
        request: Request,
        exchange: Exchange,
        tensors: Mapping[str, Tensor],
        advance: Callable[[], object],
    ) -> None:
        self.request, self.exchange, self.advance = request, exchange, advance
        self.plans = stage_plans(request.stages(), exchange.count)
        self.shards = {
            tower: [
                self._shard(index, plan, tower, tensors) for index, plan in enumerate(self.plans)
            ]
            for tower in exchange.towers
        }
        self.events: list[Event] = []
        self.gradients: dict[tuple[int, str, int], Tensor] = {}
        """Gradients of the last pass by (tower, parameter's name, first row), in its order."""
        self.loss: float | None = None
        self.began = perf_counter()
        """Start of the last pass."""
        self._kept: list[dict[int, tuple[Tensor, Tensor]]] = []
        """Input and output of every stage, by tower, for the backward pass."""

    def _shard(
        self, index: int, plan: StagePlan, tower: int, tensors: Mapping[str, Tensor]
    ) -> Shard:
        row, train = plan.stage.row, self.request.train
        own = {
            name.removeprefix(f"{row.name}."): tensor
            for name, tensor in tensors.items()
            if name.startswith(f"{row.name}.")
        }
        seed = self.request.seed + index if train else None
        shard = Shard(row, plan.outputs[tower], own, dropout=seed)
        return shard.to(self.exchange.device(tower)).requires_grad_(train)

    def shares(self, tower: int) -> list[Share]:
        """Return the parameters that a tower of this process holds."""
        return [share for shard in self.shards[tower] for share in shard.shares()]

    def step(self, images: Tensor, loss: Loss | None) -> Tensor:
        """Run a forward pass, and with a ``loss`` the backward pass.

        ``images`` is (images, channels, height, width), float32.  Returns the logits
        (images, classes, …) on GPU 0's process, elsewhere an empty tensor.
        """
        self.events, self._kept, self.gradients = [], [], {}
        self.exchange.sent.clear()
        self.exchange.barrier()
        self.began = perf_counter()
        maps = {each: images.to(self.exchange.device(each)) for each in self.exchange.towers}
        for index in range(len(self.plans)):
            self.advance()
            maps = self._forward(index, maps)
        self.advance()
        logits = self._collect_logits(maps)
        if loss:
            maps = self._deal_gradient(self._loss_gradient(loss, logits), maps)
            for index in reversed(range(len(self.plans))):
                self.advance()
                maps = self._backward(index, maps)
        return logits

    def _forward(self, index: int, maps: Maps) -> Maps:
        """Compute a stage from the maps before it; return the maps after it."""
        plan = self.plans[index]
        row, train = plan.stage.row, self.request.train
        outgoing = {
            route: narrow(maps[route.source], channels, plan.inputs[route.source])
            for route, channels in plan.fetches.items()
            if route.source in maps
        }
        arrived = self._exchange(
            Place("forward", row.name), outgoing, plan.fetches, row.input_shape[1:]
        )
        kept = {}
        for tower, own in maps.items():
            shard = self.shards[tower][index]
            fetched = {plan.fetches[r]: each for r, each in arrived.items() if r.target == tower}
            with self._timed(tower, "forward", row.name), torch.set_grad_enabled(train):
                input = gather_channels({plan.inputs[tower]: own} | fetched, shard.needed)
                input = input.detach().requires_grad_(train and not plan.reads_image)
                kept[tower] = input, shard(input)
        if train:
            self._kept.append(kept)
        return {tower: output.detach() for tower, (_, output) in kept.items()}

    def _collect_logits(self, maps: Maps) -> Tensor:
        """Return all logits (images, classes, …) on GPU 0's process, elsewhere an empty tensor."""
        row, outputs = self.plans[-1].stage.row, self.plans[-1].outputs
        routes = {Route(t, 0): channels for t, channels in enumerate(outputs) if t and channels}
        outgoing = {r: maps[r.source] for r in routes if r.source in maps}
        arrived = self._exchange(Place("collect", row.name), outgoing, routes, row.output_shape[1:])
        if 0 not in maps:
            return torch.empty(0)
        return torch.cat([maps[0], *(arrived[route] for route in routes)], dim=1)

    def _loss_gradient(self, loss: Loss, logits: Tensor) -> Tensor | None:
        """Return the loss's gradient, in the shape of the logits, on GPU 0's process."""
        if 0 not in self.exchange.towers:
            return None
        logits = logits.detach().requires_grad_()
        value = loss(logits)
        self.loss = float(value.detach())
        (gradient,) = torch.autograd.grad(value, logits)
        return gradient

    def _deal_gradient(self, gradient: Tensor | None, maps: Maps) -> Maps:
        """Return to each tower the gradient of the logits that it computed."""
        row, outputs = self.plans[-1].stage.row, self.plans[-1].outputs
        routes = {Route(0, t): channels for t, channels in enumerate(outputs) if t and channels}
        whole, outgoing, own = range(row.output_shape[0]), {}, {}
        if gradient is not None:
            outgoing = {r: narrow(gradient, channels, whole) for r, channels in routes.items()}
            own = {0: narrow(gradient, outputs[0], whole)}
        arrived = self._exchange(Place("deal", row.name), outgoing, routes, row.output_shape[1:])
        # a tower without logits keeps its maps, which are as empty as their gradient
        return maps | own | {route.target: each for route, each in arrived.items()}

    def _backward(self, index: int, gradients: Maps) -> Maps:
        """Differentiate a stage; map the gradients of its output to those of its input."""
        plan, row = self.plans[index], self.plans[index].stage.row
        found = {}
        for tower, gradient in gradients.items():
            with self._timed(tower, "backward", row.name):
                found[tower] = self._input_gradient(index, tower, gradient)
        self._kept[index] = {}
        if plan.reads_image:
            return gradients
        needed = {tower: self.shards[tower][index].needed for tower in found}
        routes = {route.reversed: channels for route, channels in plan.fetches.items()}
        outgoing = {
            route: narrow(found[route.source], channels, needed[route.source])
            for route, channels in routes.items()
            if route.source in found
        }
        arrived = self._exchange(Place("backward", row.name), outgoing, routes, row.input_shape[1:])
        totals = {}
        for tower, gradient in found.items():
            own = plan.inputs[tower]
            total = _zero_padded(gradient, needed[tower], own)
            for route in sorted(r for r in arrived if r.target == tower):
                narrow(total, routes[route], own).add_(arrived[route])
            totals[tower] = total
        return totals

    def _input_gradient(self, index: int, tower: int, gradient: Tensor) -> Tensor:
        """Return the gradient of a stage's input; store those of its parameters."""
        input, output = self._kept[index][tower]
        shares = self.shards[tower][index].shares()
        if not output.requires_grad:  # no channels, or nothing to differentiate
            return input
        wanted = [*(share.tensor for share in shares), *[input] * input.requires_grad]
        found = torch.autograd.grad(output, wanted, gradient)
        for share, each in zip(shares, found, strict=False):
            self.gradients[tower, share.name, share.rows.start] = each
        return found[-1]

    def _exchange(
        self,
        place: Place,
        outgoing: Mapping[Route, Tensor],
        channels: Mapping[Route, range],
        size: tuple[int, ...],
    ) -> dict[Route, Tensor]:
        """Transfer tensors (images, channels, *size); ``channels`` has the routes of all towers."""
        towers = self.exchange.towers
        expected = {
            route: (self.request.batch, len(each), *size)
            for route, each in channels.items()
            if route.target in towers
        }
        start = perf_counter()
        arrived = self.exchange.transfer_counted(place, outgoing, expected)
        involved = sorted({tower for route in channels for tower in route if tower in towers})
        for tower in involved:
            self._synchronize(tower)
        seconds = perf_counter() - start
        for tower in involved:
            sources = tuple(sorted(r.source for r in expected if r.target == tower))
            self.events.append(
                Event(tower, place.layer, place.phase, "exchange", start, seconds, sources)
            )
        return arrived

    @contextmanager
    def _timed(self, tower: int, phase: Phase, layer: str) -> Iterator[None]:
        start = perf_counter()
        yield
        self._synchronize(tower)
        seconds = perf_counter() - start
        self.events.append(Event(tower, layer, phase, "compute", start, seconds))

    def _synchronize(self, tower: int) -> None:
        device = self.exchange.device(tower)
        if device.type == "cuda":
            torch.cuda.synchronize(device)


def _zero_padded(gradient: Tensor, needed: range, own: range) -> Tensor:
    """Map (images, ``needed``, …) to (images, ``own``, …), with zeros for channels not needed."""
    if needed == own:
        return gradient
    total = gradient.new_zeros(len(gradient), len(own), *gradient.shape[2:])
    both = overlap(own, needed)
    if both:
        narrow(total, both, own).copy_(narrow(gradient, both, needed))
    return total
