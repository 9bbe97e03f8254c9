"""The tooltips of a tower diagram: the numbers of each block and each arrow."""

from alexnet_viz.network.layers import Conv, shape_text
from alexnet_viz.network.trace import FLOAT32_BYTES
from alexnet_viz.render.diagrams.tower_columns import Column
from alexnet_viz.text import Language, t


def block_words(column: Column, tower: int, language: Language) -> str:
    """One line on a tower's share of a layer: shape, kernels, cost, and what it fetches."""
    stage, layer, name = column.stage, column.layer, column.layer.name
    if stage is None:
        return t("drawing.never_reached", language, name=name)
    if not stage.channels[tower]:
        return t("drawing.nothing_here", language, name=name, n=tower)
    parts = [
        t("drawing.gpu_block", language, name=name, n=tower, shape=shape_text(stage.shapes[tower]),
          kind=t(f"kind.{stage.kind}", language)),
    ]  # fmt: skip
    if isinstance(layer, Conv):
        count = stage.channels[tower]
        parts.append(t("drawing.kernels", language, count=count, kernel=column.kernel))
    if stage.params[tower]:
        parts.append(
            t("drawing.cost", language, params=stage.params[tower], macs=stage.macs[tower])
        )
    fetched = stage.fetched[tower]
    if fetched:
        parts.append(t("drawing.fetches", language, values=fetched, bytes=fetched * FLOAT32_BYTES))
    elif stage.reads != "image" and len(stage.channels) > 1:
        parts.append(t("drawing.fetches_nothing", language))
    return " · ".join(parts)


def crossing_words(column: Column, tower: int, other: int, batch: int, language: Language) -> str:
    """One line on an arrow: its ends, its values and bytes."""
    assert column.stage is not None
    values = column.stage.fetches[tower][other]
    words = t(
        "drawing.arrow", language, name=column.layer.name, source=other, target=tower,
        values=values, bytes=values * FLOAT32_BYTES,
    )  # fmt: skip
    if batch == 1:
        return words
    total = values * batch * FLOAT32_BYTES
    return f"{words} · {t('drawing.arrow_batch', language, batch=batch, bytes=total)}"
