"""Every page, run by Streamlit's own test harness: no exception, right words, right numbers."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from alexnet_viz.text import LANGUAGES, t
from alexnet_viz.ui import state
from alexnet_viz.ui.shell import PAGES
from alexnet_viz.variants import VARIANTS

ROOT = Path(__file__).parents[1]

Open = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def _cold_caches() -> None:
    st.cache_data.clear()


@pytest.fixture
def open_page() -> Open:
    """Open a page as a link does: ``open_page("layer", lang="zh", input=227)``."""

    def opened(page: str, **query: object) -> AppTest:
        app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
        for name, value in query.items():
            app.query_params[name] = str(value)
        app.run()
        if page != next(iter(PAGES)):
            app.switch_page(f"pages/{page}.py").run()
        return app

    return opened


def words(app: AppTest) -> str:
    """Everything a page says in plain text elements, as a reader sees it."""
    kinds: tuple[str, ...] = (
        "title",
        "subheader",
        "markdown",
        "caption",
        "warning",
        "info",
        "error",
    )
    said = "\n".join(element.value for kind in kinds for element in app.get(kind))
    return re.sub(r"\\([^A-Za-z0-9\s])", r"\1", said)


def chain_table(app: AppTest) -> str:
    """The computed table below the chain editor."""
    return str(app.dataframe[-1].value)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_in_both_languages(open_page: Open, page: str, language: Any) -> None:
    app = open_page(page, lang=language)
    assert not app.exception
    assert [title.value for title in app.title] == [t(f"page.{page}.title", language)]
    assert t(f"page.{page}.lead", language) in words(app)


@pytest.mark.parametrize("page", PAGES)
def test_a_network_that_fails_is_explained_on_every_page(open_page: Open, page: str) -> None:
    query = {"variant": "article_002_text", "compare": "article_002_text,alexnet_2012_paper"}
    app = open_page(page, **query)
    assert not app.exception
    if page not in ("calculator", "towers"):  # the editor's chain and the split say it themselves
        assert "kernel_size=3 does not fit an input of 2" in words(app)


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_opens(open_page: Open, variant: str) -> None:
    app = open_page("architecture", variant=variant)
    assert not app.exception


def test_the_size_changes_the_numbers(open_page: Open) -> None:
    paper = words(open_page("architecture"))
    assert "**60,965,224** parameters" in paper
    assert "**659,272** neurons" in paper
    at_227 = words(open_page("architecture", variant="torchvision_alexnet", input=227))
    assert "**716,767,232** MACs" in at_227


def test_the_rounding_rule_changes_the_numbers(open_page: Open) -> None:
    app = open_page("architecture", rounding="floor", refit=1)
    assert "fc6 reads **6,400** values (256×5×5)" in words(app)
    assert "**49,430,888** parameters" in words(app)


def test_a_size_can_be_switched_and_typed(open_page: Open) -> None:
    app = open_page("architecture", variant="alexnet_2012_227")
    app.segmented_control(key="widget.size").set_value("224").run()
    assert "49,430,888" in words(app)
    assert app.query_params["input"] == "224"
    app.number_input(key="widget.input").set_value(259).run()
    assert not app.exception
    assert "fc6 reads **12,544** values (256×7×7)" in words(app)


def test_a_language_switch_keeps_every_choice(open_page: Open) -> None:
    app = open_page("layer", variant="caffe_bvlc_alexnet", input=224, layer="pool1")
    app.segmented_control(key="widget.lang").set_value("zh").run()
    assert not app.exception
    assert app.title[0].value == t("page.layer.title", "zh")
    assert app.selectbox(key="widget.variant").value == "caffe_bvlc_alexnet"
    assert app.selectbox(key="widget.layer").value == "pool1"
    assert "96×54×54 → 96×27×27" in words(app)


HOSTILE = (
    {"variant": "alexnet2012"},
    {"input": "0"},
    {"input": "-1"},
    {"input": "10000000"},
    {"input": "9" * 5000},
    {"rounding": "up"},
    {"layer": "conv1'); DROP TABLE layers;--"},
    {"channel": "NaN"},
    {"chain": "conv1.conv.96"},
    {"chain": "~" * 1000},
    {"chain": "a.conv.96.3.1.0.0.![x](//2130706433/a).1"},
    {"compare": ""},
    {"compare": "alexnet_2012_paper,alexnet_2012_paper"},
    {"columns": "__class__,<b>"},
    {"evil": "<script>alert(1)</script>"},
    {"lang": "tlh"},
)


@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: next(iter(query)))
def test_a_hostile_link_is_refused_in_words(open_page: Open, query: dict[str, str]) -> None:
    app = open_page("architecture", **query)
    assert not app.exception
    assert "that part was left out" in words(app)
    assert "<script>" not in words(app)
    assert "](" not in words(app).replace("[Krizhevsky", "").split("Source:")[0]


def test_a_link_full_of_nonsense_is_told_once(open_page: Open) -> None:
    app = open_page("architecture", **{f"nonsense{n}": n for n in range(40)})
    assert len(app.warning) == 1
    assert "35 more parts of the link were left out" in words(app)


@pytest.mark.parametrize("size", [1, 2, 5, 11, 66])
@pytest.mark.parametrize("page", PAGES)
def test_an_input_too_small_for_the_first_layers(open_page: Open, page: str, size: int) -> None:
    app = open_page(page, input=size)
    assert not app.exception
    if page != "calculator":
        assert app.warning
    assert app.query_params["input"] == str(size)


@pytest.mark.parametrize(
    "query",
    [{"input": 1000, "refit": 1}, {"input": 10000}, {"variant": "article_002_text_fc1_stated"}],
)
def test_what_is_too_large_to_run_here_is_refused_in_words(
    open_page: Open, query: dict[str, object]
) -> None:
    app = open_page("feature_maps", **query)
    assert not app.exception
    assert "Choose a smaller input or another network" in words(app)


def test_a_comparison_of_one_asks_for_another_and_keeps_it(open_page: Open) -> None:
    app = open_page("compare", compare="zfnet_paper,d2l_alexnet")
    app.multiselect(key="widget.compare").set_value(["zfnet_paper"]).run()
    assert not app.exception
    assert t("compare.too_few") in words(app)
    assert app.query_params["compare"] == "zfnet_paper"


def test_pages_end_by_themselves() -> None:
    """``st.stop()`` would skip the footer and the link."""
    for page in (ROOT / "pages").glob("*.py"):
        assert "st.stop" not in page.read_text("utf-8"), page.name


def test_a_layer_that_is_not_there_is_replaced_in_words(open_page: Open) -> None:
    app = open_page("layer", variant="torchvision_alexnet", layer="norm1")
    assert not app.exception
    assert "has no layer norm1 at this input; conv1 is shown" in words(app)
    app = open_page("layer", layer="__bold__")
    assert r"no layer \_\_bold\_\_" in app.info[0].value


def test_the_link_is_the_view(open_page: Open) -> None:
    """What one session's address says, another session shows."""
    first = open_page("calculator", w=227, f=3, s=2, rule="caffe")
    first.number_input(key="widget.f").set_value(5).run()
    query = dict(first.query_params.items())
    second = open_page("calculator", **query)
    assert second.number_input(key="widget.f").value == 5
    assert second.latex[0].value == first.latex[0].value
    assert r"\frac{227 - 5 + 0 + 0}{2} + 1 = 112" in second.latex[0].value


