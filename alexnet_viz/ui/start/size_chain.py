"""The chain of map sides as a line of words, with the first layer's arithmetic written out."""

from alexnet_viz.network.layers import Flatten, Linear, Window
from alexnet_viz.network.trace import Trace
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.components.layer_words import window_formula

ARROW = " → "


def size_chain(result: Trace) -> str:
    """Markdown: 224 → (224 − 11)/4 + 1 = 54.25, rounded up to 55 → 27 → … → 1,000 classes.

    The first window that changes the side is written out as a formula, the others give their
    output side only.
    """
    steps = [str(result.input_shape[1])]
    side, formula = result.input_shape[1], False
    for row in result.rows:
        if isinstance(row.layer, Flatten) and len(row.input_shape) == 3:
            factors = "·".join(map(str, row.input_shape))
            steps.append(t("start.unrolled", n=row.output_shape[0], factors=factors))
        if len(row.output_shape) != 3 or row.output_shape[1] == side:
            continue
        side = row.output_shape[1]
        if row.slides and isinstance(row.layer, Window) and not formula:
            steps.append(f"**:orange[{window_formula(row.slides[0], row.layer.padding)}]**")
            formula = True
        else:
            steps.append(str(side))
    dense = [row for row in result.rows if isinstance(row.layer, Linear)]
    if result.failure:
        steps.append(f"**:red[{t('start.stops', layer=result.failure.layer)}]**")
    elif dense:
        steps.append(t("start.classes", n=dense[-1].output_shape[0]))
    return ARROW.join(steps)
