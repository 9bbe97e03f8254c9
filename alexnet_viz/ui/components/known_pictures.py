"""The pictures whose class is known, because the weights that ship were trained on such."""

from collections.abc import Callable
from dataclasses import dataclass

from alexnet_viz.pictures import fashion, synthetic
from alexnet_viz.pictures.images import Picture
from alexnet_viz.pictures.samples.clothes import photograph
from alexnet_viz.pictures.samples.fresh import drawing
from alexnet_viz.text import Text
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.choices import CHOICES
from alexnet_viz.weights import Weights
from alexnet_viz.weights.catalogue import DRAWINGS, FASHION


@dataclass(frozen=True)
class Known:
    """A kind of pictures; the class and the number of the shown one are choices."""

    source: str
    """The option of the choice ``source``, and the choice of the class."""
    number: str
    """The choice of the number."""
    things: str
    """What the pictures show, in keys of phrases."""
    kinds: tuple[str, ...]
    """The classes in links, in the order of the weights' outputs."""
    titles: tuple[Text, ...]
    """The titles of the classes."""
    picture: Callable[[str, int], Picture]
    """The picture of a class and a number."""

    def chosen(self) -> Picture:
        """The picture that the choices name."""
        return self.picture(state.use(self.source), state.use(self.number))

    def another(self) -> None:
        """Choose the next picture of the class."""
        _low, most = CHOICES[self.number].limits or (0, 0)
        following = state.get(self.number) + 1
        state.put(self.number, following if following <= most else 0)

    def take(self, kind: str, number: int) -> None:
        """Choose a picture."""
        state.put("source", self.source)
        state.put(self.source, kind)
        state.put(self.number, number)


KNOWN = {
    DRAWINGS.id: Known(
        source="drawing",
        number="drawing_seed",
        things="drawings",
        kinds=tuple(synthetic.CLASSES),
        titles=DRAWINGS.classes,
        picture=drawing,
    ),
    FASHION.id: Known(
        source="clothes",
        number="clothes_number",
        things="clothes",
        kinds=fashion.NAMES,
        titles=FASHION.classes,
        picture=photograph,
    ),
}
"""By the id of the weights."""

BY_SOURCE = {known.source: known for known in KNOWN.values()}


def known_to(weights: Weights | None) -> Known | None:
    """The pictures that these weights were trained on; None if there are none here."""
    return KNOWN.get(weights.id) if weights else None
