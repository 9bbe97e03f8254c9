"""Questions about sentences that were published about AlexNet: what is wrong with each.

The sentences are reworded; their sources stand with them.  What is right is computed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from alexnet_viz.analysis.claims import expression
from alexnet_viz.teaching.questions.answer_text import phrase
from alexnet_viz.teaching.questions.question import Form, Question, Step

MISTAKES: Mapping[str, str] = {
    "five_pools": "another_network",
    "maps_of_a_pool": "maps_by_pooling",
    "seven_by_seven": "another_network",
    "macs_and_flops": "macs_for_flops",
    "megabytes": "wrong_unit",
    "two_errors": "two_measures",
    "crop_places": "one_place_less",
    "only_227": "one_rounding",
    "code_reads_227": "repair_for_original",
    "first_neurons": "wrong_factors",
}
"""The mistake in each sentence."""

COMPUTED: Mapping[str, Mapping[str, str]] = {
    "five_pools": {
        "pools": "paper.network.pools",
        "side": "paper.pool5.output_size",
        "maps": "paper.pool5.in_channels",
    },
    "maps_of_a_pool": {
        "maps": "paper.conv1.out_channels",
        "more": "paper.conv2.out_channels",
    },
    "seven_by_seven": {
        "kernels": "paper.conv1.out_channels",
        "side": "paper.conv1.kernel_size",
        "picture": "paper.network.input_size",
    },
    "macs_and_flops": {
        "macs": "paper.network.macs/1000000000",
        "flops": "2*paper.network.macs/1000000000",
    },
    "megabytes": {
        "mebi": "4*(d2l_alexnet.fc6.weights+d2l_alexnet.fc7.weights)/1048576",
        "mega": "4*(d2l_alexnet.fc6.weights+d2l_alexnet.fc7.weights)/1000000",
    },
    "two_errors": {},
    "crop_places": {
        "last": "256-paper.network.input_size",
        "places": "256-paper.network.input_size+1",
        "views": "2*(256-paper.network.input_size+1)*(256-paper.network.input_size+1)",
    },
    "only_227": {
        "side": "paper.conv1.output_size",
        "down": "alexnet_2012_227[224].conv1.output_size",
        "more": "alexnet_2012_227.network.input_size-paper.network.input_size",
    },
    "code_reads_227": {
        "read": "alexnet_2012_code_145.network.input_size",
        "repaired": "alexnet_2012_227.network.input_size",
        "side": "alexnet_2012_code_145.conv1.output_size",
    },
    "first_neurons": {
        "side": "paper.conv1.output_size",
        "maps": "paper.conv1.out_channels",
        "right": "paper.conv1.outputs",
        "depth": "paper.conv2.kernel_depth",
        "printed": "paper.conv1.output_size*paper.conv2.kernel_depth*paper.conv1.out_channels",
    },
}
"""What the words about a mistake compute, by the name of a placeholder."""


@dataclass(frozen=True)
class PublishedError(Question):
    """What is wrong with a published sentence."""

    kind: ClassVar[str] = "published_error"
    form: ClassVar[Form] = "word"

    sentence: str

    @property
    def answer(self) -> str:
        return MISTAKES[self.sentence]

    @property
    def steps(self) -> tuple[Step, ...]:
        return ((0,),)

    @property
    def values(self) -> dict[str, object]:
        """The sentence, where it was found, and why it is wrong, computed."""
        found = {
            name: expression.evaluate(words, expression.PAPER)
            for name, words in COMPUTED[self.sentence].items()
        }
        numbers = {
            name: value if isinstance(value, int) else float(value)  # type: ignore[arg-type]
            for name, value in found.items()
        }
        return {
            "says": phrase(f"exercise.published.{self.sentence}.says"),
            "where": phrase(f"exercise.published.{self.sentence}.where"),
            "why": phrase(f"exercise.published.{self.sentence}.why", **numbers),
        }
