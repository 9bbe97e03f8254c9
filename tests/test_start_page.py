"""The Start page: the network with a picture's maps on it, the chain of sizes, four questions."""

import re
from typing import Any
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from alexnet_viz.network.trace import trace
from alexnet_viz.pictures.samples import SAMPLES
from alexnet_viz.render.diagrams.blocks import is_thin
from alexnet_viz.teaching.course import course
from alexnet_viz.text import LANGUAGES, t
from alexnet_viz.ui.start import stage
from alexnet_viz.ui.start.picture_strip import FIRST
from alexnet_viz.ui.start.ready_made import ready_made
from alexnet_viz.variants import VARIANTS
from tests.parcels import brought, plain
from tests.spoken import open_page, plate, words
from training.start_faces import computed

FAILING = "article_002_text"
PAGES = ("calculator", "towers", "feature_maps", "architecture")
"""Where the four cards lead."""
DENSE = (9216 * 4096 + 4096, 4096 * 4096 + 4096, 4096 * 1000 + 1000)
"""Parameters of fc6, fc7, fc8."""
KERNELS = ((96, 11 * 11 * 3), (256, 5 * 5 * 48), (384, 3 * 3 * 256), (384, 3 * 3 * 192),
           (256, 3 * 3 * 192))  # fmt: skip
"""Number and size of the kernels of conv1 to conv5."""
SIDES = (55, 27, 13, 13, 13)
"""The sides of their outputs."""


def opened(**query: object) -> AppTest:
    app = open_page("start", **query)
    assert not app.exception
    return app


def drawing(app: AppTest) -> str:
    return str(plate(app, "flow")["svg"])


