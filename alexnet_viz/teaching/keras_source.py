"""A network from the text of a Keras Sequential model, parsed and never executed.

``read`` walks the syntax tree of the text and understands layers with literal arguments.  What it
does not know is refused, each line by itself, with what is known.
"""

import ast
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from alexnet_viz.network.geometry import MAX_INPUT_SIZE
from alexnet_viz.network.layers import (
    LRN,
    AvgPool,
    BatchNorm,
    Conv,
    Dropout,
    Flatten,
    Layer,
    Linear,
    MaxPool,
    ReLU,
    Shape,
    Sigmoid,
    Softmax,
    Tanh,
    ZeroPad,
)
from alexnet_viz.network.spec import Network

MOST_LETTERS = 8000
MOST_LAYERS = 100
MOST_CHANNELS = 4096
LARGEST = 100_000
"""Largest number that an argument may be."""

WITHOUT_EFFECT = frozenset(
    ("name", "trainable", "dtype", "seed", "momentum", "center", "scale", "data_format",
     "kernel_initializer", "bias_initializer", "kernel_regularizer", "bias_regularizer",
     "activity_regularizer", "kernel_constraint", "bias_constraint", "axis", "batch_size")
)  # fmt: skip
"""Arguments that change neither shapes nor parameters here, and are passed over."""
ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "Input": ("shape",),
    "InputLayer": ("input_shape", "shape"),
    "Conv2D": ("filters", "kernel_size", "strides", "padding", "dilation_rate", "groups",
               "activation", "use_bias", "input_shape"),
    "MaxPooling2D": ("pool_size", "strides", "padding", "input_shape"),
    "AveragePooling2D": ("pool_size", "strides", "padding", "input_shape"),
    "ZeroPadding2D": ("padding", "input_shape"),
    "BatchNormalization": ("epsilon",),
    "Activation": ("activation",),
    "ReLU": (),
    "Softmax": (),
    "Flatten": ("input_shape",),
    "Dense": ("units", "activation", "use_bias", "input_shape"),
    "Dropout": ("rate",),
    "Lambda": ("function",),
}  # fmt: skip
"""The known layers and their arguments, in Keras' order."""
ALIASES = {"MaxPool2D": "MaxPooling2D", "AvgPool2D": "AveragePooling2D", "Convolution2D": "Conv2D"}
ACTIVATIONS: Mapping[str, Callable[[str], Layer]] = {
    "relu": lambda name: ReLU(name=name),
    "sigmoid": lambda name: Sigmoid(name=name),
    "tanh": lambda name: Tanh(name=name),
    "softmax": lambda name: Softmax(name=name),
}
LRN_NAMES = ("tf.nn.local_response_normalization", "tf.nn.lrn")
LRN_ARGUMENTS = ("input", "depth_radius", "bias", "alpha", "beta")
STATEMENTS = (ast.Import, ast.ImportFrom, ast.Return, ast.Pass)
METHODS = ("print", "summary", "compile", "build", "fit", "evaluate", "predict", "save")
"""Calls of a model that say nothing of its layers, and are passed over."""


@dataclass(frozen=True)
class Refusal:
    """A line that is not understood: the phrase that says so, and what is known instead."""

    line: int
    code: str
    name: str = ""
    known: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """What a text says: the network, the line of every layer, and the lines not understood."""

    network: Network | None
    """None where a line is refused or no layer is found."""
    lines: Mapping[str, int]
    refused: tuple[Refusal, ...]


class _Refused(Exception):
    def __init__(self, node: ast.AST, code: str, name: str = "", known: object = ()) -> None:
        super().__init__(code)
        line = getattr(node, "lineno", 1)
        self.refusal = Refusal(line, code, name[:60], tuple(known))  # type: ignore[arg-type]


def read(text: str) -> Source:
    """The network that the text of a Sequential model describes.

    >>> read("Sequential([Input((8, 8, 1)), Conv2D(4, 3)])").network.layers[0].kind
    'conv'
    """
    if len(text) > MOST_LETTERS:
        return Source(None, {}, (Refusal(1, "too_long", known=(str(MOST_LETTERS),)),))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except SyntaxError as error:
        return Source(None, {}, (Refusal(error.lineno or 1, "syntax"),))
    except ValueError:
        return Source(None, {}, (Refusal(1, "syntax"),))
    except (RecursionError, MemoryError):
        return Source(None, {}, (Refusal(1, "nested"),))
    builder = _Builder()
    try:
        builder.block(tree.body)
    except RecursionError:
        builder.refused.append(Refusal(1, "nested"))
    return builder.source()


