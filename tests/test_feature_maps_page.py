"""The Feature maps page: what is sent to the browser, held against numpy and the network itself."""

import json
import re
import struct
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import numpy as np
import pytest
import streamlit as st
from PIL import Image

from alexnet_viz.analysis.first_layer import first_kernels
from alexnet_viz.model.build import build
from alexnet_viz.network.layers import shape_text
from alexnet_viz.network.trace import trace
from alexnet_viz.render.charts.contact_sheet import FIRST, LAST
from alexnet_viz.text import LANGUAGES, Language, t
from alexnet_viz.ui.components.component import pack
from alexnet_viz.variants import VARIANTS
from tests.parcels import RANDOM, order, parcels, plain, random_run, the_sheet
from tests.spoken import open_page, words


@pytest.fixture(autouse=True)
def _cold_caches() -> Iterator[None]:
    yield
    st.cache_data.clear()


def test_a_missing_layer_is_told_under_the_maps_and_not_among_the_choices() -> None:
    app = open_page("feature_maps", layer="nope", lang="en")
    told = [each.value for column in app.columns for each in column.info if "nope" in each.value]
    assert len(told) == 1
    assert "conv1 is shown" in told[0]


def test_a_parcel_holds_what_was_put_in() -> None:
    data = pack({"size": (2, 3), "words": "特征图"}, png=b"\x89", empty=b"", numbers=b"\0" * 5)
    (length,) = struct.unpack_from("<I", data)
    header = json.loads(data[4 : 4 + length])
    assert header["size"] == [2, 3]
    assert header["words"] == "特征图"
    assert list(header["parts"].items()) == [("png", 1), ("empty", 0), ("numbers", 5)]
    assert data[4 + length :] == b"\x89" + b"\0" * 5


@pytest.mark.parametrize("layer", ["conv1", "relu1", "pool5", "fc6", "prob"])
def test_every_kind_of_layer_has_a_sheet(layer: str) -> None:
    for scale in ("map", "layer", "percentile", "images", "shared"):
        app = open_page(
            "feature_maps", source="sample", layer=layer, scale=scale, order="mean", **RANDOM
        )
        assert not app.exception
        assert f"of {layer}" in words(app)


def test_the_colours_are_the_values_of_the_map() -> None:
    """From the bytes that the browser gets back to what the network put out."""
    app = open_page("feature_maps", source="sample", layer="conv1", channel=0, **RANDOM)
    sheet = the_sheet(app)
    maps = random_run("astronaut")["conv1"]
    low, high = sheet["limits"]
    assert -low == high == pytest.approx(np.abs(maps).max())
    steps = np.asarray(Image.open(BytesIO(sheet["png"])))
    across, down = sheet["tile"]
    for channel in (0, 17, 95):
        row, column = divmod(channel, sheet["columns"])
        tile = steps[row * down :, column * across :][:55, :55].astype(float)
        read = low + (tile - FIRST) / (LAST - FIRST) * (high - low)
        assert np.abs(read - maps[channel]).max() <= 0.51 * (high - low) / (LAST - FIRST)
    numbers = np.frombuffer(sheet["numbers"], "<f4").reshape(4, 96)
    flat = maps.reshape(96, -1)
    for said, true in zip(numbers, (flat.mean(1), flat.max(1), flat.min(1)), strict=False):
        assert np.allclose(said, true, atol=1e-6)
    overlay = parcels(app)[1]
    assert (np.frombuffer(overlay["plane"], "<f4").reshape(55, 55) == maps[0]).all()


def test_percentiles_say_what_share_is_clipped() -> None:
    app = open_page("feature_maps", source="sample", layer="relu1", scale="percentile", **RANDOM)
    maps = random_run("astronaut")["relu1"]
    low, high = np.percentile(maps, [1, 99])
    assert the_sheet(app)["limits"] == pytest.approx([low, high])
    share = 100 * ((maps < low) | (maps > high)).mean()
    assert f"percentiles 1 and 99 of the layer; {share:.2g} % of its values" in words(app)


def test_one_scale_for_all_pictures_is_the_same_for_each() -> None:
    query = {"layer": "relu2", "scale": "images", **RANDOM}
    cat = open_page("feature_maps", source="sample", sample="cat", beside="coffee", **query)
    coffee = open_page("feature_maps", source="sample", sample="coffee", beside="cat", **query)
    top = max(random_run(sample)["relu2"].max() for sample in ("cat", "coffee"))
    assert the_sheet(cat)["limits"] == the_sheet(coffee)["limits"] == pytest.approx([0, top])
    alone = open_page("feature_maps", source="sample", sample="cat", **query)
    assert the_sheet(alone)["limits"] == pytest.approx([0, random_run("cat")["relu2"].max()])