def chain(app: AppTest) -> str:
    """The line of map sides, as a reader sees it."""
    (found,) = [each.value for each in app.markdown if re.match(r"\d+ → ", each.value)]
    return re.sub(r"\*\*|:(orange|red)\[|\]", "", found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_opens_in_both_languages(language: Any) -> None:
    app = opened(lang=language)
    assert [title.value for title in app.title] == [t("page.start.title", language)]
    assert t("start.caption", language) in words(app)
    assert t("flow.picture", language) in drawing(app)
    assert not app.info


def test_the_cards_numbers_are_those_of_the_network() -> None:
    app = opened()
    said, titles = words(app), {each.proto.label for each in app.get("page_link")}
    assert (224 - 11) / 4 + 1 == 54.25
    assert (227 - 11) / 4 + 1 == 55
    assert "**224 or 227?**" in titles
    assert "rounds 54.25 up to 55; code that rounds down needs 227 for the same 55" in said

    assert "**Why 5×5×48?**" in titles
    assert f"conv2's 256 kernels lie on 2 GPUs: each reads only the {96 // 2} of 96 maps" in said

    field, jump = 1, 1
    for kernel, stride in ((11, 4), (3, 2), (5, 1), (3, 2), (3, 1)):  # conv1 … conv3
        field, jump = field + (kernel - 1) * jump, jump * stride
    assert f"384 channels of 13×13; each of their cells depends on {field}×{field}" in said
    assert "of the picture's 224×224 pixels" in said

    params = sum(DENSE) + sum(n * (size + 1) for n, size in KERNELS)
    convolutions = sum(n * size * side**2 for (n, size), side in zip(KERNELS, SIDES, strict=True))
    macs = convolutions + 9216 * 4096 + 4096 * 4096 + 4096 * 1000
    assert f"**Where are {params / 1e6:.0f} million?**" in titles
    assert f"{sum(DENSE) / 1e6:.1f} of {params / 1e6:.2f} million parameters are in fc6–fc8" in said
    assert f"{100 * convolutions / macs:.0f} % of the multiply-accumulates" in said

    chinese = words(app := opened(lang="zh"))
    titles = {each.proto.label for each in app.get("page_link")}
    assert f"**{params / 1e4:,.0f} 万个参数在哪里？**" in titles
    assert f"{params / 1e4:,.0f} 万个参数中有 {sum(DENSE) / 1e4:,.0f} 万在 fc6–fc8" in chinese


def test_the_cards_are_about_the_paper_whatever_is_drawn() -> None:
    app = opened(variant="torchvision_alexnet", input=227)
    titles = {each.proto.label for each in app.get("page_link")}
    assert {"**Why 5×5×48?**", "**Where are 61 million?**"} <= titles


@pytest.mark.parametrize("place", range(len(PAGES)))
def test_a_card_leads_to_its_answer(place: int) -> None:
    lesson, link = (each.proto for each in opened().get("page_link")[2 * place :][:2])
    assert lesson.page == "course"
    assert lesson.query_string.removeprefix("lesson=") in course().lessons
    assert link.page == PAGES[place]
    led = open_page(link.page, **dict(parse_qsl(link.query_string)))
    assert not led.exception
    assert not led.warning
    shown = ("54.25", "conv2", "384 channels", "37,752,832")[place]
    assert shown in words(led) + str([each.proto for each in led.get("bidi_component")])


def test_the_card_about_maps_leads_to_those_of_the_picture_shown() -> None:
    def link(app: AppTest) -> dict[str, str]:
        return dict(parse_qsl(app.get("page_link")[5].proto.query_string))

    assert link(opened()) == {"layer": "conv3", "source": "sample", "sample": FIRST}
    coffee = {"source": "sample", "sample": "coffee"}
    assert link(opened(**coffee)) == {"layer": "conv3", **coffee}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            {},
            "224 → (224 − 11)/4 + 1 = 54.25, rounded up to 55 → 27 → 13 → 6"
            " → 9,216 = 256·6·6 values → 1,000 classes",
        ),
        (
            {"input": 227},
            "227 → (227 − 11)/4 + 1 = 55 → 27 → 13 → 6 → 9,216 = 256·6·6 values → 1,000 classes",
        ),
        (
            {"rounding": "floor"},
            "224 → (224 − 11)/4 + 1 = 54.25, rounded down to 54 → 26 → 12 → 5"
            " → 6,400 = 256·5·5 values → stops at fc6",
        ),
        (
            {"variant": "torchvision_alexnet"},
            "224 → (224 − 11 + 2·2)/4 + 1 = 55.25, rounded down to 55 → 27 → 13 → 6"
            " → 9,216 = 256·6·6 values → 1,000 classes",
        ),
    ],
)
def test_the_chain_of_sizes(query: dict[str, object], expected: str) -> None:
    assert chain(opened(**query)) == expected


def test_a_network_that_fails_is_drawn_as_far_as_it_goes() -> None:
    app = opened(variant=FAILING)
    result = trace(VARIANTS[FAILING])
    assert result.failure
    assert chain(app).endswith(f"→ stops at {result.failure.layer}")
    assert app.warning
    assert f'data-layer="{result.failure.layer}"' in drawing(app)
    faces = sum(name in drawing(app) for name in ("relu1", "relu5", "fc6"))
    drawn = sum(not is_thin(row.layer) for row in result.rows)
    assert (faces, drawing(app).count("<image")) == (2, 1 + drawn)


def test_a_network_too_large_to_run_is_drawn_without_maps() -> None:
    app = opened(input=1000, refit=1)
    assert t("start.caption_maps", "en") in words(app)
    assert drawing(app).count("<image") == 1  # the picture alone


def test_the_size_is_switched_beside_the_title() -> None:
    app = opened()
    switch = app.segmented_control(key="widget.size")
    assert switch.options == ["224", "227"]
    switch.set_value(227).run()
    assert chain(app).startswith("227 → (227 − 11)/4 + 1 = 55 →")
    assert app.query_params["input"] == "227"
    app.segmented_control(key="widget.size").set_value(224).run()
    assert "input" not in app.query_params


