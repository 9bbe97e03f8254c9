"""The predictions before and after an ablation, as a table and as data.

``names`` are the names of the classes, in order; ``after`` is None if nothing was ablated.
"""

from collections.abc import Sequence
from typing import Any

from alexnet_viz.analysis.columns import Column, word_column
from alexnet_viz.interpretability.predictions import Answer
from alexnet_viz.render.tables.table import Table
from alexnet_viz.text import Language, t


def answers_table(
    names: Sequence[str],
    before: Answer,
    after: Answer | None,
    classes: Sequence[int],
    language: Language = "en",
) -> Table[int]:
    """A table with a row per class: logit and probability (%), before, after, and their change."""

    def amount(kind: str, side: str, of: Any) -> Column[int]:
        filled = {"value": t(f"predict.{kind}", language)}
        return Column("", f"predict.{side}_of", lambda n: float(of[n]), filled=filled)

    columns: list[Column[int]] = [
        Column("", "predict.number", int),
        word_column("", "predict.class", names.__getitem__),
    ]
    for kind in ("logit", "percent"):
        first = _values(before, kind)
        columns.append(amount(kind, "before", first))
        if after:
            second = _values(after, kind)
            columns.append(amount(kind, "after", second))
            columns.append(amount(kind, "change", second - first))
    return Table(classes, columns, language)


def _values(answer: Answer, kind: str) -> Any:
    return answer.logits if kind == "logit" else 100 * answer.shares


def answers_record(
    names: Sequence[str], before: Answer, after: Answer | None, **about: object
) -> dict[str, Any]:
    """All logits and probabilities at full precision as data, after the entries of ``about``."""
    return {
        **about,
        "classes": list(names),
        **{
            side: answer
            and {"logits": answer.logits.tolist(), "probabilities": answer.shares.tolist()}
            for side, answer in (("before", before), ("after", after))
        },
    }
