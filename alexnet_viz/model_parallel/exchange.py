"""How maps get from one tower to another: inside a process, or between processes.

Both kinds are asked the same (``Exchange``): carry these parcels, one tensor from one tower to
another each, and return those that arrive here.  Both count the bytes of the very tensors they
carry.  Between processes everything is sent point to point by ``torch.distributed``, gloo on CPUs
and NCCL on GPUs: all sends and receives of a swap are posted before any is waited for, so no order
of arrival can make two towers wait for each other.

NCCL was never run here, for want of two GPUs: that path is the same calls on tensors of a GPU.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter
from typing import Any, NamedTuple, Protocol

import torch
import torch.distributed as dist
from torch import Tensor

from alexnet_viz.model_parallel.process_failure import MAX_REASON, RunProblem, at
from alexnet_viz.model_parallel.request import Place
from alexnet_viz.model_parallel.result import Sent
from alexnet_viz.model_parallel.stage_plan import Parcel
from alexnet_viz.network.layers import Shape
from alexnet_viz.text.problem import shown

PINGS = 20


Parcels = Mapping[Parcel, Tensor]
Shapes = Mapping[Parcel, Shape]
"""What is expected: (images, channels, …)."""


class Clock(NamedTuple):
    """How another process's clock is put on GPU 0's."""

    offset: float
    """Seconds to add."""
    accuracy: float
    """Seconds by which that may be wrong: half the time there and back."""


class Exchange(Protocol):
    """What carries parcels for the towers that a process stands for."""

    backend: str
    towers: tuple[int, ...]
    """Those this process stands for."""
    count: int
    """Of all towers."""
    sent: list[Sent]
    """What was carried since somebody emptied the list."""

    def device(self, tower: int) -> torch.device:
        """Where a tower of this process computes."""

    def swap(self, place: Place, outgoing: Parcels, expected: Shapes) -> dict[Parcel, Tensor]:
        """Carry parcels and count them; return what arrives at the towers of this process."""

    def carry(self, outgoing: Parcels, expected: Shapes) -> dict[Parcel, Tensor]:
        """The same without counting: what a run needs besides the network."""

    def meet(self) -> None:
        """Return when every process has come here."""

    def told(self, words: bytes) -> list[bytes]:
        """On GPU 0's process what every process says; elsewhere nothing."""

    def clock(self) -> Clock:
        """How this process's ``perf_counter`` is put on GPU 0's."""


class OneProcess:
    """All towers in this process, each on its device, or one device standing for all."""

    backend: str = "copy"

    def __init__(self, devices: Iterable[torch.device]) -> None:
        self.devices = tuple(devices)
        self.count = len(self.devices)
        self.towers = tuple(range(self.count))
        self.sent: list[Sent] = []

    def device(self, tower: int) -> torch.device:
        return self.devices[tower]

    def swap(self, place: Place, outgoing: Parcels, expected: Shapes) -> dict[Parcel, Tensor]:
        self.sent += _counted(place, outgoing)
        return self.carry(outgoing, expected)

    def carry(self, outgoing: Parcels, expected: Shapes) -> dict[Parcel, Tensor]:
        # a copy even where both towers are on one device: that is what two would do
        return {
            parcel: tensor.to(self.devices[parcel.target], copy=True)
            for parcel, tensor in outgoing.items()
        }

    def meet(self) -> None:
        pass

    def told(self, words: bytes) -> list[bytes]:
        return [words]

    def clock(self) -> Clock:
        return Clock(0.0, 0.0)


