"""Memory on each GPU: tables by kind and by layer, and all parts as data."""

from collections.abc import Callable
from dataclasses import asdict
from operator import attrgetter
from typing import Any

from alexnet_viz.analysis.columns import Column, numbered_columns, word_column
from alexnet_viz.analysis.memory import KINDS, MIB, Assumptions, Kind, Memory, Part
from alexnet_viz.network.layers import shape_text
from alexnet_viz.network.trace import Trace
from alexnet_viz.render.tables.table import Table
from alexnet_viz.render.tables.trace_table import failure_notes, failure_text
from alexnet_viz.text import Language, t


def kinds_table(
    used: Memory, assumed: Assumptions, batch: int, language: Language = "en"
) -> Table[Kind]:
    """Kinds, one row each: MiB on each GPU at this batch, and what is counted."""

    def mib(kind: Kind, gpu: int) -> float:
        return used.of(gpu, kind).bytes(batch) / MIB

    return Table(
        [kind for kind in KINDS if any(mib(kind, gpu) for gpu in range(used.gpus))],
        (
            word_column("", "memory.kind", lambda kind: t(f"memory.kind_{kind}", language)),
            *numbered_columns("memory.gpu_mib", used.gpus, mib, summed=True),
            word_column("", "memory.counted", lambda kind: t(counted(kind, assumed), language)),
        ),
        language,
        total="export.total",
    )


def counted(kind: str, assumed: Assumptions) -> str:
    """The key of the sentence that says what a kind counts, and its source."""
    if kind == "overhead":
        return "memory.counted_overhead"
    if kind == "workspace":
        return f"memory.counted_workspace_{assumed.workspace}"
    if assumed.keeping == "pytorch" and not assumed.training and kind == "activations":
        return "memory.counted_neighbours"
    return f"memory.grounds.{assumed.keeping}.{kind}"


def layers_table(trace: Trace, used: Memory, batch: int, language: Language = "en") -> Table[str]:
    """Layers, one row each: on each GPU the bytes of no image and of one more, MiB of the batch."""
    kinds = {row.name: t(f"kind.{row.kind}", language) for row in trace.rows}
    names = {"": t("memory.kind_overhead", language), "input": t("kind.input", language)}

    def of_each(words: str, read: Callable[[Part], float]) -> tuple[Column[str], ...]:
        return numbered_columns(
            words, used.gpus, lambda layer, gpu: read(used.of(gpu, layer=layer)), summed=True
        )

    return Table(
        used.layers,
        (
            word_column("", "column.name", lambda layer: names.get(layer, layer)),
            word_column("", "column.kind", kinds.get),
            *of_each("memory.fixed_of", attrgetter("fixed")),
            *of_each("memory.image_of", attrgetter("per_image")),
            *of_each("memory.gpu_mib", lambda total: total.bytes(batch) / MIB),
        ),
        language,
        title=f"{trace.network.id}  {shape_text(trace.input_shape)}  {batch}",
        total="export.total",
        notes=failure_notes([trace], language),
    )


def memory_record(
    trace: Trace,
    used: Memory,
    assumed: Assumptions,
    batch: int,
    card: int,
    language: Language = "en",
) -> dict[str, Any]:
    """All parts in bytes, with the assumptions; a part takes fixed + batch · per_image."""
    return {
        "variant": trace.network.id,
        "input_shape": list(trace.input_shape),
        "gpus": used.gpus,
        "batch": batch,
        "card": card,
        "assumptions": asdict(assumed),
        "largest_batch": used.largest_batch(card),
        "bytes": [used.bytes(gpu, batch) for gpu in range(used.gpus)],
        "parts": [
            {
                "layer": part.layer,
                "gpu": part.tower,
                "kind": part.kind,
                "fixed": part.fixed,
                "per_image": part.per_image,
            }
            for part in used.parts
        ],
        "failure": failure_text(trace, language) or None,
    }
