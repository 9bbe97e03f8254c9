"""The labs of what a network reads and of its shapes: numbers, tasks, settings.

The oracles are torch's convolution, unfold and linear, the live model's own activations, numpy and
numbers of the paper.
"""

import re
from base64 import b64decode
from collections.abc import Mapping
from contextlib import nullcontext
from functools import cache
from io import BytesIO
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn import functional

from alexnet_viz.model.activations import capture
from alexnet_viz.pictures.preprocessing import CHANNEL_MEANS, cropped, normalised
from alexnet_viz.pictures.samples import SAMPLES
from alexnet_viz.pictures.samples.fresh import drawing, framed
from alexnet_viz.pictures.synthetic import CLASSES
from alexnet_viz.render.charts.picture_uri import picture_uri
from alexnet_viz.teaching.control import Cells, Control, Number, Pick, Several, Switch
from alexnet_viz.teaching.labs import (
    convolution,
    dense_as_convolution,
    features,
    flatten,
    groups,
    preprocessing,
    sharing,
    towers,
)
from alexnet_viz.teaching.labs.lab import Lab, Outcome, Spoken
from alexnet_viz.teaching.labs.registry import LABS
from alexnet_viz.text import LANGUAGES
from alexnet_viz.weights import loader
from alexnet_viz.weights.catalogue import DRAWINGS

QUICK = ("sharing", "groups", "towers", "flatten")
LIVE = ("preprocessing", "convolution", "dense_as_convolution", "features")
PICTURE = cropped(drawing("star", 0), 227)


class Shipped:
    """What a lab gets as ``live``, without Streamlit."""

    network, weights = DRAWINGS.network, DRAWINGS

    @staticmethod
    @cache
    def model() -> Any:
        return loader.load(DRAWINGS)

    def gate(self) -> Any:
        return nullcontext()

    def prepared(self, pixels: Any) -> Any:
        return normalised(pixels)

    def activations(self, pixels: Any) -> Mapping[str, Any]:
        return _activations(pixels.tobytes())


@cache
def _activations(pixels: bytes) -> Mapping[str, Any]:
    image = np.frombuffer(pixels, np.uint8).reshape(227, 227, 3)
    return capture(Shipped.model(), normalised(image))


def values(lab: str, **changed: Any) -> dict[str, Any]:
    """The values at which a lab begins, with some of them changed."""
    begun = {each.name: each.default for each in LABS[lab].controls}
    assert set(changed) <= {*begun, "picture"}
    if LABS[lab].needs_picture:
        side = LABS[lab].picture_side
        begun["picture"] = PICTURE if side == 227 else cropped(drawing("star", 0), side)
    if LABS[lab].runs_network:
        begun["live"] = Shipped()
    return begun | changed


def judged(lab: str, task: str, answer: Any = None, **changed: Any) -> Outcome:
    return LABS[lab].tasks[task].judge(values(lab, **changed), answer, Spoken(lab, "en"))


def ends(control: Control) -> tuple[Any, ...]:
    match control:
        case Number(low=low, high=high):
            return low, high
        case Pick(options=options):
            return options
        case Switch():
            return False, True
        case Several(options=options):
            return (), options
        case Cells(rows=rows, columns=columns, low=low, high=high):
            return (low,) * (rows * columns), (0,) * (rows * columns), (high,) * (rows * columns)
    raise AssertionError(control)


def corners(lab: Lab, *, pairs: bool) -> list[dict[str, Any]]:
    """Every control at its ends, alone or together with each other one."""
    found: list[dict[str, Any]] = [{}]
    found += [{each.name: value} for each in lab.controls for value in ends(each)]
    if pairs:
        for a, b in product(lab.controls, repeat=2):
            found += [{a.name: x, b.name: y} for x in ends(a) for y in ends(b) if a.name < b.name]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lab", [*QUICK, *LIVE])
def test_a_lab_says_something_at_every_corner(lab: str, language: Any) -> None:
    say = Spoken(lab, language)
    for changed in corners(LABS[lab], pairs=lab in ("groups", "flatten")):
        look = LABS[lab].look(values(lab, **changed), say)
        assert look.sentences, changed
        for words in (*look.sentences, *(each.caption for each in look.drawings)):
            assert "{" not in words, (changed, words)
        for sentence in look.sentences:
            assert sentence.strip(), changed
            assert "nan" not in sentence.lower().replace("finance", ""), (changed, sentence)
        for each in look.drawings:
            assert each.svg.startswith("<svg"), changed
            assert "nan" not in each.svg.split("href=")[0], changed


