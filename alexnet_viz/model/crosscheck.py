"""Our totals compared with those of two other counters, with every difference explained.

torchinfo and ``torch.utils.flop_counter`` count a model on the meta device, which has shapes and no
values.  Where they count otherwise they follow another *convention*, whose amount is computed from
the trace, so that our total plus the differences equals theirs exactly:

torchinfo 1.8, ``layer_info.calculate_macs``: every parameter named weight or bias is multiplied, of
a convolution by the positions of the map, of any other layer by 1.  So biases and a batch norm's
gamma and beta are mult-adds.  ``ModelStatistics``: outputs are summed for layers with parameters
only, and doubled "for gradients".

``torch.utils.flop_counter``: convolutions and matrix products count 2 for each multiply-accumulate;
biases and elementwise operations are not counted.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import prod
from typing import Any

import torch
import torchinfo
from torch.utils.flop_counter import FlopCounterMode

from alexnet_viz.analysis.columns import OPERATIONS
from alexnet_viz.model.build import build
from alexnet_viz.network.layers import Conv, Linear
from alexnet_viz.network.trace import Row, Trace


@dataclass(frozen=True)
class Difference:
    """One convention and what it adds to our total; negative for what the other leaves out."""

    convention: str
    amount: int
    layers: tuple[str, ...]
    """The layers where it adds something."""


@dataclass(frozen=True)
class Check:
    """One quantity as we count it and as another counter does, and the differences."""

    quantity: str
    counter: str
    ours: int
    theirs: int
    differences: tuple[Difference, ...]
    """The conventions that add something."""

    @property
    def unexplained(self) -> int:
        """What no convention explains; 0 unless some count is wrong."""
        return self.theirs - self.ours - sum(each.amount for each in self.differences)


def crosscheck(trace: Trace) -> tuple[Check, ...]:
    """One check for each quantity that another counter counts.

    Raises:
        Problem: the network fails at its input, or torch has no such layer.
    """
    model = build(trace.network, device="meta")
    batch = torch.empty(1, *trace.input_shape, device="meta")
    counter = _Untracked()
    with torch.inference_mode(), counter:
        model(batch)
    flops = counter.get_total_flops()
    # torchinfo sets hooks, so the model is used nowhere else
    summary = torchinfo.summary(model, input_data=batch, device="meta", verbose=0)
    rows = trace.rows
    operations = sum(trace.operations.values())
    return (
        Check("params", "torchinfo", trace.params, summary.total_params, ()),
        Check("mult_adds", "torchinfo", trace.macs, summary.total_mult_adds, _mult_adds(rows)),
        Check("flops", "flop_counter", trace.macs, flops, _differing(rows, factor_two=_macs)),
        Check("operations", "flop_counter", 2 * trace.macs + operations, flops, _operations(rows)),
        Check(
            "output_bytes",
            "torchinfo",
            sum(row.activation_bytes for row in rows),
            summary.total_output_bytes,
            _differing(
                rows,
                outputs_without_params=lambda row: 0 if row.params else -row.activation_bytes,
                outputs_doubled=lambda row: row.activation_bytes if row.params else 0,
            ),
        ),
    )


def _mult_adds(rows: Iterable[Row]) -> tuple[Difference, ...]:
    return _differing(
        rows,
        conv_bias=lambda row: (
            row.biases * prod(row.output_shape[1:]) if isinstance(row.layer, Conv) else 0
        ),
        dense_bias=lambda row: row.biases if isinstance(row.layer, Linear) else 0,
        norm_params=lambda row: 0 if row.layer.weighted else row.params,
    )


def _operations(rows: Iterable[Row]) -> tuple[Difference, ...]:
    def uncounted(name: str) -> Callable[[Row], int]:
        return lambda row: -row.operations.get(name, 0)

    return _differing(rows, **{name: uncounted(name) for name in OPERATIONS})


def _macs(row: Row) -> int:
    return row.macs


def _differing(rows: Iterable[Row], **conventions: Callable[[Row], int]) -> tuple[Difference, ...]:
    """The conventions that add something; each gives its amount for a row."""
    differences = []
    for name, amount in conventions.items():
        shares = {row.name: share for row in rows if (share := amount(row))}
        if shares:
            differences.append(Difference(name, sum(shares.values()), tuple(shares)))
    return tuple(differences)


class _Untracked(FlopCounterMode):
    """torch's counter without its breakdown by module.

    For the breakdown it hooks every module of the process while it counts, those of other threads
    included.
    """

    def __init__(self) -> None:
        super().__init__(display=False)
        self.mod_tracker: Any = _Nowhere()


class _Nowhere:
    """Replaces the tracker: everything is counted globally."""

    parents = frozenset({"Global"})

    def __enter__(self) -> None:
        """Set no hook."""

    def __exit__(self, *error: object) -> None:
        """Remove no hook."""
