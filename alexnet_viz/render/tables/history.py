"""The runs of 2012 and the ideas they test, as tables and as data."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from operator import attrgetter
from typing import Any

from alexnet_viz.analysis.columns import Column, word_column
from alexnet_viz.analysis.history import (
    IDEAS,
    RETEST_SOURCE,
    RUNS,
    SOURCE,
    Cost,
    Idea,
    Retest,
    Run,
    agrees,
    cost,
    gain,
)
from alexnet_viz.render.tables.table import Table
from alexnet_viz.text import Language, Text, t


def runs_table(params: Mapping[str, int], language: Language = "en") -> Table[Run]:
    """Runs, one row each: what each changes, its errors, their cost, what the paper says.

    ``params`` are the parameters of the variants, by id.
    """

    def stated(run: Run) -> str:
        return points(run.stated, 1) if run.stated else silent(run, language)

    return Table(
        tuple(RUNS.values()),
        (
            word_column("", "history.run", attrgetter("id")),
            word_column("", "history.changed", attrgetter("changed")),
            word_column("", "history.data", lambda run: t(f"history.data_{run.data}", language)),
            word_column("", "history.begun", attrgetter("begun")),
            Column("", "history.epochs", attrgetter("epochs")),
            Column("", "column.params", lambda run: params[run.variant]),
            Column("", "history.top1", lambda run: f"{100 * run.top1:.2f}"),
            Column("", "history.top5", lambda run: f"{100 * run.top5:.2f}"),
            Column("", "history.cost", lambda run: points(cost(run))),
            Column("", "history.stated", stated),
        ),
        language,
        title=t("history.runs", language),
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
    """The cell of a run for which the paper states no cost."""
    return t("history.not_printed", language) if run.against else ""


def ideas_table(language: Language = "en") -> Table[Idea]:
    """Ideas, one row each: their worth in 2012 and in 2017, in points of top-1 accuracy."""

    def retested(read: Callable[[Retest], str]) -> Callable[[Idea], str | None]:
        return lambda idea: read(idea.retest) if idea.retest else None

    return Table(
        IDEAS,
        (
            word_column("", "history.idea", attrgetter("title")),
            word_column("", "history.without", attrgetter("without")),
            Column("", "history.gain_2012", lambda idea: signed(gain(idea), 2)),
            Column("", "history.gain_2017", retested(lambda it: signed(it.gain, 1))),
            Column("", "history.with_2017", retested(lambda it: f"{it.with_it:.3f}")),
            Column("", "history.without_2017", retested(lambda it: f"{it.without:.3f}")),
        ),
        language,
        title=t("history.ideas", language),
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
