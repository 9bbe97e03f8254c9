"""Small problems that are solved while a lab is open, each in a few milliseconds.

They are toys: too small to say anything about AlexNet's accuracy, and exact in what they show of a
rule.  numpy is imported when a function is called, and the same arguments give the same numbers.
"""
