"""The effect of each channel of a layer on the prediction: every channel is ablated in turn."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from alexnet_viz.interpretability.ablation import ABLATIONS, Ablation
from alexnet_viz.interpretability.ablation.channels import ChannelEffects, channel_effects
from alexnet_viz.interpretability.predictions import logit_layer, logits_of
from alexnet_viz.jobs import Job, Progress, Stop, Stopped
from alexnet_viz.jobs.job import Work
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
PLACE = "effects"
LINKED = "_effects_of"
"""Session key of the layer of the last run: choosing another one asks for its trial, a link does
not."""


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
    key = f"{PLACE}/{subject.key}/{picture.digest}/{chosen}"
    if state.arrived():
        st.session_state[LINKED] = chosen
    elif chosen and st.session_state.get(LINKED) != chosen:
        st.session_state[LINKED] = chosen
        background_work.ask(PLACE, key)
    if not chosen:
        return []
    with slot:
        found = _tried(key, subject, chosen, kept, target)
    if found is None:
        return []
    _most(subject, chosen, kept[chosen], found, float(logits[target]), target)
    _bars(chosen, found)
    return [_table(subject, chosen, found)]


def _tried(
    key: str, subject: Subject, layer: str, kept: dict[str, live_model.Floats], target: int
) -> ChannelEffects | None:
    """The effects of all channels; those found before the visitor stopped; None if there are none.

    Work that was stopped goes on from what it had found.
    """

    def prepare() -> Work:
        run, before = live_model.runner(subject), background_work.found(PLACE, key)

        def work(progress: Progress, stop: Stop) -> ChannelEffects:
            found: ChannelEffects = run(lambda model: tried(model, progress, stop)).made
            return found

        def tried(model: Any, progress: Progress, stop: Stop) -> ChannelEffects:
            for found in channel_effects(model, subject.result, layer, kept, target, before):
                progress(found.done / len(found.answers), found)
                if not found.complete and stop():
                    raise Stopped
            return found

        return work

    def say(job: Job) -> str:
        count = len(kept[layer])
        return t("effects.running", done=round(job.share * count), all=count)

    found: ChannelEffects | None = background_work.done(PLACE, key, prepare, say)
    if found is not None or background_work.asked(PLACE, key):
        return found
    found = background_work.found(PLACE, key)
    if found:
        background_work.ask_button(PLACE, key, t("effects.go_on"), ":material/play_arrow:")
        st.markdown(t("effects.stopped", done=found.done, all=len(found.answers)))
    else:
        words = t("effects.start", layer=layer)
        background_work.ask_button(PLACE, key, words, ":material/play_arrow:")
    return found


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
