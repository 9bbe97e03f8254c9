"""Times of a run: events on one clock, waits separated from transfers, and a Chrome trace.

The trace is in the Trace Event Format that chrome://tracing and ui.perfetto.dev open ("Trace Event
Format", Google, section "Complete Events"): one process per GPU, times in microseconds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from alexnet_viz.model_parallel.request import Phase
from alexnet_viz.model_parallel.result import Event, Result

LANES = {"compute": 0, "exchange": 1, "wait": 1}


def on_one_clock(events: Iterable[Event], shift: float) -> list[Event]:
    """Return events of a process with ``shift`` seconds added to their start."""
    return [replace(event, start=event.start + shift) for event in events]


def with_waits(events: Sequence[Event]) -> tuple[Event, ...]:
    """Split every exchange into a wait, until its last sender has started, and the transfer."""
    starts = {
        (event.tower, event.layer, event.phase): event.start
        for event in events
        if event.kind == "exchange"
    }
    parts: list[Event] = []
    for event in sorted(events, key=lambda event: event.start):
        end = event.start + event.seconds
        senders = [starts[source, event.layer, event.phase] for source in event.sources]
        ready = min(max([event.start, *senders]), end)
        if ready > event.start:
            parts.append(replace(event, kind="wait", seconds=ready - event.start))
        parts.append(replace(event, start=ready, seconds=end - ready))
    return tuple(parts)


@dataclass(frozen=True)
class LayerTime:
    """Milliseconds of a layer in one direction, by tower."""

    layer: str
    phase: Phase
    compute: tuple[float, ...]
    wait: tuple[float, ...]
    exchange: tuple[float, ...]


def layer_times(result: Result) -> tuple[LayerTime, ...]:
    """Return the milliseconds of every layer and direction, in the order of their first events."""
    found: dict[tuple[str, Phase], dict[str, list[float]]] = {}
    for event in sorted(result.events, key=lambda event: event.start):
        kinds = found.setdefault(
            (event.layer, event.phase),
            {kind: [0.0] * result.gpus for kind in ("compute", "wait", "exchange")},
        )
        kinds[event.kind][event.tower] += 1e3 * event.seconds
    return tuple(
        LayerTime(layer, phase, *(tuple(each) for each in kinds.values()))
        for (layer, phase), kinds in found.items()
    )


@dataclass(frozen=True)
class PassTime:
    """Milliseconds of a pass by kind, summed over all towers, and the layer that took longest."""

    compute: float
    wait: float
    exchange: float
    layer: str
    phase: Phase
    longest: float
    """Milliseconds of computing that layer, summed over all towers."""

    @property
    def total(self) -> float:
        return self.compute + self.wait + self.exchange


def pass_time(result: Result) -> PassTime:
    """Return how a pass divides into computing, waiting and exchanging."""
    times = layer_times(result)
    most = max(times, key=lambda time: sum(time.compute))
    return PassTime(
        compute=sum(sum(time.compute) for time in times),
        wait=sum(sum(time.wait) for time in times),
        exchange=sum(sum(time.exchange) for time in times),
        layer=most.layer,
        phase=most.phase,
        longest=sum(most.compute),
    )


def chrome_trace(result: Result) -> dict[str, Any]:
    """Return the pass with the median duration as a JSON object in the Trace Event Format."""
    metadata = [
        {"ph": "M", "name": "process_name", "pid": tower, "tid": 0,
         "args": {"name": f"GPU {tower} ({device})"}}
        for tower, device in enumerate(result.devices)
    ]  # fmt: skip
    metadata += [
        {"ph": "M", "name": "thread_name", "pid": tower, "tid": lane, "args": {"name": name}}
        for tower in range(result.gpus)
        for lane, name in enumerate(("compute", "exchange"))
    ]
    sent: dict[tuple[str, str, int], int] = {}
    for each in result.sent:
        key = each.layer, each.phase, each.source
        sent[key] = sent.get(key, 0) + each.bytes
    events = [
        {
            "ph": "X",
            "name": event.layer,
            "cat": f"{event.phase},{event.kind}",
            "pid": event.tower,
            "tid": LANES[event.kind],
            "ts": 1e6 * event.start,
            "dur": 1e6 * event.seconds,
            "args": {"phase": event.phase, "kind": event.kind}
            | ({"bytes sent": sent.get((event.layer, event.phase, event.tower), 0)}
               if event.kind == "exchange" else {}),
        }
        for event in result.events
    ]  # fmt: skip
    about = {"network": result.network, "batch": result.batch, "clock accuracy, s": result.clock}
    return {"traceEvents": [*metadata, *events], "displayTimeUnit": "ms", "otherData": about}
