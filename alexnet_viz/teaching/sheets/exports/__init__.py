"""A sheet as a file that a school's learning platform imports.

``item``      an exercise as every format needs it: question, replies in the order of matching
``writings``  the ways in which an answer of several numbers may be typed
``picture``   the numbers beside a question as PNG, as a table of HTML, and in words
``gift`` …    one module a format, with ``write(sheet, letters, language)``
``registry``  all formats
"""
