"""Read a layer file of cuda-convnet (2012) or cuda-convnet2 (2014).

A section is a layer that names its inputs; ``neuron=relu`` is an activation after it.  Layers on
several GPUs are written separately, conv1a and conv1b, and merged here into ``groups``.  Lists
(``filters=192,192``) have one entry an input.  Sizes round up: 1 + ceil((2p + W - F)/S)
(layer.py:1004 of the 2012 code, layer.py:1097 of cuda-convnet2).

A layer file lacks the input size, which the data provider sets, and the constants of the norms,
which are in the parameter file; those of layer-params-145.cfg are assumed.
"""

from collections import Counter
from collections.abc import Sequence

from alexnet_viz.network.spec import Network
from alexnet_viz.readers.chain import Spec, Step, Wires, chained
from alexnet_viz.readers.diagnostics import Finding
from alexnet_viz.readers.layer_settings import Settings
from alexnet_viz.readers.network_builder import flattened, network
from alexnet_viz.readers.section_text import Section, parse

FORMAT = "cuda-convnet cfg"

SIZE = 224
"""Side of the input that is assumed: that of the author's crops."""

NEURONS: dict[str, Spec] = {
    "relu": {"kind": "relu"},
    "logistic": {"kind": "sigmoid"},
    "tanh[1,1]": {"kind": "tanh"},
    "ident": {},
    "linear": {},
}

ACROSS = {"alpha": 1e-4, "beta": 0.75, "k": 2.0, "region": "channels"}
WITHIN = {"alpha": 1e-3, "beta": 0.75, "k": 1.0, "region": "map"}
"""Constants of cmrnorm and rnorm in layer-params-145.cfg."""


def read(text: str, name: str) -> Network:
    """The network of a layer file.

    Raises:
        Problems: every layer that is not part of a chain or has no counterpart here.
        Problem: not of this syntax.
    """
    sections = parse(text)
    found = Finding()
    for repeated, count in Counter(section.name for section in sections).items():
        if count > 1:
            found.refuse("open_twice", layer=repeated, count=count)
    kinds = {section.name: section.values.get("type", [""])[-1] for section in sections}
    wires = Wires()
    steps: list[Step] = []
    read: list[str] = []
    colours = None
    for section in sections:
        if kinds[section.name] == "data" or kinds[section.name].startswith("cost."):
            continue
        given = Settings(section.name, section.values, found)
        sources = _listed(given, "inputs")
        if not sources:
            found.refuse("open_missing", layer=section.name, setting="inputs")
        fed = [source for source in sources if kinds.get(source) == "data"]
        if fed:
            colours = _each(given, "channels", 0) or colours
        read += fed
        steps += _steps(section, given, sources, wires, found)
    found.assumed += ("height", "width")
    chain = flattened(chained(steps, list(dict.fromkeys(read)), found, towers=True))
    if len(steps) > len(chain) and not found.problems:
        found.assume("open.assumed_towers")
    if colours is None:
        found.assumed = ("channels", *found.assumed)
    return network(name, [colours or 3, SIZE, SIZE], chain, None, found, format=FORMAT)


def _steps(
    section: Section, given: Settings, sources: Sequence[str], wires: Wires, found: Finding
) -> list[Step]:
    """A layer and its activation."""
    kind = given.word("type")
    spec = _layer(kind, given, found)
    if spec is None:
        found.refuse("open_type", layer=section.name, type=kind or "?")
    steps = [
        Step(
            section.name,
            tuple(wires.read(source) for source in sources),
            (wires.make(section.name),),
            spec,
        )
    ]
    neuron = given.word("neuron").replace(" ", "")
    if neuron and kind != "neuron":
        before = wires.read(section.name)
        steps.append(
            Step(section.name, (before,), (wires.make(section.name),), _neuron(neuron, given))
        )
    return steps


def _layer(kind: str, given: Settings, found: Finding) -> Spec | None:
    """A layer as plain data; None if it has no counterpart here."""
    match kind:
        case "conv":
            given.only("sharedBiases", "1", "true")
            given.only("randSparse", "0", "false")
            groups = _each(given, "groups", 1)
            return {
                "kind": "conv",
                # "filters" counts those of one group (layer.py: filters * groups)
                "out_channels": _each(given, "filters") * groups,
                "kernel_size": _each(given, "filterSize"),
                "stride": _each(given, "stride", 1),
                "padding": _each(given, "padding", 0),
                "groups": groups,
                "rounding": "ceil",
            }
        case "pool":
            given.only("pool", "max", "avg")
            given.only("start", "0")
            given.only("outputsX", "0")  # the number of windows: here it follows from the others
            return {
                "kind": "avg_pool" if given.word("pool") == "avg" else "max_pool",
                "kernel_size": given.whole("sizeX"),
                "stride": given.whole("stride", 1),
                "rounding": "ceil",
            }
        case "cmrnorm" | "rnorm":
            found.assume("open.assumed_norm")
            constants = ACROSS if kind == "cmrnorm" else WITHIN
            return {
                "kind": "lrn",
                "size": given.whole("size"),
                **constants,
                "alpha": given.number("scale", constants["alpha"]),  # type: ignore[arg-type]
                "beta": given.number("pow", constants["beta"]),  # type: ignore[arg-type]
                "k": given.number("minDiv", constants["k"]),  # type: ignore[arg-type]
                "divide_alpha": True,
            }
        case "fc":
            return {"kind": "linear", "out_features": given.whole("outputs")}
        case "hs" | "dropout" | "dropout2":
            return {"kind": "dropout", "p": 1 - given.number("keep", 0.5), "scale": "test"}
        case "neuron":
            return _neuron(given.word("neuron").replace(" ", ""), given)
        case "softmax":
            return {"kind": "softmax"}
        case _:
            return None


def _neuron(neuron: str, given: Settings) -> Spec | None:
    if neuron not in NEURONS:
        given.refuse("open_setting", "neuron", neuron)
    return NEURONS.get(neuron)


def _each(given: Settings, setting: str, default: int | None = None) -> int:
    """An integer given once, or once an input; different ones are reported."""
    parts = _listed(given, setting)
    numbers = Settings(given.layer, {setting: parts}, given.found).all(setting)
    if len(set(numbers)) > 1:
        given.refuse("open_setting", setting, given.word(setting))
    return numbers[0] if numbers else given.whole(setting, default)


def _listed(given: Settings, setting: str) -> list[str]:
    return [part.strip() for part in given.word(setting).split(",") if part.strip()]
