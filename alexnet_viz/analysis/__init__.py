"""What follows from a trace: tables of columns, comparisons, towers, memory, claims.

``columns`` names every quantity of a trace's row, ``formulas`` writes its arithmetic out.  The
folders each answer one kind of question: ``inputs`` (which sizes fit), ``compare`` (what differs),
``towers`` (who holds and fetches what), ``memory``, ``claims`` (who is right), ``history``.

Imports ``variants``, ``network`` and ``text``; no torch, and numpy only in
``towers.permutation_test``.  Start with ``columns`` and ``compare.differences``.
"""
