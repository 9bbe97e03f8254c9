"""The labs: one file each, and ``registry`` lists them.

A lab may have a file of about a hundred lines; what it draws comes from ``render.diagrams``, what
it computes from ``network``, ``analysis`` or, if it runs a network, ``interpretability``.
"""
