"""Transfers tensors between towers: inside one process, or between processes.

Both implementations of ``Exchange`` take the tensors to send, keyed by ``Route``, and return those
that arrive at the towers of this process.  Both count the bytes of the tensors that they transfer.
Between processes every tensor is sent point to point by ``torch.distributed``, with gloo on CPUs
and NCCL on GPUs.  All sends and receives of a transfer are posted before the first is waited for,
so that two towers never deadlock.

The NCCL path makes the same calls with GPU tensors.  It is untested: no machine with two GPUs was
available.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter
from typing import Any, NamedTuple, Protocol

import torch
import torch.distributed as dist
from torch import Tensor

from alexnet_viz.model_parallel.process_failure import MAX_REASON, RunProblem, place_values
from alexnet_viz.model_parallel.request import Place
from alexnet_viz.model_parallel.result import Sent
from alexnet_viz.model_parallel.stage_plan import Route
from alexnet_viz.network.layers import Shape
from alexnet_viz.text.problem import shown

PINGS = 20
"""Round trips by which a process estimates its clock's offset."""

Tensors = Mapping[Route, Tensor]
"""Tensors (images, channels, …), float32 between towers, by sender and receiver."""
Shapes = Mapping[Route, Shape]
"""Shapes (images, channels, …) of the tensors to receive."""


class Clock(NamedTuple):
    """Conversion of this process's ``perf_counter`` to GPU 0's."""

    offset: float
    """Seconds to add."""
    accuracy: float
    """Error bound of the offset in seconds: half the round-trip time."""


class Exchange(Protocol):
    """Transfers tensors for the towers of one process."""

    backend: str
    towers: tuple[int, ...]
    """The towers that this process computes."""
    count: int
    """Number of towers in all processes."""
    sent: list[Sent]
    """Counted transfers since the list was last cleared."""

    def device(self, tower: int) -> torch.device:
        """Return the device of a tower of this process."""

    def transfer_counted(
        self, place: Place, outgoing: Tensors, expected: Shapes
    ) -> dict[Route, Tensor]:
        """Transfer tensors, append their bytes to ``sent`` and return what arrives here."""

    def transfer(self, outgoing: Tensors, expected: Shapes) -> dict[Route, Tensor]:
        """Transfer float32 tensors without counting: those that are not network traffic."""

    def barrier(self) -> None:
        """Return when every process has called this."""

    def gather(self, value: object) -> list[Any]:
        """Return every process's ``value`` by rank on rank 0, and [] on the others."""

    def clock(self) -> Clock:
        """Estimate the offset between this process's clock and GPU 0's."""


class LocalExchange:
    """All towers in this process, each on its own device or several on one."""

    backend: str = "copy"

    def __init__(self, devices: Iterable[torch.device]) -> None:
        self.devices = tuple(devices)
        self.count = len(self.devices)
        self.towers = tuple(range(self.count))
        self.sent: list[Sent] = []

    def device(self, tower: int) -> torch.device:
        return self.devices[tower]

    def transfer_counted(
        self, place: Place, outgoing: Tensors, expected: Shapes
    ) -> dict[Route, Tensor]:
        self.sent += _counted(place, outgoing)
        return self.transfer(outgoing, expected)

    def transfer(self, outgoing: Tensors, expected: Shapes) -> dict[Route, Tensor]:
        # copied even where both towers share a device, as between two devices
        return {
            route: tensor.to(self.devices[route.target], copy=True)
            for route, tensor in outgoing.items()
        }

    def barrier(self) -> None:
        pass

    def gather(self, value: object) -> list[Any]:
        return [value]

    def clock(self) -> Clock:
        return Clock(0.0, 0.0)


