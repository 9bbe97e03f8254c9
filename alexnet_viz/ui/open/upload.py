"""Parts of the Open page: the upload, the network that was read, its nearest variant."""

import pandas as pd
import streamlit as st

from alexnet_viz.analysis.compare.nearest import Nearest, nearest
from alexnet_viz.network.layers import shape_text
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Trace
from alexnet_viz.readers import FORMATS, MAX_LISTED, read_apart
from alexnet_viz.render.diagrams.blocks import architecture
from alexnet_viz.text.problem import Problem, Problems
from alexnet_viz.ui.app import library, shell, state
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.components import network_picker
from alexnet_viz.ui.components import summary as show
from alexnet_viz.ui.components.plate import plate
from alexnet_viz.ui.components.table_view import describe
from alexnet_viz.variants import VARIANTS

SUFFIXES = ("prototxt", "pbtxt", "onnx", "cfg", "json", "txt", "pt", "pth", "tar", "safetensors",
            "caffemodel")  # fmt: skip
MAX_MEGABYTES = 300
MOST = 8
"""Most files that a session keeps open; the oldest is closed for the next one."""
TAKEN = "_file_taken"
"""Session key of the upload that was read last, so that a rerun does not choose it again."""
PAGES = ("architecture", "layer", "towers", "feature_maps", "calculator")
"""Pages that show one network."""


def upload() -> None:
    """Draw the uploader and read its file; problems are listed layer by layer."""
    file = st.file_uploader(
        t("open.upload"),
        type=list(SUFFIXES),
        max_upload_size=MAX_MEGABYTES,
        help=t("open.upload_help"),
        key="open.file",
    )
    if file is None:
        return
    taken = (file.file_id, file.name)
    if st.session_state.get(TAKEN) == taken:
        return
    try:
        with st.spinner(t("open.reading", name=escaped(file.name))):
            network = read_apart(file.getvalue(), file.name)
    except Problem as problem:
        _refuse(file.name, problem)
        return
    if len(network.input_shape) != 3 or len(set(network.input_shape[1:])) != 1:
        shape = shape_text(network.input_shape)
        st.error(t("open.image_needed", shape=shape), icon=":material/crop_square:")
        return
    st.session_state[TAKEN] = taken
    opened = library.add(network)
    for old in list(library.own())[MOST:]:
        close(old)
    show_network(opened)


def _refuse(name: str, problem: Problem) -> None:
    """Show every reason why a file cannot be read as a network, and the remedy."""
    sentences = (
        problem.sentences(language())
        if isinstance(problem, Problems)
        else [problem.message(language())]
    )
    lines = [t("open.refused", name=escaped(name), count=len(sentences))]
    lines += [f"- {escaped(sentence)}" for sentence in sentences[:MAX_LISTED]]
    if len(sentences) > MAX_LISTED:
        lines.append(t("open.more", count=len(sentences) - MAX_LISTED))
    st.error("\n".join(lines), icon=":material/extension_off:")
    if problem.remedy(language()):
        st.caption(escaped(problem.remedy(language())))


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
    """Draw the choice of this session's files; returns the one that is shown, or None."""
    own = library.own()
    if not own:
        return None
    chosen = state.use("variant")
    shown = own.get(chosen) or next(iter(own.values()))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if len(own) > 1:
            titles = {id: _title(network) for id, network in own.items()}
            key = "open.shown"
            st.session_state[key] = shown.id
            st.segmented_control(
                t("open.recent"),
                list(titles),
                format_func=titles.__getitem__,
                required=True,
                key=key,
                on_change=lambda: show_network(st.session_state[key]),
            )
        else:
            st.subheader(_title(shown), anchor=False, width="content")
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
    """Show the diagram of the network that was read, and links to pages that show it."""
    network = result.network
    st.caption(
        t(
            "open.opened",
            layers=len(network.layers),
            format=escaped(network.about.source.where) if network.about else "JSON",
            shape=shape_text(network.input_shape),
        )
    )
    show.failure(result)
    show.totals(result)
    plate(
        architecture(result, language()),
        key="opened",
        file=network.id,
        pickable=False,
        legend=show.kind_legend(result, detail=False),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(t("open.see"))
        for page in PAGES:
            st.page_link(f"pages/{page}.py", label=t(f"page.{page}.title"), icon=shell.PAGES[page])


def known(network: Network) -> None:
    """Show what the file states, and what was assumed."""
    st.subheader(t("open.known"), anchor=False)
    about = network.about
    if about and about.assumptions:
        st.markdown("\n".join(f"- {escaped(each.of(language()))}" for each in about.assumptions))
    else:
        st.markdown(t("open.all_said"))
    if about and about.stated:
        stated = {
            layer: ", ".join(show.field_title(field) for field in fields)
            for layer, fields in about.stated.items()
        }
        names = {t("column.name"): list(stated), t("open.by_file"): list(stated.values())}
        st.dataframe(pd.DataFrame(names), hide_index=True, key="stated", width="content")


def kin(network: Network) -> None:
    """Show the nearest variant, its differences, and a button to compare the two."""
    near = _nearest(network.id, network)
    title = escaped(network_picker.variant_title(near.network.id))
    shape = shape_text(network.input_shape)
    st.subheader(t("open.nearest"), anchor=False)
    if not near.differing:
        st.markdown(t("open.equal", network=title, shape=shape))
    else:
        count, total = len(near.differing), near.layers
        st.markdown(t("open.differs", network=title, count=count, total=total, shape=shape))
        _differences(near)

    def compare() -> None:
        state.put("compare", (network.id, near.network.id))
        state.put("input", network.input_size)

    if st.button(t("open.compare"), key="open.compare", icon=":material/compare_arrows:",
                 on_click=compare):  # fmt: skip
        st.switch_page("pages/compare.py")


def formats() -> None:
    """Show the formats that can be opened, and what each contains."""
    st.markdown(t("open.nothing"))
    st.table(
        {
            t("open.formats"): [t(f"open.format.{each}") for each in FORMATS],
            t("open.what_tells"): [t(f"open.tells.{each}") for each in FORMATS],
            t("open.what_lacks"): [t(f"open.lacks.{each}") for each in FORMATS],
        }
    )


@st.cache_data(max_entries=32, show_spinner=False)
def _nearest(id: str, _network: Network) -> Nearest:
    return nearest(_network, VARIANTS.values())


def _differences(near: Nearest) -> None:
    lines = []
    for match in near.differing:
        mine, theirs = (describe(row) if row else "–" for row in match.rows)
        lines.append(
            {
                t("column.name"): match.name,
                t("open.own_does"): mine,
                network_picker.variant_title(near.network.id): theirs,
                t("open.differs_in"): ", ".join(map(show.field_title, sorted(match.differing))),
            }
        )
    st.dataframe(pd.DataFrame(lines), hide_index=True, height="content", key="differences")


def _title(network: Network) -> str:
    return network.about.title.of(language()) if network.about else network.id
