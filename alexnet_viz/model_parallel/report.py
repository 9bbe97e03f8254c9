"""The result of a run as sentences, tables and JSON, for the page and the command line."""

from collections import Counter
from dataclasses import asdict
from statistics import median
from typing import Any

from alexnet_viz.model_parallel.process_failure import phase_text
from alexnet_viz.model_parallel.result import TOLERANCE, Result, Sent, crossing_bytes
from alexnet_viz.model_parallel.timeline import layer_times, pass_time
from alexnet_viz.network.layers import shape_text
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.text import Language, t
from alexnet_viz.text.problem import Problem


def devices(result: Result, language: Language = "en") -> str:
    """Return a sentence on the processes and devices that stood for the GPUs."""
    names = ", ".join(dict.fromkeys(result.devices))
    values = {"n": result.gpus, "devices": names, "threads": result.threads}
    if result.processes > 1:
        key = "run.where_processes_one" if result.stands_in else "run.where_processes"
        return t(key, language, backend=result.backend, **values)
    if result.gpus == 1:
        return t("run.where_single", language, devices=names, threads=result.threads)
    key = "run.where_one" if result.stands_in else "run.where_devices"
    return t(key, language, **values)


def instead(result: Result, language: Language = "en") -> str:
    """Return a sentence on the GPU that was full, for which the CPU stood in; "" without one."""
    return Problem("device_memory", device=result.full).message(language) if result.full else ""


def verdict(result: Result, language: Language = "en") -> str:
    """Return a sentence on whether the towers equal one device, with the largest difference.

    It reports "identical" for bit-equal runs.
    """
    largest = result.largest
    key = "run.equal" if result.equal else "run.unequal"
    if largest.relative == result.output.absolute == 0:
        key = "run.identical"
    return t(
        key,
        language,
        relative=largest.relative,
        name=largest.name,
        absolute=result.output.absolute,
        tolerance=TOLERANCE,
        what=t("run.what_training" if result.train else "run.what_forward", language),
        network=f"{result.network} {shape_text(result.input_shape)}",
    )


def losses(result: Result, language: Language = "en") -> str:
    """Return a sentence with the losses of the towers and of one device; "" without training."""
    if result.losses is None:
        return ""
    return t("run.losses", language, towers=result.losses[0], alone=result.losses[1])


def traffic(result: Result, language: Language = "en") -> str:
    """Return sentences that compare the bytes sent with those predicted."""
    sent, planned = crossing_bytes(result.sent), crossing_bytes(result.predicted)
    key = "run.as_planned" if result.as_planned else "run.not_as_planned"
    words = t(key, language, sent=sent, planned=planned, n=result.batch)
    logits = sum(each.bytes for each in result.sent) - sent
    return f"{words} {t('run.logits', language, sent=logits)}" if logits else words


def duration(result: Result, language: Language = "en") -> str:
    """Return sentences on the duration of a pass, that of one device, and how it divides."""
    time = pass_time(result)
    return t(
        "run.spent",
        language,
        towers=1e3 * median(result.seconds),
        alone=1e3 * median(result.alone),
        ratio=median(result.seconds) / median(result.alone),
        threads=result.threads,
        compute=time.compute / time.total,
        wait=time.wait / time.total,
        exchange=time.exchange / time.total,
        layer=time.layer,
        phase=phase_text(time.phase, language),
        longest=time.longest,
    )


def clock(result: Result, language: Language = "en") -> str:
    """Return a sentence on how precisely the clocks of the processes agree."""
    if result.processes == 1:
        return t("run.clock_one", language)
    return t("run.clock", language, microseconds=1e6 * result.clock)


def sentences(result: Result, language: Language = "en") -> list[str]:
    """Return all of the above that apply, in order."""
    parts = (instead, devices, verdict, losses, traffic, duration, clock)
    return [text for part in parts if (text := part(result, language))]


def times_grid(result: Result, language: Language = "en") -> Grid:
    """Return the milliseconds of compute, wait and exchange: a row per layer and direction."""
    gpus = range(result.gpus)
    times = layer_times(result)
    milliseconds = [(*time.compute, *time.wait, *time.exchange) for time in times]
    rows = [
        (time.layer, phase_text(time.phase, language), *(each or None for each in row))
        for time, row in zip(times, milliseconds, strict=True)
    ]
    return Grid(
        title=t("run.times", language),
        header=(
            t("column.name", language),
            t("run.phase", language),
            *(t("run.compute", language, n=n) for n in gpus),
            *(t("run.wait", language, n=n) for n in gpus),
            *(t("run.exchange", language, n=n) for n in gpus),
        ),
        rows=tuple(rows),
        words=frozenset({0, 1}),
        totals=((t("export.total", language), None, *map(sum, zip(*milliseconds, strict=True))),),
    )


def traffic_grid(result: Result, language: Language = "en") -> Grid:
    """Return the bytes predicted and sent: a row per layer, direction and pair of GPUs."""
    sent, planned = _by_way(result.sent), _by_way(result.predicted)
    order = {(time.phase, time.layer): index for index, time in enumerate(layer_times(result))}
    ways = sorted({*sent, *planned}, key=lambda way: (order.get(way[:2], len(order)), way))
    rows = tuple(
        (
            layer,
            phase_text(phase, language),
            f"GPU {source} → GPU {target}",
            planned[phase, layer, source, target],
            sent[phase, layer, source, target],
        )
        for phase, layer, source, target in ways
    )
    return Grid(
        title=t("run.traffic", language),
        header=(
            t("column.name", language),
            t("run.phase", language),
            t("run.way", language),
            t("run.planned", language),
            t("run.sent", language),
        ),
        rows=rows,
        words=frozenset({0, 1, 2}),
        totals=((t("export.total", language), None, None, sum(planned.values()),
                 sum(sent.values())),),
        notes=(t("run.traffic_note", language),) if rows else (t("run.no_traffic", language),),
    )  # fmt: skip


def _by_way(sent: tuple[Sent, ...]) -> Counter[tuple[Any, str, int, int]]:
    found: Counter[tuple[Any, str, int, int]] = Counter()
    for each in sent:
        found[each.phase, each.layer, each.source, each.target] += each.bytes
    return found


def differences_grid(result: Result, language: Language = "en") -> Grid:
    """Return the differences of the logits and of every gradient from those of one device."""
    return Grid(
        title=t("run.differences", language),
        header=(
            t("run.tensor", language),
            t("run.absolute", language),
            t("run.relative", language),
        ),
        rows=tuple(
            (each.name, f"{each.absolute:.1e}", f"{each.relative:.1e}")
            for each in result.differences
        ),
        words=frozenset({0}),
        notes=(t("run.differences_note", language, tolerance=TOLERANCE),),
    )


def record(result: Result) -> dict[str, Any]:
    """Return the result and what follows from it as a JSON object."""
    return {
        **asdict(result),
        "equal": result.equal,
        "as_planned": result.as_planned,
        "tolerance": TOLERANCE,
        "crossing_bytes": crossing_bytes(result.sent),
        "milliseconds": [asdict(time) for time in layer_times(result)],
    }
