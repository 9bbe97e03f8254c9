"""The page that opens files, and what other pages do with what was opened."""

import json
import tomllib
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from alexnet_viz.network import spec_file
from alexnet_viz.network.layers import MaxPool
from alexnet_viz.network.spec import Network
from alexnet_viz.readers import read_apart
from alexnet_viz.text import LANGUAGES, Language, catalogue, t
from alexnet_viz.ui.app import library
from alexnet_viz.ui.app.shell import PAGES
from alexnet_viz.ui.open import upload
from alexnet_viz.variants import VARIANTS
from tests.architecture_files import caffe, text
from tests.spoken import ROOT, open_page, plate, words

BIRDS = text("alexnet_deploy.prototxt").replace("num_output: 1000", "num_output: 20")

SMALL = caffe(
    "conv1 Convolution convolution_param { num_output: 8 kernel_size: 5 stride: 4 }",
    "relu1 ReLU",
    "fc2 InnerProduct inner_product_param { num_output: 4 }",
    "prob Softmax",
    head='input: "data" input_dim: 1 input_dim: 3 input_dim: 64 input_dim: 64\n',
)


def opened(written: str = BIRDS, name: str = "birds.prototxt", **query: object) -> AppTest:
    """The page with a file dropped on it."""
    app = open_page("open", **query)
    return app.file_uploader(key="open.file").upload(name, written.encode()).run()


def chip(app: AppTest) -> str:
    """What the page is about, in a line."""
    return str(app.get("popover")[0].proto.popover.label)


