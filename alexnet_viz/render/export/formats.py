"""The formats in which a network can be exported: tables, source code, nets, pictures, pages.

Writers that need a library import it when they are called.  ``json`` is the network itself
(docs/spec-format.md) and can be opened again; the computed numbers as JSON are written by
``alexnet_viz.render.tables.trace_table``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from alexnet_viz.network.spec_file import dumps
from alexnet_viz.network.trace import Trace
from alexnet_viz.render.diagrams.blocks import architecture
from alexnet_viz.render.export.keras_source import keras_source
from alexnet_viz.render.export.prototxt import prototxt
from alexnet_viz.render.export.torch_source import torch_source
from alexnet_viz.render.tables.trace_table import DEFAULT_KEYS, EXPORTS
from alexnet_viz.text import Language


@dataclass(frozen=True)
class Format:
    """A format: suffix, media type, and the function that writes it."""

    extension: str
    media_type: str
    syntax: str | None
    """The language for syntax highlighting; None if the file is not text."""
    write: Callable[[Trace, Language], str | bytes]
    """Raises ``Problem`` if the network cannot be written in this format."""

    def file(self, trace: Trace) -> str:
        """The name of a network's file."""
        return f"{trace.network.id}_{trace.input_shape[-1]}.{self.extension}"


def _table(name: str, trace: Trace, language: Language) -> str:
    return EXPORTS[name].render(trace, DEFAULT_KEYS, language)


def _spec(trace: Trace, language: Language) -> str:
    return dumps(trace.network)


def _onnx(trace: Trace, language: Language) -> bytes:
    from alexnet_viz.render.export.onnx_writer import onnx_file

    return onnx_file(trace, language)


def _svg(trace: Trace, language: Language) -> str:
    return architecture(trace, language)


def _png(trace: Trace, language: Language) -> bytes:
    from alexnet_viz.render.export.png import png

    return png(_svg(trace, language), language)


def _html(trace: Trace, language: Language) -> str:
    from alexnet_viz.render.export.html_report import html_report

    return html_report([trace], language)


FORMATS: dict[str, Format] = {
    "torch": Format("torch.py", "text/x-python", "python", torch_source),
    "keras": Format("keras.py", "text/x-python", "python", keras_source),
    "prototxt": Format("prototxt", "text/plain", "protobuf", prototxt),
    "onnx": Format("onnx", "application/octet-stream", None, _onnx),
    "json": Format("spec.json", "application/json", "json", _spec),
    "csv": Format("csv", "text/csv", "csv", partial(_table, "csv")),
    "markdown": Format("md", "text/markdown", "markdown", partial(_table, "markdown")),
    "latex": Format("tex", "application/x-tex", "latex", partial(_table, "latex")),
    "svg": Format("svg", "image/svg+xml", None, _svg),
    "png": Format("png", "image/png", None, _png),
    "html": Format("html", "text/html", None, _html),
}