class DistributedExchange:
    """One tower per process of the default process group."""

    def __init__(self, device: torch.device) -> None:
        self.rank, self.count = dist.get_rank(), dist.get_world_size()
        self.towers: tuple[int, ...] = (self.rank,)
        self.backend = str(dist.get_backend())
        self.sent: list[Sent] = []
        self.place = Place("start")
        self._device = device

    def device(self, tower: int) -> torch.device:
        return self._device

    def transfer_counted(
        self, place: Place, outgoing: Tensors, expected: Shapes
    ) -> dict[Route, Tensor]:
        self.place = place
        self.sent += _counted(place, outgoing)
        return self.transfer(outgoing, expected)

    def transfer(self, outgoing: Tensors, expected: Shapes) -> dict[Route, Tensor]:
        arriving = {
            route: torch.empty(shape, device=self._device) for route, shape in expected.items()
        }
        self._send_and_receive(outgoing, arriving)
        return arriving

    def _send_and_receive(self, outgoing: Tensors, arriving: Tensors) -> None:
        """Send ``outgoing`` and fill ``arriving``; tensors of any dtype."""
        if not outgoing and not arriving:
            return
        posts: list[tuple[int, Any]] = [
            *((r.target, dist.P2POp(dist.isend, outgoing[r].contiguous(), r.target))
              for r in sorted(outgoing)),
            *((r.source, dist.P2POp(dist.irecv, arriving[r], r.source)) for r in sorted(arriving)),
        ]  # fmt: skip
        peers = sorted({peer for peer, _ in posts})
        with self._naming(peers):
            works: list[Any] = dist.batch_isend_irecv([post for _, post in posts])
        each_known = len(works) == len(posts)  # NCCL returns a single work for all
        for number, work in enumerate(works):
            with self._naming([posts[number][0]] if each_known else peers):
                work.wait()

    @contextmanager
    def _naming(self, peers: Iterable[int]) -> Iterator[None]:
        """Convert torch's error of a lost or silent connection into one that names the peers."""
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
                **place_values(self.place),
            ) from error

    def barrier(self) -> None:
        # unlike dist.barrier, this names the rank that is missing; monitored_barrier is gloo only
        token = torch.zeros(1, device=self._device)
        others = range(1, self.count)
        if self.rank:
            self._send_and_receive({Route(self.rank, 0): token}, {})
            self._send_and_receive({}, {Route(0, self.rank): token})
        else:
            self._send_and_receive({}, {Route(peer, 0): torch.zeros_like(token) for peer in others})
            self._send_and_receive({Route(0, peer): token for peer in others}, {})

    def gather(self, value: object) -> list[Any]:
        found: list[Any] = [None] * self.count if self.rank == 0 else []
        with self._naming(range(1, self.count) if self.rank == 0 else [0]):
            dist.gather_object(value, found or None)
        return found

    def clock(self) -> Clock:
        """Cristian's algorithm: of ``PINGS`` round trips to GPU 0, take the shortest."""
        best = Clock(0.0, 0.0) if self.rank == 0 else Clock(0.0, float("inf"))
        for peer in range(1, self.count):
            for _ in range(PINGS):
                if self.rank == 0:
                    time = torch.zeros(1, dtype=torch.float64, device=self._device)
                    self._send_and_receive({}, {Route(peer, 0): time})
                    now = torch.full_like(time, perf_counter())
                    self._send_and_receive({Route(0, peer): now}, {})
                elif self.rank == peer:
                    best = min(best, self._ping(), key=lambda clock: clock.accuracy)
        return best

    def _ping(self) -> Clock:
        time = torch.zeros(1, dtype=torch.float64, device=self._device)
        began = perf_counter()
        self._send_and_receive({Route(self.rank, 0): time}, {})
        self._send_and_receive({}, {Route(0, self.rank): time})
        ended = perf_counter()
        return Clock(float(time) - (began + ended) / 2, (ended - began) / 2)


def _counted(place: Place, outgoing: Tensors) -> list[Sent]:
    return [Sent(*place, *route, tensor.nbytes) for route, tensor in outgoing.items()]
