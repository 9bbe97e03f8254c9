"""A statement of a source about a network, as a value that can be checked.

A claim about numbers lists them (``states``: the stated value by quantity), and
``alexnet_viz.analysis.claims.verdict`` computes whether they hold.  A claim in words has a judged
verdict, with the reason in ``explains``; wherever a verdict is shown it is marked as computed or
judged.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from alexnet_viz.analysis.claims.quantity import Value
from alexnet_viz.text import Text

Word = Literal[
    "agrees", "roughly", "differs", "contradicts", "arithmetic", "wrong", "unclear", "garbled",
    "copied",
]  # fmt: skip
WORDS: tuple[Word, ...] = get_args(Word)
"""The verdicts, from the best to the worst."""


@dataclass(frozen=True, kw_only=True, eq=False)  # compared by identity: there is one object per id
class Claim:
    """One statement of a source."""

    id: str
    source: str
    where: Text
    layer: str
    """The layer that the claim is about; ``network``, ``input``, or ``general``."""
    concept: str
    variant: str
    """Id of the variant in which the claim is checked: the source's own network."""
    states: Mapping[str, Value] = field(default_factory=dict)
    """Stated values by expression (``alexnet_viz.analysis.claims.expression``)."""
    implies: tuple[str, ...] = ()
    """Quantities that follow from the statement without being stated."""
    omits: tuple[str, ...] = ()
    """Quantities that the source leaves open."""
    printed: str = ""
    """What is printed where something else is meant, a slip or text lost in copying; else empty."""
    tolerance: float = 0
    """Largest difference from the computed value at which a rounded number still holds."""
    judged: Word | None = None
    """The verdict where no number decides."""
    says: Text | None = None
    """The claim in our words; None where the words follow from the quantities."""
    explains: Text | None = None
    """The reason; None where it follows from the numbers.  ``{expressions}`` are evaluated."""
    show: str = ""
    """The view that shows it, as ``page?choice=value``; empty for the default of ``view``."""
