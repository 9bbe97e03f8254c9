"""The winners of the ImageNet contest in classification, 2010 to 2017.

The error is top-5 on the test set, in per cent, of the entry that won.  The numbers of 2010 to 2014
are those of Russakovsky et al. ("ImageNet Large Scale Visual Recognition Challenge", IJCV 2015,
table of classification results): entries with the contest's own training data.
"""

from dataclasses import dataclass

from alexnet_viz.text import Text

CONTEST = "Russakovsky et al., IJCV 2015"


@dataclass(frozen=True)
class Winner:
    """The winning entry of a year."""

    year: int
    entry: str
    top5: float
    source: str
    how: Text
    """What kind of method it is."""
    learned: bool = True
    """Whether its features are learned from the pixels."""


_BY_HAND = Text("features made by hand, linear classifier", "手工特征，线性分类器")
_NETWORK = Text("convolutional network", "卷积网络")

WINNERS: tuple[Winner, ...] = (
    Winner(2010, "NEC-UIUC", 28.2, CONTEST, _BY_HAND, learned=False),
    Winner(2011, "XRCE", 25.8, CONTEST, _BY_HAND, learned=False),
    Winner(2012, "SuperVision (AlexNet)", 16.4, CONTEST, _NETWORK),
    Winner(2013, "Clarifai", 11.7, CONTEST, _NETWORK),
    Winner(2014, "GoogLeNet", 6.7, CONTEST, _NETWORK),
    Winner(2015, "ResNet", 3.57, "He, Zhang, Ren, Sun, CVPR 2016", _NETWORK),
    Winner(2016, "Trimps-Soushen", 2.99, "image-net.org, results of 2016", _NETWORK),
    Winner(2017, "SENet", 2.251, "Hu, Shen, Sun, CVPR 2018", _NETWORK),
)
"""By year."""

PAPER_2012, SECOND_2012 = 15.3, 26.2
"""Top-5 of 2012 as the paper prints them (section 6): its best entry, which was also trained on the
pictures of Fall 2011, and the second-best entry."""


def drop(year: int) -> float:
    """By how many points the winner's error fell from the year before.

    >>> round(drop(2012), 1)
    9.4
    """
    before, after = (next(w.top5 for w in WINNERS if w.year == y) for y in (year - 1, year))
    return before - after
