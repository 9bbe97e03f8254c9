"""A network as frozen data, and what follows from its layers one by one.

``geometry`` is the arithmetic of a sliding window, N = (W - F + 2P)/S + 1 under every rounding
rule. ``layers`` are the kinds of layer, each with its output shape, parameters and MACs;
``spec.Network`` is a flat tuple of them; ``trace.trace`` walks it at an input and returns rows and,
where a layer does not fit, a failure.  ``to_plain``, ``from_plain`` and ``spec_file`` read and
write JSON.

Imports ``text`` and the standard library only.  Start with ``trace``, then ``layers.base``.
"""
