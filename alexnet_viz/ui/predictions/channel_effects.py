"""The effect of each channel of a layer on the prediction: every channel is ablated in turn."""

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from alexnet_viz.interpretability.ablation import ABLATIONS, Ablation
from alexnet_viz.interpretability.ablation.channels import ChannelEffects, channel_effects
from alexnet_viz.interpretability.predictions import logit_layer, logits_of
from alexnet_viz.pictures.images import Picture
from alexnet_viz.render.charts.predictions import effect_bars
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import escaped, t
from alexnet_viz.ui.components import background_work, live_model
from alexnet_viz.ui.components.chart import chart
from alexnet_viz.ui.components.downloads import Files, grid_file
from alexnet_viz.ui.components.subject import Subject
from alexnet_viz.ui.predictions.ablation import take_away

BARS = 24
EFFECTS, STOPPED, LINKED = "_effects", "_effects_stopped", "_effects_linked"
"""Session keys: the last trial as (its key, its effects so far); the key of a stopped trial; the
layer that a link named, until the visitor asks for its trial."""


def ranking(subject: Subject, picture: Picture, kept: dict[str, live_model.Floats]) -> list[Files]:
    """Ablate every channel of a chosen layer in turn and show which change the prediction.

    Returns what of it can be taken away.
    """
    result = subject.result
    st.header(t("effects.heading"), anchor=False)
    titles = {"": t("effects.nothing")}
    for name in ABLATIONS["channel"].layers(result):
        titles[name] = f"{name} · {t('kind.' + result[name].kind)}"
    chosen = state.use("ab_rank") if state.use("ab_rank") in titles else ""
    logits = logits_of(kept, logit_layer(result))
    target = int(logits.argmax())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            t("effects.layer"),
            list(titles),
            format_func=titles.__getitem__,
            width=330,
            **state.bound("ab_rank", value=chosen),
        )
        slot = st.container(horizontal=True, vertical_alignment="bottom")
    st.caption(t("effects.lead", answer=escaped(subject.class_name(target))))
    if state.arrived():
        st.session_state[LINKED] = chosen
    if not chosen:
        return []
    tried = f"{subject.key}/{picture.digest}/{chosen}"
    with slot:
        if st.session_state.get(LINKED) == chosen and not _known(tried):
            st.button(
                t("effects.start", layer=chosen),
                key="effects.start",
                icon=":material/play_arrow:",
                on_click=st.session_state.pop,
                args=(LINKED, None),
            )
            return []
        found = _tried(tried, subject, chosen, kept, target)
    if found is None:
        return []
    _most(subject, chosen, kept[chosen], found, float(logits[target]), target)
    _bars(chosen, found)
    return [_table(subject, chosen, found)]


def _tried(
    tried: str, subject: Subject, layer: str, kept: dict[str, live_model.Floats], target: int
) -> ChannelEffects | None:
    """The effects of all channels; partial results are kept, and a rerun continues from them.

    None if the visitor stopped the trial before it had any.
    """
    known = _known(tried)
    if st.session_state.get(STOPPED) == tried:
        done, total = known.done if known else 0, len(kept[layer])
        st.button(
            t("effects.go_on"), key="effects.go_on", icon=":material/play_arrow:", on_click=_stop
        )
        st.markdown(t("effects.stopped", done=done, all=total))
        return known
    if known is not None and known.complete:
        return known
    if known is None:
        _stop()  # a new trial: forget which one was stopped
    model = live_model.model(subject)
    steps = channel_effects(model, subject.result, layer, kept, target, known)
    bar, stop = st.empty(), st.empty()
    with stop:
        background_work.stop_button("effects", on_click=partial(_stop, tried))
    while True:
        with live_model.gate():  # held while the network runs, not while anything is drawn
            found = next(steps)
        st.session_state[EFFECTS] = (tried, found)
        total = len(found.answers)
        bar.progress(found.done / total, t("effects.running", done=found.done, all=total))
        if found.complete:
            break
    bar.empty()
    stop.empty()
    return found


def _known(tried: str) -> ChannelEffects | None:
    """What this session has found of a trial, if it is the last one."""
    before, found = st.session_state.get(EFFECTS, ("", None))
    return found if before == tried else None


def _stop(tried: str | None = None) -> None:
    """Remember that the visitor stopped this trial; None lets it continue."""
    st.session_state[STOPPED] = tried


def _most(
    subject: Subject,
    layer: str,
    maps: live_model.Floats,
    found: ChannelEffects,
    logit: float,
    target: int,
) -> None:
    """The channel without which the logit drops most: a sentence, and a button to ablate it."""
    answer = escaped(subject.class_name(target))
    if not found.done:
        return
    most = found.ranked()[0]
    drop = float(found.drops[most])
    if drop <= 0:
        st.markdown(t("effects.none_matters", done=found.done, answer=answer))
        return
    tried = found.answers >= 0
    words = t(
        "effects.most",
        channel=most,
        answer=answer,
        drop=drop,
        logit=logit,
        changed=int((found.answers[tried] != target).sum()),
        done=found.done,
        silent=int((~maps.reshape(len(maps), -1).any(axis=1)).sum()),
    )
    st.markdown(words)
    st.button(
        t("effects.take", channel=most),
        key="effects.take",
        icon=":material/content_cut:",
        on_click=take_away,
        args=(Ablation("channel", layer, most),),
    )


def _bars(layer: str, found: ChannelEffects) -> None:
    shown = found.ranked()[:BARS]
    if not shown:
        return

    def clicked() -> None:
        points = st.session_state["effects.bars"].selection.points
        for point in points[:1]:
            channel = point["customdata"]
            take_away(Ablation("channel", layer, int(np.ravel(channel)[0])))

    words = {key: t(f"effects.{key}") for key in ("axis", "hover", "channel")}
    figure = effect_bars(shown, [float(found.drops[channel]) for channel in shown], words)
    alt = t("effects.alt", layer=layer)
    chart(figure, "effects.bars", alt, on_select=clicked, selection_mode="points")
    notes = [t("effects.caption", shown=len(shown))]
    if found.drops[shown[-1]] < 0:
        notes.append(t("effects.rises"))
    st.caption("\n\n".join(notes))


def _table(subject: Subject, layer: str, found: ChannelEffects) -> Files:
    """Show every channel that was tried; returns them as files."""
    header = (t("effects.channel"), t("effects.drop"), t("effects.then"))
    rows = tuple(
        (int(channel), float(found.drops[channel]), subject.class_name(int(found.answers[channel])))
        for channel in found.ranked()
    )
    with st.expander(t("effects.all"), key="effects.all"):
        st.dataframe(pd.DataFrame(rows, columns=header), hide_index=True, key="effects.table")
    return grid_file(
        Grid("", header, rows, frozenset({2})),
        [dict(zip(("channel", "fall", "answer"), row, strict=True)) for row in rows],
        f"{subject.result.network.id}_{layer}_channels",
        t("effects.file", layer=layer),
    )
