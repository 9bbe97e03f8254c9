"""What a source says about a network, as a value that can be checked.

A claim that concerns numbers says which (``states``: quantity by quantity, the value stated), and
``alexnet_viz.analysis.claims.verdict`` works out whether they hold.  A claim in words carries a
judgement, with the reason in ``explains``; the two are told apart wherever a verdict is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from alexnet_viz.analysis.claims.quantity import Value
from alexnet_viz.text import Text

Word = Literal[
    "agrees", "roughly", "differs", "contradicts", "arithmetic", "wrong", "unclear", "garbled"
]
WORDS: tuple[Word, ...] = get_args(Word)
"""The verdicts, from the best to what cannot be read."""


@dataclass(frozen=True, kw_only=True, eq=False)  # there is one of each, known by its id
class Claim:
    """One statement of a source."""

    id: str
    source: str
    where: Text
    layer: str
    """The layer it is about; ``network``, ``input``, or ``general``."""
    concept: str
    variant: str
    """The network in which the claim is checked: a reading of the source."""
    states: Mapping[str, Value] = field(default_factory=dict)
    """What is stated, by expression (``alexnet_viz.analysis.claims.expression``)."""
    implies: tuple[str, ...] = ()
    """Quantities that follow from what it says, without being stated."""
    omits: tuple[str, ...] = ()
    """Quantities that it leaves open."""
    printed: str = ""
    """A slip of the pen as it stands there, where another thing is meant."""
    tolerance: float = 0
    """How far a number that the source rounded may be from the one computed."""
    judged: Word | None = None
    """The verdict on what no number decides."""
    says: Text | None = None
    """The claim in our words; None where the quantities say it."""
    explains: Text | None = None
    """The reason; None where the numbers say it.  ``{expressions}`` are worked out."""
    show: str = ""
    """The view that shows it, as ``page?choice=value``; empty for the one that follows."""
