"""The command line: ``python -m alexnet_viz COMMAND``.

``cli`` knows the commands and reports problems, ``arguments`` reads what was typed, and each other
module is one command with a function ``run``.  Imports every room but ``ui``; what is heavy is
imported when the command runs.  Start with ``cli``.
"""
