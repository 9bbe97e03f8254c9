"""A whole run: the towers' passes, the same on one device, and the differences.

Every process builds the whole network from a seed or a file and slices its share, so no weights are
sent.  After the passes the other processes send their gradients to GPU 0's process and end.  That
one builds the network on one device, runs the same batch with autograd over the whole network, and
compares.
"""

from collections.abc import Callable, Mapping
from statistics import median_low
from time import perf_counter
from typing import Any

import torch
from torch import Tensor

from alexnet_viz.model.build import build
from alexnet_viz.model.device import describe
from alexnet_viz.model_parallel.exchange import Exchange
from alexnet_viz.model_parallel.request import Request
from alexnet_viz.model_parallel.result import Difference, Result, predicted
from alexnet_viz.model_parallel.run_data import (
    batch,
    cross_entropy,
    fitted,
    full_model,
    reference_model,
)
from alexnet_viz.model_parallel.shard import blocks
from alexnet_viz.model_parallel.stage_plan import Route
from alexnet_viz.model_parallel.timeline import on_one_clock, with_waits
from alexnet_viz.model_parallel.tower_network import Loss, TowerNetwork

Named = Mapping[str, Tensor]
"""Tensors by the name of their parameter, such as "conv1.weight"."""


def run(
    request: Request, exchange: Exchange, advance: Callable[[], object] = lambda: None
) -> Result | None:
    """Run a request as one process; return the result on GPU 0's process, elsewhere None.

    ``advance`` is called at every place of ``request.places()`` except the first.

    Raises:
        Problem: the network cannot be built, its weights cannot be loaded, or another process is
            lost.
    """
    torch.set_num_threads(request.threads)
    advance()
    request = fitted(request)
    images, labels = batch(request)
    network = TowerNetwork(request, exchange, full_model(request).state_dict(), advance)

    def loss(logits: Tensor) -> Tensor:
        return cross_entropy(logits, labels.to(logits.device))

    clock = exchange.clock()
    passes = []
    for _ in range(1 + request.rounds):
        logits = network.step(images, loss if request.train else None)
        exchange.barrier()
        passes.append((network.began, perf_counter() - network.began, network.events))
    reports = exchange.gather(
        {
            "passes": passes[1:],
            "clock": clock,
            "sent": exchange.sent,
            "params": [_param_count(network, tower) for tower in exchange.towers],
            "devices": [_device_name(exchange, tower) for tower in exchange.towers],
        }
    )
    gradients = _gather_gradients(request, exchange, network)
    advance()
    if 0 not in exchange.towers:
        return None
    measured = _measurements(request, exchange, reports)
    return _compared(measured, request, network, logits, gradients, (images, loss), advance)


def _param_count(network: TowerNetwork, tower: int) -> int:
    return sum(share.tensor.numel() for share in network.shares(tower))


def _device_name(exchange: Exchange, tower: int) -> str:
    device = exchange.device(tower)
    return str(device) if device.type == "cpu" else f"{device} ({describe(device)})"


def _gather_gradients(
    request: Request, exchange: Exchange, network: TowerNetwork
) -> dict[str, Tensor]:
    """Return every parameter's whole gradient, float32, on GPU 0's process; elsewhere {}."""
    if 0 not in exchange.towers:
        (tower,) = exchange.towers
        for gradient in network.gradients.values():
            exchange.transfer({Route(tower, 0): gradient}, {})
        return {}
    if not request.train:
        return {}
    model = build(request.network, device="meta")
    found = {
        name: torch.empty(parameter.shape, device=exchange.device(0))
        for name, parameter in model.named_parameters()
    }
    for tower in range(exchange.count):
        # the order of network.gradients: the backward pass of that tower
        for plan in reversed(network.plans):
            for block in blocks(plan.stage.row, plan.outputs[tower]):
                for name in (name for name in found if name.startswith(f"{plan.stage.name}.")):
                    rows = found[name][block.outputs.start : block.outputs.stop]
                    rows.copy_(_gradient(exchange, network, tower, name, block.outputs, rows))
    return found


def _gradient(
    exchange: Exchange, network: TowerNetwork, tower: int, name: str, rows: range, like: Tensor
) -> Tensor:
    """Return some rows of a parameter's gradient, own or received, with the shape of ``like``."""
    if tower in exchange.towers:
        return network.gradients[tower, name, rows.start]
    route = Route(tower, 0)
    return exchange.transfer({}, {route: tuple(like.shape)})[route]


def _measurements(
    request: Request, exchange: Exchange, reports: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return the fields of a ``Result`` that follow from the reports of the processes, by rank."""
    lengths = [seconds for _, seconds, _ in reports[0]["passes"]]
    chosen = lengths.index(median_low(lengths))
    zero = reports[0]["passes"][chosen][0]
    events = [
        event
        for report in reports
        for event in on_one_clock(report["passes"][chosen][2], report["clock"].offset - zero)
    ]
    return {
        "network": request.network.id,
        "input_shape": request.network.input_shape,
        "gpus": request.gpus,
        "processes": len(reports),
        "backend": exchange.backend,
        "devices": tuple(device for report in reports for device in report["devices"]),
        "threads": request.threads,
        "batch": request.batch,
        "train": request.train,
        "last": request.last,
        "weights": request.weights,
        "seed": request.seed,
        "params": tuple(count for report in reports for count in report["params"]),
        "sent": tuple(sorted(each for report in reports for each in report["sent"])),
        "predicted": predicted(request),
        "events": with_waits(events),
        "seconds": tuple(lengths),
        "clock": max(report["clock"].accuracy for report in reports),
    }


def _compared(
    measured: dict[str, Any],
    request: Request,
    network: TowerNetwork,
    logits: Tensor,
    gradients: Named,
    task: tuple[Tensor, Loss],
    advance: Callable[[], object],
) -> Result:
    """Run the same batch on one device and return the complete result.

    ``logits`` (images, classes, …) and ``gradients`` are the towers', float32; ``task`` holds the
    images (images, channels, height, width) and the loss.
    """
    images, loss = task
    model, device = reference_model(request).requires_grad_(request.train), logits.device
    model, images = model.to(device), images.to(device)
    alone = []
    for _ in range(1 + request.rounds):
        advance()
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
        **measured,
        losses=losses,
        output=difference("logits", logits, expected.detach()),
        gradients=differences,
        alone=tuple(alone[1:]),
    )


def difference(name: str, found: Tensor, wanted: Tensor) -> Difference:
    """Return the largest difference of two tensors of the same shape; infinite for a NaN."""
    absolute = float((found - wanted).abs().max())
    size = float(wanted.abs().max())
    if absolute != absolute:
        return Difference(name, float("inf"), float("inf"))
    return Difference(name, absolute, absolute / (size or 1.0))