@pytest.mark.parametrize("scale", ["map", "layer", "percentile", "images", "shared"])
def test_pictures_side_by_side_have_one_scale(scale: str) -> None:
    query = {"layer": "relu1", "channel": 7, "scale": scale, **RANDOM}
    app = open_page(
        "feature_maps", source="sample", sample="cat", beside="coffee,rings,drawing", **query
    )
    assert not app.exception
    _sheet, _one, *several = parcels(app)
    assert len(several) == 4
    assert len({tuple(parcel["limits"]) for parcel in several}) == 1
    for parcel, sample in zip(several, ("cat", "coffee", "rings"), strict=False):
        plane = np.frombuffer(parcel["plane"], "<f4").reshape(parcel["size"])
        assert (plane == random_run(sample)["relu1"][7]).all()
    if scale == "map":
        planes = [np.frombuffer(parcel["plane"], "<f4") for parcel in several]
        assert several[0]["limits"][1] == pytest.approx(max(map(np.max, planes)))


def test_a_unit_says_its_rank() -> None:
    values = random_run("astronaut")["fc6"]
    largest = int(values.argmax())
    app = open_page("feature_maps", source="sample", layer="fc6", channel=largest, **RANDOM)
    assert f"Its value: **{values[largest]:.6g}**, number 1 of 4,096" in words(app)


def test_units_side_by_side_are_numbers() -> None:
    app = open_page("feature_maps", source="sample", layer="fc8", beside="cat", channel=3, **RANDOM)
    assert not app.exception
    said = [metric.value for metric in app.metric]
    assert said == [f"{random_run(sample)['fc8'][3]:.6g}" for sample in ("astronaut", "cat")]


@pytest.mark.parametrize(
    ("chosen", "by"),
    [
        ("mean", lambda maps: maps.mean(axis=(1, 2))),
        ("max", lambda maps: maps.max(axis=(1, 2))),
        ("variance", lambda maps: maps.var(axis=(1, 2))),
        ("zeros", lambda maps: (maps == 0).mean(axis=(1, 2))),
    ],
)
def test_channels_are_sorted_largest_first(chosen: str, by: Any) -> None:
    numbers = by(random_run("astronaut")["relu1"].astype(np.float64))
    drawn = order(open_page("feature_maps", source="sample", layer="relu1", order=chosen, **RANDOM))
    assert sorted(drawn) == list(range(96))
    assert (np.diff(numbers[drawn]) <= 1e-6 * np.ptp(numbers)).all()


@pytest.mark.parametrize("layer", ["conv1", "relu1", "norm1", "pool1"])
def test_channels_are_sorted_by_the_colour_of_their_kernels(layer: str) -> None:
    """A kernel is colourful as far as its red, green and blue weights differ."""
    weights = build(VARIANTS["alexnet_2012_paper"], seed=0).conv1.weight.numpy()
    share = 3 * weights.var(axis=1).sum(axis=(1, 2)) / (weights**2).sum(axis=(1, 2, 3))
    drawn = order(open_page("feature_maps", source="sample", layer=layer, order="colour", **RANDOM))
    assert drawn == np.argsort(-share, kind="stable").tolist()


def test_the_order_by_colour_is_not_offered_where_kernels_have_none() -> None:
    app = open_page("feature_maps", source="sample", layer="relu1", order="colour", **RANDOM)
    assert "kernel's colour" in app.selectbox(key="widget.order").options
    app.selectbox(key="widget.layer").set_value("conv2").run()
    assert "kernel's colour" not in app.selectbox(key="widget.order").options
    assert t("maps.order_elsewhere") in words(app)
    assert order(app) == list(range(256))
    app.selectbox(key="widget.layer").set_value("conv1").run()
    assert app.selectbox(key="widget.order").value == "colour"  # the choice waited


def test_channels_are_kernels_until_the_next_convolution() -> None:
    result = trace(VARIANTS["alexnet_2012_paper"])
    keeping = [row.name for row in result.rows if first_kernels(result, row.name)]
    assert keeping == ["conv1", "relu1", "norm1", "pool1"]
    grey = next(trace(v) for v in VARIANTS.values() if v.input_shape[0] == 1)
    assert first_kernels(grey, grey.rows[0].name) == ""


def test_silent_channels_are_counted_and_marked() -> None:
    app = open_page("feature_maps", source="upload", layer="relu1", **RANDOM)
    app.file_uploader(key="upload").upload("flat.png", plain("#7a756b")).run()
    numbers = np.frombuffer(the_sheet(app)["numbers"], "<f4").reshape(4, 96)
    silent = np.count_nonzero((numbers[1] == 0) & (numbers[2] == 0))
    assert 0 < silent < 96
    assert f"{silent} silent (all zero), crossed out" in words(app)


@pytest.mark.parametrize(
    ("layer", "most"),
    [("conv1", 400_000), ("conv2", 400_000), ("fc6", 200_000), ("fc8", 200_000)],
)
def test_a_sheet_is_light(layer: str, most: int) -> None:
    for scale in ("map", "layer"):
        assert (
            the_sheet(open_page("feature_maps", source="sample", layer=layer, scale=scale))["bytes"]
            <= most
        )


