"""The glossary: each term in both languages, its meaning, and where it can be seen."""

from alexnet_viz.ui import require_shell
from alexnet_viz.ui.glossary.entries import entries

require_shell()
entries()
