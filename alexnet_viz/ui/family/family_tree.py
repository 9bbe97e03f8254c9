"""Parts of the Family page: the tree, the chosen network's ancestors, and the list."""

from functools import lru_cache

import streamlit as st

from alexnet_viz.analysis.compare.ancestry import (
    about,
    change,
    change_text,
    children,
    lineage,
    relatives,
    tree,
)
from alexnet_viz.render.diagrams.ancestry import family_tree
from alexnet_viz.render.tables.ancestry import family_table
from alexnet_viz.render.tables.table import Table
from alexnet_viz.render.theme import FRAMEWORK_COLOURS, GREY
from alexnet_viz.text import Language
from alexnet_viz.ui.app import library, state
from alexnet_viz.ui.app.words import escaped, language, running, t
from alexnet_viz.ui.components import network_picker, summary
from alexnet_viz.ui.components.downloads import download_menu, drawing_file, grid_file
from alexnet_viz.ui.components.plate import Detail, plate
from alexnet_viz.ui.components.table_view import grid_table
from alexnet_viz.variants import VARIANTS
from alexnet_viz.variants.traces import variant_trace

TOLD = 3
"""Most changes of the last step that the sentence names."""


def show_tree(shown: list[str]) -> None:
    """Show the tree of the variants that pass the filters; a click chooses one.

    Beside its switch is the menu of files: the tree, and the variants as a table.
    """
    chosen = str(state.use("variant"))
    ids = tree(shown)
    if not ids:
        return
    lit = relatives(chosen) if chosen in ids and about(chosen).parent else set(ids)
    said = [t("family.drawn", shown=len(shown), all=len(VARIANTS))]
    if chosen in VARIANTS:
        said.append(_say(chosen))
    st.markdown(running(*said))
    coloured = state.use("family_colour")
    svg = family_tree(ids, chosen, language(), lit=lit & set(shown), coloured=coloured)
    plate(
        svg,
        key="family",
        selected=chosen,
        choice="variant",
        hint=t("family.hint"),
        smallest=860,
        grow=1.15,
        legend=_legend(ids) if coloured else None,
        details={id: _detail(id) for id in ids},
    )
    table = _table(tuple(shown), language())
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.toggle(t("family.coloured"), **state.bound("family_colour"))
        download_menu(
            drawing_file(svg, "alexnet_family"),
            grid_file(table.grid, table.records, "alexnet_family"),
            key="family",
        )
    st.caption(t("family.caption"))


@lru_cache(maxsize=64)
def _table(shown: tuple[str, ...], language: Language) -> Table[str]:
    """The variants as a table: the same ones always give the same."""
    return family_table(shown, language)


def _say(chosen: str) -> str:
    """A sentence: how far the chosen network is from the paper's, and its last step."""
    title = escaped(network_picker.variant_title(chosen))
    below = len(relatives(chosen)) - len(lineage(chosen))
    path = lineage(chosen)[1:]
    if not path:
        return t("family.says_root", network=title, n=below, direct=len(children(chosen)))
    return t(
        "family.says",
        network=title,
        steps=len(path),
        changes=sum(len(change(id)) for id in path),
        last=escaped(change_text(chosen, language(), TOLD)),
        n=below,
    )


def _detail(id: str) -> Detail:
    """What the card beside a clicked network says: its year, what it changed, who descends."""
    words = about(id)
    below = len(relatives(id)) - len(lineage(id))
    lines = [" · ".join(filter(None, (str(words.year), words.framework)))]
    if words.parent:
        said = change_text(id, language())
        parent = network_picker.variant_title(words.parent)
        lines.append(t("family.step", parent=parent, says=said))
    lines.append(t("family.below", n=below) if below else t("family.childless"))
    return Detail(network_picker.variant_title(id), lines, ())


def _legend(ids: list[str]) -> list[tuple[str, str]]:
    """The colours in use; grey stands for all other frameworks."""
    written = {about(id).framework for id in ids} - {""}
    named = [(colour, name) for name, colour in FRAMEWORK_COLOURS.items() if name in written]
    return [*named, (GREY, t("family.others"))]


def show_chosen() -> None:
    """Show the chosen network: its ancestors, its facts, and links to other pages."""
    chosen = str(state.use("variant"))
    if chosen not in VARIANTS:
        words = t("family.own", network=network_picker.variant_title(chosen))
        st.info(escaped(words), icon=":material/draft:")
        summary.failure(variant_trace(library.networks()[chosen], state.use("input")))
        return
    title, parent = network_picker.variant_title(chosen), about(chosen).parent
    st.header(t("family.line", network=title) if parent else title, anchor=False)
    st.markdown("\n".join(_generations(chosen)))
    descend = ", ".join(map(network_picker.variant_title, children(chosen)))
    if parent:
        st.markdown(
            t("family.offspring", networks=escaped(descend)) if descend else t("family.childless")
        )
    result = variant_trace(VARIANTS[chosen], state.use("input"))
    summary.failure(result)
    summary.totals(result)
    summary.staircases(result.network)
    summary.about(result.network)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(
            "pages/architecture.py", label=t("family.architecture"), icon=":material/view_in_ar:"
        )
        if parent:
            words = t("family.compare", parent=network_picker.variant_title(parent))
            st.button(
                words,
                key="family.compare",
                icon=":material/compare_arrows:",
                type="tertiary",
                on_click=_compare,
                args=(parent, chosen),
            )
    if st.session_state.pop(LEAVING, False):
        st.switch_page("pages/compare.py")


LEAVING = "_family_leaving"


def _compare(parent: str, chosen: str) -> None:
    """Compare both at their own inputs, and open that page."""
    state.put("compare", (parent, chosen))
    state.put("own", True)
    state.put("compare_view", "layers")
    st.session_state[LEAVING] = True


def _generations(chosen: str) -> list[str]:
    """The ancestors as a nested list, each with its changes."""
    lines = []
    for depth, id in enumerate(lineage(chosen)):
        said = change_text(id, language()) if about(id).parent else t("family.root")
        year = about(id).year
        lines.append(f"{'  ' * depth}- **{escaped(network_picker.variant_title(id))}** · {year} · "
                     f"{escaped(said)}")  # fmt: skip
    return lines


def show_list(shown: list[str]) -> None:
    """Show the variants that pass the filters as a table."""
    if not shown:
        return
    table = _table(tuple(shown), language())
    with st.expander(t("family.list"), key="family.list"):
        plate(
            table=grid_table(table.grid, shown) | {"wrap": True},
            key="family.table",
            selected=state.get("variant"),
            choice="variant",
            hint=t("family.hint"),
        )
