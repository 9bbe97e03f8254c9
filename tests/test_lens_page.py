"""The Channel page: every kind of layer says something true, and its numbers are the network's."""

import json
import re
import struct
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from torch import nn

from alexnet_viz.model.activations import capture
from alexnet_viz.model.build import build
from alexnet_viz.network.layers import KINDS
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.pictures.preprocessing import PAPER, Preprocessing, cropped, preprocess
from alexnet_viz.pictures.samples import SAMPLES
from alexnet_viz.serving import Passes
from alexnet_viz.serving.shown import ArrivingAt, ChannelMapOf
from alexnet_viz.text import LANGUAGES, catalogue, t
from alexnet_viz.ui.app.choices import CHOICES
from alexnet_viz.ui.components.layer_words import layer_sentence
from alexnet_viz.ui.components.lens import GOES_TO
from alexnet_viz.ui.components.lens_parcel import RULES, packed
from alexnet_viz.ui.components.specimen import MOST_TOP, Specimen
from alexnet_viz.variants import VARIANTS
from alexnet_viz.weights.catalogue import DRAWINGS
from alexnet_viz.weights.loader import load
from tests.parcels import parcels
from tests.spoken import open_page, words
from tests.test_lens import SMALL

AT = {"variant": "alexnet_2012_227"}


def open_channel(**query: object) -> AppTest:
    app = open_page("channel", **{**AT, "channel": 0, **query})
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    """The title and the sentences beside the lens."""
    (lens,) = [parcel for parcel in parcels(app) if "said" in parcel]
    title, sentences = lens["said"]
    return "\n".join([title, *sentences])


def test_a_picture_of_one_channel_has_grey_values_and_no_colours() -> None:
    app = open_channel(variant="d2l_alexnet", weights="fashion", layer="conv1", lang="en")
    assert "reads the grey values of the picture through a window of **11×11**" in said(app)
    assert "121 products" in said(app)
    first = trace(VARIANTS["d2l_alexnet"])
    words = layer_sentence(first, first.rows[0])
    assert words == "96 kernels of 11×11×1: each reads the grey values of the picture."


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("layer", "says"),
    [
        ("conv1", "channel.reads_picture"),
        ("conv2", "channel.reads_maps"),
        ("relu1", "channel.reads_value"),
        ("norm1", "channel.reads_several"),
        ("pool1", "channel.reads_one"),
        ("flatten", "channel.reads_value"),
        ("fc6", "channel.unit_reads_maps"),
        ("fc7", "channel.unit_reads_units"),
        ("drop6", "channel.reads_value"),
        ("prob", "channel.reads_several"),
    ],
)
def test_every_kind_of_layer_says_what_it_is(layer: str, says: str, language: Any) -> None:
    app = open_channel(layer=layer, channel=3, lang=language)
    template = re.escape(catalogue()[says].of(language))
    assert re.search(re.sub(r"\\{.*?\\}", ".+", template), said(app))
    learned = layer.startswith(("conv", "fc"))
    assert len(app.subheader) == (2 if learned else 0)


@pytest.mark.parametrize(
    ("variant", "layer"),
    [
        ("d2l_alexnet", "conv1"),  # one grey channel
        ("torchvision_alexnet", "avgpool"),  # adaptive
        ("torchvision_alexnet", "drop5"),  # flat, but still cells of maps
        ("rotnet_alexnet_bn", "norm6"),  # a norm of units
        ("tf_slim_alexnet_v2", "fc6"),  # a dense layer written as a convolution
        ("tf_slim_alexnet_v2", "squeeze"),
        ("article_001_fc_as_conv", "prob"),  # softmax over maps
        ("tflearn_alexnet", "tanh6"),
        ("article_002_text", "norm5b"),  # the last layer of a network that fails
    ],
)
def test_other_networks_layers_open_too(variant: str, layer: str) -> None:
    app = open_page("channel", variant=variant, layer=layer, weights="random")
    assert not app.exception
    assert layer in said(app).splitlines()[0]


def numbers(sentence: str) -> list[float]:
    return [
        float(each.replace(",", "")) for each in re.findall(r"-?[\d,.]*\d(?:e-?\d+)?", sentence)
    ]


@pytest.mark.parametrize("layer", ["conv1", "conv2", "conv5", "fc6", "fc8"])
def test_the_sum_that_is_said_is_the_network_s(layer: str) -> None:
    app = open_channel(layer=layer, channel=7)
    (sentence,) = [
        each.value for each in app.markdown if "The network's own value is" in each.value
    ]
    total, bias, value, captured = numbers(sentence)[-4:]
    assert value == pytest.approx(total + bias, rel=1e-3, abs=1e-3)
    assert value == pytest.approx(captured, rel=2e-4)
    table = app.dataframe[0].value
    unit = "_unit" if layer == "fc8" else ""
    parts = table[t(f"channel.contribution{unit}")]
    assert parts.sum() == pytest.approx(total, rel=1e-3, abs=1e-4)
    assert list(parts.abs()) == sorted(parts.abs(), reverse=True)
    assert table[t("channel.share")].sum() == pytest.approx(100)


