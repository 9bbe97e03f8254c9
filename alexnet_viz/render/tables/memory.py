"""What the memory calculator says: by kind and by layer for people, all of it for programs."""

from dataclasses import asdict
from typing import Any

from alexnet_viz.analysis.memory import KINDS, MIB, Assumptions, Memory
from alexnet_viz.network.layers import shape_text
from alexnet_viz.network.trace import Trace
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.render.tables.trace_table import failure_text
from alexnet_viz.text import Language, t


def kinds_grid(used: Memory, assumed: Assumptions, batch: int, language: Language = "en") -> Grid:
    """One line a kind: MiB on each GPU at this batch, and what is counted."""
    gpus = range(used.gpus)
    shown = [kind for kind in KINDS if any(used.of(gpu, kind).bytes(batch) for gpu in gpus)]
    return Grid(
        title="",
        header=(
            t("memory.kind", language),
            *(t("memory.gpu_mib", language, n=gpu) for gpu in gpus),
            t("memory.counted", language),
        ),
        rows=tuple(
            (
                t(f"memory.kind_{kind}", language),
                *(used.of(gpu, kind).bytes(batch) / MIB for gpu in gpus),
                t(counted(kind, assumed), language),
            )
            for kind in shown
        ),
        words=frozenset({0, used.gpus + 1}),
        totals=(
            (t("export.total", language), *(used.bytes(gpu, batch) / MIB for gpu in gpus), None),
        ),
    )


def counted(kind: str, assumed: Assumptions) -> str:
    """The key of the sentence that says what a kind counts and where that comes from."""
    if kind == "overhead":
        return "memory.counted_overhead"
    if kind == "workspace":
        return f"memory.counted_workspace_{assumed.workspace}"
    if assumed.keeping == "pytorch" and not assumed.training and kind == "activations":
        return "memory.counted_neighbours"
    return f"memory.grounds.{assumed.keeping}.{kind}"


def layers_grid(trace: Trace, used: Memory, batch: int, language: Language = "en") -> Grid:
    """One line a layer: on each GPU what the batch does not change, what an image adds, the sum."""
    gpus = range(used.gpus)
    kinds = {row.name: t(f"kind.{row.kind}", language) for row in trace.rows}
    names = {"": t("memory.kind_overhead", language), "input": t("kind.input", language)}
    return Grid(
        title=f"{trace.network.id}  {shape_text(trace.input_shape)}  {batch}",
        header=(
            t("column.name", language),
            t("column.kind", language),
            *(t("memory.fixed_of", language, n=gpu) for gpu in gpus),
            *(t("memory.image_of", language, n=gpu) for gpu in gpus),
            *(t("memory.gpu_mib", language, n=gpu) for gpu in gpus),
        ),
        rows=tuple(
            (
                names.get(name, name),
                kinds.get(name),
                *(used.of(gpu, layer=name).fixed for gpu in gpus),
                *(used.of(gpu, layer=name).per_image for gpu in gpus),
                *(used.of(gpu, layer=name).bytes(batch) / MIB for gpu in gpus),
            )
            for name in used.layers
        ),
        words=frozenset({0, 1}),
        totals=(
            (
                t("export.total", language),
                None,
                *(used.of(gpu).fixed for gpu in gpus),
                *(used.of(gpu).per_image for gpu in gpus),
                *(used.bytes(gpu, batch) / MIB for gpu in gpus),
            ),
        ),
        notes=(failure_text(trace, language),) if trace.failure else (),
    )


def memory_record(
    trace: Trace,
    used: Memory,
    assumed: Assumptions,
    batch: int,
    card: int,
    language: Language = "en",
) -> dict[str, Any]:
    """Everything in bytes, with the assumptions; every part is fixed + batch · per_image."""
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
