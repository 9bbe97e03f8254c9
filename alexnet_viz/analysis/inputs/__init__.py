"""Which inputs a network takes, what each size becomes, and the 224/227 case.

``input_ranges`` finds the square inputs that run and those that bring a dense layer N values,
``sweep`` walks every size, ``case_224`` lists the ways the 2012 network has been made to fit.
"""