def test_a_group_s_channels_are_named_as_the_source_counts_them() -> None:
    for channel, first in ((0, 0), (200, 48)):
        table = open_channel(layer="conv2", channel=channel).dataframe[0].value
        assert sorted(table[t("channel.source")]) == list(range(first, first + 48))


def test_a_link_names_a_cell_and_one_that_is_not_there_is_said() -> None:
    app = open_channel(layer="conv3", channel=1, cell_row=2, cell_column=12)
    assert "Row 2, column 12 of channel 1 of conv3" in words(app)
    assert app.query_params["cell_row"] == "2"
    app = open_channel(layer="conv3", channel=1, cell_row=2, cell_column=13)
    assert "There is no row 2, column 13 in the 13×13 cells of conv3" in said(app)


def test_a_channel_beyond_the_last_shows_the_last() -> None:
    assert "Channel 95 of conv1" in said(open_channel(layer="conv1", channel=400))


def test_an_output_is_called_by_its_class() -> None:
    assert "Unit 0 of prob, one of 16 · circle" in said(open_channel(layer="prob", channel=0))
    assert "circle" not in said(open_channel(layer="fc6", channel=0))


def test_the_way_down_and_to_the_kernel() -> None:
    app = open_channel(layer="pool1", channel=5)
    app.button(key="channel.go.5").click().run()
    assert not app.exception
    assert "Channel 5 of norm1" in said(app)
    app.button(key="channel.maker").click().run()
    assert not app.exception
    assert "Channel 5 of conv1" in said(app)
    assert t("channel.colour") in str(app.table[0].value)


def test_a_neighbour_in_the_norm_has_a_button() -> None:
    app = open_channel(layer="norm1", channel=0)
    assert "reads channels 0 to 2 of relu1" in said(app)
    app.button(key="channel.go.2").click().run()
    assert "Channel 2 of relu1" in said(app)


def test_what_lies_flat_belongs_to_no_kernel() -> None:
    app = open_channel(layer="flatten", channel=40)
    assert "reads one value: a cell of channel 1 of pool5" in said(app)
    with pytest.raises(KeyError):
        app.button(key="channel.maker")


def test_the_choices_that_a_click_sets_exist() -> None:
    assert set(GOES_TO) <= set(CHOICES)


# ---- the sentences beside the lens


def run_of_link(picture: str) -> dict[str, np.ndarray]:
    """What the shipped weights make of a sample at 227 pixels."""
    return capture(load(DRAWINGS), preprocess(SAMPLES[picture].load(), 227))


def test_the_sentences_have_the_network_s_numbers() -> None:
    plane = run_of_link("cat")["conv2"][160]
    row, column = (int(each) for each in np.unravel_index(plane.argmax(), plane.shape))
    app = open_channel(layer="conv2", channel=160, source="sample", sample="cat")
    words = said(app)
    assert "reads 48 of the 96 maps of pool1 through a window of **5×5**: 1,200 products" in words
    assert "2 groups, and a channel reads its own group only: 48 to 95." in words
    assert f"most at row {row}, column {column}, with **{plane.max():.4g}**" in words
    assert f"{100 * (plane > 0).mean():.0f} % of its cells are above 0" in words
    assert "reads all 256 maps of pool2" in said(open_channel(layer="conv3"))


def test_the_sentence_names_what_adds_and_what_takes_away() -> None:
    app = open_channel(layer="conv2", channel=160, source="sample", sample="cat")
    table = app.dataframe[0].value
    value = t("channel.contribution")
    top, least = table.loc[table[value].idxmax()], table.loc[table[value].idxmin()]
    name = t("channel.source")
    assert f"channel {int(top[name])} of pool1 adds most ({top[value]:+.4g})" in said(app)
    assert f"channel {int(least[name])} of pool1 takes most away ({least[value]:.4g})" in said(app)


def test_the_strongest_channel_is_under_the_lens_until_one_is_chosen() -> None:
    app = open_page("channel", layer="conv3", source="sample", **AT)
    strongest = run_of_link("astronaut")["conv3"].mean(axis=(1, 2)).argmax()
    assert f"Channel {strongest} of conv3" in said(app)


def test_what_excites_the_channel_and_what_it_depends_on_are_a_link_away() -> None:
    app = open_channel(layer="conv3", channel=7)
    links = {each.proto.page: each.proto.query_string for each in app.get("page_link")}
    assert "attr_what=unit" in links["attribution"]
    assert "seen=1" in links["towers"]
    for page in ("attribution", "towers"):
        assert "layer=conv3" in links[page]
        assert "channel=7" in links[page]


def test_the_kernel_in_colour_is_shown_by_the_lens_alone() -> None:
    assert not open_channel(layer="conv1", channel=3).get("image")
    (kernel,) = open_channel(layer="conv2", channel=3).get("image")
    assert kernel.proto.imgs[0].alt


# ---- what the browser gets


