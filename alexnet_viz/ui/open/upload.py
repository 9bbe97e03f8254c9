"""Parts of the Open page: the upload, the network that was read, its nearest variant."""

import streamlit as st

from alexnet_viz.analysis.compare.nearest import RELATED, Nearest, nearest
from alexnet_viz.network.layers import shape_text
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Trace
from alexnet_viz.readers import FORMATS, MAX_LISTED, read_apart
from alexnet_viz.readers.format_registry import MAX_TEXT
from alexnet_viz.render.diagrams.blocks import architecture
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.render.tables.trace_table import DEFAULT_KEYS
from alexnet_viz.text.problem import Problem, Problems
from alexnet_viz.ui.app import document, library, shell, state, uploads
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.components import network_picker
from alexnet_viz.ui.components import summary as show
from alexnet_viz.ui.components.downloads import download_menu, drawing_file, layers_file
from alexnet_viz.ui.components.plate import plate
from alexnet_viz.ui.components.table_view import describe, grid_table
from alexnet_viz.variants import VARIANTS

SUFFIXES = ("prototxt", "pbtxt", "onnx", "cfg", "json", "txt", "pt", "pth", "tar", "safetensors",
            "caffemodel")  # fmt: skip
MAX_MEGABYTES = 300
CHIP = 260
"""Width of the choice among files, in pixels."""
MOST = 8
"""Most files that a session keeps open; the oldest is closed for the next one."""
TAKEN = "_file_taken"
"""Session key of the upload that was read last, so that a rerun does not choose it again."""
REFUSED = "_file_refused"
"""Session key of the upload that could not be read, and why: a rerun does not read it again."""
PAGES = ("architecture", "layer", "towers", "feature_maps", "calculator")
"""Pages that show one network."""


def upload() -> None:
    """Draw the uploader and read its file; problems are listed layer by layer."""
    file = st.file_uploader(
        t("open.upload"),
        type=list(SUFFIXES),
        max_upload_size=uploads.allow(MAX_MEGABYTES),
        label_visibility="collapsed",
        key=document.fresh("open.file"),
    )
    if file is None:
        return
    taken = (file.file_id, file.name)
    if st.session_state.get(TAKEN) == taken:
        return
    refused, why = st.session_state.get(REFUSED, (None, None))
    if refused == taken:
        _refuse(file.name, why)
        return
    try:
        with st.spinner(t("open.reading", name=escaped(file.name))):
            network = read_apart(uploads.taken(file, "open.file"), file.name)
    except Problem as problem:
        st.session_state[REFUSED] = (taken, problem)
        _refuse(file.name, problem)
        return
    if len(network.input_shape) != 3 or len(set(network.input_shape[1:])) != 1:
        needed = Problem("image_needed", shape=shape_text(network.input_shape))
        st.session_state[REFUSED] = (taken, needed)
        _refuse(file.name, needed)
        return
    st.session_state[TAKEN] = taken
    opened = library.add(network)
    for old in list(library.own())[MOST:]:
        close(old)
    show_network(opened)


def _refuse(name: str, problem: Problem) -> None:
    """Show that a file cannot be read as a network, and why: the first reason, others folded."""
    sentences = (
        problem.sentences(language())
        if isinstance(problem, Problems)
        else [problem.message(language())]
    )
    first, remedy = sentences[0], problem.remedy(language())
    st.error(
        t(
            "open.refused",
            name=escaped(name),
            first=escaped(first.rstrip(".。")),
            remedy=escaped(remedy),
        ),
        icon=":material/extension_off:",
    )
    if len(sentences) == 1:
        return
    lines = [f"- {escaped(sentence)}" for sentence in sentences[:MAX_LISTED]]
    if len(sentences) > MAX_LISTED:
        lines.append(t("open.more", count=len(sentences) - MAX_LISTED))
    with st.expander(t("open.problems", count=len(sentences)), key="open.problems"):
        st.markdown("\n".join(lines))


def show_network(id: str) -> None:
    """Choose a network at its own input; a callback."""
    state.put("variant", id)
    state.reset("input", "rounding", "refit")


def close(id: str) -> None:
    """Close a file, and replace it wherever it was chosen."""
    library.remove(id)
    if state.get("variant") == id:
        state.reset("variant")
    kept = tuple(each for each in state.get("compare") if each != id)
    state.put("compare", kept)
    if len(kept) < 2:
        state.reset("compare")


def opened() -> Network | None:
    """Draw the choice of this session's files beside the title; returns the one that is shown."""
    own = library.own()
    if not own:
        return None
    chosen = state.use("variant")
    shown = own.get(chosen) or next(iter(own.values()))
    with st.session_state[state.SUBJECT_PLACE]:
        if len(own) > 1:
            titles = {id: _title(network) for id, network in own.items()}
            key = "open.shown"
            st.session_state[key] = shown.id
            st.selectbox(
                t("open.recent"),
                list(titles),
                format_func=titles.__getitem__,
                label_visibility="collapsed",
                width=CHIP,
                key=key,
                on_change=lambda: show_network(st.session_state[key]),
            )
        else:
            st.markdown(f"**{escaped(_title(shown))}**", width="content")
        st.button(
            t("open.forget"),
            key="open.close",
            icon=":material/close:",
            type="tertiary",
            on_click=close,
            args=(shown.id,),
        )
    return shown


