"""Traces, comparisons and towers as HTML inside a page that is not ours: a cell of a notebook.

The style is confined to the cell and takes the page's own colours; there is no script, and nothing
is loaded.
"""

from collections.abc import Iterable

from alexnet_viz.analysis.compare.comparison import Comparison
from alexnet_viz.analysis.towers.split import BATCH, Towers
from alexnet_viz.network.layers import shape_text
from alexnet_viz.network.trace import Trace
from alexnet_viz.render.diagrams.blocks import architecture
from alexnet_viz.render.diagrams.towers import tower_diagram
from alexnet_viz.render.export.diff_report import assumed_parts, diff_parts
from alexnet_viz.render.export.html_page import drawing, paragraph, table
from alexnet_viz.render.tables.towers import gpus_table
from alexnet_viz.render.tables.trace_table import DEFAULT_KEYS, trace_table
from alexnet_viz.text import Language, t

STYLE = """\
.alexnet-viz figure { margin: 0 0 0.8em; }
.alexnet-viz figure svg { width: 100%; height: auto; }
.alexnet-viz .wide { overflow-x: auto; }
.alexnet-viz table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.alexnet-viz th, .alexnet-viz td { text-align: left; padding: 0.15em 0.8em 0.15em 0; }
.alexnet-viz .number { text-align: right; }
.alexnet-viz thead th { border-bottom: 1px solid currentColor; }
.alexnet-viz tfoot tr:first-child { border-top: 1px solid currentColor; }
"""


def trace_cell(trace: Trace, language: Language = "en") -> str:
    """The drawing of a network and the table of its layers."""
    grid = trace_table(trace, DEFAULT_KEYS, language).grid
    return _cell([_drawn(trace, language), f'<div class="wide">{table(grid)}</div>'])


def comparison_cell(comparison: Comparison, language: Language = "en") -> str:
    """Differences, what follows, the layers that differ, and a drawing of each network."""
    drawings = (_drawn(each, language) for each in comparison.traces)
    parts = diff_parts(comparison, language)
    return _cell([*parts, *drawings, *assumed_parts(comparison, language)])


def towers_cell(trace: Trace, towers: Towers | None, language: Language = "en") -> str:
    """The drawing of the towers and a table of the GPUs."""
    if towers is None:
        return _cell([paragraph(t("towers.none", language, network=trace.network.id))])
    ghosts = trace.network.layers[len(trace.rows) :]
    svg = tower_diagram(towers, trace.input_shape, language, batch=BATCH, ghosts=ghosts)
    grid = table(gpus_table(towers, language).grid)
    return _cell([drawing(svg, trace.network.id), f'<div class="wide">{grid}</div>'])


def _drawn(trace: Trace, language: Language) -> str:
    name = f"{trace.network.id} · {shape_text(trace.input_shape)}"
    return drawing(architecture(trace, language), name)


def _cell(parts: Iterable[str]) -> str:
    body = "\n".join(parts)
    return f'<div class="alexnet-viz"><style>\n{STYLE}</style>\n{body}\n</div>'
