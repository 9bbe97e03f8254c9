"""The choice of ablations, and their list."""

import streamlit as st

from alexnet_viz.interpretability.ablation import (
    ABLATIONS,
    Ablation,
    before_crossing,
    choices,
    parse,
    places,
)
from alexnet_viz.network.trace import Trace
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.choices import MOST_ABLATIONS
from alexnet_viz.ui.app.words import escaped, language, offered, t


def words_for(result: Trace, ablation: Ablation) -> str:
    """An ablation in words that follow "without"."""
    place = {"layer": ablation.layer, "index": ablation.index}
    if ablation.kind == "channel":
        row = result.by_name.get(ablation.layer)
        flat = row is not None and len(row.output_shape) == 1
        return t("ablation.what.unit" if flat else "ablation.what.channel", **place)
    if ablation.layer and ABLATIONS[ablation.kind].everywhere:
        return t(f"ablation.what.{ablation.kind}_in", **place)
    return t(f"ablation.what.{ablation.kind}", **place)


def taken(result: Trace) -> list[Ablation]:
    """The chosen ablations that this network has, without drawing anything."""
    return [each for each in _chosen().values() if _refusal(result, each) is None]


def _chosen() -> dict[str, Ablation]:
    """The chosen ablations by their spelling."""
    return {spelled: parse(spelled) for spelled in state.use("ab_off")}


def _refusal(result: Trace, ablation: Ablation) -> Problem | None:
    """Why this network cannot lose this part; None if it can."""
    try:
        places(result, ablation)
    except Problem as problem:
        return problem
    return None


def controls(result: Trace) -> None:
    """Draw the choice and the list of ablations."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="row.ablation"):
        kind = _kind(result)
        layers = ABLATIONS[kind].layers(result)
        if layers:
            _add_button(result, _details(result, kind, layers))
    if layers:
        st.caption(t(f"ablation.does_{kind}"))
    else:
        problem = Problem(f"ablation_no_{kind}", network=result.network.id)
        st.info(escaped(problem.explained(language())), icon=":material/block:")
    _list(result)


def _kind(result: Trace) -> str:
    """Draw the choice of a kind; until one is chosen, the first that this network has."""
    shown = state.use("ab_kind")
    if not state.chosen("ab_kind") and not ABLATIONS[shown].layers(result):
        shown = next((kind for kind in ABLATIONS if ABLATIONS[kind].layers(result)), shown)
    menu = offered("ablation.kind_", "ab_kind", shown={"value": shown})
    st.selectbox(t("ablation.kind"), width=210, **menu)
    return str(shown)


def _details(result: Trace, kind: str, layers: list[str]) -> Ablation:
    """Draw the choice of a layer and of its channel or tower; returns the ablation."""
    titles = {name: f"{name} · {t('kind.' + result[name].kind)}" for name in layers}
    if ABLATIONS[kind].everywhere:
        last = (before_crossing(result) if kind == "tower" else layers)[-1]
        titles = {"": t(f"ablation.everywhere_{kind}", last=last), **titles}
    chosen = state.use("ab_layer")
    layer = chosen if chosen in titles else next(iter(titles))
    st.selectbox(
        t("ablation.layer"),
        list(titles),
        format_func=titles.__getitem__,
        width=230,
        **state.bound("ab_layer", value=layer),
    )
    count = choices(result, kind, layer)
    if not count:
        return Ablation(kind, layer)
    choice, title = {"tower": ("ab_tower", "tower")}.get(kind, ("ab_channel", "index"))
    index = min(state.use(choice), count - 1)
    st.number_input(
        t(f"ablation.{title}"),
        min_value=0,
        max_value=count - 1,
        step=1,
        width=130,
        **state.bound(choice, value=index),
    )
    return Ablation(kind, layer, index)


def _add_button(result: Trace, ablation: Ablation) -> None:
    off = state.get("ab_off")
    st.button(
        t("ablation.add"),
        key="ablation.add",
        icon=":material/content_cut:",
        type="primary",
        disabled=str(ablation) in off or len(off) >= MOST_ABLATIONS,
        help=t("ablation.full", most=MOST_ABLATIONS) if len(off) >= MOST_ABLATIONS else None,
        on_click=take_away,
        args=(ablation,),
    )


def take_away(ablation: Ablation) -> None:
    """Add an ablation, if there is room."""
    off = dict.fromkeys((*state.get("ab_off"), str(ablation)))
    state.put("ab_off", tuple(off)[:MOST_ABLATIONS])


def _list(result: Trace) -> None:
    """Draw the list of ablations; those that this network does not have are named."""
    off = _chosen()
    if off:
        st.multiselect(
            t("ablation.off"),
            list(off),
            format_func={s: words_for(result, each) for s, each in off.items()}.__getitem__,
            **state.bound("ab_off", value=list(off)),
        )
    for each in off.values():
        if problem := _refusal(result, each):
            what, why = words_for(result, each), problem.message(language())
            words = t("ablation.left_out", what=what, why=why)
            st.warning(escaped(words), icon=":material/block:")
