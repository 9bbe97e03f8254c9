"""What the Learn pages teach with: lessons, labs, exercises, and the diagnosis of an answer.

``control``    what a student can change or draw: a number, a choice, bars, cells, a box, a curve
``labs``       one file a lab: what can be changed, what is computed, which picture, which task
``lessons``    one folder a lesson, read as data
``questions``  what can be asked, as values that compute their answer
``typed``      numbers as people type them
``slips``      the documented mistakes, each as a function that computes what it leads to
``exercises``  questions drawn by a seed, and chains judged step by step
``experiments``  the training lab: questions of the paper asked again of small networks

Nothing here draws a page or knows a visitor; torch is loaded only by a lab that runs a network and
by ``experiments.run``.
"""