# --- preprocessing


def test_the_tensor_is_what_torch_would_make_of_the_crop() -> None:
    setting = values("preprocessing", left=5, top=9, mean=True, order="bgr", scale="1")
    crop = (
        torch.tensor(setting["picture"][9 : 9 + 227, 5 : 5 + 227].copy()).permute(2, 0, 1).float()
    )
    wanted = ((crop - torch.tensor(CHANNEL_MEANS)[:, None, None]) / 255).flip(0)
    assert np.allclose(preprocessing.tensor(setting), wanted.numpy(), atol=1e-5)
    assert preprocessing.tensor(values("preprocessing", side="224")).size == 150_528


def test_a_crop_ends_inside_the_picture() -> None:
    assert preprocessing.tensor(values("preprocessing", left=32, top=32)).shape == (3, 227, 227)


def test_the_missing_mean_adds_a_constant_to_every_map_of_conv1() -> None:
    setting = values("preprocessing")
    layer = Shipped.model().conv1
    wanted = (layer.weight.sum(dim=(2, 3)) @ torch.tensor(CHANNEL_MEANS)).numpy()
    maps = [
        preprocessing.conv1(Shipped(), preprocessing.tensor(setting, mean=mean))
        for mean in (True, False)
    ]
    added = maps[1] - maps[0]
    assert np.allclose(added, wanted[:, None, None], atol=0.05)
    assert judged("preprocessing", "reason", "constant").passed
    for wrong in ("contrast", "colours", "size"):
        assert not judged("preprocessing", "reason", wrong).passed


def test_another_range_makes_another_answer_and_the_words_name_both() -> None:
    assert not judged("preprocessing", "nonsense").passed
    assert not judged("preprocessing", "nonsense", mean=False).passed  # colours were random
    assert "227" in judged("preprocessing", "nonsense", side="224").words
    found = judged("preprocessing", "nonsense", scale="1")
    assert found.passed
    assert "star (100 %)" in found.words


# --- convolution


@pytest.mark.parametrize("preset", convolution.PRESETS)
@pytest.mark.parametrize(("stride", "flip"), [(1, False), (4, True)])
def test_a_map_is_torchs(preset: str, stride: int, flip: bool) -> None:
    setting = values("convolution", preset=preset, stride=stride, angle=30, number=7)
    weights, bias = convolution.kernel(setting)
    used = weights[:, ::-1, ::-1].copy() if flip else weights
    seen = convolution.pixels(setting)
    found = convolution.correlated(seen, used, stride, bias)
    wanted = functional.conv2d(
        torch.tensor(seen)[None], torch.tensor(used)[None], torch.tensor([bias]).double(), stride
    )[0, 0]
    assert np.allclose(found, wanted.numpy(), atol=1e-6)


def test_a_learned_kernel_makes_the_networks_own_map() -> None:
    setting = values("convolution", preset="learned", stride=4, number=7)
    weights, bias = convolution.kernel(setting)
    found = convolution.correlated(convolution.pixels(setting), weights, 4, bias)
    assert np.allclose(found, Shipped().activations(PICTURE)["conv1"][7], atol=1e-3)


def test_the_sum_that_is_said_is_the_cell() -> None:
    setting = values("convolution", stride=2, row=21, column=40)
    look = LABS["convolution"].look(setting, Spoken("convolution", "en"))
    grey = PICTURE.mean(axis=2).round()[20:25, 40:45]
    total = int((grey * np.reshape(setting["kernel"], (5, 5))).sum())
    assert f"Cell (10, 20) of the map is the sum of 5×5×1 = 25 products: **{total:,}**".replace(
        "-", "−"
    ) in look.sentences[0].replace("-", "−")


