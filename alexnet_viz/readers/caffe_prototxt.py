"""Read a Caffe ``.prototxt``, for deployment or training, in the new or the old syntax.

``layer { type: "Convolution" }`` and ``layers { type: CONVOLUTION }`` (2014) mean the same.  Of a
training file the TEST phase is read, or the ``State`` that is asked for: ``caffe_state`` selects
the layers, the softmax of the loss is the output, and layers that feed data or measure accuracy are
left out.  Layers that work in place (top = bottom) apply in the order of the file.
Defaults: src/caffe/proto/caffe.proto of BVLC/caffe at 9b89154018.
"""

from collections.abc import Sequence
from functools import partial

from alexnet_viz.network.caffe_types import current_type
from alexnet_viz.network.spec import Network
from alexnet_viz.readers import caffe_layers
from alexnet_viz.readers.caffe_input import Source, input_shape
from alexnet_viz.readers.caffe_state import DEPLOYED, State, present, stages
from alexnet_viz.readers.chain import Chain, Spec, Step, Wires, chained
from alexnet_viz.readers.diagnostics import Finding, listed
from alexnet_viz.readers.layer_roles import own_names
from alexnet_viz.readers.layer_settings import settings_of
from alexnet_viz.readers.network_builder import flattened, network
from alexnet_viz.readers.protobuf_text import Message, messages_of, parse, words_of

FORMAT = "Caffe prototxt"

FED = frozenset(
    {"Data", "ImageData", "HDF5Data", "MemoryData", "WindowData", "DummyData", "Input"}
    | {"AnnotatedData", "Python"}
)
"""Layers that read no blob and feed the network."""

LEFT_OUT = frozenset({"Accuracy", "Silence", "HDF5Output", "ArgMax", "InfogainLoss"})
"""Layers that measure or write and whose output no other layer reads."""


def read(text: str, name: str, state: State | None = None) -> Network:
    """The network of a prototxt, in the TEST phase unless another state is asked for.

    Raises:
        Problems: every layer that is not part of a chain or has no counterpart here.
        Problem: no protocol buffer in text form, too deep, or too long.
    """
    net = parse(text)
    found = Finding()
    messages = [(each, False) for each in messages_of(net, "layer")]
    messages += [(each, True) for each in messages_of(net, "layers")]
    every = [_Layer(message, old, found) for message, old in messages]
    state = state or _state(net, every)
    layers = [each for each in every if present(each.message, state)]
    if len(layers) < len(every):
        found.assume("open.assumed_phase", phase=state.phase)
    if state.stages:
        found.assume("open.assumed_stage", stages=listed(sorted(state.stages)))
    wires = Wires()
    inputs = [*words_of(net, "input")]
    steps = []
    ends = _ends(layers, found)
    for layer in layers:
        if layer.feeds:
            inputs += layer.makes
        elif layer not in ends:
            steps.append(layer.step(wires, found))
    labels = _labels(layers, inputs)
    steps = [_without(step, labels) for step in steps]
    sources = [each for each in inputs if each not in labels] or inputs
    if not sources and steps:  # a part of a net: its input is what its first layer reads
        sources = list(steps[0].reads)
    blob = sources[0] if sources else None
    shape = input_shape(net, blob, _sources(blob, layers) or _sources(blob, every), found)
    chain = flattened(_paired(chained(steps, sources, found), found))
    return network(name, shape, chain, own_names(chain), found, format=FORMAT)


def _state(net: Message, layers: Sequence["_Layer"]) -> State:
    """The TEST phase without a stage, or with the stage that feeds a net that nothing else feeds.

    DIGITS writes one file for training and deployment, each with its own stage.
    """
    named = stages(each.message for each in layers)
    tried = [State(), *(State(stages=frozenset({each})) for each in DEPLOYED if each in named)]
    for state in tried:
        if words_of(net, "input") or any(
            each.feeds and present(each.message, state) for each in layers
        ):
            return state
    return State()


