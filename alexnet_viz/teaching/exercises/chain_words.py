"""What is asked at each layer of a chain that is traced by hand."""

from alexnet_viz.teaching.exercises.carried import Chain
from alexnet_viz.teaching.questions.answer_text import phrase
from alexnet_viz.teaching.questions.counts import FlattenedInputs
from alexnet_viz.teaching.questions.window_sizes import OutputSize
from alexnet_viz.text import Language, t


def asked_of(asked: Chain, layer: str, language: Language = "en") -> str:
    """The window of a layer in words, or what a dense layer reads; never a size.

    >>> asked_of(Chain("alexnet_2012_227", 227), "conv1")
    'conv1: kernel 11, stride 4, padding 0 + 0, rounded down'
    """
    arriving = dict(zip(asked.layers, (asked.input_size, *asked.answers), strict=False))[layer]
    question = asked.question(layer, arriving)
    if isinstance(question, OutputSize):
        before, after = question.padding
        return t(
            "exercise.chain_window",
            language,
            layer=layer,
            kernel_size=question.kernel_size,
            stride=question.stride,
            before=before,
            after=after,
            rule=phrase(f"exercise.rounds.{question.rounding}"),
        )
    assert isinstance(question, FlattenedInputs)
    return t("exercise.chain_inputs", language, layer=layer, channels=question.shape[0])
