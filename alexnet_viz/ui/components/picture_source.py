"""The choice of a picture: a sample, a new drawing, a photograph of clothes, files, the camera.

The choice is one line, a button with the picture's title; it opens the choices, so that none of
them pushes the page down.  The newest ``MOST_OWN`` pictures of a visitor stay in the session,
decoded; links carry no others.  A file that cannot be read is explained and changes
nothing.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import streamlit as st

from alexnet_viz.isolation import PICTURES
from alexnet_viz.pictures import images
from alexnet_viz.pictures.images import MAX_MEGABYTES, Picture
from alexnet_viz.pictures.samples import SAMPLES
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app import document, state, uploads
from alexnet_viz.ui.app.choices import MOST_BESIDE
from alexnet_viz.ui.app.words import escaped, language, offered, t
from alexnet_viz.ui.components.known_pictures import BY_SOURCE, KNOWN
from alexnet_viz.weights.catalogue import DRAWINGS

MOST_OWN = 8
LONGEST = 26
"""Most characters of a title on the button."""
OWN, READ = "_own_pictures", "_read_files"
"""Keys of: own pictures by digest, oldest first; the result of reading each file of an uploader."""


class Own(NamedTuple):
    """A picture that a visitor brought."""

    name: str
    """The name of the file, not escaped; empty for a photo."""
    picture: Picture


def picture() -> Picture:
    """Draw the choice of a picture in a line; returns the picture."""
    shown = title(chosen_picture())
    short = shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"
    unread = _unread("upload") or _unread("camera")
    with st.container(
        horizontal=True, vertical_alignment="bottom", width="content", key="pictures"
    ):
        with st.popover(
            t("maps.picture", title=escaped(short)),
            key="picture",
            icon=":material/broken_image:" if unread else ":material/image:",
            width="content",
        ):
            st.segmented_control(
                t("maps.source"),
                required=True,
                wrap=True,
                **offered("maps.source_", "source", shown={"value": source()}),
            )
            _CHOICES[source()]()
        if known := BY_SOURCE.get(source()):
            st.button(
                t("maps.another"),
                key=f"{known.source}.another",
                icon=":material/casino:",
                on_click=known.another,
            )
    return chosen_picture()


def source() -> str:
    """Where the picture comes from; until that is chosen, what the weights know, else a drawing."""
    known = KNOWN.get(state.get("weights"), KNOWN[DRAWINGS.id])
    return str(state.use("source") or known.source)


def beside(shown: Picture) -> list[tuple[str, Picture]]:
    """The pictures that are chosen for a comparison with the one shown, with their titles."""
    titles = _titles()
    known = [(titles[each], _known(each)) for each in state.use("beside") if each in titles]
    return [(title, each) for title, each in known if each.digest != shown.digest]


def beside_box() -> None:
    """Draw the choice of pictures to compare with the one shown."""
    titles = _titles()
    chosen = [each for each in state.use("beside") if each in titles]
    st.multiselect(
        t("maps.beside"),
        list(titles),
        format_func=titles.__getitem__,
        max_selections=MOST_BESIDE,
        placeholder=t("maps.beside_none"),
        help=t("maps.beside_help"),
        **state.bound("beside", value=chosen),
    )


def title(shown: Picture) -> str:
    """The title of the picture that is shown."""
    if shown.digest in _own():
        return _titles()[shown.digest]
    return _titles()[source() if source() in BY_SOURCE else state.get("sample")]


def _titles() -> dict[str, str]:
    """Titles of all pictures: samples and the new drawing by name, own pictures by digest."""
    titles = {name: sample.title.of(language()) for name, sample in SAMPLES.items()}
    for known in BY_SOURCE.values():
        kind = known.kinds.index(state.get(known.source))
        titles[known.source] = t(
            "maps.title_numbered",
            kind=known.titles[kind].of(language()),
            number=state.get(known.number),
        )
    for number, (digest, own) in enumerate(_own().items(), 1):
        name = own.name or t("maps.photo", number=number)
        titles[digest] = f"{name} ({number})" if name in titles.values() else name
    return titles


def _known(name: str) -> Picture:
    if name in SAMPLES:
        return SAMPLES[name].load()
    if name in BY_SOURCE:
        return BY_SOURCE[name].chosen()
    return _own()[name].picture


def own(digest: str) -> Picture | None:
    """The picture of this session with that digest, if the visitor brought it."""
    found = _own().get(digest)
    return found and found.picture


def _own() -> dict[str, Own]:
    own: dict[str, Own] = st.session_state.setdefault(OWN, {})
    return own


def _sample() -> None:
    st.selectbox(
        t("maps.sample"),
        list(SAMPLES),
        format_func={n: s.title.of(language()) for n, s in SAMPLES.items()}.__getitem__,
        **state.bound("sample"),
    )


def _drawing() -> None:
    st.selectbox(t("maps.drawing"), **offered("drawn.", "drawing"))
    st.caption(t("maps.drawing_caption", seed=state.use("drawing_seed")))


def _clothes() -> None:
    st.selectbox(t("maps.clothes"), **offered("clothes.", "clothes"))
    st.caption(t("maps.clothes_caption", number=state.use("clothes_number")))


def _uploaded() -> None:
    held = upload_box()
    own = _own()
    if not own:
        st.caption(t("maps.waiting"))
        return
    chosen = _chosen_own()
    if len(own) > 1:
        st.selectbox(
            t("maps.which"),
            list(own),
            format_func=_titles().__getitem__,
            **state.bound("upload", value=chosen),
        )
    if not held:
        st.caption(t("maps.kept"))
    for note in own[chosen].picture.notes:
        st.caption(t(note))


def upload_box() -> bool:
    """Draw the uploader; a picture that arrives becomes the one shown. Whether it holds files."""
    key = document.fresh("upload")
    files = st.file_uploader(
        t("maps.upload", most=MAX_MEGABYTES),
        accept_multiple_files=True,
        max_upload_size=uploads.allow(MAX_MEGABYTES),
        key=key,
        help=t("maps.upload_help"),
        on_change=lambda: _take("upload", st.session_state[key], lambda file: file.name),
    )
    _explain("upload", len(files))
    return bool(files)


def camera_box() -> bool:
    """Draw the camera; a photo that is taken becomes the picture shown. Whether it holds one."""

    key = document.fresh("camera")

    def taken() -> None:
        photo = st.session_state[key]
        _take("camera", [photo] if photo else [], lambda _: "")

    uploads.allow(MAX_MEGABYTES)
    file = st.camera_input(t("maps.camera"), key=key, width=360, on_change=taken)
    _explain("camera", 1)
    return bool(file)


def chosen_picture() -> Picture:
    """The picture that the choices name, without drawing anything.

    Where a link names a picture that only its sender has, it is the chosen sample.
    """
    if source() in BY_SOURCE:
        return _known(source())
    if source() == "upload" and _own():
        return _own()[_chosen_own()].picture
    if source() == "camera" and _photos():
        return _photos()[-1]
    return SAMPLES[state.use("sample")].load()


def _chosen_own() -> str:
    """The digest of the chosen one of the visitor's own pictures, else of the newest."""
    own = _own()
    return state.use("upload") if state.get("upload") in own else next(reversed(own))