class Processes:
    """One tower a process, in the default process group."""

    def __init__(self, device: torch.device) -> None:
        self.rank, self.count = dist.get_rank(), dist.get_world_size()
        self.towers: tuple[int, ...] = (self.rank,)
        self.backend = str(dist.get_backend())
        self.sent: list[Sent] = []
        self.place = Place("start")
        self._device = device

    def device(self, tower: int) -> torch.device:
        return self._device

    def swap(self, place: Place, outgoing: Parcels, expected: Shapes) -> dict[Parcel, Tensor]:
        self.place = place
        self.sent += _counted(place, outgoing)
        return self.carry(outgoing, expected)

    def carry(self, outgoing: Parcels, expected: Shapes) -> dict[Parcel, Tensor]:
        arriving = {
            parcel: torch.empty(shape, device=self._device) for parcel, shape in expected.items()
        }
        self._pass(outgoing, arriving)
        return arriving

    def _pass(self, outgoing: Parcels, arriving: Parcels) -> None:
        """Send and receive all of it, whatever the types of the tensors."""
        if not outgoing and not arriving:
            return
        posts: list[tuple[int, Any]] = [
            *((p.target, dist.P2POp(dist.isend, outgoing[p].contiguous(), p.target))
              for p in sorted(outgoing)),
            *((p.source, dist.P2POp(dist.irecv, arriving[p], p.source)) for p in sorted(arriving)),
        ]  # fmt: skip
        peers = sorted({peer for peer, _ in posts})
        with self._blaming(peers):
            works: list[Any] = dist.batch_isend_irecv([post for _, post in posts])
        each_known = len(works) == len(posts)  # NCCL makes one work of them all
        for number, work in enumerate(works):
            with self._blaming([posts[number][0]] if each_known else peers):
                work.wait()

    @contextmanager
    def _blaming(self, peers: list[int]) -> Iterator[None]:
        """Turn what torch says of a lost connection into who was lost, and where."""
        try:
            yield
        except RuntimeError as error:
            first = str(error).partition("\n")[0]
            silent = "timed out" in first.lower() or "timeout" in first.lower()
            raise RunProblem(
                "run_peer_silent" if silent else "run_peer_lost",
                rank=self.rank,
                peer=", ".join(map(str, peers)),
                reason=shown(first, MAX_REASON),
                **at(self.place),
            ) from error

    def meet(self) -> None:
        """GPU 0 hears of everybody, then everybody of GPU 0: so a missing one has a name."""
        token = torch.zeros(1, device=self._device)
        others = range(1, self.count)
        if self.rank:
            self._pass({Parcel(self.rank, 0): token}, {})
            self._pass({}, {Parcel(0, self.rank): token})
        else:
            self._pass({}, {Parcel(peer, 0): torch.zeros_like(token) for peer in others})
            self._pass({Parcel(0, peer): token for peer in others}, {})

    def told(self, words: bytes) -> list[bytes]:
        size = torch.tensor([len(words)], device=self._device)
        text = torch.frombuffer(bytearray(words), dtype=torch.uint8).to(self._device)
        if self.rank:
            self._pass({Parcel(self.rank, 0): size}, {})
            self._pass({Parcel(self.rank, 0): text}, {})
            return []
        peers = [Parcel(peer, 0) for peer in range(1, self.count)]
        sizes = {parcel: torch.zeros_like(size) for parcel in peers}
        self._pass({}, sizes)
        texts = {parcel: text.new_empty(int(sizes[parcel])) for parcel in peers}
        self._pass({}, texts)
        return [words, *(bytes(texts[parcel].tolist()) for parcel in peers)]

    def clock(self) -> Clock:
        """Cristian's way: ask GPU 0 for the time, and take the answer that came back soonest."""
        best = Clock(0.0, 0.0) if self.rank == 0 else Clock(0.0, float("inf"))
        for peer in range(1, self.count):
            for _ in range(PINGS):
                if self.rank == 0:
                    time = torch.zeros(1, dtype=torch.float64, device=self._device)
                    self._pass({}, {Parcel(peer, 0): time})
                    self._pass({Parcel(0, peer): torch.full_like(time, perf_counter())}, {})
                elif self.rank == peer:
                    best = min(best, self._asked(), key=lambda clock: clock.accuracy)
        return best

    def _asked(self) -> Clock:
        time = torch.zeros(1, dtype=torch.float64, device=self._device)
        began = perf_counter()
        self._pass({Parcel(self.rank, 0): time}, {})
        self._pass({}, {Parcel(0, self.rank): time})
        ended = perf_counter()
        return Clock(float(time) - (began + ended) / 2, (ended - began) / 2)


def _counted(place: Place, outgoing: Parcels) -> list[Sent]:
    return [Sent(*place, *parcel, tensor.nbytes) for parcel, tensor in outgoing.items()]
