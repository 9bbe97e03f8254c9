"""When each tower did what: one clock, waiting told from carrying, and a trace for Chrome.

The trace is the Trace Event Format that chrome://tracing and ui.perfetto.dev open ("Trace Event
Format", Google, section "Complete Events"): one process a GPU, times in microseconds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from alexnet_viz.model_parallel.request import Phase
from alexnet_viz.model_parallel.result import Event, Result

LANES = {"compute": 0, "exchange": 1, "wait": 1}


def on_one_clock(events: Iterable[Event], shift: float) -> list[Event]:
    """A process's events, their times shifted to GPU 0's."""
    return [replace(event, start=event.start + shift) for event in events]


def with_waits(events: Sequence[Event]) -> tuple[Event, ...]:
    """Every exchange cut in two: until the last of those it hears from came to it too, and after.

    The first is waiting, for a slower tower; only the second carries anything.
    """
    starts = {
        (event.tower, event.layer, event.phase): event.start
        for event in events
        if event.kind == "exchange"
    }
    parts: list[Event] = []
    for event in sorted(events, key=lambda event: event.start):
        end = event.start + event.seconds
        heard = [starts[source, event.layer, event.phase] for source in event.sources]
        ready = min(max([event.start, *heard]), end)
        if ready > event.start:
            parts.append(replace(event, kind="wait", seconds=ready - event.start))
        parts.append(replace(event, start=ready, seconds=end - ready))
    return tuple(parts)


@dataclass(frozen=True)
class LayerTime:
    """What a layer took in one direction, in milliseconds, by tower."""

    layer: str
    phase: Phase
    compute: tuple[float, ...]
    wait: tuple[float, ...]
    exchange: tuple[float, ...]


def layer_times(result: Result) -> tuple[LayerTime, ...]:
    """Milliseconds of every layer and exchange, in the order in which they began."""
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
class Dominated:
    """Where the time of a pass went: milliseconds, all towers together."""

    compute: float
    wait: float
    exchange: float
    layer: str
    phase: Phase
    longest: float
    """Of the layer that computed longest."""

    @property
    def total(self) -> float:
        return self.compute + self.wait + self.exchange


def dominated(result: Result) -> Dominated:
    """Where the time went."""
    times = layer_times(result)
    most = max(times, key=lambda time: sum(time.compute))
    return Dominated(
        compute=sum(sum(time.compute) for time in times),
        wait=sum(sum(time.wait) for time in times),
        exchange=sum(sum(time.exchange) for time in times),
        layer=most.layer,
        phase=most.phase,
        longest=sum(most.compute),
    )


def chrome_trace(result: Result) -> dict[str, Any]:
    """The pass as chrome://tracing and ui.perfetto.dev read it."""
    named = [
        {"ph": "M", "name": "process_name", "pid": tower, "tid": 0,
         "args": {"name": f"GPU {tower} ({device})"}}
        for tower, device in enumerate(result.devices)
    ]  # fmt: skip
    named += [
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
    return {"traceEvents": [*named, *events], "displayTimeUnit": "ms", "otherData": about}