def _photos() -> list[Picture]:
    return [own.picture for own in _own().values() if not own.name]


def _photo() -> None:
    held = camera_box()
    if not _photos():
        st.caption(t("maps.waiting"))
    elif not held:
        st.caption(t("maps.kept"))


_CHOICES = {
    "sample": _sample,
    "drawing": _drawing,
    "clothes": _clothes,
    "upload": _uploaded,
    "camera": _photo,
}
"""What each source offers."""


def _take(source: str, files: list[Any], name: Callable[[Any], str]) -> None:
    """Decode the new files of an uploader, once each; forget what it no longer holds."""
    key = f"{READ}.{source}"
    before: dict[str, tuple[str, str | Problem]] = st.session_state.get(key, {})
    read = {
        file.file_id: before.get(file.file_id) or (name(file)[:60], _read(file, source, name(file)))
        for file in files
    }
    st.session_state[key] = read
    if any(isinstance(found, str) for id, (_, found) in read.items() if id not in before):
        state.put("source", source)


def _unread(source: str) -> list[tuple[str, Problem]]:
    """The names of the files that an uploader holds and that cannot be read, and why."""
    read: dict[str, tuple[str, str | Problem]] = st.session_state.get(f"{READ}.{source}", {})
    return [(name, found) for name, found in read.values() if isinstance(found, Problem)]


def _explain(source: str, held: int) -> None:
    """Say which files cannot be read as long as the uploader holds them, in one block."""
    unread = _unread(source)
    if not held or not unread:
        return
    lines = [f"- {escaped(f'{name}: {why.explained(language())}')}" for name, why in unread]
    if len(lines) == 1:
        st.error(lines[0].removeprefix("- "), icon=":material/broken_image:")
        return
    words = t("maps.unread", count=len(unread), held=held)
    with st.expander(words, icon=":material/broken_image:", key=f"unread.{source}"):
        st.error("\n".join(lines))


def _read(file: Any, key: str, name: str) -> str | Problem:
    """Add a file's picture to the visitor's own; returns its digest, or why it cannot be read."""
    try:
        arrived = images.joined(*PICTURES.isolated(images.parts, uploads.taken(file, key)))
    except Problem as problem:
        return problem
    own = _own()
    own.pop(arrived.digest, None)
    own[arrived.digest] = Own(name[:60], arrived)
    while len(own) > MOST_OWN:
        del own[next(iter(own))]
    state.put("upload", arrived.digest)
    return arrived.digest
