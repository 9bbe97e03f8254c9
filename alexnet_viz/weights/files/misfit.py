"""The error for weights that do not fit a network, with every mismatch.

The usual cause is the number of features that fc6 reads: 9216 = 256 x 6 x 6 if the maps before it
are 6 x 6, 6400 = 256 x 5 x 5 if 224 was rounded down.  So a mismatch at fc6 is explained by the
input sizes at which the network would produce the file's number.
"""

from math import isqrt
from typing import NamedTuple

from alexnet_viz.analysis.inputs.input_ranges import inputs_keeping
from alexnet_viz.network.geometry import MAX_INPUT_SIZE
from alexnet_viz.network.layers import Conv, Shape, shape_text
from alexnet_viz.network.spec import Network
from alexnet_viz.text import Language, running, t
from alexnet_viz.text.problem import Problem, shown

MAX_LISTED = 8
"""Most keys that a message names of missing, unexpected and misshapen ones each."""


class Mismatch(NamedTuple):
    """A parameter of the network or a key of the file without an equal counterpart."""

    key: str
    found: Shape | None
    """The shape in the file; None if it lacks the parameter."""
    needed: Shape | None
    """The shape in the network; None if it has no such parameter."""


class WeightsMisfit(Problem):
    """Weights that do not fit a network.

    Attributes:
        network: the network that they were to fit.
        missing, unexpected, misshapen: all mismatches, by kind.
        nearest: the variant with the fewest mismatches, and these mismatches.
    """

    def __init__(
        self,
        network: Network,
        mismatches: tuple[Mismatch, ...],
        nearest: tuple[Network, tuple[Mismatch, ...]],
    ) -> None:
        super().__init__("weights_misfit", network=network.id, count=len(mismatches))
        self.network = network
        self.missing = tuple(each for each in mismatches if each.found is None)
        self.unexpected = tuple(each for each in mismatches if each.needed is None)
        self.misshapen = tuple(each for each in mismatches if None not in each)
        self.nearest = nearest

    def message(self, language: Language = "en") -> str:
        """The mismatched keys and shapes, and what the first dense layer implies of the input."""
        named = {
            t("importers.misshapen", language): [
                t(
                    "importers.instead",
                    language,
                    name=each.key,
                    found=shape_text(each.found or ()),
                    needed=shape_text(each.needed or ()),
                )
                for each in self.misshapen
            ],
            t("importers.missing", language): [each.key for each in self.missing],
            t("importers.unexpected", language): [shown(each.key) for each in self.unexpected],
        }
        sentences = [
            t(
                "problem.weights_misfit",
                language,
                **self.values | {"shape": shape_text(self.network.input_shape)},
            ),
            *(_listed(kind, keys, language) for kind, keys in named.items() if keys),
            *(self._dense(each, language) for each in self.misshapen),
        ]
        return running(sentences, language)

    def remedy(self, language: Language = "en") -> str:
        """The variant that the weights fit, or fit best."""
        network, mismatches = self.nearest
        shape = shape_text(network.input_shape)
        if not mismatches:
            return t("importers.fits", language, network=network.id, shape=shape)
        if network.id == self.network.id:
            return t("importers.none_nearer", language)
        count = len(mismatches)
        return t("importers.nearest", language, network=network.id, shape=shape, count=count)

    def _dense(self, each: Mismatch, language: Language) -> str:
        """An explanation for another ``in_features`` of the first dense layer; else empty."""
        layer = each.key.partition(".")[0]
        first = [dense.name for dense in self.network.dense[:1]]
        if layer not in first or not each.found or not each.needed:
            return ""
        offered, needed = each.found[-1], each.needed[-1]
        if len(each.found) != 2 or offered == needed:
            return ""
        maps = _last_maps(self.network)
        said = t(
            "importers.dense",
            language,
            layer=layer,
            offered=_factored(offered, maps),
            needed=_factored(needed, maps),
            shape=shape_text(self.network.input_shape),
        )
        return f"{said} {_sizes(self.network, layer, offered, language)}"


def _listed(kind: str, keys: list[str], language: Language) -> str:
    more = len(keys) - MAX_LISTED
    rest = [t("importers.more", language, count=more)] if more > 0 else []
    return t("importers.listed", language, kind=kind, keys="; ".join(keys[:MAX_LISTED] + rest))


def _last_maps(network: Network) -> int:
    """The channels of the maps before the dense layers: the last convolution's, or the input's."""
    convs = [layer.out_channels for layer in network.layers if isinstance(layer, Conv)]
    return [network.input_shape[0], *convs][-1]


def _factored(features: int, maps: int) -> str:
    """A number of features, with its factors if it is maps x side x side.

    >>> _factored(6400, 256), _factored(1000, 256)
    ('6,400 = 256×5×5', '1,000')
    """
    side = isqrt(features // maps)
    return f"{features:,}" + (f" = {maps}×{side}×{side}" if maps * side**2 == features else "")


def _sizes(network: Network, layer: str, features: int, language: Language) -> str:
    """The square inputs at which ``layer`` would read ``features`` values, in a sentence."""
    sizes = inputs_keeping(network, layer, features)
    if not sizes:
        return t(
            "inputs.keeping_none", language, layer=layer, features=features, largest=MAX_INPUT_SIZE
        )
    return t(
        "importers.sizes",
        language,
        network=network.id,
        features=features,
        first=sizes[0],
        last=sizes[-1],
    )
