"""The registered variants and their descent."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from alexnet_viz.analysis.columns import Column, word_column
from alexnet_viz.analysis.compare.ancestry import about, change, change_text, lineage
from alexnet_viz.network.spec import About
from alexnet_viz.render.tables.table import Table
from alexnet_viz.text import Language, t
from alexnet_viz.variants import VARIANTS
from alexnet_viz.variants.traces import variant_trace


def family_table(ids: Sequence[str], language: Language = "en") -> Table[str]:
    """Variants, one row each: what each is, its parent, what it changed, what it costs.

    Data have the whole lineage and the differences one by one.
    """
    traced = {id: variant_trace(VARIANTS[id]) for id in ids}

    def described(read: Callable[[About], Any]) -> Callable[[str], Any]:
        return lambda id: read(about(id))

    def changes(id: str) -> str | None:
        return change_text(id, language) if about(id).parent else None

    return Table(
        ids,
        (
            word_column("id", "compare.variant", str),
            word_column("title", "compare.title", described(lambda it: it.title)),
            Column("year", "compare.year", described(lambda it: it.year)),
            word_column(
                "framework", "family.framework", described(lambda it: it.framework or None)
            ),
            Column("", "compare.input", lambda id: VARIANTS[id].input_size),
            Column("", "column.params", lambda id: traced[id].params),
            Column("", "column.macs", lambda id: traced[id].macs),
            word_column("", "family.parent", described(lambda it: it.parent)),
            Column("lineage", "", lineage),
            word_column("sentence", "family.changes", changes),
            Column("differences", "", lambda id: [asdict(each) for each in change(id)]),
        ),
        language,
        title=t("family.tree", language),
    )
