"""A visitor's own pictures, and which of them make the chosen channel answer most."""

from functools import partial
from typing import Any, NamedTuple

import streamlit as st

from alexnet_viz.isolation import PICTURES
from alexnet_viz.pictures import images
from alexnet_viz.pictures.images import MAX_MEGABYTES, Pixels
from alexnet_viz.pictures.preprocessing import cropped
from alexnet_viz.render.export.crop_gallery import Gallery, Tile, gallery_page
from alexnet_viz.serving.long_work import PassWork
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app import document, uploads
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.components import live_model
from alexnet_viz.ui.components.downloads import Files, download_menu
from alexnet_viz.ui.components.lazy_expander import lazy_expander
from alexnet_viz.ui.components.specimen import MOST_TOP, Specimen
from alexnet_viz.ui.components.subject import Subject

MOST = 30
BATCH = 8
SIDE = 112
"""Side of a crop on the screen, in pixels."""
READ, FOUND = "_channel_pictures", "_channel_crops"
"""Session keys: what was read of each file, by its id; the last result and what it is of."""


class Own(NamedTuple):
    """A file, and what the network reads of it."""

    name: str
    pixels: Pixels | Problem


def own_pictures(subject: Subject, it: Specimen) -> None:
    """Draw the uploader of up to ``MOST`` pictures, and the crops that the channel prefers."""
    opened = lazy_expander(t("scan.own"), key="own_pictures", icon=":material/photo_library:")
    with opened:
        if not opened.open:
            return
        st.caption(t("scan.own_about", most=MOST, top=MOST_TOP))
        key = document.fresh("channel.pictures")
        files = st.file_uploader(
            t("scan.upload", most=MOST),
            accept_multiple_files=True,
            max_upload_size=uploads.allow(MAX_MEGABYTES),
            key=key,
        )
        with st.spinner(t("maps.running")):
            held = _read(files[:MOST], key, it)
            pictures = [each for each in held.values() if not isinstance(each.pixels, Problem)]
            if pictures:
                _show(subject, it, _found(subject, it, tuple(held), pictures))
        for each in held.values():
            if isinstance(each.pixels, Problem):
                reason = each.pixels.message(language())
                st.warning(escaped(f"{each.name}: {reason}"), icon=":material/broken_image:")
        if len(files) > MOST:
            st.warning(t("scan.too_many", most=MOST, count=len(files)), icon=":material/block:")


def _read(files: list[Any], key: str, it: Specimen) -> dict[str, Own]:
    """The files that the uploader holds, each decoded once for this input."""
    shape = it.result.input_shape
    before: dict[str, Own] = st.session_state.get(READ, {})
    read = {}
    for file in files:
        id = f"{shape}/{file.file_id}"
        read[id] = before.get(id) or Own(file.name[:60], _pixels(file, key, shape))
    st.session_state[READ] = read
    return read


def _pixels(file: Any, key: str, shape: tuple[int, ...]) -> Pixels | Problem:
    try:
        found = PICTURES.isolated(images.parts, uploads.taken(file, key))
    except Problem as problem:
        return problem
    return cropped(images.joined(*found), shape[1], shape[0])


def _found(subject: Subject, it: Specimen, ids: tuple[str, ...], pictures: list[Own]) -> Gallery:
    """What all channels of the layer prefer among the pictures."""
    of = (subject.key, it.row.name, ids, language())
    before, gallery = st.session_state.get(FOUND, (None, None))
    if before != of:
        gallery = _gallery(subject, it, pictures)
        st.session_state[FOUND] = of, gallery
    found: Gallery = gallery
    return found


def _gallery(subject: Subject, it: Specimen, pictures: list[Own]) -> Gallery:
    from alexnet_viz.interpretability.folder_scan.looking import logits_name, seen_by
    from alexnet_viz.interpretability.folder_scan.scan import Found

    found, layer, logits = Found(it.row, MOST_TOP), it.row.name, logits_name(subject.result)

    def answers(batch: Any) -> Any:
        return live_model.at_once(subject, PassWork(batch, layer, logits))

    for first in range(0, len(pictures), BATCH):
        pixels = [each.pixels for each in pictures[first : first + BATCH]]
        channels = it.result.input_shape[0]
        found.add([*seen_by(answers, pixels, channels, it.how)], str)  # type: ignore[arg-type]
    tops = found.tops
    return Gallery(
        network=subject.result.network.id,
        weights=subject.weights.id if subject.weights else "random",
        layer=layer,
        pictures=found.done,
        channels=[
            [
                Tile(each.value, pictures[each.picture].name, tops.place(each.cell), each.jpeg)
                for each in tops.of(channel)
            ]
            for channel in range(it.shape[0])
        ],
        classes=[
            (subject.class_name(number), count)
            for number, count in found.answers.most_common()
            if number >= 0
        ],
        refused=(),
        notes=(),
    )


def _show(subject: Subject, it: Specimen, gallery: Gallery) -> None:
    """Show the crops of the chosen channel, what the pictures are taken for, and the files."""
    tiles = gallery.channels[it.channel]
    answering = [tile for tile in tiles if tile.value > 0]
    words = {"channel": it.channel, "layer": it.row.name, "pictures": gallery.pictures}
    if answering:
        first = escaped(answering[0].name)
        st.markdown(t("scan.most", name=first, value=answering[0].value, **words))
    else:
        st.markdown(t("scan.none_answers", **words))
    with st.container(horizontal=True):
        for tile in tiles:
            st.image(
                tile.jpeg,
                caption=f"{tile.value:.4g}",
                alt=t("scan.alt", name=tile.name, value=tile.value),
                width=SIDE,
            )
    if gallery.classes:
        said = ", ".join(f"{escaped(name)} ({count})" for name, count in gallery.classes[:5])
        st.caption(t("scan.taken_for", names=said))
    file = f"{gallery.network}_{gallery.layer}_crops"
    write = {"html": partial(gallery_page, gallery, language())}
    download_menu(Files(t("scan.file", count=it.shape[0]), file, write), key="own_pictures")