def own(app: AppTest) -> str:
    """The id of the file that was opened last."""
    return list(app.session_state[library.OPENED])[-1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_shows_its_numbers_and_its_nearest_variant(language: Language) -> None:
    app = opened(lang=language)
    assert not app.exception
    said = words(app)
    assert "birds.prototxt" in said
    assert "56,950,164" in said  # 60,965,224 less 980 x (4096 + 1)
    assert t("open.all_said", language) in said
    title = VARIANTS["caffe_bvlc_alexnet"].about
    assert title is not None
    assert title.title.of(language) in said
    differing = plate(app, "differences")["table"]
    assert [row["name"] for row in differing["rows"]] == ["fc8"]


@pytest.mark.parametrize("page", PAGES)
def test_no_page_stumbles_over_an_opened_file(page: str) -> None:
    """Chosen, compared, and small: whatever is looked up by an id finds it."""
    app = opened(SMALL, "small.prototxt")
    app.session_state["choice.compare"] = (own(app), "alexnet_2012_paper")
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception


@pytest.mark.parametrize("page", ["architecture", "layer", "towers", "calculator", "feature_maps"])
def test_an_opened_file_is_the_network_of_every_page(page: str) -> None:
    app = opened()
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    box = next(box for box in app.selectbox if box.key == "widget.variant")
    assert box.value == own(app)
    assert app.query_params["variant"] == own(app)
    if page in ("architecture", "towers"):
        assert "56,950,164" in words(app) or "birds.prototxt" in words(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_guessed_input_is_marked_until_another_is_chosen(language: Language) -> None:
    written = caffe("conv1 Convolution convolution_param { num_output: 8 kernel_size: 5 }", head="")
    app = opened(written, lang=language)
    size, channels = (t(f"choose.chip_assumed_{each}", language) for each in ("size", "channels"))
    app.switch_page("pages/architecture.py").run()
    assert f"{size} · {channels}" in chip(app)
    app.session_state["choice.input"] = 64
    app.run()
    assert size not in chip(app)
    assert channels in chip(app)


def test_random_weights_run_where_the_embedded_ones_do_not_fit() -> None:
    app = opened(SMALL, "small.prototxt")
    app.switch_page("pages/feature_maps.py").run()
    assert not app.exception
    assert "**8 of 8** channels of conv1, 15×15 each" in words(app)


@pytest.mark.parametrize(
    ("layer", "channels", "reason"),
    [("train ReLU", 3, "train"), ("relu1 ReLU", 4, "4")],
    ids=["name of torch", "colours"],
)
def test_a_network_that_cannot_be_run_says_why(layer: str, channels: int, reason: str) -> None:
    sizes = f"input_dim: 1 input_dim: {channels} input_dim: 8 input_dim: 8"
    app = opened(caffe(layer, head=f'input: "data" {sizes}\n'), "odd.prototxt")
    app.switch_page("pages/feature_maps.py").run()
    assert not app.exception
    said = [each.value for each in app.warning if "This network cannot be run" in each.value]
    assert len(said) == 1
    assert reason in said[0]


@pytest.mark.parametrize(
    ("page", "section"), [("channel", ""), ("feature_maps", ""), ("towers", "kernels")]
)
def test_kernels_of_one_colour_each_are_no_kernels_in_colour(page: str, section: str) -> None:
    apart = SMALL.replace("num_output: 8", "num_output: 6 group: 3")
    app = opened(apart, "apart.prototxt")
    if section:
        app.session_state["choice.section"] = section
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    assert t("channel.selectivity") not in words(app)
    assert ("no kernels that read red, green and blue" in words(app)) is (page == "towers")


@pytest.mark.parametrize(("rounding", "refused"), [("ceil", True), ("caffe", False)])
def test_a_maximum_of_nothing_is_not_looked_for(rounding: Any, refused: bool) -> None:
    """17 cells and 1 of padding on each side: the tenth window, rounded up, begins behind them."""
    pool = MaxPool(name="pool1", kernel_size=2, stride=2, padding=1, rounding=rounding)
    network = Network(id="odd", input_shape=(3, 17, 17), layers=(pool,))
    app = opened(spec_file.dumps(network), "odd.json")
    app.switch_page("pages/feature_maps.py").run()
    assert not app.exception
    assert ("has a window that lies entirely outside its map" in words(app)) is refused


def test_a_file_is_compared_with_its_nearest_variant() -> None:
    app = opened()
    app.button(key="open.compare").click().run()
    app.switch_page("pages/compare.py").run()
    assert not app.exception
    assert app.session_state["choice.compare"] == (own(app), "caffe_bvlc_alexnet")
    (box,) = (each for each in app.multiselect if each.key == "widget.compare")
    assert "birds.prototxt" in "".join(box.options)
    said = words(app)
    assert "birds.prototxt" in said
    assert "1,000 units instead of 20" in said
    assert app.session_state["choice.input"] == 227
    assert "56,950,164" in str(plate(app, "totals")["table"])


def test_a_network_unlike_any_is_said_to_have_no_near_relative() -> None:
    for language in LANGUAGES:
        app = opened(SMALL, "small.prototxt", lang=language)
        said = words(app)
        assert catalogue()["open.far"].of(language).split("**")[1] in said
        assert catalogue()["open.equal"].of(language).split("**")[0] not in said


def test_the_limit_in_words_is_the_widget_s_and_the_server_s() -> None:
    app = open_page("open")
    (limit,) = {each.proto.max_upload_size_mb for each in app.get("file_uploader")}
    assert f"up to {limit} MB" in words(app)
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert settings["server"]["maxUploadSize"] == limit


def test_a_published_file_is_recognised() -> None:
    app = opened(text("alexnet_deploy.prototxt"), "alexnet.prototxt")
    assert t("open.equal", network="Caffe: bvlc_alexnet", shape="3×227×227") in words(app)


def test_every_problem_of_a_file_is_listed() -> None:
    app = opened(caffe("a PReLU", "b ELU", "c Concat"), "odd.prototxt")
    assert not app.exception
    (error,) = app.error
    said = words(app)
    assert "layer 'a': the type PReLU is not supported" in error.value.replace("\\", "")
    assert "ELU is not" not in error.value.replace("PReLU", "")
    folded = next(each for each in app.expander if each.label == t("open.problems", count=3))
    assert len(folded.markdown) == 1
    for name, type in (("a", "PReLU"), ("b", "ELU"), ("c", "Concat")):
        assert f"layer '{name}': the type {type} is not supported" in said
    assert library.OPENED not in app.session_state
    many = opened(caffe(*["a PReLU"] * 60), "odd.prototxt")
    assert "and 10 more" in words(many)
    assert len(many.error[0].value) < 300


def test_a_refused_file_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def counted(data: bytes, name: str) -> Network:
        read.append(name)
        return read_apart(data, name)

    monkeypatch.setattr(upload, "read_apart", counted)
    app = opened("layer {", "broken.prototxt")
    first = [each.value for each in app.error]
    assert first
    app.run()
    assert [each.value for each in app.error] == first
    assert read == ["broken.prototxt"]


def test_a_file_that_reads_no_square_image_is_left_to_the_command_line() -> None:
    for head in (
        "input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 9",
        "input_shape { dim: 1 dim: 9 }",
    ):
        app = opened(caffe("relu1 ReLU", head=f'input: "data" {head}\n'), "wide.prototxt")
        assert not app.exception
        assert "python -m alexnet_viz open FILE" in words(app)
        assert library.OPENED not in app.session_state


def test_a_link_to_somebody_s_file_says_what_is_missing() -> None:
    app = open_page("start", variant="own_0123456789ab")
    assert not app.exception
    assert "no link can carry a file" in app.warning[0].value
    assert app.selectbox(key="widget.variant").value == "alexnet_2012_paper"
    both = open_page("start", compare="own_0123456789ab,alexnet_2012_paper")
    assert "no link can carry a file" in both.warning[0].value


def test_a_bad_file_keeps_the_one_that_is_open() -> None:
    app = opened()
    kept = own(app)
    app.file_uploader(key="open.file").upload("broken.onnx", b"nothing").run()
    assert not app.exception
    assert app.error
    assert list(app.session_state[library.OPENED]) == [kept]


def test_files_are_shown_in_turn_and_closed() -> None:
    app = opened()
    birds = own(app)
    app.file_uploader(key="open.file").upload("d.cfg", text("darknet_alexnet.cfg").encode()).run()
    assert app.session_state["choice.variant"] == own(app) != birds
    app.selectbox(key="open.shown").set_value(birds).run()
    assert app.session_state["choice.variant"] == birds
    app.session_state["choice.compare"] = (birds, "alexnet_2012_paper", "zfnet_paper")
    app.button(key="open.close").click().run()
    assert not app.exception
    assert app.session_state["choice.variant"] == "alexnet_2012_paper"
    assert app.session_state["choice.compare"] == ("alexnet_2012_paper", "zfnet_paper")
    app.button(key="open.close").click().run()
    assert app.session_state["choice.compare"] == ("alexnet_2012_paper", "zfnet_paper")
    assert t("open.nothing") in words(app)


def test_the_oldest_file_is_closed_for_the_ninth() -> None:
    app = opened()
    first = own(app)
    for sides in range(20, 28):
        head = f'input: "data" input_dim: 1 input_dim: 3 input_dim: {sides} input_dim: {sides}\n'
        written = caffe("relu1 ReLU", head=head)
        app.file_uploader(key="open.file").upload(f"n{sides}.prototxt", written.encode()).run()
    assert not app.exception
    assert len(app.session_state[library.OPENED]) == 8
    assert first not in app.session_state[library.OPENED]


def test_what_a_file_says_of_itself_is_no_markdown_and_no_link() -> None:
    data = VARIANTS["alexnet_2012_paper"].to_dict()
    data["about"] |= {
        "title": "[press](http://x.example) **here**",
        "summary": "![x](http://x.example/x.png)",
        "source": {"title": "t", "where": "w", "url": "javascript:alert(1)"},
    }
    app = opened(spec_file.json.dumps(data), "tricky.json")
    app.switch_page("pages/architecture.py").run()
    assert not app.exception
    assert "](" not in words(app).split("Source:")[0]
    assert "javascript" not in words(app)
    assert "**here**" not in words(app)


def test_a_file_that_is_opened_twice_is_one_network() -> None:
    app = opened()
    app.file_uploader(key="open.file").upload("birds.prototxt", BIRDS.encode()).run()
    assert len(app.session_state[library.OPENED]) == 1


@pytest.mark.parametrize("page", ["open", "architecture"])
def test_fields_and_places_that_a_file_invents_are_only_words(page: str) -> None:
    plain = VARIANTS["alexnet_2012_paper"].to_dict()
    plain["about"]["stated"] = {"conv1": ["no_such_field"]}
    plain["about"]["source"]["where"] = "![](http://elsewhere.example/x.png)"
    app = opened(json.dumps(plain), "invented.json")
    if page != "open":
        app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    written = [each.value for each in (*app.markdown, *app.caption)]
    assert not [each for each in written if "![](" in each]
    assert [each for each in written if "elsewhere" in each]
