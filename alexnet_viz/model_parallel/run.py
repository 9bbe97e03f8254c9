"""A run from beginning to end: the towers' passes, then the same on one device, then how far apart.

Every process holds the whole network's numbers for a moment, to cut its share out of them: they
come from a seed or a file, so no weights travel.  After the passes the other processes send their
gradients to GPU 0's and are done; that one builds the network on one device, runs the same batch
through it with autograd over the whole chain, and compares.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from statistics import median_low
from time import perf_counter
from typing import Any

import torch
from torch import Tensor

from alexnet_viz.model.build import build
from alexnet_viz.model.device import describe
from alexnet_viz.model_parallel.exchange import Exchange
from alexnet_viz.model_parallel.request import Request
from alexnet_viz.model_parallel.result import Difference, Event, Result, Sent, predicted, tuples
from alexnet_viz.model_parallel.run_data import batch, chain, cross_entropy, fitted, whole
from alexnet_viz.model_parallel.shard import blocks
from alexnet_viz.model_parallel.stage_plan import Parcel
from alexnet_viz.model_parallel.timeline import on_one_clock, with_waits
from alexnet_viz.model_parallel.tower_network import Loss, TowerNetwork, Watch

Named = Mapping[str, Tensor]


def run(request: Request, exchange: Exchange, watch: Watch = lambda: None) -> Result | None:
    """Run what was asked for; the result on GPU 0's process, elsewhere nothing.

    Raises:
        Problem: the network cannot be built, its weights cannot be had, another process is lost.
    """
    torch.set_num_threads(request.threads)
    watch()
    request = fitted(request)
    images, labels = batch(request)
    network = TowerNetwork(request, exchange, whole(request).state_dict(), watch)

    def loss(logits: Tensor) -> Tensor:
        return cross_entropy(logits, labels.to(logits.device))

    clock = exchange.clock()
    passes = []
    for _ in range(1 + request.rounds):
        logits = network.step(images, loss if request.train else None)
        exchange.meet()
        events = [asdict(event) for event in network.events]
        passes.append((network.began, perf_counter() - network.began, events))
    told = exchange.told(
        json.dumps(
            {
                "passes": passes[1:],
                "offset": clock.offset,
                "accuracy": clock.accuracy,
                "sent": [asdict(each) for each in exchange.sent],
                "params": [_held(network, tower) for tower in exchange.towers],
                "devices": [_device(exchange, tower) for tower in exchange.towers],
            }
        ).encode()
    )
    gradients = _gradients(request, exchange, network)
    watch()
    if 0 not in exchange.towers:
        return None
    reports = [json.loads(words) for words in told]
    result = _result(request, exchange, reports)
    return _compared(result, request, network, logits, gradients, (images, loss), watch)


def _held(network: TowerNetwork, tower: int) -> int:
    return sum(share.tensor.numel() for share in network.shares(tower))


def _device(exchange: Exchange, tower: int) -> str:
    device = exchange.device(tower)
    return str(device) if device.type == "cpu" else f"{device} ({describe(device)})"


def _gradients(request: Request, exchange: Exchange, network: TowerNetwork) -> dict[str, Tensor]:
    """The gradients of all towers put together on GPU 0's process, by name."""
    if 0 not in exchange.towers:
        (tower,) = exchange.towers
        for gradient in network.gradients.values():
            exchange.carry({Parcel(tower, 0): gradient}, {})
        return {}
    if not request.train:
        return {}
    model = build(request.network, device="meta")
    found = {
        name: torch.empty(parameter.shape, device=exchange.device(0))
        for name, parameter in model.named_parameters()
    }
    for tower in range(exchange.count):
        # in the order in which that tower came back through its layers
        for leg in reversed(network.legs):
            for block in blocks(leg.stage.row, leg.behind[tower]):
                for name in (name for name in found if name.startswith(f"{leg.stage.name}.")):
                    place = found[name][block.outputs.start : block.outputs.stop]
                    place.copy_(_gradient(exchange, network, tower, name, block.outputs, place))
    return found


def _gradient(
    exchange: Exchange, network: TowerNetwork, tower: int, name: str, rows: range, like: Tensor
) -> Tensor:
    if tower in exchange.towers:
        return network.gradients[tower, name, rows.start]
    parcel = Parcel(tower, 0)
    return exchange.carry({}, {parcel: tuple(like.shape)})[parcel]


def _result(request: Request, exchange: Exchange, told: list[dict[str, Any]]) -> dict[str, Any]:
    """What the processes say, put together."""
    lengths = [seconds for _, seconds, _ in told[0]["passes"]]
    chosen = lengths.index(median_low(lengths))
    zero = told[0]["passes"][chosen][0]
    events = []
    for report in told:
        own = [Event(**tuples(each)) for each in report["passes"][chosen][2]]
        events += on_one_clock(own, report["offset"] - zero)
    return {
        "network": request.network.id,
        "input_shape": request.network.input_shape,
        "gpus": request.gpus,
        "processes": len(told),
        "backend": exchange.backend,
        "devices": tuple(device for report in told for device in report["devices"]),
        "threads": request.threads,
        "batch": request.batch,
        "train": request.train,
        "last": request.last,
        "weights": request.weights,
        "seed": request.seed,
        "params": tuple(count for report in told for count in report["params"]),
        "sent": tuple(sorted(Sent(**each) for report in told for each in report["sent"])),
        "predicted": predicted(request),
        "events": with_waits(events),
        "seconds": tuple(lengths),
        "clock": max(report["accuracy"] for report in told),
    }


def _compared(
    result: dict[str, Any],
    request: Request,
    network: TowerNetwork,
    logits: Tensor,
    gradients: Named,
    task: tuple[Tensor, Loss],
    watch: Watch,
) -> Result:
    """The result, with the same batch run on one device."""
    images, loss = task
    model, device = chain(request).requires_grad_(request.train), logits.device
    model, images = model.to(device), images.to(device)
    alone = []
    for _ in range(1 + request.rounds):
        watch()
        began = perf_counter()
        with torch.set_grad_enabled(request.train):
            expected = model(images)
        if request.train:
            value = loss(expected)
            found = torch.autograd.grad(value, list(model.parameters()))
        alone.append(perf_counter() - began)
    differences: tuple[Difference, ...] = ()
    losses = None
    if request.train:
        named = zip(dict(model.named_parameters()), found, strict=True)
        differences = tuple(difference(name, gradients[name], each) for name, each in named)
        assert network.loss is not None
        losses = network.loss, float(value.detach())
    return Result(
        **result,
        losses=losses,
        output=difference("logits", logits, expected.detach()),
        gradients=differences,
        alone=tuple(alone[1:]),
    )


def difference(name: str, found: Tensor, wanted: Tensor) -> Difference:
    """How far a tensor is from another; infinitely where a number is missing."""
    absolute = float((found - wanted).abs().max())
    size = float(wanted.abs().max())
    if absolute != absolute:
        return Difference(name, float("inf"), float("inf"))
    return Difference(name, absolute, absolute / (size or 1.0))
