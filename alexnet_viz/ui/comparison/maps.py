"""The Maps view: one picture through two networks with the same weights, and how far they part."""

import streamlit as st

from alexnet_viz.difference_words import sentence
from alexnet_viz.differences import differences
from alexnet_viz.figures.map_difference import difference_curve
from alexnet_viz.map_difference import LayerDifference, layer_differences
from alexnet_viz.pairs import PAIRS
from alexnet_viz.preprocessing import cropped
from alexnet_viz.spec import Network
from alexnet_viz.ui import choose, library, live, show, state
from alexnet_viz.ui.comparison.apart import channel_apart, layers_table, sheet_apart
from alexnet_viz.ui.comparison.choosing import compared_box, input_boxes
from alexnet_viz.ui.comparison.twins import Twin, twins, weights_box
from alexnet_viz.ui.words import escaped, labels, language, t

DISPUTES = (*PAIRS, "own")


def maps_view() -> None:
    """Draw it."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            t("apart.pair"),
            DISPUTES,
            format_func=labels("apart.pair_", DISPUTES),
            width=430,
            **state.bound("pair"),
        )
        weights = weights_box()
    titles, networks = _pair()
    if len(networks) < 2:
        st.info(t("compare.too_few"), icon=":material/add:")
        return
    found = twins(networks, weights)
    for each in found:
        show.failure(each.result)
    _say(titles, networks)
    if not all(map(live.affordable, found)) or not _same_weights(found, titles):
        return
    left, right = st.columns([3, 7], gap="medium")
    with left:
        picture = live.picture()
        side = found[0].result.input_shape
        st.image(cropped(picture, side[1], side[2]), caption=t("maps.sees"), width="stretch",
                 output_format="PNG")  # fmt: skip
    one, other = (live.activations(each, picture)[0] for each in found)
    apart = layer_differences(one, other)
    with right:
        layer = _layer_box(apart)
        _verdict(apart)
        figure = difference_curve(
            [each.layer for each in apart], [each.relative for each in apart], layer, language()
        )
        st.plotly_chart(figure, key="apart", alt=t("apart.alt"), config={"displayModeBar": False})
        st.caption(t("apart.curve_caption"))
    chosen = next(each for each in apart if each.layer == layer)
    if chosen.largest is None:
        st.info(t("apart.shapes_differ", layer=layer), icon=":material/aspect_ratio:")
    else:
        channel = sheet_apart(chosen, one[layer], other[layer])
        channel_apart(found, titles, chosen, (one[layer], other[layer]), channel, picture)
    layers_table(apart, layer)


def _pair() -> tuple[tuple[str, str], list[Network]]:
    """What the two are called, and the two; fewer networks while fewer are chosen."""
    name = state.get("pair")
    if name != "own":
        return (t(f"apart.{name}_one"), t(f"apart.{name}_other")), list(PAIRS[name])
    ids = compared_box()[:2]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        input_boxes()
    networks = [library.networks()[id] for id in ids]
    if not state.get("own"):
        size = state.use("input") or 224
        networks = [each.at(size) if len(each.input_shape) == 3 else each for each in networks]
    first, second = (*map(choose.variant_title, ids), "", "")[:2]
    return (first, second), networks


def _say(titles: tuple[str, str], networks: list[Network]) -> None:
    """What the second does otherwise than the first, and what is disputed about it."""
    said = sentence(differences(*networks), language())
    st.markdown(
        t("apart.against", one=escaped(titles[0]), other=escaped(titles[1]), says=escaped(said))
    )
    if state.get("pair") != "own":
        st.caption(t(f"apart.why_{state.get('pair')}"))


def _same_weights(found: tuple[Twin, Twin], titles: tuple[str, str]) -> bool:
    """Whether both hold the same numbers and read the same pixels; if not, it says why."""
    one, other = found
    if one.result.input_shape != other.result.input_shape:
        st.info(t("apart.inputs_differ"), icon=":material/photo_size_select_large:")
        return False
    if one.shapes != other.shapes:
        both = dict.fromkeys([*one.shapes, *other.shapes])
        names = [name for name in both if one.shapes.get(name) != other.shapes.get(name)]
        st.info(t("apart.misfit", one=escaped(titles[0]), other=escaped(titles[1]),
                  layers=", ".join(names)), icon=":material/extension_off:")  # fmt: skip
        return False
    return True


def _layer_box(apart: list[LayerDifference]) -> str:
    """Choose a layer that both have; until one is chosen, the first that differs."""
    names = [each.layer for each in apart]
    first = next((each.layer for each in apart if not each.equal), names[0])
    chosen = state.use("apart_layer")
    st.selectbox(
        t("choose.layer"),
        names,
        width=330,
        **state.bound("apart_layer", value=chosen if chosen in names else first),
    )
    return str(chosen if chosen in names else first)


def _verdict(apart: list[LayerDifference]) -> None:
    """Where the two part, and what is left of it in the end."""
    first = next((each for each in apart if not each.equal), None)
    last = apart[-1]
    if first is None:
        st.markdown(t("apart.equal", n=len(apart)))
    elif last.equal:
        st.markdown(t("apart.meet", first=first.layer, last=last.layer))
    elif last.largest is not None:
        st.markdown(
            t(
                "apart.part",
                first=first.layer,
                last=last.layer,
                largest=last.largest,
                percent=100 * (last.relative or 0),
            )
        )
