"""Sweeps of the input of several networks, one strip each.

Where the weights fit a strip is solid; where some dense layer would have to be learned anew it is
pale, and a tick marks every change of what that layer reads; where the network breaks it is hollow.
"""

from collections.abc import Mapping

from alexnet_viz.analysis.inputs.sweep import Stretch
from alexnet_viz.render.diagrams.svg import Sheet
from alexnet_viz.render.tables.sweep import sizes_text
from alexnet_viz.render.theme import BLUE, FAILURE, GROUND, INK
from alexnet_viz.text import Language, t

WIDTH, LEFT, RIGHT, TOP, ROW, STRIP = 1360.0, 345.0, 24.0, 56.0, 34.0, 20.0
MARKED = (224, 227)
STEP = 64
"""Distance between two numbers of the axis."""
WIDE = 46.0
"""Least width of a stretch that has room for a number."""
LETTERS = 38
"""Longest title: on a projector the page shows the words larger."""
OPACITY = {"fits": 0.85, "refitted": 0.16, "breaks": 0.0}


def sweep_diagram(
    sweeps: Mapping[str, list[Stretch]],
    language: Language = "en",
    native: Mapping[str, int] | None = None,
) -> str:
    """An SVG of one strip per network, by title; every stretch has its sizes and outcome.

    A wedge below a strip marks the network's own input, where ``native`` names it.
    """
    sheet = Sheet()
    first = min(one[0].sizes.start for one in sweeps.values())
    last = max(one[-1].sizes.stop for one in sweeps.values())
    scale = (WIDTH - LEFT - RIGHT) / (last - first)

    def x(size: int) -> float:
        return LEFT + (size - first) * scale

    bottom = TOP + ROW * len(sweeps)
    for size in range(-(-first // STEP) * STEP, last + 1, STEP):
        if all(abs(size - marked) > STEP // 3 for marked in MARKED):
            sheet.text(x(size), TOP - 14, str(size), size=13, quiet=True)
    for row, (title, stretches) in enumerate(sweeps.items()):
        y = TOP + ROW * row
        sheet.text(LEFT - 14, y + STRIP / 2 + 5, _cut(title), size=14, anchor="end")
        for one in stretches:
            words = _words(one, language)
            with sheet.group(layer=title, title=f"{title} · {words}", kind="stretch"):
                _stretch(sheet, one, x(one.sizes.start), x(one.sizes.stop), y)
        own = (native or {}).get(title)
        if own is not None and first <= own < last:
            at = x(own) + scale / 2
            corners = ((at, y + STRIP + 1), (at - 5, y + STRIP + 9), (at + 5, y + STRIP + 9))
            sheet.polygon(corners, fill=INK)
    for marked in MARKED:
        if first <= marked < last:
            at = x(marked) + scale / 2
            sheet.line((at, TOP - 8), (at, bottom - ROW + STRIP + 6), width=1.2, dash="3 3")
            side = -1 if marked == MARKED[0] else 1
            sheet.text(at + 4 * side, TOP - 14, str(marked), size=14, bold=True,
                       anchor="end" if side < 0 else "start")  # fmt: skip
    return sheet.document(WIDTH, bottom + 4, title=t("sweep.title", language))


def _stretch(sheet: Sheet, one: Stretch, left: float, right: float, y: float) -> None:
    breaks = one.outcome == "breaks"
    sheet.rectangle(
        *(left, y, right - left, STRIP),
        fill=BLUE,
        opacity=OPACITY[one.outcome],
        stroke=FAILURE if breaks else BLUE,
        width=0.8,
        dash="2 2" if breaks else "",
    )
    words = one.breaks_at or (f"{one.dense:,}" if one.dense else "")
    if right - left >= max(WIDE, 8.0 * len(words)):
        solid = one.outcome == "fits"
        sheet.text((left + right) / 2, y + STRIP - 5.5, words, size=13,
                   fill=GROUND if solid else "")  # fmt: skip


def _words(one: Stretch, language: Language) -> str:
    words = f"{sizes_text(one.sizes)} px · {t(f'sweep.{one.outcome}', language)}"
    if one.breaks_at:
        return f"{words} · {one.breaks_at}"
    return f"{words} · {t('sweep.reads', language, n=one.dense)}" if one.dense else words


def _cut(title: str) -> str:
    return title if len(title) <= LETTERS else f"{title[: LETTERS - 1]}…"
