"""A network on several GPUs: tables by layer, by GPU, by crossing and by published placement.

MACs of a training step are those of the forward pass, once more for the gradients of the weights,
and once more for the gradients of what each layer read; the first learned layer reads the image,
which needs none.  What crosses forward returns as gradients: the same values, the other way.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from alexnet_viz.analysis.columns import Column, numbered_columns, word_column
from alexnet_viz.analysis.towers.placements import CONFIGURATIONS
from alexnet_viz.analysis.towers.split import Stage, Towers, split
from alexnet_viz.network.layers import shape_text
from alexnet_viz.network.trace import FLOAT32_BYTES, Trace
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.render.tables.table import Table
from alexnet_viz.render.tables.trace_table import failure_notes, failure_text
from alexnet_viz.text import Language, t
from alexnet_viz.variants import VARIANTS
from alexnet_viz.variants.traces import variant_trace

STAGE: tuple[Column[Stage], ...] = (
    word_column("name", "column.name", attrgetter("name")),
    word_column("kind", "column.kind", attrgetter("kind"), "kind"),
    word_column("reads", "towers.reads", attrgetter("reads"), "towers.read"),
    Column("kernel_depth", "towers.kernel_depth", attrgetter("kernel_depth")),
    Column("", "towers.crossing", attrgetter("crossing"), summed=True),
    Column("shapes", "", lambda stage: list(map(list, stage.shapes))),
    Column("params", "", lambda stage: list(stage.params)),
    Column("macs", "", lambda stage: list(stage.macs)),
    Column("fetched", "", lambda stage: list(stage.fetched)),
    Column("returned", "", lambda stage: list(returned(stage))),
)
"""What has as many columns for any number of GPUs; data hold the amounts of all GPUs as a list."""


def layers_table(trace: Trace, towers: Towers, language: Language = "en") -> Table[Stage]:
    """Layers, one row each: what each tower holds and computes, and what crosses."""

    def of_each(words: str, name: str, **more: Any) -> tuple[Column[Stage], ...]:
        read = attrgetter(name)
        return numbered_columns(words, towers.count, lambda stage, n: read(stage)[n], **more)

    return Table(
        towers.stages,
        (
            *STAGE,
            *of_each("towers.shape", "shapes", text=shape_text),
            *of_each("towers.params", "params", summed=True),
            *of_each("towers.macs", "macs", summed=True),
        ),
        language,
        title=f"{trace.network.id}  {shape_text(trace.input_shape)}",
        total="export.total",
        notes=failure_notes([trace], language),
    )


def narrow_grid(trace: Trace, towers: Towers, language: Language = "en") -> Grid:
    """The layers in the same columns for any number of GPUs, for a page.

    A cell is one GPU's share where all are equal, else all shares, equal neighbours once.
    """

    def shares(parts: Iterable[Any]) -> str:
        texts = [f"{part:,}" if isinstance(part, int) else shape_text(part) for part in parts]
        runs = [(text, len(list(run))) for text, run in groupby(texts)]
        if len(runs) > 1:
            return " | ".join(text if many == 1 else f"{many} × {text}" for text, many in runs)
        if towers.count == 1 or texts[0] == "0":
            return texts[0]
        return t("towers.each", language, amount=texts[0])

    whole = layers_table(trace, towers, language).grid
    keys = ("shape", "params", "macs")
    return Grid(
        title=whole.title,
        header=(*whole.header[:5], *(t(f"towers.{key}_per_gpu", language) for key in keys)),
        rows=tuple(
            (*row[:5], shares(stage.shapes), shares(stage.params), shares(stage.macs))
            for row, stage in zip(whole.rows, towers.stages, strict=True)
        ),
        words=whole.words,
        totals=((*whole.totals[0][:5], None, shares(towers.params), shares(towers.macs)),),
        notes=whole.notes,
    )


def gpus_table(towers: Towers, language: Language = "en") -> Table[int]:
    """GPUs, one row each: what each holds, computes and receives for one image."""
    amounts: dict[str, Sequence[int]] = {
        "params": towers.params,
        "macs_inference": towers.macs,
        "macs_training": training_macs(towers),
        "activations": towers.activations,
        "fetched": _sums(towers.count, (stage.fetched for stage in towers.stages)),
        "returned": _sums(towers.count, map(returned, towers.stages)),
    }
    return Table(
        range(towers.count),
        (
            word_column("", "towers.gpu", lambda n: t("towers.tower", language, n=n)),
            *(
                Column("", f"towers.gpu_{key}", amount.__getitem__, summed=True)
                for key, amount in amounts.items()
            ),
        ),
        language,
        title=t("towers.per_gpu", language),
        total="export.total",
    )


def traffic_table(towers: Towers, batch: int, language: Language = "en") -> Table[Stage]:
    """Crossings, one row each: values for one image, bytes for a batch, forward and back."""

    def sent(key: str, read: Callable[[Stage], int]) -> Column[Stage]:
        return Column("", f"towers.{key}", read, summed=True, filled={"n": batch})

    return Table(
        [stage for stage in towers.stages if stage.crossing],
        (
            word_column("", "column.name", attrgetter("name")),
            word_column("", "towers.reads", attrgetter("reads"), "towers.read"),
            sent("forward", attrgetter("crossing")),
            sent("back", lambda stage: sum(returned(stage))),
            sent("bytes_inference", lambda stage: FLOAT32_BYTES * batch * stage.crossing),
            sent("bytes_training", lambda stage: FLOAT32_BYTES * batch * 2 * stage.crossing),
        ),
        language,
        title=t("towers.traffic", language),
        total="export.total",
    )


def configurations_table(language: Language = "en") -> Table[str]:
    """Published placements, one row each: parameters of each GPU, what crosses for one image."""
    placed = {
        id: split(variant_trace(VARIANTS[each.variant]), each.last, each.gpus)
        for id, each in CONFIGURATIONS.items()
    }

    def described(name: str) -> Callable[[str], Any]:
        return lambda id: getattr(CONFIGURATIONS[id], name)

    def counted(read: Callable[[Towers], Any]) -> Callable[[str], Any]:
        return lambda id: (towers := placed[id]) and read(towers)

    return Table(
        [id for id, towers in placed.items() if towers],
        (
            word_column("", "towers.configuration", described("title")),
            word_column("", "towers.variant", described("variant")),
            Column(
                "",
                "towers.split_params",
                counted(lambda towers: " + ".join(f"{n:,}" for n in towers.params)),
            ),
            Column("", "towers.params_total", counted(lambda towers: sum(towers.params))),
            Column("", "towers.crossing", counted(lambda towers: towers.crossing)),
            word_column("", "towers.source", described("source")),
        ),
        language,
        title=t("towers.configurations", language),
    )


def towers_record(
    trace: Trace, towers: Towers | None, language: Language = "en", batch: int = 1
) -> dict[str, Any]:
    """A network on its GPUs as data; one tower and no stages where nothing is split."""
    return {
        "variant": trace.network.id,
        "input_shape": list(trace.input_shape),
        "towers": towers.count if towers else 1,
        "whole_on_one_gpu": dict(towers.placement.whole) if towers else {},
        "params": list(towers.params) if towers else [trace.params],
        "macs": list(towers.macs) if towers else [trace.macs],
        "macs_training": list(training_macs(towers)) if towers else None,
        "activations": list(towers.activations) if towers else None,
        "crossing": towers.crossing if towers else 0,
        "crossing_bytes": towers.crossing_bytes if towers else 0,
        "batch": batch,
        "batch_bytes_forward": batch * towers.crossing_bytes if towers else 0,
        "batch_bytes_back": batch * towers.crossing_bytes if towers else 0,
        "stages": layers_table(trace, towers, language).records if towers else [],
        "failure": failure_text(trace, language) or None,
    }


def training_macs(towers: Towers) -> tuple[int, ...]:
    """MACs of each tower for one image of a training step.

    >>> from alexnet_viz.network.trace import trace
    >>> from alexnet_viz.variants import VARIANTS
    >>> training_macs(split(trace(VARIANTS["alexnet_2012_paper"]), "halves"))
    (1033902624, 1033902624)
    """
    totals = [0] * towers.count
    for stage in towers.stages:
        times = 2 if stage.reads == "image" else 3
        for tower, macs in enumerate(stage.macs):
            totals[tower] += times * macs
    return tuple(totals)


def returned(stage: Stage) -> tuple[int, ...]:
    """Gradients that each tower receives, for one image: one for each value it sent."""
    return tuple(map(sum, zip(*stage.fetches, strict=True)))


def balance(amounts: Iterable[int]) -> float:
    """The mean share divided by the largest: 1 where all are equal."""
    shares = list(amounts)
    return sum(shares) / len(shares) / max(shares) if any(shares) else 1.0


def _sums(count: int, amounts: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    """The sum of each GPU's amounts, for ``count`` GPUs."""
    return tuple(map(sum, zip((0,) * count, *amounts, strict=True)))
