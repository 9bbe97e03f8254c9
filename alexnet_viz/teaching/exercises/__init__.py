"""Exercises: questions drawn by a seed, and chains of steps judged one by one.

``exercise``    what is drawn: the question, whether it is typed or chosen, the options, the words
``draw_…``      what each generator draws, one function each
``generators``  all generators, and ``draw``
``carried``     a chain by hand in which each step is judged on the student's own previous number
"""
