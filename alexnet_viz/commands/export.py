"""``export VARIANT --to FORMAT``: a network as a file, source code, a picture, a report."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from alexnet_viz.commands.arguments import Parser, Word, add_reading, traced
from alexnet_viz.commands.output import saved
from alexnet_viz.network.spec_file import load
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.render.export.formats import FORMATS
from alexnet_viz.text import Language
from alexnet_viz.text.problem import Problem, shown
from alexnet_viz.variants.lookup import variant

RANDOM = "random"
"""In place of an id of weights: random numbers, as before training."""


def configure(parser: Parser, word: Word) -> None:
    """Add the options."""
    parser.add_argument("variants", nargs="*", metavar="VARIANT", help=word("variant"))
    parser.add_argument("--spec", metavar="FILE", help=word("spec"))
    add_reading(parser, word)
    parser.add_argument("--to", choices=FORMATS, required=True, help=word("export_to"))
    parser.add_argument("--output", metavar="FILE", help=word("export_output"))
    parser.add_argument("--weights", metavar="ID", help=word("export_weights"))


def run(arguments: argparse.Namespace) -> int:
    """Write one file, or a report that compares several networks, and return the exit code.

    Raises:
        Problem: no network, one that the format cannot hold, or a file that cannot be written.
    """
    networks = [variant(each) for each in arguments.variants]
    networks += [] if arguments.spec is None else [load(arguments.spec)]
    if not networks:
        raise Problem("nothing_to_export")
    traces = [traced(arguments, network) for network in networks]
    content = _content(arguments, traces, arguments.language)
    if arguments.output is not None:
        saved(arguments.output, content)
    elif isinstance(content, str):
        print(content, end="")
    elif sys.stdout.isatty():
        raise Problem("export_to_terminal", format=arguments.to)
    else:
        sys.stdout.buffer.write(content)
    return 0


def _content(
    arguments: argparse.Namespace, traces: Sequence[Trace], language: Language
) -> str | bytes:
    format = arguments.to
    if arguments.weights is not None and format != "onnx":
        raise Problem("export_weights", format=format)
    if len(traces) > 1:
        if format != "html":
            raise Problem("export_one", format=format, count=len(traces))
        from alexnet_viz.render.export.html_report import html_report

        return html_report(traces, language)
    if arguments.weights is not None:
        return _with_weights(traces[0], arguments.weights, language)
    return FORMATS[format].write(traces[0], language)


def _with_weights(result: Trace, given: str, language: Language) -> bytes:
    """ONNX with the numbers of a set of weights that fits, or with the paper's random ones."""
    from alexnet_viz.model.build import build
    from alexnet_viz.render.export.onnx_writer import onnx_file
    from alexnet_viz.weights.catalogue import WEIGHTS
    from alexnet_viz.weights.compatibility import adapted, misfits
    from alexnet_viz.weights.loader import tensors

    if given == RANDOM:
        numbers = build(result.network).state_dict()
        return onnx_file(result, language, weights=_arrays(numbers))
    if given not in WEIGHTS:
        known = ", ".join((RANDOM, *WEIGHTS))
        raise Problem("unknown_weights", given=shown(given), known=known)
    weights = WEIGHTS[given]
    fitted = trace(adapted(result.network, weights))
    if refused := misfits(fitted, weights):
        layers = ", ".join(misfit.layer for misfit in refused)
        raise Problem("export_misfit", network=fitted.network.id, weights=given, layers=layers)
    return onnx_file(fitted, language, weights=_arrays(tensors(weights)))


def _arrays(tensors: Mapping[str, Any]) -> dict[str, Any]:
    """Torch tensors as numpy arrays, by the same names."""
    return {name: tensor.numpy() for name, tensor in tensors.items()}
