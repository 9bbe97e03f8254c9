"""Questions with one right answer, as frozen values that compute it with the engine.

One file a subject: ``window_sizes``, ``counts``, ``fields`` (receptive), ``small_maps``,
``single_values``, ``network_chains``.  ``question`` is what they share.  A question holds numbers
only; its words are in ``text/exercises.toml``, and the mistakes people make in it in
``teaching.slips``.
"""