def summary(result: Trace) -> None:
    """Show the diagram of the network that was read, what it is, and pages that show it."""
    network = result.network
    svg = architecture(result, language())
    legend = show.kind_legend(result, detail=False)
    plate(svg, key="opened", pickable=False, legend=legend)
    show.failure(result)
    _kin_words(network)
    show.totals(result)
    st.caption(
        t(
            "open.opened",
            layers=len(network.layers),
            format=escaped(network.about.source.place(language())) if network.about else "JSON",
            shape=shape_text(network.input_shape),
        )
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(t("open.see"))
        for page in PAGES:
            st.page_link(f"pages/{page}.py", label=t(f"page.{page}.title"), icon=shell.PAGES[page])
    layers = layers_file(result, list(DEFAULT_KEYS))
    download_menu(drawing_file(svg, network.id), layers, key="opened")


def _kin_words(network: Network) -> None:
    """Show in a sentence which variant is nearest, or that none is near."""
    near = _nearest(network.id, network)
    title = escaped(network_picker.variant_title(near.network.id))
    shape = shape_text(network.input_shape)
    if not near.differing:
        st.markdown(t("open.equal", network=title, shape=shape))
        return
    words = "open.differs" if near.related else "open.far"
    numbers = {"count": len(near.differing), "equal": near.equal, "total": near.layers}
    st.markdown(t(words, network=title, shape=shape, percent=100 * RELATED, **numbers))


def known(network: Network) -> None:
    """Show what the file states, and what was assumed."""
    st.header(t("open.known"), anchor=False)
    about = network.about
    if network.assumptions:
        lines = (f"- {escaped(each.of(language()))}" for each in network.assumptions)
        st.markdown("\n".join(lines))
    else:
        st.markdown(t("open.all_said"))
    if about and about.stated:
        stated = {
            layer: ", ".join(show.field_title(field) for field in fields)
            for layer, fields in about.stated.items()
        }
        header = (t("column.name"), t("open.by_file"))
        grid = Grid(t("open.known"), header, tuple(stated.items()), frozenset((0, 1)))
        plate(key="stated", table=grid_table(grid, list(stated)), pickable=False)


def kin(network: Network) -> None:
    """Show the differences from the nearest variant, and a button to compare the two."""
    near = _nearest(network.id, network)
    st.header(t("open.nearest"), anchor=False)
    if near.differing and near.related:
        _differences(near)
    elif near.differing:
        with st.expander(t("open.far_list", count=len(near.differing)), key="open.far"):
            _differences(near)

    def compare() -> None:
        state.put("compare", (network.id, near.network.id))
        state.put("input", network.input_size)
        state.reset("own")

    words = t("open.compare", network=network_picker.variant_title(near.network.id))
    if st.button(words, key="open.compare", icon=":material/compare_arrows:",
                 on_click=compare):  # fmt: skip
        st.switch_page("pages/compare.py")


def formats() -> None:
    """Show what can be opened, in a line, and what each format contains."""
    st.markdown(t("open.nothing"))
    st.caption(t("open.limits", text=MAX_TEXT / 10**6, most=MAX_MEGABYTES))
    st.header(t("open.what_each"), anchor=False)
    header = (t("open.formats"), t("open.what_tells"), t("open.what_lacks"))
    rows = tuple(
        tuple(t(f"open.{column}.{each}") for column in ("format", "tells", "lacks"))
        for each in FORMATS
    )
    grid = Grid(t("open.what_each"), header, rows, frozenset(range(len(header))))
    table = grid_table(grid, list(FORMATS)) | {"wrap": True}
    plate(key="formats", table=table, pickable=False)


@st.cache_data(max_entries=32, show_spinner=False)
def _nearest(id: str, _network: Network) -> Nearest:
    return nearest(_network, VARIANTS.values())


def _differences(near: Nearest) -> None:
    header = (
        t("column.name"),
        t("open.own_does"),
        network_picker.variant_title(near.network.id),
        t("open.differs_in"),
    )
    rows = tuple(
        (
            match.name,
            *(describe(row) if row else "–" for row in match.rows),
            ", ".join(map(show.field_title, sorted(match.differing))),
        )
        for match in near.differing
    )
    grid = Grid(t("open.nearest"), header, rows, frozenset(range(len(header))))
    table = grid_table(grid, [match.name for match in near.differing]) | {"wrap": True}
    plate(key="differences", table=table, pickable=False)


def _title(network: Network) -> str:
    return network.about.title.of(language()) if network.about else network.id
