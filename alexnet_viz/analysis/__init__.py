"""Analyses of traces: columns of tables, comparisons, towers, memory, claims.

``columns`` has the quantities of a traced row, ``formulas`` its arithmetic as LaTeX.  Each folder
answers one kind of question: ``inputs`` (which input sizes fit), ``compare`` (how networks differ),
``towers`` (what each tower holds and fetches), ``memory`` (bytes per GPU), ``claims`` (statements
about AlexNet and their verdicts), ``history`` (the runs of 2012).

Imports ``variants``, ``network`` and ``text``; no torch, and numpy only in
``towers.permutation_test``.  Start with ``columns`` and ``compare.differences``.
"""
