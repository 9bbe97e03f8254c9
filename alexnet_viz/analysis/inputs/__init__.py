"""Input sizes that a network accepts, and the 224/227 case.

``input_ranges`` finds the square inputs at which a network runs and those at which a dense layer
reads N values, ``sweep`` gives the outcome of every size, ``case_224`` lists the known ways to
resolve 224 against 227.
"""
