"""Two answers side by side: a grid for people, data for programs.

``names`` are what the classes are called, in order; ``after`` is None where nothing was taken away.
"""

from collections.abc import Sequence
from typing import Any

from alexnet_viz.interpretability.predictions import Answer
from alexnet_viz.render.tables.grid import Cell, Grid
from alexnet_viz.text import Language, t


def answers_grid(
    names: Sequence[str],
    before: Answer,
    after: Answer | None,
    classes: Sequence[int],
    language: Language = "en",
) -> Grid:
    """A line a class: logit and probability in percent, before and after, and the change."""
    header = [t("predict.number", language), t("predict.class", language)]
    columns = []
    for kind in ("logit", "percent"):
        values = [_values(answer, kind) for answer in (before, after) if answer]
        title = t(f"predict.{kind}", language)
        header += [t("predict.before_of", language, value=title)]
        columns += values
        if after:
            header += [
                t("predict.after_of", language, value=title),
                t("predict.change_of", language, value=title),
            ]
            columns.append(values[1] - values[0])
    rows: list[tuple[Cell, ...]] = [
        (number, names[number], *(float(column[number]) for column in columns))
        for number in classes
    ]
    return Grid(title="", header=tuple(header), rows=tuple(rows), words=frozenset({1}))


def _values(answer: Answer, kind: str) -> Any:
    return answer.logits if kind == "logit" else 100 * answer.shares


def answers_record(
    names: Sequence[str], before: Answer, after: Answer | None, **about: object
) -> dict[str, Any]:
    """The same as data: all classes at full precision, behind what ``about`` says of the run."""
    return {
        **about,
        "classes": list(names),
        **{
            side: answer
            and {"logits": answer.logits.tolist(), "probabilities": answer.shares.tolist()}
            for side, answer in (("before", before), ("after", after))
        },
    }
