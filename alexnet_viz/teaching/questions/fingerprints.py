"""Questions about eight networks that are all called AlexNet: two fingerprints name one of them."""

from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from alexnet_viz.analysis.claims.quantity import Value, ask
from alexnet_viz.teaching.questions.answer_text import phrase, written
from alexnet_viz.teaching.questions.question import Form, Question, Step
from alexnet_viz.text import LANGUAGES, Text

SUSPECTS = (
    "alexnet_2012_paper",
    "torchvision_alexnet",
    "caffe_bvlc_alexnet",
    "caffe_bvlc_reference_caffenet",
    "d2l_alexnet",
    "zfnet_paper",
    "rotnet_alexnet_bn",
    "chainer_alex",
)
"""The networks; the last has no groups, and LRN as in the paper."""

FINGERPRINTS = {
    "width": "conv1.out_channels",
    "params": "network.params",
    "inputs": "fc6.inputs",
    "order": "stage1.order",
    "depth": "conv2.kernel_depth",
    "picture": "network.input_shape",
    "side": "conv1.output_size",
    "macs": "network.macs",
    "constant": "norm1.k",
}
"""What a summary says of a network: the quantity by name."""


@cache
def fingerprint(network: str, name: str) -> Value:
    """The value of a fingerprint; None where the network has none.

    >>> fingerprint("d2l_alexnet", "inputs"), fingerprint("torchvision_alexnet", "constant")
    (6400, None)
    """
    try:
        return ask(network, FINGERPRINTS[name])
    except LookupError:  # a layer of this name, but of another kind
        return None


def said(network: str, name: str) -> Text:
    """A fingerprint in words.

    >>> said("caffe_bvlc_reference_caffenet", "order").en
    'first stage: conv → ReLU → max pool → LRN'
    """
    value = fingerprint(network, name)
    if isinstance(value, tuple) and name == "order":
        kinds = [phrase(f"kind_short.{each}") for each in value]
        words = Text(*(" → ".join(each.of(language) for each in kinds) for language in LANGUAGES))
    else:
        words = written(value, "shape")  # type: ignore[arg-type]
    return phrase(f"exercise.fingerprint.{name}", value=words)


@dataclass(frozen=True)
class NamedNetwork(Question):
    """Which of the networks has both fingerprints; only one has."""

    kind: ClassVar[str] = "named_network"
    form: ClassVar[Form] = "word"

    network: str
    first: str
    second: str
    among: tuple[str, ...] = SUSPECTS
    """The networks, in the order in which they are gone through."""

    def having(self, *names: str) -> tuple[str, ...]:
        """The networks that share these fingerprints with the one that is asked for."""
        return tuple(
            each
            for each in self.among
            if all(fingerprint(each, name) == fingerprint(self.network, name) for name in names)
        )

    @property
    def only(self) -> bool:
        """Whether both fingerprints exist and belong to one network."""
        values = [fingerprint(self.network, name) for name in (self.first, self.second)]
        return None not in values and len(self.having(self.first, self.second)) == 1

    @property
    def answer(self) -> str:
        return self.network

    @property
    def steps(self) -> tuple[Step, ...]:
        """One look-up, and one for each network that the rarer fingerprint leaves."""
        left = min(len(self.having(name)) for name in (self.first, self.second))
        return ((0,),) * (1 + left)

    @property
    def values(self) -> dict[str, object]:
        """The two fingerprints in words, and who has each."""
        return {
            "first": said(self.network, self.first),
            "second": said(self.network, self.second),
            "having_first": _names(self.having(self.first)),
            "having_second": _names(self.having(self.second)),
            "suspects": _names(SUSPECTS),
        }


def _names(networks: tuple[str, ...]) -> Text:
    names = [written(each, "word") for each in networks]
    return Text(", ".join(each.en for each in names), "、".join(each.zh for each in names))