class _Builder:
    """Collects the layers of a text in order, with names that are their roles."""

    def __init__(self) -> None:
        self.layers: list[Layer] = []
        self.lines: dict[str, int] = {}
        self.refused: list[Refusal] = []
        self.input: Shape | None = None
        self.constants: dict[str, Any] = {}
        self.convolutions = self.dense = 0

    def source(self) -> Source:
        refused = sorted(self.refused, key=lambda each: each.line)
        if not refused and not self.layers:
            refused = [Refusal(1, "no_layer", known=tuple(ARGUMENTS))]
        if not refused and self.input is None:
            refused = [Refusal(min(self.lines.values()), "no_input")]
        if refused or self.input is None:
            return Source(None, self.lines, tuple(refused))
        network = Network(id="keras", input_shape=self.input, layers=tuple(self.layers))
        return Source(network, self.lines, ())

    def block(self, body: list[ast.stmt]) -> None:
        for statement in body:
            try:
                self.statement(statement)
            except _Refused as error:
                self.refused.append(error.refusal)

    def statement(self, node: ast.stmt) -> None:
        match node:
            case ast.FunctionDef():
                given = node.args.args[len(node.args.args) - len(node.args.defaults) :]
                for argument, default in zip(given, node.args.defaults, strict=True):
                    self.constants[argument.arg] = self.value(default)
                self.block(node.body)
            case ast.Return(value=ast.Call() as call):
                self.call(call)
            case ast.Expr(value=ast.Constant()):
                pass
            case ast.Expr(value=ast.Call() as call):
                self.call(call)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                if isinstance(value, ast.Call):
                    self.call(value)
                else:
                    self.constants[name] = self.value(value)
            case ast.If():
                if _spelled(node.test).startswith("__name__"):
                    return
                raise _Refused(node, "statement")
            case _ if isinstance(node, STATEMENTS):
                pass
            case _:
                raise _Refused(node, "statement")

    def call(self, node: ast.Call) -> None:
        """A call at the level of statements: a model, or something done with one."""
        name = _spelled(node.func)
        last = name.rpartition(".")[2]
        if last == "Sequential":
            for part in (*node.args, *(each.value for each in node.keywords
                                       if each.arg == "layers")):  # fmt: skip
                if not isinstance(part, ast.List | ast.Tuple):
                    raise _Refused(part, "not_a_list")
                for each in part.elts:
                    self.add(each)
        elif last == "add" and len(node.args) == 1:
            self.add(node.args[0])
        elif last in METHODS:
            return
        elif "." not in name and not node.args and not node.keywords:
            return  # the call of the function that makes the model
        else:
            raise _Refused(node, "call", name, ("Sequential", "add", *METHODS))

    def add(self, node: ast.expr) -> None:
        """One layer of the model; a refusal ends with its line."""
        try:
            if not isinstance(node, ast.Call):
                raise _Refused(node, "not_a_layer")
            self.layer(node)
        except _Refused as error:
            self.refused.append(error.refusal)

    def layer(self, node: ast.Call) -> None:
        name = _spelled(node.func).rpartition(".")[2]
        name = ALIASES.get(name, name)
        if name not in ARGUMENTS:
            raise _Refused(node, "layer", name, ARGUMENTS)
        if len(self.layers) >= MOST_LAYERS:
            raise _Refused(node, "too_many", known=(str(MOST_LAYERS),))
        given = self.arguments(node, name, ARGUMENTS[name])
        for key in ("input_shape", "shape"):
            if key in given:
                self.input = _shape(node, given[key])
        for made in self.made(node, name, given):
            self.layers.append(made)
            self.lines[made.name] = node.lineno

    def made(self, node: ast.Call, name: str, given: dict[str, Any]) -> Iterator[Layer]:
        """The layers that one call of Keras stands for, its activation among them."""
        match name:
            case "Input" | "InputLayer":
                return
            case "Conv2D":
                self.convolutions += 1
                yield Conv(
                    name=self.named("conv"),
                    out_channels=self.number(node, given, "filters"),
                    kernel_size=self.pair(node, given, "kernel_size"),
                    stride=self.pair(node, given, "strides", 1),
                    dilation=self.pair(node, given, "dilation_rate", 1),
                    groups=self.number(node, given, "groups", 1),
                    bias=self.truth(node, given, "use_bias"),
                    rounding=self.padding(node, given),
                )
            case "MaxPooling2D" | "AveragePooling2D":
                size = self.pair(node, given, "pool_size", 2)
                stride = self.pair(node, given, "strides", size)
                kind = MaxPool if name.startswith("Max") else AvgPool
                yield kind(name=self.named("pool"), kernel_size=size, stride=stride,
                           rounding=self.padding(node, given))  # fmt: skip
            case "ZeroPadding2D":
                yield ZeroPad(name=self.named("pad"), padding=self.sides(node, given))
            case "BatchNormalization":
                eps = self.real(node, given, "epsilon", 1e-3)
                yield BatchNorm(name=self.named("norm"), eps=eps)
            case "Flatten":
                yield Flatten(name=self.named("flatten", alone=True))
            case "Dense":
                self.dense += 1
                yield Linear(name=self.named("fc"), bias=self.truth(node, given, "use_bias"),
                             out_features=self.number(node, given, "units"))  # fmt: skip
            case "Dropout":
                rate = self.real(node, given, "rate")
                if not 0 <= rate < 1:
                    raise _Refused(node, "value", f"rate={rate:g}", ("0 … 1",))
                yield Dropout(name=self.named("drop"), p=rate)
            case "ReLU":
                yield ReLU(name=self.named("relu"))
            case "Softmax":
                yield Softmax(name=self.named("prob", alone=True))
            case "Lambda":
                yield self.response_norm(node)
        function = given.get("activation")
        if function not in (None, "linear"):
            if function not in ACTIVATIONS:
                raise _Refused(node, "value", f"activation={function!r}", ("linear", *ACTIVATIONS))
            alone = function == "softmax"
            role = {"relu": "relu", "softmax": "prob"}.get(str(function), str(function))
            yield ACTIVATIONS[str(function)](self.named(role, alone=alone))

    def named(self, role: str, *, alone: bool = False) -> str:
        """The role of a layer: its kind and the stage it stands in; fc6 is the first dense one."""
        stage = self.dense + 5 if self.dense else max(self.convolutions, 1)
        if role == "pad":
            stage = self.convolutions + 1
        plain = role if alone else f"{role}{stage}"
        taken = {layer.name for layer in self.layers}
        return next(n for n in (plain, *(f"{plain}{chr(98 + k)}" for k in range(MOST_LAYERS)))
                    if n not in taken)  # fmt: skip

    def response_norm(self, node: ast.Call) -> Layer:
        """The LRN of ``Lambda(lambda x: tf.nn.local_response_normalization(x, …))``."""
        body = node.args[0] if node.args else node.keywords[0].value if node.keywords else None
        if not (isinstance(body, ast.Lambda) and isinstance(body.body, ast.Call)):
            raise _Refused(node, "lambda", known=LRN_NAMES)
        call = body.body
        if _spelled(call.func) not in LRN_NAMES:
            raise _Refused(node, "lambda", _spelled(call.func), LRN_NAMES)
        inner = ast.Call(func=call.func, args=call.args[1:], keywords=call.keywords)
        ast.copy_location(inner, call)
        given = self.arguments(inner, "local_response_normalization", LRN_ARGUMENTS[1:])
        return LRN(
            name=self.named("norm"),
            size=2 * int(self.real(call, given, "depth_radius", 5)) + 1,
            k=self.real(call, given, "bias", 1.0),
            alpha=self.real(call, given, "alpha", 1.0),
            beta=self.real(call, given, "beta", 0.5),
        )

    def arguments(self, node: ast.Call, name: str, known: tuple[str, ...]) -> dict[str, Any]:
        """The values of the arguments by name; of a Lambda none is read."""
        if name == "Lambda":
            return {}
        if len(node.args) > len(known):
            raise _Refused(node, "arguments", name, known)
        pairs = list(zip(known, node.args, strict=False))
        for keyword in node.keywords:
            if keyword.arg == "data_format" and self.value(keyword.value) != "channels_last":
                raise _Refused(keyword, "value", "data_format", ("channels_last",))
            if keyword.arg in WITHOUT_EFFECT and keyword.arg not in known:
                continue
            if keyword.arg not in known:
                raise _Refused(keyword, "argument", f"{name}({keyword.arg or '**'}=…)", known)
            pairs.append((keyword.arg, keyword.value))
        return {key: self.value(each) for key, each in pairs}

    def value(self, node: ast.expr) -> Any:
        """A literal, or the name of one."""
        match node:
            case ast.Constant(value=value) if isinstance(value, int | float | str | None):
                return value
            case ast.Tuple(elts=elements) | ast.List(elts=elements) if len(elements) <= 4:
                return tuple(self.value(each) for each in elements)
            case ast.Name(id=name) if name in self.constants:
                return self.constants[name]
            case ast.Attribute() if _spelled(node).startswith(("tf.nn.", "keras.activations.")):
                return _spelled(node).rpartition(".")[2]
            case _:
                raise _Refused(node, "literal", ast.unparse(node))

    def number(self, node: ast.AST, given: dict[str, Any], key: str, default: Any = None) -> int:
        return _whole(node, key, self.given(node, given, key, default))

    def real(self, node: ast.AST, given: dict[str, Any], key: str, default: Any = None) -> float:
        value = self.given(node, given, key, default)
        if type(value) not in (int, float) or not 0 <= value <= LARGEST:
            raise _Refused(node, "value", f"{key}={value!r}", (f"0 … {LARGEST}",))
        return float(value)

    def pair(
        self, node: ast.AST, given: dict[str, Any], key: str, default: Any = None
    ) -> tuple[int, int]:
        value = self.given(node, given, key, default)
        both = value if isinstance(value, tuple) else (value, value)
        if len(both) != 2:
            raise _Refused(node, "value", f"{key}={value!r}", ("n", "(n, n)"))
        return _whole(node, key, both[0]), _whole(node, key, both[1])

    def truth(self, node: ast.AST, given: dict[str, Any], key: str) -> bool:
        value = given.get(key, True)
        if not isinstance(value, bool):
            raise _Refused(node, "value", f"{key}={value!r}", ("True", "False"))
        return value

    def padding(self, node: ast.AST, given: dict[str, Any]) -> Any:
        value = str(given.get("padding", "valid")).lower()
        if value not in ("valid", "same"):
            raise _Refused(node, "value", f"padding={value!r}", ("valid", "same"))
        return value

    def sides(self, node: ast.AST, given: dict[str, Any]) -> tuple[int, int, int, int]:
        """The padding of ``ZeroPadding2D``: n, (vertical, horizontal), or both with two ends."""
        value = given.get("padding", 1)
        both = value if isinstance(value, tuple) else (value, value)
        ends = [each if isinstance(each, tuple) else (each, each) for each in both]
        if [len(each) for each in ends] != [2, 2]:
            raise _Refused(node, "value", f"padding={value!r}", ("n", "(n, n)", "((n, n), (n, n))"))
        (a, b), (c, d) = ((_whole(node, "padding", n, 0) for n in each) for each in ends)
        return a, b, c, d

    def given(self, node: ast.AST, given: dict[str, Any], key: str, default: Any) -> Any:
        value = given.get(key)
        if value is None:
            value = default
        if value is None:
            raise _Refused(node, "missing", key)
        return value


def _whole(node: ast.AST, key: str, value: object, low: int = 1) -> int:
    if type(value) is not int or not low <= value <= LARGEST:
        raise _Refused(node, "value", f"{key}={value!r}"[:60], (f"{low} … {LARGEST}",))
    return value


def _shape(node: ast.AST, value: object) -> Shape:
    """(height, width, channels) as (channels, height, width)."""
    if isinstance(value, tuple) and len(value) == 3 and all(type(n) is int for n in value):
        height, width, channels = value
        if min(value) >= 1 and max(height, width) <= MAX_INPUT_SIZE and channels <= MOST_CHANNELS:
            return channels, height, width
    raise _Refused(node, "value", f"shape={value!r}", ("(height, width, channels)",))


def _spelled(node: ast.expr) -> str:
    """A dotted name as it is written; empty for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""