def test_the_wall_shows_every_learned_kernel_and_the_chosen_one() -> None:
    look = LABS["convolution"].look(
        values("convolution", preset="learned", number=37), Spoken("convolution", "en")
    )
    svg = look.drawings[1].svg
    assert 'data-sets="number" data-cells="6 16" data-at="2 5"' in svg
    found = re.search(r'href="data:image/png;base64,([^"]+)"', svg)
    assert found
    sheet = np.asarray(Image.open(BytesIO(b64decode(found[1]))).convert("RGBA"))
    assert sheet.shape == (6 * 36, 16 * 36, 4)
    weights = Shipped.model().conv1.weight[37].detach().numpy()
    tile = sheet[2 * 36 : 2 * 36 + 33 : 3, 5 * 36 : 5 * 36 + 33 : 3, :3]
    signs = np.sign(tile.astype(float) - 127.5) * (np.abs(weights.transpose(1, 2, 0)) > 1e-3)
    assert np.abs(tile.astype(float) - 127.5).max() == 127.5
    assert (signs * weights.transpose(1, 2, 0) >= 0).all()
    assert "96 kernels 11×11×3" in look.drawings[1].caption
    assert "Learned on drawings" in look.drawings[1].caption
    painted = LABS["convolution"].look(values("convolution"), Spoken("convolution", "en"))
    assert len(painted.drawings) == len(look.drawings) - 1


def test_the_window_moves_by_its_stride() -> None:
    """A step of the frame is a cell of the map: the last one ends where the last window does."""
    setting = values("convolution", preset="learned", stride=4, row=22, column=216)
    svg = LABS["convolution"].look(setting, Spoken("convolution", "en")).drawings[0].svg
    assert svg.count('data-at="5 54"') == 2
    end = 'data-first="0" data-step="4"'
    assert f'data-cells="56.75 56.75" data-at="5 54" data-size="2.75 2.75" {end}' in svg
    assert f'data-cells="55 55" data-at="5 54" data-size="1 1" {end}' in svg


SOBEL = tuple(float(v) for row in ([1, 0, 0, 0, -1],) * 5 for v in row)


def test_a_kernel_for_vertical_edges_is_told_from_the_others() -> None:
    found = judged("convolution", "vertical", kernel=SOBEL)
    assert found.passed
    assert "exactly 0" in found.words
    steep = tuple(2 * each for each in SOBEL)
    leaky = (2.0, 0.0, 0.0, 0.0, -1.0, *steep[5:])  # its first row does not sum to 0
    assert "at least 5" in judged("convolution", "vertical", kernel=leaky).words
    leaky = (2.0, 0.0, 0.0, 0.0, 0.0, *steep[5:20], 0.0, 0.0, 0.0, 0.0, -2.0)
    assert "Row 1 sums to 2" in judged("convolution", "vertical", kernel=leaky).words
    turned = tuple(np.reshape(SOBEL, (5, 5)).T.ravel())
    assert "from left to right" in judged("convolution", "vertical", kernel=turned).words
    assert "sums to 25" in judged("convolution", "vertical", kernel=(1.0,) * 25).words
    assert "hardly" in judged("convolution", "vertical", kernel=(0.0,) * 25).words
    assert judged("convolution", "vertical", preset="gabor").passed
    assert not judged("convolution", "vertical", preset="gabor", angle=90).passed


def test_the_products_of_conv1_are_counted() -> None:
    assert judged("convolution", "count", 363).passed
    assert "3 colours" in judged("convolution", "count", 121).words
    assert not judged("convolution", "count", 34_848).passed


def test_the_painted_kernel_reads_the_students_picture() -> None:
    backing = convolution.backing("kernel", values("convolution"), Spoken("convolution", "en"))
    assert (backing.preview == PICTURE.mean(axis=2).round()).all()


# --- sharing


def test_the_weights_of_the_three_kinds() -> None:
    assert sharing.weights("conv1", 227) == {
        "shared": 34_848, "unshared": 105_415_200, "full": 44_892_064_800,
    }  # fmt: skip
    held = sharing.macs("conv1", 227)
    assert held
    assert held["shared"] == held["unshared"] == 105_415_200
    assert sharing.weights("conv5", 20) is None


def test_the_toy_is_what_torch_computes() -> None:
    picture = sharing.toy_pictures(values("sharing"))[0]
    assert picture.shape == (56, 56)
    assert np.isclose(picture[3, 5], PICTURE[12:16, 20:24].mean() / 255)
    image = torch.tensor(picture)[None, None]
    windows = functional.unfold(image, 6, stride=2)[0]
    shared = sharing.drawn("shared", 1)
    wanted = functional.conv2d(image, torch.tensor(shared).reshape(1, 1, 6, 6), stride=2)[0, 0]
    assert np.allclose(sharing.toy_map(picture, "shared", 1), wanted)
    own = (windows.T * torch.tensor(sharing.drawn("unshared", 1))).sum(1).reshape(26, 26)
    assert np.allclose(sharing.toy_map(picture, "unshared", 1), own)
    full = functional.linear(image.flatten(), torch.tensor(sharing.drawn("full", 1)))
    assert np.allclose(sharing.toy_map(picture, "full", 1), full.reshape(26, 26))


