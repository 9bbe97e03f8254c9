"""The Maps view: the activations of two networks with the same weights for one picture."""

from collections.abc import Mapping, Sequence

import streamlit as st

from alexnet_viz.analysis.compare.difference_words import sentence
from alexnet_viz.analysis.compare.differences import differences
from alexnet_viz.analysis.compare.disputes import PAIRS
from alexnet_viz.interpretability.map_difference import (
    Floats,
    LayerDifference,
    layer_differences,
    telling,
    with_inputs,
)
from alexnet_viz.network.spec import Network
from alexnet_viz.pictures.preprocessing import cropped
from alexnet_viz.render.charts.map_difference import difference_curve
from alexnet_viz.ui.app import library, state
from alexnet_viz.ui.app.words import escaped, language, offered, t
from alexnet_viz.ui.compare.chosen_networks import compared_box, input_boxes
from alexnet_viz.ui.compare.map_difference import (
    channel_apart,
    layer_title,
    layers_table,
    sheet_apart,
    sheet_heading,
)
from alexnet_viz.ui.compare.paired_models import Twin, say_refused, twins, weights_box
from alexnet_viz.ui.components import live_model, network_picker, summary
from alexnet_viz.ui.components.chart import chart


def maps_view() -> None:
    """Draw it."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(t("apart.pair"), width=430, **offered("apart.pair_", "pair"))
        weights = weights_box()
    titles, networks = _pair()
    if len(networks) < 2:
        st.info(t("compare.too_few"), icon=":material/add:")
        return
    found = twins(networks, weights)
    if not all(map(live_model.affordable, found)) or not _same_weights(found, titles):
        _say(titles, networks)
        for each in found:
            summary.failure(each.result)
        return
    left, right = st.columns([3, 7], gap="medium")
    with left:
        seen = st.container()
        picture = live_model.picture()
        side = found[0].result.input_shape
        seen.image(
            cropped(picture, side[1], side[0]),
            caption=t("maps.sees"),
            alt=t("maps.sees"),
            width="stretch",
            output_format="PNG",
        )
    learned = found[0].shapes
    first, second = (live_model.activations(each, picture)[0] for each in found)
    one, other = with_inputs(first, second, learned)
    apart = layer_differences(one, other)
    counting = _counting(apart, found[0])
    layer = _shown_layer(apart, counting)
    with right:
        figure = difference_curve(
            [layer_title(each.layer) for each in apart],
            [each.relative for each in apart],
            layer_title(layer),
            language(),
        )
        chart(figure, "apart", t("apart.alt"))
        _verdict(counting)
        _answers(found, titles, (one, other))
        _say(titles, networks)
        if weights:
            say_refused(found, weights)
        _layer_box(apart, layer)
        st.caption(t("apart.curve_caption"))
    chosen = next(each for each in apart if each.layer == layer)
    if chosen.largest is None:
        st.info(t("apart.shapes_differ", layer=layer_title(layer)), icon=":material/aspect_ratio:")
    elif sheet_heading(chosen):
        channel = sheet_apart(chosen, one[layer], other[layer])
        channel_apart(found, titles, chosen, (one[layer], other[layer]), channel, picture)
    layers_table(apart, layer)


def _pair() -> tuple[tuple[str, str], list[Network]]:
    """The titles of both networks, and the networks; fewer while fewer are chosen."""
    name = state.get("pair")
    if name != "own":
        return (t(f"apart.{name}_one"), t(f"apart.{name}_other")), list(PAIRS[name])
    with st.container(horizontal=True, vertical_alignment="center"):
        ids = compared_box()[:2]
        # both must read the same pixels, so here their own inputs are taken on request only
        own = bool(state.use("own"))
        input_boxes(own)
    networks = [library.networks()[id] for id in ids]
    if not own:
        size = state.use("input") or 224
        networks = [each.at(size) if len(each.input_shape) == 3 else each for each in networks]
    first, second = (*map(network_picker.variant_title, ids), "", "")[:2]
    return (first, second), networks


def _say(titles: tuple[str, str], networks: list[Network]) -> None:
    """Show how the second network differs from the first, and why that is disputed."""
    said = sentence(differences(*networks), language())
    st.markdown(
        t("apart.against", one=escaped(titles[0]), other=escaped(titles[1]), says=escaped(said))
    )
    if state.get("pair") != "own":
        st.caption(t(f"apart.why_{state.get('pair')}"))


def _same_weights(found: tuple[Twin, Twin], titles: tuple[str, str]) -> bool:
    """Whether both have the same weights and the same input; if not, the reason is shown."""
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


def _shown_layer(apart: list[LayerDifference], counting: list[LayerDifference]) -> str:
    """The chosen layer of both; until one is chosen, the most informative."""
    chosen = state.use("apart_layer")
    return str(chosen if chosen in {each.layer for each in apart} else telling(counting))


def _layer_box(apart: list[LayerDifference], shown: str) -> None:
    """Draw the choice of a layer of both."""
    names = {each.layer: layer_title(each.layer) for each in apart}
    st.selectbox(
        t("choose.layer"),
        list(names),
        format_func=names.__getitem__,
        width=330,
        **state.bound("apart_layer", value=shown),
    )


def _counting(apart: list[LayerDifference], twin: Twin) -> list[LayerDifference]:
    """The entries without a softmax, whose output can hide differences of its input."""
    rows = twin.result.by_name
    return [each for each in apart if each.layer not in rows or rows[each.layer].kind != "softmax"]


def _verdict(counts: list[LayerDifference]) -> None:
    """Show where the two begin to differ, and by how much the last layers differ."""
    parted = [place for place, each in enumerate(counts) if not each.equal]
    last = counts[-1]
    if not parted:
        st.markdown(t("apart.equal", n=len(counts)))
        return
    first = layer_title(counts[parted[0]].layer)
    if last.equal:
        again = layer_title(counts[parted[-1] + 1].layer)
        st.markdown(t("apart.meet", first=first, again=again))
    elif last.largest is not None:
        percent = 100 * (last.relative or 0)
        st.markdown(
            t("apart.part", first=first, last=last.layer, largest=last.largest, percent=percent)
        )


def _answers(
    found: tuple[Twin, Twin], titles: tuple[str, str], runs: Sequence[Mapping[str, Floats]]
) -> None:
    """Show each network's prediction, if both end in probabilities."""
    rows = [twin.result.rows[-1] for twin in found]
    if any(row.kind != "softmax" or getattr(row.layer, "log", False) for row in rows):
        return
    said = []
    for twin, title, row, run in zip(found, titles, rows, runs, strict=True):
        likely = run[row.name]
        best = int(likely.argmax())
        named = twin.class_name(best)
        said.append(t("apart.answer", network=escaped(title), answer=named,
                      percent=100 * float(likely.flat[best])))  # fmt: skip
    st.markdown(" · ".join(said))
