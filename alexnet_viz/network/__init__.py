"""Networks as frozen data, and the trace of a network: shapes, windows, counts.

``geometry`` is the arithmetic of a sliding window, N = (W - F + 2P)/S + 1 under every rounding
rule.  ``layers`` are the kinds of layer, each with its output shape, parameters, MACs and traits;
``spec.Network`` is a flat tuple of layers; ``trace.trace`` returns a row a layer and, where a layer
does not fit its input, a failure.  ``to_plain``, ``from_plain`` and ``spec_file`` read and
write JSON.

Imports ``text`` and the standard library only.  Start with ``trace``, then ``layers.base``.
"""