def specimen(
    network: Network, layer: str, channel: int, how: Preprocessing = PAPER
) -> tuple[Specimen, nn.Module]:
    result, model = trace(network), build(network)
    picture = SAMPLES["cat"].load()
    channels, size, _ = network.input_shape
    image = preprocess(picture, size, channels, how)
    passes = Passes(model, result, [image], [capture(model, image)])
    one, seen = ChannelMapOf(layer, channel)(passes), cropped(picture, size, channels)
    values = ArrivingAt(layer)(passes)
    it = Specimen(result, result[layer], channel, seen, image, how, one.plane, values, one.rank)
    return it, model.get_submodule(layer)


def output(it: Specimen, layer: str) -> np.ndarray:
    """What a layer of the specimen's network makes of its picture."""
    return capture(build(it.result.network), it.image)[layer]


def unpack(parcel: bytes) -> dict[str, Any]:
    (length,) = struct.unpack_from("<I", parcel)
    header = json.loads(parcel[4 : 4 + length])
    at = 4 + length
    for name, size in header["parts"].items():
        header[name], at = parcel[at : at + size], at + size
    return header


def floats(part: bytes) -> np.ndarray:
    return np.frombuffer(part, "<f4")


@pytest.mark.parametrize(
    "how", [PAPER, Preprocessing(1 / 255, (0.485, 0.456, 0.406), (0.2, 0.3, 0.4), bgr=True)]
)
@pytest.mark.parametrize("channels", [1, 3])
def test_a_picture_s_table_gives_the_very_numbers_the_network_read(
    how: Preprocessing, channels: int
) -> None:
    network = Network(id="any", input_shape=(channels, 31, 31), layers=SMALL.layers[:1])
    it, module = specimen(network, "conv1", 0, how)
    shown = unpack(packed(it, module, {}))
    table = floats(shown["table"]).reshape(channels, 256)
    pixels = np.frombuffer(shown["pixels"], np.uint8).reshape(31, 31, 3)
    for channel in range(channels):
        band = shown["source"]["bands"][channel]
        assert np.array_equal(table[channel][pixels[..., band]], it.image[channel])
    names = shown["source"]["names"]
    assert names == (None if channels == 1 else ["B", "G", "R"] if how.bgr else ["R", "G", "B"])


def test_only_the_channels_that_are_read_travel() -> None:
    it, module = specimen(SMALL, "conv2", 5)
    shown = unpack(packed(it, module, {}))
    assert (shown["source"]["first"], shown["source"]["count"]) == (4, 4)
    assert np.array_equal(floats(shown["values"]), output(it, "pool1")[4:].ravel())
    assert floats(shown["kernel"]).size == 4 * 3 * 2
    assert shown["rows"][0] == [-2, 3, 2]  # first row, how many, dilation
    assert np.array_equal(floats(shown["plane"]), output(it, "conv2")[5].ravel())


def test_the_field_of_what_lies_flat_is_that_of_its_cell() -> None:
    """Unit 3 of flatten is row 1, column 1 of pool3; drop3 only hands it on."""
    network = Network(id="any", input_shape=SMALL.input_shape, layers=(
        *SMALL.layers[:10], *SMALL.layers[11:13]))  # fmt: skip
    height, width = trace(network)["pool2"].output_shape[1:]
    for layer in ("flatten", "drop3"):
        it, module = specimen(network, layer, width + 1)
        fields = unpack(packed(it, module, {}))["fields"]
        axes = it.result["pool2"].receptive_field
        assert axes is not None
        assert [field[2] for field in fields] == [axis.pixels(1).start for axis in axes]
    assert height > 1


def test_behind_unlike_windows_there_is_no_field_to_draw() -> None:
    it, module = specimen(SMALL, "pool3", 0)
    shown = unpack(packed(it, module, {}))
    assert shown["fields"] is None
    assert shown["place"] is None


def test_the_strongest_cells_are_few_and_none_where_there_is_nothing_to_choose() -> None:
    it, _ = specimen(SMALL, "conv1", 2)
    values = [it.plane[cell] for cell in it.top()]
    assert values == np.sort(it.plane, axis=None)[::-1][:MOST_TOP].tolist()
    assert specimen(SMALL, "fc4", 0)[0].top() == []
    silent = it._replace(plane=np.zeros_like(it.plane))
    assert silent.silent
    assert silent.top() == []


def test_every_kind_of_layer_has_a_rule_in_words() -> None:
    assert set(RULES) == set(KINDS)
    assert {f"lens.rule.{rule}" for rule in (*RULES.values(), "other")} <= set(catalogue())


def holes(text: str) -> set[str]:
    return set(re.findall(r"\{\{(\w+)\}\}", text))


def test_what_the_browser_fills_in_is_the_same_in_both_languages() -> None:
    phrases = {key: text for key, text in catalogue().items() if key.startswith("lens.")}
    assert any(holes(text.en) for text in phrases.values())
    for key, text in phrases.items():
        assert holes(text.en) == holes(text.zh), key
