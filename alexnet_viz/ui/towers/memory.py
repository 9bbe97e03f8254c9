"""The Memory section of the Towers page: memory on each card, and the largest batch that fits."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from alexnet_viz.analysis.memory import MIB, PRESETS, Assumptions, Memory, memory
from alexnet_viz.network.trace import Trace
from alexnet_viz.render.charts.memory import Bar, memory_bars, memory_curve
from alexnet_viz.render.tables.grid import markdown
from alexnet_viz.render.tables.memory import kinds_table, layers_table, memory_record
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import language, offered, t
from alexnet_viz.ui.components import network_picker, summary
from alexnet_viz.ui.components.chart import chart
from alexnet_viz.ui.components.downloads import download_menu, grid_file
from alexnet_viz.ui.components.plate import plate
from alexnet_viz.ui.components.table_view import grid_table
from alexnet_viz.ui.towers.regroup import choose_gpus


def memory_section() -> None:
    """Draw it."""
    result = network_picker.network_row()
    gpus, assumed = choose_gpus(result), _assumed()
    batch, card = state.use("batch"), state.use("mem_card") * MIB
    used = memory(result, assumed, gpus)
    alone = used if gpus == 1 else memory(result, assumed, 1)
    bars: list[Bar] = [(t("memory.gpu", n=n), used, n) for n in range(gpus)]
    if gpus > 1:
        bars.append((t("memory.one_gpu"), alone, 0))
    parts = " · ".join(f"{name} {each.bytes(n, batch) / MIB:,.0f} MiB" for name, each, n in bars)
    chart(
        memory_bars(bars, batch, card, language()),
        "memory.bars",
        t("memory.bars_alt", batch=batch, parts=parts),
    )
    _verdict(used, batch, card, training=assumed.training)
    _choices(gpus)
    summary.failure(result)
    if result.failure:
        st.caption(t("memory.so_far", layer=result.failure.layer))
    st.caption(f"{t('memory.lead')} {t('memory.bars_caption')}")
    _story(used, alone, batch, card)
    chart(memory_curve(bars, batch, card, language()), "memory.curve", t("memory.curve_alt"))
    st.caption(t("memory.curve_caption"))
    _tables(result, used, assumed)


def _assumed() -> Assumptions:
    """The assumptions as chosen."""
    preset = PRESETS[state.use("mem_keeping")]
    return replace(
        preset,
        training=state.use("mem_purpose") == "training",
        number_bytes=int(state.use("mem_bytes")),
        workspace=state.use("mem_workspace") or preset.workspace,
        overhead=state.use("mem_overhead") * MIB,
    )


def _choices(gpus: int) -> None:
    """Draw the choices."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _quick("batch", "{:,}".format, t("memory.batch_quick"))
        st.number_input(t("memory.batch"), width=130, **state.number("batch"))
        _quick("mem_card", lambda mib: f"{mib / 1024:g} GB", t("memory.card_quick"))
        st.number_input(
            t("memory.card"), width=140, help=t("memory.card_help"), **state.number("mem_card")
        )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            t("towers.gpus"), state.options("gpus"), required=True,
            **state.bound("gpus", value=gpus),
        )  # fmt: skip
        st.segmented_control(
            t("memory.purpose"), required=True, **offered("memory.purpose_", "mem_purpose")
        )
        st.segmented_control(
            t("memory.keeping"),
            required=True,
            help=t("memory.keeping_help"),
            **offered("memory.keeping_", "mem_keeping"),
        )
        with st.popover(t("memory.more"), key="memory.more", icon=":material/tune:"):
            st.segmented_control(
                t("memory.number_bytes"),
                required=True,
                **offered("memory.number_bytes_", "mem_bytes"),
            )
            st.segmented_control(
                t("memory.workspace"),
                required=True,
                **offered(
                    "memory.workspace_", "mem_workspace", shown={"value": _assumed().workspace}
                ),
            )
            st.number_input(
                t("memory.overhead"),
                help=t("memory.overhead_help"),
                **state.number("mem_overhead") | {"step": 10},
            )


def _quick(choice: str, label: Callable[[int], str], title: str) -> None:
    """A row of the usual values of a number that can also be typed."""
    key, offers = f"widget.{choice}.quick", state.options(choice)
    st.session_state[key] = state.use(choice) if state.get(choice) in offers else None
    shown = {offer: label(offer) for offer in offers}

    def picked() -> None:
        if st.session_state[key] is not None:
            state.put(choice, st.session_state[key])

    st.segmented_control(title, offers, format_func=shown.__getitem__, key=key, on_change=picked)


def _verdict(used: Memory, batch: int, card: int, *, training: bool) -> None:
    """Show the memory each card needs and the largest batch that fits, or that none does."""
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
    """Show how memory grows with the batch, and whether a single card would be enough."""
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
    """Show memory by kind, with the reason for each, and by layer, and the files."""
    batch, card = state.get("batch"), state.get("mem_card") * MIB
    st.header(t("memory.by_kind"), anchor=False)
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
    record = memory_record(result, used, assumed, batch, card, language())
    download_menu(grid_file(layers, record, f"{result.network.id}_memory_{batch}"), key="memory")