@pytest.mark.parametrize("shift", [2, 8, 16])
def test_only_the_shared_kernel_moves_with_the_picture(shift: int) -> None:
    assert sharing.unlike(values("sharing", shift=shift), "shared") < 1e-12
    assert judged("sharing", "survives", "shared", shift=shift).passed
    for kind in ("unshared", "full"):
        assert sharing.unlike(values("sharing", shift=shift), kind) > 0.2
        assert not judged("sharing", "survives", kind, shift=shift).passed
    assert not judged("sharing", "survives", "shared", shift=0).passed


def test_sharing_saves_no_multiplication() -> None:
    assert judged("sharing", "times", 1).passed
    assert "weights there are" in judged("sharing", "times", 3025).words
    assert not judged("sharing", "times", 2).passed


# --- groups


@pytest.mark.parametrize("layer", groups.LAYERS)
@pytest.mark.parametrize("count", [1, 2, 4])
def test_a_grouped_layer_costs_what_torchs_does(layer: str, count: int) -> None:
    row = groups.grouped({layer: count})[layer]
    conv = torch.nn.Conv2d(
        row.input_shape[0], row.output_shape[0], row.slides[0].kernel_size,  # type: ignore[index]
        groups=count, device="meta",
    )  # fmt: skip
    assert row.params == sum(each.numel() for each in conv.parameters())
    assert row.layer.kernel_depth(row.input_shape) == conv.weight.shape[1]


def test_what_the_blocks_do_not_connect_is_not_read() -> None:
    """A grouped convolution is the whole one with zeros outside the blocks of the drawing."""
    say = Spoken("groups", "en")
    blocks = groups._blocks(8, 6, 2, say)
    weight = torch.randn(8, 3, 1, 1)
    whole = torch.zeros(8, 6, 1, 1)
    for block in blocks:
        rows, columns = block.rows, block.columns
        whole[rows.start : rows.stop, columns.start : columns.stop] = weight[rows.start : rows.stop]
    image = torch.randn(1, 6, 4, 4)
    grouped = functional.conv2d(image, weight, groups=2)
    assert torch.allclose(grouped, functional.conv2d(image, whole), atol=1e-6)


def test_the_totals_with_and_without_groups() -> None:
    said = LABS["groups"].look(values("groups"), Spoken("groups", "en")).sentences
    for number in ("307,456", "614,656"):
        assert number in said[0]
    for number in ("60,965,224", "62,378,344", "2.3 %", "724,406,816", "1,135,256,096", "36 %"):
        assert number in said[1]
    said = LABS["groups"].look(values("groups", conv2="3"), Spoken("groups", "en")).sentences
    assert "not possible" in said[0]
    assert "conv2" in said[1]


def test_the_depth_and_the_total_are_judged() -> None:
    assert judged("groups", "depth", 2).passed
    assert "24" in judged("groups", "depth", 4).words
    assert "divided" in judged("groups", "depth", 5).words
    right = 60_965_224 - 256 * 3 * 3 * 384 // 2
    assert judged("groups", "total", right).passed
    for slip, words in (
        (442_368, "saves"), (442_752, "alone"), (60_965_224 - 442_560, "halved the biases"),
        (60_965_224, "before"), (60_965_224 + 442_368, "added"), (7, "7 is not it"),
    ):  # fmt: skip
        found = judged("groups", "total", slip)
        assert not found.passed
        assert words in found.words


# --- towers


def test_what_crosses_and_what_each_gpu_holds() -> None:
    said = " ".join(LABS["towers"].look(values("towers"), Spoken("towers", "en")).sentences)
    for words in ("60,672", "conv3 43,264 + fc6 9,216 + fc7 4,096 + fc8 4,096", "260,448",
                  "30,482,612, 30,482,612", "96 of the 96"):  # fmt: skip
        assert words in said


