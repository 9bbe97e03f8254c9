"""Networks compared with the first of them: differences and what follows, less what is ignored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alexnet_viz.analysis.compare.alignment import Match, aligned
from alexnet_viz.analysis.compare.consequences import Consequence, consequences
from alexnet_viz.analysis.compare.differences import Difference, differences
from alexnet_viz.analysis.compare.ignored import (
    NAMES,
    Ignored,
    ignored_words,
    kept_consequences,
    kept_differences,
    kept_matches,
    same_names,
)
from alexnet_viz.network.trace import Trace, trace


@dataclass(frozen=True)
class Against:
    """One network against the first."""

    one: Trace
    other: Trace
    differences: tuple[Difference, ...]
    consequences: tuple[Consequence, ...]
    """What follows in numbers; none where there is no difference."""

    @property
    def same(self) -> bool:
        """Whether both compute the same: every difference is equivalent, and both stop or none."""
        stops = [each.failure and each.failure.layer for each in (self.one, self.other)]
        return all(each.same for each in self.differences) and stops[0] == stops[1]


@dataclass(frozen=True)
class Comparison:
    """Two networks or more, and how each further one differs from the first."""

    traces: tuple[Trace, ...]
    against: tuple[Against, ...]
    matches: tuple[Match, ...]
    """The layers that differ, by role."""
    ignored: Ignored

    @property
    def same(self) -> bool:
        """Whether every network is the same as the first."""
        return all(each.same for each in self.against)


def compared(traces: Sequence[Trace], ignore: Iterable[str] = ()) -> Comparison:
    """The comparison of each trace with the first, without what ``ignore`` names.

    >>> from alexnet_viz.variants import VARIANTS
    >>> pair = [trace(VARIANTS[id]) for id in ("caffe_bvlc_alexnet", "alexnet_2012_227")]
    >>> compared(pair).same, compared(pair, ["lrn", "rounding", "scale"]).same
    (False, True)

    Raises:
        Problem: an unknown word to ignore.
    """
    ignored = ignored_words(ignore, (each.network for each in traces))
    first, *others = traces
    if NAMES in ignored:
        others = [trace(same_names(first.network, each.network)) for each in others]
    joined = (first, *others)
    return Comparison(
        joined,
        tuple(_against(first, each, ignored) for each in others),
        tuple(kept_matches(aligned(joined), ignored)),
        ignored,
    )


def _against(one: Trace, other: Trace, ignored: Ignored) -> Against:
    found = kept_differences(
        differences(one.network, other.network), one.network, other.network, ignored
    )
    follows = consequences(one, other)
    if not found:  # what is ignored has consequences too
        follows = tuple(each for each in follows if each.failure)
    return Against(one, other, found, kept_consequences(follows, ignored))