def test_the_inverse_question(open_page: Open) -> None:
    app = open_page("calculator", variant="alexnet_2012_227")
    assert "**227 … 230**: 4 inputs give 55" in words(app)
    assert "**227 … 258**: 32 inputs give 9,216" in words(app)


def test_an_edited_chain_travels_in_the_link(open_page: Open) -> None:
    chain = "conv1.conv.96.11.4.0.0.floor.1~pool1.max_pool..3.2.0.0.floor."
    app = open_page("calculator", chain=chain, input=224)
    assert not app.exception
    assert "The chain ends in **64,896** values" in words(app)  # 96×26×26
    assert app.query_params["chain"] == chain


EDITED = "conv1.conv.96.7.4.0.0.ceil.1"


def test_chain_edits_survive_a_language_switch_and_a_walk(open_page: Open) -> None:
    app = open_page("calculator", chain=EDITED)
    assert "96×56×56" in chain_table(app)
    app.segmented_control(key="widget.lang").set_value("zh").run()
    assert "96×56×56" in chain_table(app)
    app.switch_page("pages/layer.py").run()
    app.switch_page("pages/calculator.py").run()
    assert "96×56×56" in chain_table(app)
    assert app.query_params["chain"] == EDITED
    app.button(key="chain.reset").click().run()
    assert "96×55×55" in chain_table(app)
    assert "chain" not in app.query_params


