"""The towers that one process stands for, walked forward and back, stage by stage.

Forward a tower fetches the channels it lacks, puts them beside its own in channel order, and
computes.  Backward it computes the gradient of all it read, keeps that of its own channels, and
sends that of the fetched ones to the tower they came from, which adds it to its own.  torch's
autograd differentiates each stage by itself; the walk between the stages is written out, so that
every process posts its sends and receives in the same order, and every step is an event.
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
from alexnet_viz.model_parallel.stage_plan import Leg, Parcel, cut, gathered, legs, shared

Maps = dict[int, Tensor]
"""By tower of this process, the channels it has: (images, channels, …)."""
Loss = Callable[[Tensor], Tensor]
"""Of logits (images, …), what to differentiate, and by what it is differentiated: itself."""
Watch = Callable[[], object]
"""Told whenever a process comes to the next of the request's places."""


class TowerNetwork:
    """A process's share of the network.

    ``tensors`` are the whole network's numbers, by "conv1.weight"; of these only the rows that its
    towers hold are copied.
    """

    def __init__(
        self, request: Request, exchange: Exchange, tensors: Mapping[str, Tensor], watch: Watch
    ) -> None:
        self.request, self.exchange, self.watch = request, exchange, watch
        self.legs = legs(request.stages(), exchange.count)
        self.shards = {
            tower: [self._shard(index, leg, tower, tensors) for index, leg in enumerate(self.legs)]
            for tower in exchange.towers
        }
        self.events: list[Event] = []
        self.gradients: dict[tuple[int, str, int], Tensor] = {}
        """By tower, name, and first row."""
        self.loss: float | None = None
        self.began = perf_counter()
        """When the last pass did."""
        self._kept: list[dict[int, tuple[Tensor, Tensor]]] = []
        """By stage and tower, what was read and what was made of it."""

    def _shard(self, index: int, leg: Leg, tower: int, tensors: Mapping[str, Tensor]) -> Shard:
        row, train = leg.stage.row, self.request.train
        own = {
            name.removeprefix(f"{row.name}."): tensor
            for name, tensor in tensors.items()
            if name.startswith(f"{row.name}.")
        }
        seed = self.request.seed + index if train else None
        shard = Shard(row, leg.behind[tower], own, dropout=seed)
        return shard.to(self.exchange.device(tower)).requires_grad_(train)

    def shares(self, tower: int) -> list[Share]:
        """The learned tensors that a tower of this process holds."""
        return [share for shard in self.shards[tower] for share in shard.shares()]

    def step(self, images: Tensor, loss: Loss | None) -> Tensor:
        """One pass over a batch; the logits on GPU 0's process, elsewhere nothing.

        With a ``loss`` also the way back.
        """
        self.events, self._kept, self.gradients = [], [], {}
        self.exchange.sent.clear()
        self.exchange.meet()
        self.began = perf_counter()
        maps = {each: images.to(self.exchange.device(each)) for each in self.exchange.towers}
        for index in range(len(self.legs)):
            self.watch()
            maps = self._forward(index, maps)
        self.watch()
        logits = self._collected(maps)
        if loss:
            maps = self._dealt(self._differentiated(loss, logits), maps)
            for index in reversed(range(len(self.legs))):
                self.watch()
                maps = self._backward(index, maps)
        return logits

    def _forward(self, index: int, maps: Maps) -> Maps:
        leg = self.legs[index]
        row, train = leg.stage.row, self.request.train
        outgoing = {
            parcel: cut(maps[parcel.source], piece, leg.before[parcel.source])
            for parcel, piece in leg.pieces.items()
            if parcel.source in maps
        }
        arrived = self._swapped(
            Place("forward", row.name), outgoing, leg.pieces, row.input_shape[1:]
        )
        kept = {}
        for tower, own in maps.items():
            shard = self.shards[tower][index]
            parts = {leg.pieces[p]: each for p, each in arrived.items() if p.target == tower}
            with self._computing(tower, "forward", row.name), torch.set_grad_enabled(train):
                read = gathered({leg.before[tower]: own} | parts, shard.needed)
                read = read.detach().requires_grad_(train and not leg.of_image)
                kept[tower] = read, shard(read)
        if train:
            self._kept.append(kept)
        return {tower: made.detach() for tower, (_, made) in kept.items()}

    def _collected(self, maps: Maps) -> Tensor:
        """All logits on GPU 0."""
        row, behind = self.legs[-1].stage.row, self.legs[-1].behind
        parts = {Parcel(t, 0): channels for t, channels in enumerate(behind) if t and channels}
        outgoing = {p: maps[p.source] for p in parts if p.source in maps}
        arrived = self._swapped(Place("collect", row.name), outgoing, parts, row.output_shape[1:])
        if 0 not in maps:
            return torch.empty(0)
        return torch.cat([maps[0], *(arrived[parcel] for parcel in parts)], dim=1)

    def _differentiated(self, loss: Loss, logits: Tensor) -> Tensor | None:
        """The gradient of the loss by the logits, on GPU 0's process."""
        if 0 not in self.exchange.towers:
            return None
        logits = logits.detach().requires_grad_()
        value = loss(logits)
        self.loss = float(value.detach())
        (gradient,) = torch.autograd.grad(value, logits)
        return gradient

    def _dealt(self, gradient: Tensor | None, maps: Maps) -> Maps:
        """The gradient of the logits, with the towers that made them."""
        row, behind = self.legs[-1].stage.row, self.legs[-1].behind
        parts = {Parcel(0, t): channels for t, channels in enumerate(behind) if t and channels}
        whole, outgoing, own = range(row.output_shape[0]), {}, {}
        if gradient is not None:
            outgoing = {p: cut(gradient, channels, whole) for p, channels in parts.items()}
            own = {0: cut(gradient, behind[0], whole)}
        arrived = self._swapped(Place("deal", row.name), outgoing, parts, row.output_shape[1:])
        # who made no logits gets none: its maps are as empty as their gradient
        return maps | own | {parcel.target: each for parcel, each in arrived.items()}

    def _backward(self, index: int, arriving: Maps) -> Maps:
        leg, row = self.legs[index], self.legs[index].stage.row
        found = {}
        for tower, gradient in arriving.items():
            with self._computing(tower, "backward", row.name):
                found[tower] = self._by_read(index, tower, gradient)
        self._kept[index] = {}
        if leg.of_image:
            return arriving
        needed = {tower: self.shards[tower][index].needed for tower in found}
        pieces = {parcel.returned: piece for parcel, piece in leg.pieces.items()}
        outgoing = {
            parcel: cut(found[parcel.source], piece, needed[parcel.source])
            for parcel, piece in pieces.items()
            if parcel.source in found
        }
        arrived = self._swapped(Place("backward", row.name), outgoing, pieces, row.input_shape[1:])
        back = {}
        for tower, gradient in found.items():
            own = leg.before[tower]
            total = _spread(gradient, needed[tower], own)
            for parcel in sorted(p for p in arrived if p.target == tower):
                cut(total, pieces[parcel], own).add_(arrived[parcel])
            back[tower] = total
        return back

    def _by_read(self, index: int, tower: int, gradient: Tensor) -> Tensor:
        """The gradient by what a stage read; those by its weights are put aside."""
        read, made = self._kept[index][tower]
        shares = self.shards[tower][index].shares()
        if not made.requires_grad:  # nothing is held, or nothing learns
            return read
        wanted = [*(share.tensor for share in shares), *[read] * read.requires_grad]
        found = torch.autograd.grad(made, wanted, gradient)
        for share, each in zip(shares, found, strict=False):
            self.gradients[tower, share.name, share.rows.start] = each
        return found[-1]

    def _swapped(
        self,
        place: Place,
        outgoing: Mapping[Parcel, Tensor],
        channels: Mapping[Parcel, range],
        rest: tuple[int, ...],
    ) -> dict[Parcel, Tensor]:
        """Exchange parcels; ``channels`` of all towers' parcels say what to expect."""
        mine = self.exchange.towers
        expected = {
            parcel: (self.request.batch, len(piece), *rest)
            for parcel, piece in channels.items()
            if parcel.target in mine
        }
        start = perf_counter()
        arrived = self.exchange.swap(place, outgoing, expected)
        concerned = sorted({tower for parcel in channels for tower in parcel if tower in mine})
        for tower in concerned:
            self._finish(tower)
        seconds = perf_counter() - start
        for tower in concerned:
            sources = tuple(sorted(p.source for p in expected if p.target == tower))
            self.events.append(
                Event(tower, place.layer, place.phase, "exchange", start, seconds, sources)
            )
        return arrived

    @contextmanager
    def _computing(self, tower: int, phase: Phase, layer: str) -> Iterator[None]:
        start = perf_counter()
        yield
        self._finish(tower)
        seconds = perf_counter() - start
        self.events.append(Event(tower, layer, phase, "compute", start, seconds))

    def _finish(self, tower: int) -> None:
        """Wait until the device has done what it was told."""
        device = self.exchange.device(tower)
        if device.type == "cuda":
            torch.cuda.synchronize(device)


def _spread(gradient: Tensor, needed: range, own: range) -> Tensor:
    """The gradient of all ``own`` channels, zero for those that were not ``needed``."""
    if needed == own:
        return gradient
    total = gradient.new_zeros(len(gradient), len(own), *gradient.shape[2:])
    both = shared(own, needed)
    if both:
        cut(total, both, own).copy_(cut(gradient, both, needed))
    return total
