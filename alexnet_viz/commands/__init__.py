"""The command line: ``python -m alexnet_viz COMMAND``.

``cli`` finds the command and reports problems, ``arguments`` has what commands share, and each
other module is one command: ``configure`` adds its options, ``run`` prints its result.  Imports
every room but ``ui``; what is heavy is imported when the command runs.  Start with ``cli``.
"""
