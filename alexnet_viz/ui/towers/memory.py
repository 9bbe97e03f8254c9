"""The Memory section of the Towers page: what lies on each card, which batch still fits."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from alexnet_viz.analysis.memory import MIB, PRESETS, WORKSPACES, Assumptions, Memory, memory
from alexnet_viz.network.trace import Trace
from alexnet_viz.render.charts.memory import Bar, memory_bars, memory_curve
from alexnet_viz.render.tables.grid import markdown
from alexnet_viz.render.tables.memory import kinds_table, layers_table, memory_record
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import labels, language, t
from alexnet_viz.ui.components import network_picker, summary
from alexnet_viz.ui.components.plate import plate
from alexnet_viz.ui.components.table_view import grid_table

BATCHES = (32, 64, 128, 256, 512)
CARDS = (1536, 3072, 6144, 12288, 24576)
GPUS = (1, 2, 3, 4, 8)


def memory_section() -> None:
    """Draw it."""
    result = network_picker.network_row()
    st.markdown(t("memory.lead"))
    gpus, assumed = _choices(result)
    summary.failure(result)
    if result.failure:
        st.caption(t("memory.so_far", layer=result.failure.layer))
    batch, card = state.get("batch"), state.get("mem_card") * MIB
    used = memory(result, assumed, gpus)
    alone = used if gpus == 1 else memory(result, assumed, 1)
    bars: list[Bar] = [(t("memory.gpu", n=n), used, n) for n in range(gpus)]
    if gpus > 1:
        bars.append((t("memory.one_gpu"), alone, 0))
    _verdict(used, batch, card, training=assumed.training)
    parts = " · ".join(f"{name} {each.bytes(n, batch) / MIB:,.0f} MiB" for name, each, n in bars)
    _chart(
        memory_bars(bars, batch, card, language()),
        "memory.bars",
        t("memory.bars_alt", batch=batch, parts=parts),
    )
    st.caption(t("memory.bars_caption"))
    _story(used, alone, batch, card)
    _chart(memory_curve(bars, batch, card, language()), "memory.curve", t("memory.curve_alt"))
    st.caption(t("memory.curve_caption"))
    _tables(result, used, assumed)


def _choices(result: Trace) -> tuple[int, Assumptions]:
    """Draw the row of choices; return the number of GPUs and what is assumed."""
    gpus = state.use("gpus") or min(result.network.towers, GPUS[-1])
    keeping = state.use("mem_keeping")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _quick("batch", BATCHES, "{:,}".format, t("memory.batch_quick"))
        st.number_input(t("memory.batch"), 1, 100_000, width=130, **state.bound("batch"))
        _quick(
            "mem_card",
            CARDS,
            lambda mib: f"{mib / 1024:g} GB",
            t("memory.card_quick"),
        )
        st.number_input(
            t("memory.card"),
            1,
            1_000_000,
            width=140,
            help=t("memory.card_help"),
            **state.bound("mem_card"),
        )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _switch("gpus", GPUS, str, t("towers.gpus"), value=gpus)
        purposes = ("training", "inference")
        _switch("mem_purpose", purposes, labels("memory.purpose_", purposes), t("memory.purpose"))
        _switch(
            "mem_keeping",
            tuple(PRESETS),
            labels("memory.keeping_", PRESETS),
            t("memory.keeping"),
            help=t("memory.keeping_help"),
        )
        preset = PRESETS[keeping]
        with st.popover(t("memory.more"), key="memory.more", icon=":material/tune:"):
            sizes = ("4", "2")
            _switch(
                "mem_bytes", sizes, labels("memory.number_bytes_", sizes), t("memory.number_bytes")
            )
            _switch(
                "mem_workspace",
                WORKSPACES,
                labels("memory.workspace_", WORKSPACES),
                t("memory.workspace"),
                value=state.use("mem_workspace") or preset.workspace,
            )
            st.number_input(
                t("memory.overhead"),
                min_value=0,
                max_value=100_000,
                step=10,
                help=t("memory.overhead_help"),
                **state.bound("mem_overhead"),
            )
    return gpus, replace(
        preset,
        training=state.get("mem_purpose") == "training",
        number_bytes=int(state.get("mem_bytes")),
        workspace=state.get("mem_workspace") or preset.workspace,
        overhead=state.get("mem_overhead") * MIB,
    )


def _quick(choice: str, offers: Sequence[int], label: Callable[[int], str], title: str) -> None:
    """A row of usual values for a number that can also be typed."""
    key = f"widget.{choice}.quick"
    st.session_state[key] = state.use(choice) if state.get(choice) in offers else None
    shown = {offer: label(offer) for offer in offers}

    def picked() -> None:
        if st.session_state[key] is not None:
            state.put(choice, st.session_state[key])

    st.segmented_control(title, offers, format_func=shown.__getitem__, key=key, on_change=picked)


def _switch(
    choice: str, options: Sequence[Any], label: Callable[[Any], str], title: str, **more: Any
) -> None:
    """One of a few, of which one is always chosen."""
    shown = {"value": more.pop("value")} if "value" in more else {}
    st.segmented_control(
        title, options, format_func=label, required=True, **more, **state.bound(choice, **shown)
    )


def _chart(figure: Any, key: str, alt: str) -> None:
    st.plotly_chart(figure, key=key, alt=alt, config={"displayModeBar": False})


def _verdict(used: Memory, batch: int, card: int, *, training: bool) -> None:
    """What each card needs, and the largest batch that fits; or that nothing does."""
    largest = used.largest_batch(card)
    needs = [used.bytes(n, batch) for n in range(used.gpus)]
    if largest == 0:
        n = max(range(used.gpus), key=lambda gpu: used.bytes(gpu, 1))
        total = used.of(n)
        st.error(
            t(
                "memory.nothing",
                n=n,
                fixed=total.fixed / MIB,
                image=total.per_image / MIB,
                card=card // MIB,
            ),
            icon=":material/block:",
        )
    elif max(needs) > card:
        n = needs.index(max(needs))
        st.warning(
            t("memory.over", batch=batch, n=n, mib=(needs[n] - card) / MIB, largest=largest),
            icon=":material/sd_card_alert:",
        )
    else:
        parts = [t("memory.says_gpu", n=n, mib=need / MIB) for n, need in enumerate(needs)]
        purpose = t("memory.purpose_training" if training else "memory.purpose_inference")
        st.markdown(
            t(
                "memory.says",
                batch=batch,
                purpose=purpose,
                parts=" · ".join(parts),
                card=card // MIB,
                largest=largest,
            )
        )


def _story(used: Memory, alone: Memory, batch: int, card: int) -> None:
    """How it grows, and whether one card would have held it all."""
    total = used.of(0)
    lines = [
        t(
            "memory.grows",
            mib=total.bytes(batch) / MIB,
            fixed=total.fixed / MIB,
            image=total.per_image / MIB,
        )
    ]
    if used.gpus > 1:
        need, largest = alone.bytes(0, batch), alone.largest_batch(card)
        if need <= card:
            lines.append(
                t("memory.one_fits", mib=need / MIB, left=(card - need) / MIB, largest=largest)
            )
        else:
            lines.append(
                t("memory.one_over", mib=need / MIB, short=(need - card) / MIB, largest=largest)
            )
    st.markdown("\n".join(f"- {line}" for line in lines))


def _tables(result: Trace, used: Memory, assumed: Assumptions) -> None:
    """By kind with the grounds for each, by layer, and the files."""
    batch, card = state.get("batch"), state.get("mem_card") * MIB
    st.subheader(t("memory.by_kind"), anchor=False)
    st.markdown(markdown(kinds_table(used, assumed, batch, language()).grid))
    left_out = {
        "cuda_convnet": t("memory.left_out_cuda_convnet"),
        "pytorch": t("memory.left_out_pytorch"),
    }
    st.caption(left_out[assumed.keeping])
    with st.expander(t("memory.by_layer"), key="memory.layers.open"):
        layers = layers_table(result, used, batch, language()).grid
        plate(
            table=grid_table(layers, used.layers),
            key="memory.layers",
            selected=network_picker.layer_of(result),
        )
        summary.grid_downloads(
            layers,
            memory_record(result, used, assumed, batch, card, language()),
            f"{result.network.id}_memory_{batch}",
            key="memory",
        )
