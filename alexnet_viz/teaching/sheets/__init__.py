"""Sheets of exercises in several versions, to print or to import into a school's system.

``sheet``        which exercises are on it; its link text; the exercises of each version
``printed``      the HTML file to print: versions, keys, answer strips
``exports``      the files that learning platforms import
``answer_code``  a student's answers as a short code, and back
``misread``      whether a wrong answer is the answer to another question
``board``        what a class answered, item by item, from its codes
"""
