"""The widgets that choose a network, its input and a layer, the same on every page."""

from collections.abc import Callable
from typing import Literal

import streamlit as st

from alexnet_viz.analysis.inputs.case_224 import figures
from alexnet_viz.network.layers import Linear
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Trace
from alexnet_viz.ui.app import library, state
from alexnet_viz.ui.app.words import escaped, language, offered, t
from alexnet_viz.variants import VARIANTS
from alexnet_viz.variants.traces import variant_trace

DISPUTED = (224, 227)


def variant_title(variant: str) -> str:
    """A variant's title in this session's language."""
    registered = VARIANTS.get(variant)
    about = (registered or library.own()[variant]).about
    title = about.title.of(language()) if about else variant
    return title if registered else t("open.own", name=title)


def variant_titles() -> Callable[[str], str]:
    """The titles of all networks, by id, as a function for a menu."""
    return {variant: variant_title(variant) for variant in library.networks()}.__getitem__


def network() -> Network:
    """The network as chosen: variant, rounding rule, dense layers; at the variant's own input."""
    chosen = library.networks()[state.use("variant")]
    if state.use("rounding") != "declared":
        chosen = chosen.rounded(state.get("rounding"))
    return chosen.refitted() if state.use("refit") else chosen


def network_at() -> Network:
    """The chosen network on the chosen input."""
    size = state.use("input")
    return network().at(size) if size else network()


def traced() -> Trace:
    """The chosen network traced at the chosen input."""
    return variant_trace(network(), state.use("input"))


def network_row(more: Callable[[], None] | None = None, running: str = "") -> Trace:
    """Draw what the page is about, beside its title; return the chosen network's trace.

    A chip says it in a line and opens the choices behind it; the input sizes in dispute stay in
    reach beside it.  ``more`` draws further choices into the chip, ``running`` ends its line.
    """
    with st.session_state[state.SUBJECT_PLACE]:
        with st.popover(_chip(running), key="subject", width="content"):
            variant_box(width=330)
            with st.container(horizontal=True, vertical_alignment="bottom"):
                size_box(width=130)
                st.selectbox(
                    t("choose.rounding"),
                    help=t("choose.rounding_help", **figures()),
                    width=230,
                    **offered("choose.rule.", "rounding"),
                )
            st.toggle(
                t("choose.refit"),
                help=t("choose.refit_help"),
                disabled=not _fixed_dense(),
                **state.bound("refit"),
            )
            if more:
                more()
        _size_switch()
    return traced()


def _chip(running: str) -> str:
    """The subject in a line: network, input, rounding, and whose numbers run."""
    result = traced()
    size = result.input_shape[-1]
    first = next((row.slides[0] for row in result.rows if row.slides), None)
    parts = [
        escaped(variant_title(state.get("variant"))),
        "" if size in {_native(), *DISPUTED} else t("choose.chip_size", size=size),
        _assumed(result.network),
        t(f"choose.chip_rule.{first.rounding}") if first else "",
        t("choose.chip_refit") if state.get("refit") else "",
        running,
    ]
    return " · ".join(filter(None, parts))


def _assumed(network: Network) -> str:
    """What of the input is a guess, since the network's file does not state it."""
    guessed = network.assumed_input.keys()
    parts = [
        t("choose.chip_assumed_size") if guessed & {"height", "width"} else "",
        t("choose.chip_assumed_channels") if "channels" in guessed else "",
    ]
    return " · ".join(filter(None, parts))


def variant_box(width: int) -> None:
    """The menu of networks."""
    st.selectbox(
        t("choose.variant"),
        list(library.networks()),
        format_func=variant_titles(),
        help=t("choose.variant_help"),
        width=width,
        **state.bound("variant"),
    )


def size_box(width: int, *, default: int | None = None, disabled: bool = False) -> None:
    """The input size; shows the variant's own, or ``default``, until one is chosen."""
    st.number_input(
        t("choose.pixels"),
        width=width,
        disabled=disabled,
        **state.number("input", value=state.get("input") or default or _native()),
    )


def _native() -> int:
    return library.networks()[state.get("variant")].input_size


def _fixed_dense() -> bool:
    layers = library.networks()[state.get("variant")].layers
    return any(isinstance(layer, Linear) and layer.in_features for layer in layers)


def _size_switch() -> None:
    """The network's own input size and the two in dispute, each once."""
    native = _native()
    sizes = sorted({native, *DISPUTED})
    key = "widget.size"
    shown = state.get("input") or native
    st.session_state[key] = shown if shown in sizes else None

    def switched() -> None:
        chosen = st.session_state[key]
        state.put("input", chosen if chosen and chosen != native else None)

    st.segmented_control(
        t("choose.input"),
        sizes,
        format_func=str,
        key=key,
        on_change=switched,
        label_visibility="collapsed",
    )


def layer_of(result: Trace) -> str:
    """The chosen layer; if this trace does not have it, the first one, with a note on the page.

    Empty if the network fails at its first layer.
    """
    say_missing(result)
    return shown_layer(result)


def shown_layer(result: Trace) -> str:
    """The chosen layer, or the first one if this trace does not have it, or nothing."""
    chosen = str(state.use("layer"))
    if chosen in result.by_name or not result.rows:
        return chosen if result.rows else ""
    return result.rows[0].name


def say_missing(result: Trace) -> None:
    """Say that the trace does not have the chosen layer and what is shown, if that is so."""
    shown, chosen = shown_layer(result), str(state.use("layer"))
    if shown in ("", chosen):
        return
    network = variant_title(result.network.id)
    words = t("choose.no_layer", network=network, layer=chosen, shown=shown)
    st.info(escaped(words), icon=":material/layers_clear:")


def layer_picker(
    result: Trace,
    width: int | Literal["stretch"] = "stretch",
    *,
    bare: bool = False,
    note: bool = True,
) -> str:
    """Draw the choice of a layer of a trace; returns its name.

    A ``bare`` one has no label; it, and one without a ``note``, leave it to the page to say that
    a layer is missing (``say_missing``).
    """
    names = {row.name: f"{row.name} · {t('kind.' + row.kind)}" for row in result.rows}
    shown = shown_layer(result) if bare or not note else layer_of(result)
    return str(
        st.selectbox(
            t("choose.layer"),
            list(names),
            format_func=names.__getitem__,
            width=width,
            label_visibility="collapsed" if bare else "visible",
            **state.bound("layer", value=shown),
        )
    )
