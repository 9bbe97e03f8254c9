"""A sweep of the input as a grid for people and as data for programs."""

from collections.abc import Sequence
from typing import Any

from alexnet_viz.analysis.inputs.sweep import Stretch
from alexnet_viz.network.spec import Network
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.text import Language, t


def sweep_grid(network: Network, stretches: list[Stretch], language: Language = "en") -> Grid:
    """One line a stretch: sizes, what happens there, the map's sides at the first of them."""
    return Grid(
        title=network.id,
        header=tuple(
            t(f"sweep.{key}", language) for key in ("sizes", "outcome", "dense", "sides", "stops")
        ),
        rows=tuple(
            (
                sizes_text(one.sizes),
                t(f"sweep.{one.outcome}", language),
                one.dense,
                "–".join(map(str, one.sides)),
                one.breaks_at or one.refused,
            )
            for one in stretches
        ),
        words=frozenset({0, 1, 4}),
    )


def sweeps_grid(
    networks: Sequence[Network], sweeps: Sequence[list[Stretch]], language: Language = "en"
) -> Grid:
    """The stretches of several networks, one below the other."""
    grids = [
        sweep_grid(network, found, language)
        for network, found in zip(networks, sweeps, strict=True)
    ]
    return Grid(
        title=t("sweep.title", language),
        header=(t("compare.variant", language), t("sweep.native", language), *grids[0].header),
        rows=tuple(
            (network.id, network.input_size, *row)
            for network, grid in zip(networks, grids, strict=True)
            for row in grid.rows
        ),
        words=frozenset({0, *(2 + index for index in grids[0].words)}),
    )


def sweep_record(network: Network, stretches: list[Stretch]) -> dict[str, Any]:
    """The same as data."""
    return {
        "variant": network.id,
        "native_input": network.input_size,
        "stretches": [
            {
                "first": one.sizes.start,
                "last": one.sizes.stop - 1,
                "outcome": one.outcome,
                "first_dense_reads": one.dense,
                "sides_at_first": list(one.sides),
                "breaks_at": one.breaks_at,
                "refused_by": one.refused,
            }
            for one in stretches
        ],
    }


def sizes_text(sizes: range) -> str:
    """Sizes as they are written everywhere: 196–227, or one number.

    >>> sizes_text(range(196, 228)), sizes_text(range(227, 228))
    ('196–227', '227')
    """
    first, last = sizes.start, sizes.stop - 1
    return str(first) if first == last else f"{first}–{last}"
