"""The input of a Caffe net: what its fields, its Input layer or its data layer state of it.

A net without data layers has ``input_shape``, or four ``input_dim`` an input (upgrade_proto.cpp,
``UpgradeNetInput``), or an Input layer.  A data layer states its output in parts, and what is left
depends on the data (src/caffe/layers/*_data_layer.cpp, data_transformer.cpp ``InferBlobShape``):

=============== =======================================  =========================================
layer           size of the map                          channels
=============== =======================================  =========================================
Data, HDF5Data  ``crop_size``                            1 of ``force_gray``, 3 of ``force_color``
ImageData       ``crop_size``, else ``new_height/width`` 1 if not ``is_color``, else 3
WindowData      ``crop_size``                            3
MemoryData      ``height``, ``width``                    ``channels``
DummyData       ``shape``, or ``height``, ``width``      the same, or ``channels``
AnnotatedData   ``crop_size``, else ``resize_param``     as Data (weiliu89/caffe)
=============== =======================================  =========================================
"""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar, get_args

from alexnet_viz.network.spec import Axis
from alexnet_viz.readers.diagnostics import Finding
from alexnet_viz.readers.layer_settings import Settings, settings_of
from alexnet_viz.readers.protobuf_text import Message, messages_of, words_of

GUESS: dict[Axis, int] = {"channels": 3, "height": 227, "width": 227}
"""What is assumed of an input that the file does not state: that of Caffe's own AlexNets."""


Value = TypeVar("Value")


class Source(NamedTuple):
    """A layer that feeds the net: its name and type, the blobs that it makes, its message."""

    name: str
    type: str
    makes: tuple[str, ...]
    message: Message


def input_shape(
    net: Message, blob: str | None, sources: Sequence[Source], found: Finding
) -> list[int]:
    """The shape of an input blob, (channels, height, width) or (features,).

    ``sources`` are the layers that may have made it, the likeliest first.  Axes that none states
    are guessed and added to ``found.assumed``.
    """
    dims = _dims_of_net(net, blob, found)
    stated: dict[Axis, int] = {}
    for source in sources:
        dims = dims or _dims_of_layer(source, blob, found)
        stated = _stated(source, blob, found) | stated
    if dims:
        if len(dims) not in (2, 3, 4):
            found.refuse("open_input", shape="×".join(map(str, dims)))
        return dims[-3:] if len(dims) > 2 else dims[-1:]
    found.assumed = tuple(axis for axis in get_args(Axis) if axis not in stated)
    return [(GUESS | stated)[axis] for axis in get_args(Axis)]


def _dims_of_net(net: Message, blob: str | None, found: Finding) -> list[int]:
    """The dimensions that the net's own fields state of an input; empty if they state none."""
    inputs = words_of(net, "input")
    place = inputs.index(blob) if blob and blob in inputs else 0
    shapes = messages_of(net, "input_shape")
    if place < len(shapes):
        return _dims(shapes[place], found)
    every = Settings("input", {"dim": words_of(net, "input_dim")}, found).all("dim")
    return every[4 * place : 4 * place + 4] if len(every) > 4 else every


def _dims_of_layer(source: Source, blob: str | None, found: Finding) -> list[int]:
    """The dimensions that an Input or DummyData layer states in ``shape``."""
    name = {"Input": "input_param", "DummyData": "dummy_data_param"}.get(source.type, "")
    shapes = [
        shape
        for message in messages_of(source.message, name)
        for shape in messages_of(message, "shape")
    ]
    if not shapes:
        return []
    return _dims(_at(shapes, source, blob), found)


def _at(values: Sequence[Value], source: Source, blob: str | None) -> Value:
    """The value for a blob; one value serves all blobs that a layer makes."""
    place = source.makes.index(blob) if blob and blob in source.makes else 0
    return values[min(place, len(values) - 1)]


def _dims(shape: Message, found: Finding) -> list[int]:
    return Settings("input", {"dim": words_of(shape, "dim")}, found).all("dim")


def _stated(source: Source, blob: str | None, found: Finding) -> dict[Axis, int]:
    """The axes that a data layer states."""

    def given(path: str) -> Settings:
        return settings_of(source.message, path, source.name, found)

    transform, data = given("transform_param"), given("data_param")
    image, window = given("image_data_param"), given("window_data_param")
    crops = [
        crop for each in (transform, data, image, window) for crop in each.all("crop_size") if crop
    ]
    stated: dict[Axis, int] = {}
    match source.type:
        case "MemoryData" | "DummyData":
            own = given("memory_data_param" if source.type == "MemoryData" else "dummy_data_param")
            return {
                axis: _at(own.all(axis), source, blob) for axis in get_args(Axis) if axis in own
            }
        case "ImageData":
            stated = _sides(image, "new_height", "new_width")
            stated["channels"] = 3 if image.flag("is_color", True) else 1
        case "WindowData":
            stated["channels"] = 3
        case "AnnotatedData":
            stated = _sides(given("transform_param.resize_param"), "height", "width")
    if transform.flag("force_gray", False):
        stated["channels"] = 1
    elif transform.flag("force_color", False):
        stated["channels"] = 3
    return stated | ({"height": crops[0], "width": crops[0]} if crops else {})


def _sides(given: Settings, height: str, width: str) -> dict[Axis, int]:
    """The height and width of a setting, which Caffe ignores if it is 0."""
    sides = given.whole(height, 0), given.whole(width, 0)
    return {"height": sides[0], "width": sides[1]} if all(sides) else {}
