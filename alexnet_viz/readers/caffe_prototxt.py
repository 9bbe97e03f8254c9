"""Read a Caffe ``.prototxt``, for deployment or training, in the new or the old syntax.

``layer { type: "Convolution" }`` and ``layers { type: CONVOLUTION }`` (2014) mean the same.  Of a
training file the TEST phase is read: ``include`` and ``exclude`` select the layers (net.cpp,
``Net::FilterNet``), the softmax of the loss is the output, and layers that feed data or measure
accuracy are left out.  Layers that work in place (top = bottom) apply in the order of the file.
Defaults: src/caffe/proto/caffe.proto of BVLC/caffe at 9b89154018.
"""

from collections.abc import Mapping, Sequence

from alexnet_viz.network.caffe_types import current_type
from alexnet_viz.network.spec import Network
from alexnet_viz.readers import caffe_layers
from alexnet_viz.readers.chain import Chain, Spec, Step, Wires, chained
from alexnet_viz.readers.diagnostics import Finding
from alexnet_viz.readers.layer_roles import own_names
from alexnet_viz.readers.layer_settings import Settings
from alexnet_viz.readers.network_builder import flattened, network
from alexnet_viz.readers.protobuf_text import Message, parse

FORMAT = "Caffe prototxt"

SIZE = 227
"""Side of the input that is assumed: that of Caffe's own AlexNets."""

FED = frozenset(
    {"Data", "ImageData", "HDF5Data", "MemoryData", "WindowData", "DummyData", "Input"}
    | {"AnnotatedData", "Python"}
)
"""Layers that read no blob and feed the network."""

LEFT_OUT = frozenset({"Accuracy", "Silence", "HDF5Output", "ArgMax", "InfogainLoss"})
"""Layers that measure or write and whose output no other layer reads."""


def read(text: str, name: str) -> Network:
    """The network of a prototxt.

    Raises:
        Problems: every layer that is not part of a chain or has no counterpart here.
        Problem: no protocol buffer in text form, too deep, or too long.
    """
    net = parse(text)
    found = Finding()
    messages = [(each, False) for each in messages_of(net, "layer")]
    messages += [(each, True) for each in messages_of(net, "layers")]
    present = [each for each in messages if _present(each[0])]
    if len(present) < len(messages):
        found.assume("open.assumed_phase")
    layers = [_Layer(message, old, found) for message, old in present]
    shape = _input_shape(net, layers, found)
    wires = Wires()
    inputs = [*words_of(net, "input")]
    steps = []
    for layer in layers:
        if layer.type in FED and not layer.reads:
            inputs += layer.makes
        elif layer.type not in LEFT_OUT:
            steps.append(layer.step(wires, found))
    labels = _labels(layers, inputs)
    steps = [_without(step, labels) for step in steps]
    sources = [each for each in inputs if each not in labels] or inputs
    if not sources and steps:  # a part of a net: its input is what its first layer reads
        sources = list(steps[0].reads)
    chain = flattened(_paired(chained(steps, sources, found), found))
    return network(name, shape, chain, own_names(chain), found, format=FORMAT)


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

    def settings(self, parameter: str, found: Finding) -> Settings:
        """The fields of the layer's messages called ``parameter``; later ones override."""
        merged: dict[str, list[str]] = {}
        for message in messages_of(self.message, parameter):
            merged |= {key: words_of(message, key) for key in message}
        return Settings(self.name, merged, found)

    def step(self, wires: Wires, found: Finding) -> Step:
        """The layer as a step of a chain; without a counterpart here it is refused."""
        reads = tuple(wires.read(blob) for blob in self.reads)
        makes = tuple(wires.make(blob) for blob in self.makes or [self.name])
        spec = caffe_layers.spec(self.type, lambda name: self.settings(name, found), found)
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


def _input_shape(net: Message, layers: Sequence[_Layer], found: Finding) -> list[int]:
    """The input shape, (channels, height, width) or (features,).

    Taken from the net's input, from an Input layer, or from the crop size of a data layer.
    """
    shapes = [messages_of(net, "input_shape"), []]
    dims = Settings("input", {"dim": words_of(net, "input_dim")}, found).all("dim")
    for layer in layers:
        if layer.type in FED and not layer.reads:
            for parameter in messages_of(layer.message, "input_param"):
                shapes[1] += messages_of(parameter, "shape")
    for shape in (*shapes[0], *shapes[1]):
        dims = dims or Settings("input", {"dim": words_of(shape, "dim")}, found).all("dim")
    if dims:
        if len(dims) not in (2, 4, 3):
            found.refuse("open_input", shape="×".join(map(str, dims)))
        return dims[-3:] if len(dims) > 2 else dims[-1:]
    for layer in layers:
        for name in ("transform_param", "data_param", "image_data_param"):
            crop = layer.settings(name, found).all("crop_size")
            if crop:
                found.assume("open.assumed_colours", size=crop[-1])
                return [3, crop[-1], crop[-1]]
    found.assume("open.assumed_input", size=SIZE)
    return [3, SIZE, SIZE]


def _present(message: Message) -> bool:
    """Whether a layer is present in the TEST phase, at level 0 and without a stage."""
    included = messages_of(message, "include")
    if included:
        return any(map(_met, included))
    return not any(map(_met, messages_of(message, "exclude")))


def _met(rule: Message) -> bool:
    levels = (words_of(rule, "min_level"), words_of(rule, "max_level"))
    return (
        words_of(rule, "phase")[-1:] in ([], ["TEST"], ["1"])
        and not words_of(rule, "stage")
        and not (levels[0] and not levels[0][-1].startswith(("-", "0")))
        and not (levels[1] and levels[1][-1].startswith("-"))
    )


def messages_of(message: Mapping[str, Sequence[str | Message]], name: str) -> list[Message]:
    """The messages among the values of a field."""
    return [each for each in message.get(name, ()) if isinstance(each, dict)]


def words_of(message: Mapping[str, Sequence[str | Message]], name: str) -> list[str]:
    """The words among the values of a field."""
    return [each for each in message.get(name, ()) if isinstance(each, str)]
