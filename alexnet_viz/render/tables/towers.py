"""What is said of a network on several GPUs: grids for people, one record for programs.

MACs of a training step are those of the forward pass, once more for the gradients of the weights,
and once more for the gradients of what each layer read; the first learned layer reads the image,
which needs none.  What crosses forward returns as gradients: the same values, the other way.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from alexnet_viz.analysis.towers.placements import CONFIGURATIONS
from alexnet_viz.analysis.towers.split import Stage, Towers, split
from alexnet_viz.network.layers import shape_text
from alexnet_viz.network.trace import FLOAT32_BYTES, Trace, trace
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.render.tables.trace_table import failure_text
from alexnet_viz.text import Language, t
from alexnet_viz.variants import VARIANTS


def layers_grid(trace: Trace, towers: Towers, language: Language = "en") -> Grid:
    """One line a layer: what each tower holds and computes, and what has to cross."""
    numbers = range(towers.count)
    return Grid(
        title=f"{trace.network.id}  {shape_text(trace.input_shape)}",
        header=(
            t("column.name", language),
            t("column.kind", language),
            t("towers.reads", language),
            t("towers.kernel_depth", language),
            t("towers.crossing", language),
            *(t("towers.shape", language, n=n) for n in numbers),
            *(t("towers.params", language, n=n) for n in numbers),
            *(t("towers.macs", language, n=n) for n in numbers),
        ),
        rows=tuple(
            (
                stage.name,
                t(f"kind.{stage.kind}", language),
                t(f"towers.read.{stage.reads}", language),
                stage.kernel_depth,
                stage.crossing,
                *map(shape_text, stage.shapes),
                *stage.params,
                *stage.macs,
            )
            for stage in towers.stages
        ),
        words=frozenset({0, 1, 2}),
        totals=(
            (
                t("export.total", language),
                *(None,) * 3,
                towers.crossing,
                *(None,) * towers.count,
                *towers.params,
                *towers.macs,
            ),
        ),
        notes=(failure_text(trace, language),) if trace.failure else (),
    )


def narrow_grid(trace: Trace, towers: Towers, language: Language = "en") -> Grid:
    """The same in as many columns for any number of GPUs, for a page.

    A cell is one GPU's share where all have as much, else all shares, equal neighbours once.
    """

    def shares(parts: Iterable[Any]) -> str:
        texts = [f"{part:,}" if isinstance(part, int) else shape_text(part) for part in parts]
        runs = [(text, len(list(run))) for text, run in groupby(texts)]
        if len(runs) > 1:
            return " | ".join(text if many == 1 else f"{many} × {text}" for text, many in runs)
        if towers.count == 1 or texts[0] == "0":
            return texts[0]
        return t("towers.each", language, amount=texts[0])

    whole = layers_grid(trace, towers, language)
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


def gpus_grid(towers: Towers, language: Language = "en") -> Grid:
    """One line a GPU: what it holds, computes and receives for one image."""
    training = training_macs(towers)
    rows = tuple(
        (
            t("towers.tower", language, n=n),
            towers.params[n],
            towers.macs[n],
            training[n],
            towers.activations[n],
            sum(stage.fetched[n] for stage in towers.stages),
            sum(returned(stage)[n] for stage in towers.stages),
        )
        for n in range(towers.count)
    )
    keys = ("params", "macs_inference", "macs_training", "activations", "fetched", "returned")
    return Grid(
        title=t("towers.per_gpu", language),
        header=(t("towers.gpu", language), *(t(f"towers.gpu_{key}", language) for key in keys)),
        rows=rows,
        words=frozenset({0}),
        totals=((t("export.total", language), *_sums(row[1:] for row in rows)),),
    )


def traffic_grid(towers: Towers, batch: int, language: Language = "en") -> Grid:
    """One line a crossing: values for one image, bytes for a batch, forward and back."""
    crossing = [stage for stage in towers.stages if stage.crossing]
    rows = tuple(
        (
            stage.name,
            t(f"towers.read.{stage.reads}", language),
            stage.crossing,
            sum(returned(stage)),
            FLOAT32_BYTES * batch * stage.crossing,
            FLOAT32_BYTES * batch * 2 * stage.crossing,
        )
        for stage in crossing
    )
    return Grid(
        title=t("towers.traffic", language),
        header=(
            t("column.name", language),
            t("towers.reads", language),
            t("towers.forward", language),
            t("towers.back", language),
            t("towers.bytes_inference", language, n=batch),
            t("towers.bytes_training", language, n=batch),
        ),
        rows=rows,
        words=frozenset({0, 1}),
        totals=((t("export.total", language), None, *_sums((row[2:] for row in rows), 4)),),
    )


def configurations_grid(language: Language = "en") -> Grid:
    """One line a published placement: parameters of each GPU and what crosses for one image."""
    rows = []
    for configuration in CONFIGURATIONS.values():
        result = trace(VARIANTS[configuration.variant])
        towers = split(result, configuration.last, configuration.gpus)
        if towers:
            rows.append(
                (
                    configuration.title.of(language),
                    configuration.variant,
                    " + ".join(f"{n:,}" for n in towers.params),
                    result.params,
                    towers.crossing,
                    configuration.source,
                )
            )
    keys = ("configuration", "variant", "split_params", "params_total", "crossing", "source")
    return Grid(
        title=t("towers.configurations", language),
        header=tuple(t(f"towers.{key}", language) for key in keys),
        rows=tuple(rows),
        words=frozenset({0, 1, 5}),
    )


def towers_record(
    trace: Trace, towers: Towers | None, language: Language = "en", batch: int = 1
) -> dict[str, Any]:
    """The same as data; one tower and no stages where nothing is split."""
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
        "stages": [_stage_record(stage) for stage in (towers.stages if towers else ())],
        "failure": failure_text(trace, language) or None,
    }


def training_macs(towers: Towers) -> tuple[int, ...]:
    """MACs of each tower for one image of a training step.

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
    """Gradients that each tower gets back, for one image: one for each value it lent."""
    return tuple(map(sum, zip(*stage.fetches, strict=True)))


def balance(amounts: Iterable[int]) -> float:
    """The mean over the largest share: 1 where every GPU has as much."""
    shares = list(amounts)
    return sum(shares) / len(shares) / max(shares) if any(shares) else 1.0


def _stage_record(stage: Stage) -> dict[str, Any]:
    return {
        "name": stage.name,
        "kind": stage.kind,
        "reads": stage.reads,
        "kernel_depth": stage.kernel_depth,
        "shapes": [list(shape) for shape in stage.shapes],
        "params": list(stage.params),
        "macs": list(stage.macs),
        "fetched": list(stage.fetched),
        "returned": list(returned(stage)),
    }


def _sums(rows: Iterable[tuple[Any, ...]], columns: int = 6) -> tuple[int, ...]:
    return tuple(map(sum, zip((0,) * columns, *rows, strict=True)))