def test_the_overlay_lies_where_the_cells_look() -> None:
    """The middle of a cell's box is the middle of the pixels it sees."""
    for layer in ("conv1", "pool2", "conv5"):
        app = open_page("feature_maps", source="sample", layer=layer, **RANDOM)
        overlay = parcels(app)[1]
        left, top, width, height = overlay["place"]
        row = trace(VARIANTS["alexnet_2012_paper"])[layer]
        assert row.receptive_field is not None
        rows, columns = overlay["size"]
        assert shape_text(row.output_shape[1:]) == f"{rows}×{columns}"
        for cell in (0, rows // 2, rows - 1):
            vertical = row.receptive_field[0].pixels(cell)
            middle = (vertical.start + vertical.stop) / 2
            assert 224 * (top + (cell + 0.5) * height / rows) == pytest.approx(middle)
            horizontal = row.receptive_field[1].pixels(cell)
            middle = (horizontal.start + horizontal.stop) / 2
            assert 224 * (left + (cell + 0.5) * width / columns) == pytest.approx(middle)


def test_the_proof_is_computed_when_it_is_opened() -> None:
    app = open_page("feature_maps", source="sample", **RANDOM)
    assert not app.success
    app.session_state["proof"] = True
    app.run()
    assert not app.exception
    layers = len(trace(VARIANTS["alexnet_2012_paper"]).rows)
    assert f"all {layers} layers were computed again" in app.success[0].value
    table = app.dataframe[0].value
    assert len(table) == layers
    assert (table[t("maps.milliseconds")] > 0).any()


def test_a_cell_is_kept_as_long_as_the_map_has_it() -> None:
    query = {"cell_row": 5, "cell_column": 12, "beside": "cat", **RANDOM}
    app = open_page("feature_maps", source="sample", layer="conv2", **query)
    assert [parcel["cell"] for parcel in parcels(app)[1:]] == [[5, 12]] * 3
    link, *_ = [each.proto for each in app.get("page_link")]  # then those at the page's end
    assert (link.page, link.label) == ("channel", t("maps.lens_cell", row=5, column=12))
    app.selectbox(key="widget.layer").set_value("pool5").run()
    assert not app.exception
    assert [parcel["cell"] for parcel in parcels(app)[1:]] == [None] * 3
    assert app.get("page_link")[0].proto.label == t("maps.lens")


# ---- the sentence under the sheet


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentence_names_the_channels_of_the_largest_means(language: Any) -> None:
    means = random_run("astronaut")["conv3"].mean(axis=(1, 2))
    first, second, third = np.argsort(-means)[:3]
    query = {"source": "sample", "layer": "conv3", "lang": language, **RANDOM}
    app = open_page("feature_maps", **query)
    joined = {
        "en": f"**{first}**, **{second}** and **{third}**",
        "zh": f"**{first}**、**{second}** 和 **{third}**",
    }
    assert joined[language] in words(app)
    assert f"{means[first]:.4g}" in words(app)
    assert "**99×99**" in words(app)
    assert the_sheet(app)["selected"] == first


def test_the_strongest_channel_is_shown_until_one_is_chosen() -> None:
    maps = random_run("astronaut")
    app = open_page("feature_maps", source="sample", layer="conv2", **RANDOM)
    assert the_sheet(app)["selected"] == maps["conv2"].mean(axis=(1, 2)).argmax()
    assert "channel" not in app.query_params
    app.selectbox(key="widget.layer").set_value("fc6").run()
    assert the_sheet(app)["selected"] == maps["fc6"].argmax()
    app.number_input(key="widget.channel").set_value(0).run()
    assert app.query_params["channel"] == "0"  # a link that says 0 means 0
    assert the_sheet(app)["selected"] == 0


def test_an_output_is_named_by_its_class_in_the_sentence() -> None:
    app = open_page("feature_maps", layer="prob", drawing="ring")
    assert re.search(r"Of 16 units of prob, \*\*\d+\*\* \(ring\) answers alone", words(app))
    app.selectbox(key="widget.layer").set_value("fc8").run()
    assert re.search(r"Of 16 units of fc8, \*\*\d+\*\* \(ring\), \*\*\d+\*\* \(", words(app))


def test_every_picture_has_a_text_for_who_does_not_see_it() -> None:
    for layer in ("conv1", "fc6"):
        app = open_page("feature_maps", source="sample", layer=layer, beside="cat", **RANDOM)
        pictures = [image for element in app.get("image") for image in element.proto.imgs]
        assert pictures or layer == "conv1"
        assert all(image.alt for image in pictures)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_photo_is_told_what_the_weights_cannot_know_and_where_channels_answer(
    language: Language,
) -> None:
    caution = t("maps.only_drawings", language, count=16)
    app = open_page("feature_maps", source="sample", sample="cat", lang=language)
    assert caution in words(app)
    links = [each.proto.label for each in app.get("page_link")]
    assert t("predict.imagenet", language) in links
    strongest = int(the_sheet(app)["selected"])
    start = t("maps.where", language, channel=strongest, place="|").partition("|")[0]
    assert start in words(app)
    drawn = open_page("feature_maps", lang=language)
    assert caution not in words(drawn)