def _ends(layers: Sequence["_Layer"], found: Finding) -> list["_Layer"]:
    """Layers that end the net beside its output: measures, losses, a softmax in a loss twice."""
    ended: list[_Layer] = []
    softmaxes = {each.reads[0] for each in layers if each.type == "Softmax" and each.reads}
    for layer in layers:
        if layer.type in LEFT_OUT:
            ended.append(layer)
        elif layer.type == "SoftmaxWithLoss" and layer.reads:
            if layer.reads[0] in softmaxes:
                ended.append(layer)
            softmaxes.add(layer.reads[0])
        elif layer.type in caffe_layers.LOSSES and layer.type != "SoftmaxWithLoss":
            found.assume("open.left_loss", layer=layer.name, type=layer.type)
            ended.append(layer)
    return ended


def _sources(blob: str | None, layers: Sequence["_Layer"]) -> list[Source]:
    """The layers that feed a blob."""
    return [
        Source(each.name, each.type, tuple(each.makes), each.message)
        for each in layers
        if each.feeds and blob in each.makes
    ]


class _Layer:
    """One layer of the file: its name, today's name of its type, the blobs it reads and makes."""

    def __init__(self, message: Message, old: bool, found: Finding) -> None:
        self.name = (words_of(message, "name") or ["?"])[-1]
        written = (words_of(message, "type") or [""])[-1]
        self.type = current_type(written) if old else written
        self.reads = words_of(message, "bottom")
        self.makes = words_of(message, "top")
        self.message = message
        if old and messages_of(message, "layer"):
            found.refuse("open_caffe_v0", layer=self.name)

    @property
    def feeds(self) -> bool:
        """Whether the layer reads no blob and feeds the network."""
        return self.type in FED and not self.reads

    def step(self, wires: Wires, found: Finding) -> Step:
        """The layer as a step of a chain; without a counterpart here it is refused."""
        reads = tuple(wires.read(blob) for blob in self.reads)
        makes = tuple(wires.make(blob) for blob in self.makes or [self.name])
        parameters = partial(settings_of, self.message, layer=self.name, found=found)
        spec = caffe_layers.spec(self.type, parameters, found)
        if spec is None:
            found.refuse("open_type", layer=self.name, type=self.type or "?")
        return Step(self.name, reads, makes, spec)


def _labels(layers: Sequence[_Layer], inputs: Sequence[str]) -> set[str]:
    """Input blobs that only losses and measures read: the labels."""
    learning = [
        blob
        for layer in layers
        if layer.type not in LEFT_OUT
        for blob in (layer.reads[:1] if layer.type in caffe_layers.LOSSES else layer.reads)
    ]
    return {blob for blob in inputs if blob not in learning}


def _without(step: Step, labels: set[str]) -> Step:
    return Step(
        step.name, tuple(blob for blob in step.reads if blob not in labels), step.makes, step.layer
    )


def _paired(chain: Chain, found: Finding) -> Chain:
    """The chain with pairs of Caffe layers that are one layer here merged."""
    paired: Chain = []
    for name, spec in chain:
        before = paired[-1][1] if paired else {}
        kind = spec["kind"]
        if kind == "Scale" and before.get("unscaled"):
            paired[-1] = (paired[-1][0], {**before, "unscaled": False})
        elif kind == "Power" and before.get("kind") == "dropout" and _undoes(spec, before):
            paired[-1] = (paired[-1][0], {**before, "scale": "test"})
        elif kind == "Log" and before.get("kind") == "softmax":
            paired[-1] = (paired[-1][0], {**before, "log": True})
        elif kind == "Power" and not paired:
            found.assume("open.assumed_scaling", layer=name, factor=spec["scale"])
        elif kind in caffe_layers.SECOND:
            found.refuse("open_type", layer=name, type=kind)
        else:
            paired.append((name, spec))
    for name, spec in paired:
        if spec.get("unscaled"):
            found.refuse("open_unscaled", layer=name)
    return [
        (name, {key: value for key, value in spec.items() if key != "unscaled"})
        for name, spec in paired
    ]


def _undoes(power: Spec, dropout: Spec) -> bool:
    """Whether a multiplication cancels the training-time scale of Caffe's dropout."""
    return bool(abs(power["scale"] - (1 - dropout["p"])) < 1e-6)
