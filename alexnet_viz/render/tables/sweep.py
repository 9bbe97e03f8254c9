"""Sweeps of the input of one or more networks."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from alexnet_viz.analysis.columns import Column, word_column
from alexnet_viz.analysis.inputs.sweep import Stretch
from alexnet_viz.network.spec import Network
from alexnet_viz.render.tables.table import Table
from alexnet_viz.text import Language, t


class Swept(NamedTuple):
    """A stretch of the inputs of one network."""

    network: Network
    stretch: Stretch


NETWORK: tuple[Column[Swept], ...] = (
    word_column("", "compare.variant", attrgetter("network.id")),
    Column("", "sweep.native", attrgetter("network.input_size")),
)
STRETCH: tuple[Column[Swept], ...] = (
    word_column("", "sweep.sizes", lambda it: sizes_text(it.stretch.sizes)),
    Column("first", "", attrgetter("stretch.sizes.start")),
    Column("last", "", lambda it: it.stretch.sizes.stop - 1),
    word_column("outcome", "sweep.outcome", attrgetter("stretch.outcome"), "sweep"),
    Column("first_dense_reads", "sweep.dense", attrgetter("stretch.dense")),
    Column(
        "sides_at_first",
        "sweep.sides",
        lambda it: list(it.stretch.sides),
        text=lambda sides: "–".join(map(str, sides)),
    ),
    word_column("", "sweep.stops", lambda it: it.stretch.breaks_at or it.stretch.refused),
    Column("breaks_at", "", attrgetter("stretch.breaks_at")),
    Column("refused_by", "", attrgetter("stretch.refused")),
)


def sweep_table(
    network: Network, stretches: Sequence[Stretch], language: Language = "en"
) -> Table[Swept]:
    """Stretches, one row each: sizes, what happens there, the map's sides at the first of them."""
    rows = [Swept(network, stretch) for stretch in stretches]
    return Table(rows, STRETCH, language, title=network.id)


def sweeps_table(
    networks: Sequence[Network], sweeps: Sequence[Sequence[Stretch]], language: Language = "en"
) -> Table[Swept]:
    """The stretches of several networks, one network after the other."""
    pairs = zip(networks, sweeps, strict=True)
    rows = [Swept(network, stretch) for network, found in pairs for stretch in found]
    return Table(rows, NETWORK + STRETCH, language, title=t("sweep.title", language))


def sweep_record(network: Network, stretches: Sequence[Stretch]) -> dict[str, Any]:
    """The stretches of one network as data."""
    return {
        "variant": network.id,
        "native_input": network.input_size,
        "stretches": sweep_table(network, stretches).records,
    }


def sizes_text(sizes: range) -> str:
    """A range of sizes as text: 196–227, or one number.

    >>> sizes_text(range(196, 228)), sizes_text(range(227, 228))
    ('196–227', '227')
    """
    first, last = sizes.start, sizes.stop - 1
    return str(first) if first == last else f"{first}–{last}"
