"""The history as tables: a line a run, a line an idea, and both as data."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from alexnet_viz.analysis.history import (
    IDEAS,
    RETEST_SOURCE,
    RUNS,
    SOURCE,
    Cost,
    Run,
    agrees,
    cost,
    gain,
)
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.text import Language, Text, t


def runs_grid(params: Mapping[str, int], language: Language = "en") -> Grid:
    """One line a run: what it changes, its errors, what that cost, what the paper says.

    ``params`` are the parameters of the variants, by id.
    """
    return Grid(
        title=t("history.runs", language),
        header=(
            t("history.run", language),
            t("history.changed", language),
            t("history.data", language),
            t("history.begun", language),
            t("history.epochs", language),
            t("column.params", language),
            t("history.top1", language),
            t("history.top5", language),
            t("history.cost", language),
            t("history.stated", language),
        ),
        rows=tuple(
            (
                run.id,
                run.changed.of(language),
                t(f"history.data_{run.data}", language),
                run.begun,
                run.epochs,
                params[run.variant],
                f"{100 * run.top1:.2f}",
                f"{100 * run.top5:.2f}",
                points(cost(run)),
                points(run.stated, 1) if run.stated else silent(run, language),
            )
            for run in RUNS.values()
        ),
        words=frozenset({0, 1, 2, 3}),
        notes=(
            t("history.source", language, source=SOURCE),
            *(f"{run.id}: {run.caveat.of(language)}" for run in RUNS.values() if run.caveat),
        ),
    )


def points(found: Cost | None, digits: int = 2) -> str:
    """A cost in points, top-1 / top-5; empty for a run that is compared with nothing.

    >>> points(cost(RUNS["147"])), points(RUNS["147"].stated, 1)
    ('+0.39 / +0.30', '+0.4 / +0.3')
    """
    return f"{signed(found.top1, digits)} / {signed(found.top5, digits)}" if found else ""


def signed(value: float, digits: int) -> str:
    """A difference with its sign, a true minus where it is negative.

    >>> signed(-1.3, 1), signed(0.394, 2)
    ('−1.3', '+0.39')
    """
    return f"{value:+.{digits}f}".replace("-", "−")


def silent(run: Run, language: Language = "en") -> str:
    """What stands where the paper states no cost."""
    return t("history.not_printed", language) if run.against else ""


def ideas_grid(language: Language = "en") -> Grid:
    """One line an idea: what it was worth in 2012 and in 2017, in points of top-1 accuracy."""
    return Grid(
        title=t("history.ideas", language),
        header=(
            t("history.idea", language),
            t("history.without", language),
            t("history.gain_2012", language),
            t("history.gain_2017", language),
            t("history.with_2017", language),
            t("history.without_2017", language),
        ),
        rows=tuple(
            (
                idea.title.of(language),
                idea.without,
                signed(gain(idea), 2),
                signed(idea.retest.gain, 1) if idea.retest else None,
                f"{idea.retest.with_it:.3f}" if idea.retest else None,
                f"{idea.retest.without:.3f}" if idea.retest else None,
            )
            for idea in IDEAS
        ),
        words=frozenset({0, 1}),
        notes=(
            t("history.source", language, source=SOURCE),
            t("history.retest_source", language, source=RETEST_SOURCE),
        ),
    )


def history_record(params: Mapping[str, int], language: Language = "en") -> dict[str, Any]:
    """Everything, errors and accuracies as shares, differences in points."""
    return {
        "source": SOURCE,
        "retest_source": RETEST_SOURCE,
        "runs": [
            {
                **_plain(asdict(run), language),
                "file": run.file,
                "url": run.url,
                "params": params[run.variant],
                "cost": asdict(found) if (found := cost(run)) else None,
                "agrees_with_the_paper": agrees(run),
            }
            for run in RUNS.values()
        ],
        "ideas": [
            {
                **_plain(asdict(idea), language),
                "gain_2012": gain(idea),
                "gain_2017": round(idea.retest.gain, 6) if idea.retest else None,
            }
            for idea in IDEAS
        ],
    }


def _plain(data: Any, language: Language) -> Any:
    """The same with every phrase in one language."""
    if isinstance(data, Text):
        return data.of(language)
    if isinstance(data, dict):
        return {key: _plain(value, language) for key, value in data.items()}
    return data
