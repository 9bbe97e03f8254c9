"""Where the Feature maps page takes its pictures from: files, the camera, fresh drawings."""

from collections.abc import Iterator

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from alexnet_viz.pictures.images import MAX_BYTES, decode
from alexnet_viz.pictures.samples import SAMPLES
from alexnet_viz.text import t
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.components import picture_source
from alexnet_viz.ui.components.picture_source import LONGEST, MOST_OWN
from tests.parcels import RANDOM, brought, parcels, plain, the_sheet
from tests.spoken import ROOT, open_page, words


@pytest.fixture(autouse=True)
def _cold_caches() -> Iterator[None]:
    yield
    st.cache_data.clear()


def photo(name: str = "cat") -> bytes:
    return (ROOT / "alexnet_viz" / "pictures" / "samples" / f"{name}.jpg").read_bytes()


def test_an_uploaded_photo_is_run() -> None:
    app = open_page("feature_maps", source="upload")
    assert t("maps.waiting") in words(app)
    app.file_uploader(key="upload").upload("cat.jpg", photo()).run()
    assert not app.exception
    assert "**96 of 96** channels of conv1, 55×55 each" in words(app)


def test_a_bad_file_is_explained_and_the_last_picture_stays() -> None:
    app = open_page("feature_maps", source="upload", **RANDOM)
    app.file_uploader(key="upload").upload("cat.jpg", photo()).run()
    cat = the_sheet(app)["png"]
    app.file_uploader(key="upload").upload("fake.png", b"only words").run()
    assert not app.exception
    assert "fake.png: The content is not an image" in app.error[0].value.replace("\\", "")
    assert the_sheet(app)["png"] == cat
    app.segmented_control(key="widget.lang").set_value("zh").run()
    assert app.error  # said for as long as the file lies there, in the language chosen


def test_several_files_are_kept_and_one_of_them_is_shown() -> None:
    app = open_page("feature_maps", source="upload", **RANDOM)
    brought(app, ("cat.jpg", photo()), ("red.png", plain("red")))
    box = app.selectbox(key="widget.upload")
    assert box.options == ["cat.jpg", "red.png"]
    assert box.value == decode(plain("red")).digest
    red = the_sheet(app)["png"]
    box.set_value(decode(photo()).digest).run()
    assert the_sheet(app)["png"] != red
    beside = [decode(plain("red")).digest, "coffee"]
    app.multiselect(key="widget.beside").set_value(beside).run()
    assert len(parcels(app)) == 2 + 3
    assert app.query_params["beside"] == "coffee"  # nobody else has what this visitor brought
    assert "upload" not in app.query_params


def test_a_photo_from_the_camera_is_run_and_kept() -> None:
    app = open_page("feature_maps", source="camera", **RANDOM)
    assert t("maps.waiting") in words(app)
    sample = the_sheet(app)["png"]
    app.camera_input(key="camera").upload("camera.jpg", photo("coffee")).run()
    assert not app.exception
    taken = the_sheet(app)["png"]
    assert taken != sample
    app.segmented_control(key="widget.source").set_value("upload").run()
    assert the_sheet(app)["png"] == taken
    assert t("maps.photo", number=1) in app.multiselect(key="widget.beside").options


def test_own_pictures_are_remembered_up_to_a_number() -> None:
    app = open_page("feature_maps", source="upload", **RANDOM)
    brought(app, *((f"{n}.png", plain(f"#0000{n:02x}")) for n in range(MOST_OWN + 2)))
    options = app.selectbox(key="widget.upload").options
    assert options == [f"{n}.png" for n in range(2, MOST_OWN + 2)]


def test_files_of_one_name_are_told_apart() -> None:
    app = open_page("feature_maps", source="upload", **RANDOM)
    brought(app, ("a.png", plain("red")), ("a.png", plain("blue")))
    assert app.selectbox(key="widget.upload").options == ["a.png", "a.png (2)"]


def test_a_picture_is_not_held_against_itself() -> None:
    app = open_page("feature_maps", source="sample", sample="cat", beside="cat", **RANDOM)
    assert not app.exception
    assert len(parcels(app)) == 2


def test_a_fresh_drawing_travels_in_the_link() -> None:
    query = {"source": "drawing", "drawing": "ring", "drawing_seed": 5, **RANDOM}
    app = open_page("feature_maps", **query)
    assert not app.exception
    fifth = the_sheet(app)["png"]
    assert the_sheet(open_page("feature_maps", **query))["png"] == fifth
    app.button(key="drawing.another").click().run()
    assert app.query_params["drawing_seed"] == "6"
    assert the_sheet(app)["png"] != fifth
    app.selectbox(key="widget.drawing").set_value("checks").run()
    assert app.query_params["drawing"] == "checks"


def test_files_that_cannot_be_read_are_one_folded_block() -> None:
    app = open_page("feature_maps", source="upload", **RANDOM)
    brought(app, ("a.png", b"words"), ("cat.jpg", photo()), ("b.png", b"more words"))
    assert t("maps.unread", count=2, held=3) in [each.label for each in app.expander]
    (block,) = app.error
    assert all(name in block.value.replace("\\", "") for name in ("a.png", "b.png"))
    brought(app, ("cat.jpg", photo()))
    assert not app.error


def test_the_uploader_s_limit_is_the_one_that_is_said() -> None:
    app = open_page("feature_maps", source="upload", **RANDOM)
    box = app.file_uploader(key="upload")
    assert box.proto.max_upload_size_mb == MAX_BYTES / 2**20
    assert f"up to {box.proto.max_upload_size_mb} MB each" in box.label


def test_the_picture_s_title_is_on_the_button() -> None:
    app = open_page("feature_maps", source="sample", sample="cat", **RANDOM)
    assert button(app) == t("maps.picture", title=SAMPLES["cat"].title.en)
    app.segmented_control(key="widget.source").set_value("upload").run()
    brought(app, (f"{'long' * 9}.png", plain("red")))
    assert button(app) == t("maps.picture", title=f"{'long' * 9}"[: LONGEST - 1] + "…")


def button(app: AppTest) -> str:
    """The label of the button that opens the choice of a picture."""
    (label,) = [
        block.proto.popover.label
        for block in app.get("popover")
        if block.proto.popover.label.startswith("Picture")
    ]
    return str(label)


def test_what_a_visitor_brings_is_decoded_in_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_memory(function: object, data: bytes) -> None:
        raise Problem("isolated_memory", size=len(data), megabytes=1536)

    app = open_page("feature_maps", source="upload", **RANDOM)
    with monkeypatch.context() as patch:
        patch.setattr(picture_source.PICTURES, "isolated", out_of_memory)
        brought(app, ("cat.jpg", photo()))
    assert "1,536 MiB" in app.error[0].value
    brought(app, ("coffee.jpg", photo("coffee")))
    assert not app.error