def test_another_network_brings_its_own_chain(open_page: Open) -> None:
    app = open_page("calculator", chain=EDITED)
    app.selectbox(key="widget.variant").set_value("zfnet_paper").run()
    assert not app.exception
    assert "96×110×110" in chain_table(app)
    assert "chain" not in app.query_params


def photo() -> bytes:
    return (ROOT / "alexnet_viz" / "samples" / "cat.jpg").read_bytes()


def test_an_uploaded_photo_is_run(open_page: Open) -> None:
    app = open_page("feature_maps", source="upload")
    assert t("maps.waiting") in words(app)
    app.file_uploader(key="upload").upload("cat.jpg", photo()).run()
    assert not app.exception
    assert "**96 of 96** channels of conv1, 55×55 each" in words(app)
    assert "Weights: random" in words(app)


def test_a_bad_file_is_explained_and_the_last_picture_stays(open_page: Open) -> None:
    app = open_page("feature_maps", source="upload")
    app.file_uploader(key="upload").upload("cat.jpg", photo()).run()
    digest = app.session_state["_picture.upload"].digest
    app.file_uploader(key="upload").upload("fake.png", b"only words").run()
    assert not app.exception
    assert app.error
    assert app.session_state["_picture.upload"].digest == digest
    assert "**96 of 96** channels" in words(app)


@pytest.mark.parametrize("layer", ["conv1", "relu1", "pool5", "fc6", "prob"])
def test_every_kind_of_layer_has_a_sheet(open_page: Open, layer: str) -> None:
    for scale in ("map", "layer", "shared"):
        app = open_page("feature_maps", layer=layer, scale=scale, order="mean")
        assert not app.exception
        assert f"of {layer}" in words(app)


def test_a_changed_picture_changes_the_maps(open_page: Open) -> None:
    app = open_page("feature_maps", source="upload")
    pictures = []
    for colour in ("red", "blue"):
        buffer = BytesIO()
        Image.new("RGB", (300, 200), colour).save(buffer, format="PNG")
        app.file_uploader(key="upload").upload(f"{colour}.png", buffer.getvalue()).run()
        pictures.append(app.session_state["_picture.upload"].digest)
    assert not app.exception
    assert pictures[0] != pictures[1]


def test_the_towers_of_the_paper(open_page: Open) -> None:
    app = open_page("towers")
    assert "**32,531,112 + 28,434,112** = 60,965,224" in words(app)
    assert "Read both GPUs: **conv3, fc6, fc7, fc8**" in words(app)
    app.segmented_control(key="widget.last").set_value("halves").run()
    assert "**60,672** values" in words(app)


def test_a_network_without_towers_says_so_and_offers_others(open_page: Open) -> None:
    app = open_page("towers", variant="torchvision_alexnet")
    assert not app.exception
    app.button(key="towers.alexnet_2012_paper").click().run()
    assert "32,531,112" in words(app)


def test_a_comparison_names_the_changed_order(open_page: Open) -> None:
    app = open_page("compare", compare="caffe_bvlc_alexnet,caffe_bvlc_reference_caffenet")
    assert not app.exception
    assert "different order: norm1, norm2, pool1, pool2" in words(app)


def test_every_choice_can_be_written_and_read_back() -> None:
    """What ``push`` writes, ``pull`` reads: for every default that is not None."""
    for name, choice in state.CHOICES.items():
        if choice.default is not None:
            assert choice.parse(choice.write(choice.default)) == choice.default, name
