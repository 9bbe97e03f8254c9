"""Time several functions in alternation and report their medians."""

from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter

WARM_UP = 3
"""Rounds that are run first and not counted."""


def medians(candidates: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median seconds of each candidate; a round runs all, starting with the next one each time."""
    names = list(candidates)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(-WARM_UP, rounds):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            begin = perf_counter()
            candidates[name]()
            if turn >= 0:
                seconds[name].append(perf_counter() - begin)
    return {name: median(times) for name, times in seconds.items()}


def table(times: Mapping[str, float]) -> str:
    """The medians, given in seconds, as a Markdown table: ms, and the ratio to the first."""
    base = next(iter(times.values()))
    rows = [f"| {name} | {time * 1e3:.3f} | {time / base:.2f} |" for name, time in times.items()]
    return "\n".join(["| what | median, ms | ratio |", "|---|---:|---:|", *rows])
