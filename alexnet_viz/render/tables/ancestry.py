"""The registered variants and their descent, as a grid for people and as data for programs."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from alexnet_viz.analysis.compare.ancestry import about, change, lineage
from alexnet_viz.analysis.compare.difference_words import sentence
from alexnet_viz.network.trace import trace
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.text import Language, t
from alexnet_viz.variants import VARIANTS


def family_grid(ids: Sequence[str], language: Language = "en") -> Grid:
    """One line a variant: what it is, from whom it descends, what it changed, what it costs."""
    rows = []
    for id in ids:
        words, result = about(id), trace(VARIANTS[id])
        rows.append(
            (
                id,
                words.title.of(language),
                words.year,
                words.framework or None,
                result.network.input_size,
                result.params,
                result.macs,
                words.parent,
                sentence(change(id), language) if words.parent else None,
            )
        )
    return Grid(
        title=t("family.tree", language),
        header=(
            t("compare.variant", language),
            t("compare.title", language),
            t("compare.year", language),
            t("family.framework", language),
            t("compare.input", language),
            t("column.params", language),
            t("column.macs", language),
            t("family.parent", language),
            t("family.changes", language),
        ),
        rows=tuple(rows),
        words=frozenset({0, 1, 3, 7, 8}),
    )


def family_record(ids: Sequence[str], language: Language = "en") -> list[dict[str, Any]]:
    """The same, with the whole lineage and the differences one by one."""
    return [
        {
            "id": id,
            "title": about(id).title.of(language),
            "year": about(id).year,
            "framework": about(id).framework or None,
            "lineage": lineage(id),
            "sentence": sentence(change(id), language) if about(id).parent else None,
            "differences": [asdict(each) for each in change(id)],
        }
        for id in ids
    ]
