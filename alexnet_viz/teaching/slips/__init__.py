"""The documented mistakes: each a function that computes what the mistake leads to.

``slip``       what a slip is
``of_…``       the slips of the questions of one subject
``registry``   all of them, and those of a question
``diagnosis``  which of them, or which network or rounding rule, gives a student's answer
"""