def test_it_begins_with_a_photograph_and_follows_the_choice() -> None:
    app = opened()
    assert plate(app, "thumbnails")["chosen"] == FIRST
    assert [each["name"] for each in plate(app, "thumbnails")["pictures"]] == [*SAMPLES]
    first = drawing(app)
    assert first == drawing(opened(source="sample", sample=FIRST))
    other = opened(source="sample", sample="coffee")
    assert plate(other, "thumbnails")["chosen"] == "coffee"
    assert drawing(other) != first


def test_the_picture_it_begins_with_goes_along_to_other_pages_and_back() -> None:
    app = opened()
    assert "source" not in app.query_params
    app.switch_page("pages/feature_maps.py").run()
    assert app.selectbox(key="widget.sample").value == FIRST
    app.switch_page("pages/start.py").run()
    assert plate(app, "thumbnails")["chosen"] == FIRST
    assert "sample" not in app.query_params


def test_a_picture_of_one_s_own_is_drawn_when_it_arrives() -> None:
    app = opened()
    before = drawing(app)
    brought(app, ("red.png", plain("red")))
    assert drawing(app) != before
    assert plate(app, "thumbnails")["chosen"] == "upload"


def test_a_fresh_drawing_is_one_click_away_and_every_click_draws_another() -> None:
    app = opened()
    app.button(key="start.drawing").click().run()
    assert app.query_params["source"] == "drawing"
    assert plate(app, "thumbnails")["chosen"] == "drawing"
    first = drawing(app)
    assert first.count("<image") == 11  # the picture and every drawn layer but fc8: computed here
    app.button(key="start.drawing").click().run()
    assert app.query_params["drawing_seed"] == "1"
    assert drawing(app) != first


def test_every_block_has_a_card_that_explains_it() -> None:
    details = dict(plate(opened(), "flow")["details"])
    assert set(trace(VARIANTS["alexnet_2012_paper"]).by_name) == set(details)
    conv2 = details["conv2"]
    assert conv2["title"] == "conv2"
    assert "5×5×48" in conv2["lines"][0]
    assert "(27 − 5 + 2·2)/1 + 1 = 27" in conv2["lines"][1]
    assert f"{256 * (5 * 5 * 48 + 1):,} parameters" in conv2["lines"][2]
    assert conv2["pages"] == ["layer", "feature_maps", "channel", "towers"]
    assert details["conv3"]["pages"] == ["layer", "feature_maps", "channel"]
    assert "256·6·6" in details["fc6"]["lines"][0]


@pytest.mark.slow
def test_the_faces_made_beforehand_are_the_live_model_s() -> None:
    for subject, pictures in computed().items():
        assert len(pictures) == len(SAMPLES)
        for digest, faces in pictures.items():
            stored = ready_made(subject, digest)
            assert stored is not None
            assert {name: [*vars(face).values()] for name, face in stored.items()} == faces


def test_no_block_shows_the_output_of_a_layer_of_another_shape() -> None:
    """The shipped weights have 16 classes, and the paper's fc8 has 1,000."""
    group = r'<g class="target[^>]*data-layer="(\w+)"(.*?)</g>'
    shown = {
        name: "<image" in inside for name, inside in re.findall(group, drawing(opened()), re.S)
    }
    assert shown["fc7"]
    assert not shown["fc8"]


def test_the_faces_of_another_network_are_computed_once_for_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage._computed.clear()
    computed_for: list[str] = []
    captured = stage.live_model.captured

    def counted(subject: Any, picture: Any) -> Any:
        computed_for.append(subject.result.network.id)
        return captured(subject, picture)

    monkeypatch.setattr(stage.live_model, "captured", counted)
    drawings = [drawing(opened(variant="zfnet_paper", sample=FIRST)) for _ in range(2)]
    assert drawings[0] == drawings[1]
    drawing(opened(variant="alexnet_2012_227", sample=FIRST, weights="random"))
    assert computed_for == ["zfnet_paper", "alexnet_2012_227"]