def test_the_memory_of_training_is_said_against_the_card() -> None:
    result = towers.cut(towers.PAPERS)
    two, one = towers.needed(result, 2, 128), towers.needed(towers.cut((), 1), 1, 128)
    # at least weights, momentum and the maps that the paper's Figure 2 counts, for 128 pictures
    assert two > 4 * (2 * result.params // 2 + 128 * 650_000 // 2)
    assert two < one < 2 * two
    for limit, words in ((1, "1 GiB are too few"), (3, "3 GiB are enough")):
        look = LABS["towers"].look(values("towers", limit=limit), Spoken("towers", "en"))
        assert words in look.sentences[1]
        assert f"{two / 2**30:.2f} GiB" in look.sentences[1]


@pytest.mark.parametrize(("crossing", "layer"), [
    (towers.PAPERS, "conv2"), (towers.PAPERS, "conv5"), ((), "fc7"), (("fc6",), "conv5"),
])  # fmt: skip
def test_what_a_unit_sees_is_where_its_gradient_arrives(
    crossing: tuple[str, ...], layer: str
) -> None:
    """A narrow copy of the layers' groups, all weights 1: which channels have a gradient."""
    names = ("conv2", "conv3", "conv4", "conv5", "fc6", "fc7")
    start = torch.ones(1, 4, 1, 1, requires_grad=True)
    value = start
    for name in names[: names.index(layer) + 1]:
        count = 1 if name in crossing else 2
        value = functional.conv2d(value, torch.ones(4, 4 // count, 1, 1), groups=count)
    value[0, 0].sum().backward()  # type: ignore[no-untyped-call]
    assert start.grad is not None
    near, far = (bool(half.any()) for half in start.grad[0, :, 0, 0].split(2))
    assert towers.sees(crossing, layer) == (48 * near, 48 * far)


def test_a_crossing_is_removed() -> None:
    cut = tuple(name for name in towers.PAPERS if name != "conv3")
    found = judged("towers", "blind", crossing=cut, unit="conv5")
    assert found.passed
    assert "3 pairs" in found.words
    assert "fc6 crosses" in judged("towers", "blind", crossing=cut, unit="fc6").words
    assert "before the cut too" in judged("towers", "blind", crossing=cut, unit="conv2").words
    assert not judged("towers", "blind").passed
    assert not judged("towers", "blind", crossing=(), unit="conv5").passed
    assert not judged("towers", "blind", crossing=(*cut, "conv2"), unit="conv5").passed
    assert not judged("towers", "blind", gpus="1").passed
    assert judged("towers", "maps", 96).passed
    assert "conv5" in judged("towers", "maps", 48).words
    assert not judged("towers", "maps", 12).passed


# --- flatten


@pytest.mark.parametrize("order", flatten.ORDERS)
def test_an_index_is_numpys(order: str) -> None:
    block = np.arange(256 * 6 * 6).reshape(256, 6, 6)
    row = (block if order == "chw" else block.transpose(1, 2, 0)).ravel()
    for place in ((0, 0, 0), (10, 2, 3), (255, 5, 5), (7, 0, 4)):
        at = flatten.index(place, (256, 6, 6), order)
        assert row[at] == block[place]
    right = flatten.index(flatten.ASKED, (256, 6, 6), order)
    found = judged("flatten", "index", right, order=order)
    assert found.passed
    assert found.part == order
    other = flatten.index(flatten.ASKED, (256, 6, 6), {"chw": "hwc", "hwc": "chw"}[order])
    assert "other order" in judged("flatten", "index", other, order=order).words
    assert "from 1" in judged("flatten", "index", right + 1, order=order).words
    assert not judged("flatten", "index", 5, order=order).passed


@pytest.mark.parametrize(("changed", "passes"), [
    ({}, False), ({"maps": 4}, True), ({"maps": 6}, False), ({"maps": 200, "reduce": "mean"}, True),
    ({"reduce": "mean"}, False), ({"maps": 200, "input": 67}, True), ({"input": 63}, False),
    ({"width": 512, "maps": 4}, False),
])  # fmt: skip
def test_fc6_is_made_as_small_as_conv3(changed: dict[str, Any], passes: bool) -> None:
    assert judged("flatten", "small", **changed).passed == passes


def test_weights_of_227_do_not_fit_224() -> None:
    said = LABS["flatten"].look(values("flatten", input=224), Spoken("flatten", "en")).sentences
    assert "6,400" in said[1]
    assert "9,216" in said[1]
    said = LABS["flatten"].look(values("flatten"), Spoken("flatten", "en")).sentences
    assert "37,748,736 weights" in said[0]
    assert "151.0 MB" in said[0]
    assert "from 227 to 258" in said[1]


# --- fc6 as a convolution


def test_the_map_of_scores_is_the_convolution_with_fc6s_weights() -> None:
    pixels = dense_as_convolution.mosaic(1)[0][:260, :260]
    found = dense_as_convolution.class_map(Shipped(), pixels)
    assert found.shape == (len(CLASSES), 2, 2)
    layers = dict(Shipped.model().named_children())
    value = torch.tensor(normalised(pixels))[None]
    with torch.inference_mode():
        for name in list(layers)[: list(layers).index("flatten")]:
            value = layers[name](value)
        for name, size in (("fc6", 6), ("fc7", 1), ("fc8", 1)):
            layer = layers[name]
            weight = layer.weight.reshape(layer.out_features, -1, size, size)
            value = functional.conv2d(value, weight, layer.bias)
            # dropout in the way of the paper halves at test time
            value = value.relu() / 2 if name != "fc8" else value.softmax(1)
    assert np.allclose(found, value[0].numpy(), atol=1e-4)
    alone = capture(Shipped.model(), normalised(pixels[:227, :227]))["prob"]
    assert np.allclose(found[:, 0, 0], alone, atol=0.02)


@pytest.mark.parametrize(("side", "cells"), [(227, 1), (258, 1), (259, 2), (387, 6), (483, 9)])
def test_the_side_of_the_map_of_scores(side: int, cells: int) -> None:
    assert dense_as_convolution.scores(side)["fc8"].output_shape == (1000, cells, cells)


def test_every_input_that_gives_five_is_accepted() -> None:
    assert [n for n in range(340, 400) if judged("dense_as_convolution", "five", n).passed] == list(
        range(355, 387)
    )
    assert "smallest input is 227" in judged("dense_as_convolution", "five", 200).words
    assert judged("dense_as_convolution", "more", 0).passed
    assert not judged("dense_as_convolution", "more", 37_752_832).passed


# --- features


def test_the_field_that_is_said_is_where_the_gradient_arrives() -> None:
    """The framed pixels are those on which the cell of conv2 depends."""
    layers = dict(Shipped.model().named_children())
    image = torch.tensor(normalised(PICTURE))[None].requires_grad_()
    value = image
    for name in ("conv1", "pool1", "conv2"):
        layer = layers[name]
        value = (
            functional.avg_pool2d(value, 3, 2)
            if name == "pool1"
            else functional.conv2d(
                value, torch.ones_like(layer.weight), None, layer.stride, layer.padding,
                groups=layer.groups,
            )
        )  # fmt: skip
    value[0, 0, 13, 5].backward()  # type: ignore[no-untyped-call]
    assert image.grad is not None
    rows, columns = (image.grad[0].abs().sum(dim=(0, axis)).nonzero().ravel() for axis in (2, 1))
    said = LABS["features"].look(
        values("features", layer="conv2", row=13, column=5), Spoken("features", "en")
    ).sentences[0]  # fmt: skip
    assert f"rows {rows[0]} to {rows[-1]}" in said
    left = int(columns[-1]) - 50  # the field begins outside the picture if it is cut off
    assert f"columns {left} to {columns[-1]}".replace("-", "−") in said.replace("-", "−")
    assert judged("features", "field", 163).passed
    assert "conv3" in judged("features", "field", 99).words
    assert not judged("features", "field", 5).passed


def test_the_strongest_maps_and_the_zeros_are_the_models() -> None:
    maps = Shipped().activations(PICTURE)["relu3"]
    said = LABS["features"].look(values("features", layer="conv3"), Spoken("features", "en"))
    order = np.argsort(-maps.mean(axis=(1, 2)), kind="stable")[:8]
    assert ", ".join(map(str, order)) in said.sentences[2]
    assert f"{100 * (maps == 0).mean():.0f} %" in said.sentences[1]


def test_the_drawing_that_lights_a_map_most() -> None:
    means = np.stack([
        capture(Shipped.model(), normalised(features.drawn(kind, 1)))["relu1"].mean(axis=(1, 2))
        for kind in CLASSES
    ])  # fmt: skip
    channel = int(means.max(axis=0).argmax())
    order = means[:, channel].argsort()[::-1]
    for rank, at in enumerate(order[:3]):
        found = judged("features", "lights", CLASSES[at], layer="conv1", map=channel)
        assert found.passed == (rank == 0)
        assert rank == 0 or f"number {rank + 1} of 16" in found.words
    dark = int(means.max(axis=0).argmin())
    if means[:, dark].max() == 0:
        assert "None" in judged("features", "lights", "dots", layer="conv1", map=dark).words


def _patched(row: int, column: int, side: int) -> Any:
    """The star with a square of the training pictures' mean colour on it."""
    found = PICTURE.copy()
    found[row : row + side, column : column + side] = (123, 117, 104)
    return found


def test_a_patch_changes_what_the_network_answers_to_the_covered_picture() -> None:
    setting = {"layer": "conv3", "row": 4, "column": 4, "patch": 60, "patch_row": 200}
    said = LABS["features"].look(values("features", **setting), Spoken("features", "en"))
    # the patch ends at the edge of the picture
    pair = [capture(Shipped.model(), normalised(each)) for each in (PICTURE, _patched(167, 90, 60))]
    channel = int(pair[0]["relu3"].mean(axis=(1, 2)).argmax())
    first, second = (each["relu3"][channel] for each in pair)
    words = said.sentences[0]
    assert f"**{(first != second).sum()} of 169 cells** of map {channel}" in words
    assert f"from {first.mean():.3g} to {second.mean():.3g}" in words
    assert f"(4, 4) from {first[4, 4]:.3g} to {second[4, 4]:.3g}" in words
    odds, then = (100 * each["prob"].ravel()[CLASSES.index("star")] for each in pair)
    assert f"“star”: **{odds:.1f} % → {then:.1f} %**" in words
    assert "patch" not in said.sentences[1]
    plain = LABS["features"].look(values("features", layer="conv3"), Spoken("features", "en"))
    assert len(plain.sentences) == len(said.sentences) - 1


def test_a_cell_changes_only_if_the_patch_covers_its_field() -> None:
    # conv2, cell (8, 8) reads rows and columns 48 to 98
    place = {"layer": "conv2", "row": 8, "column": 8, "patch": 24}
    beside = judged("features", "beside", patch_row=99, patch_column=40, **place)
    assert beside.passed
    assert "rows 48 to 98" in beside.words
    assert not judged("features", "beside", patch_row=98, patch_column=60, **place).passed
    assert "at least 24" in judged("features", "beside", **place | {"patch": 20}).words
    maps = Shipped().activations(PICTURE)["relu2"]
    dark = next(each for each in range(256) if not maps[each, 8, 8] and maps[each].any())
    assert "already" in judged("features", "beside", map=dark, **place).words
    blind = next(each for each in range(256) if maps[each, 8, 8] and maps[each].any())
    assert not judged("features", "beside", map=blind, **place | {"patch": 0}).passed


def test_the_frames_of_the_features_tell_where_they_may_stand() -> None:
    svg = LABS["features"].look(
        values("features", layer="conv4", patch=48), Spoken("features", "en")
    ).drawings[0].svg  # fmt: skip
    assert 'data-sets="patch_row patch_column" data-cells="227 227" data-at="90 90"' in svg
    assert 'data-sets="row column" data-cells="13 13" data-at="12 12"' in svg
    # conv4 of the trace: fields of 131 pixels, 16 apart, the first beginning 48 outside
    assert 'data-field="-48 16 131"' in svg
    none = LABS["features"].look(values("features"), Spoken("features", "en")).drawings[0].svg
    assert "patch_row" not in none


# --- the frame


def test_a_small_picture_is_carried_exactly() -> None:
    """The cells of a kernel keep their colours; a photograph is smaller as a JPEG."""
    for side, kind in ((11, "png"), (227, "jpeg")):
        pixels = np.random.default_rng(0).integers(0, 256, (side, side, 3)).astype(np.uint8)
        head, _, body = picture_uri(pixels).partition(",")
        assert head == f"data:image/{kind};base64"
        found = np.array(Image.open(BytesIO(b64decode(body))))
        assert found.shape == pixels.shape
        assert (found == pixels).all() == (kind == "png")


def test_a_network_reads_the_pixels_that_a_lab_has() -> None:
    assert (cropped(framed(PICTURE), 227) == PICTURE).all()


def test_photographs_are_as_large_as_a_lab_asks() -> None:
    for lab in LABS.values():
        if lab.needs_picture:
            side = lab.picture_side
            assert cropped(SAMPLES["cat"].load(), side).shape == (side, side, 3)
