"""The Run section of the Towers page: the network run in towers, and the result."""

import json
import os
from collections.abc import Iterator
from hashlib import sha256

import streamlit as st

from alexnet_viz.jobs import Job, Progress, Stop
from alexnet_viz.model_parallel import report
from alexnet_viz.model_parallel.footprint import check_footprint, footprint
from alexnet_viz.model_parallel.launcher import launch
from alexnet_viz.model_parallel.process_failure import phase_text
from alexnet_viz.model_parallel.request import Request
from alexnet_viz.model_parallel.result import Result, crossing_bytes, predicted
from alexnet_viz.model_parallel.timeline import chrome_trace
from alexnet_viz.network.trace import Trace
from alexnet_viz.render.charts.gantt import Bar, gantt
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import escaped, language, offered, running, t
from alexnet_viz.ui.components import background_work, network_picker, summary
from alexnet_viz.ui.components.chart import chart
from alexnet_viz.ui.components.downloads import Files, download_menu, grid_file
from alexnet_viz.ui.components.plate import plate
from alexnet_viz.ui.components.table_view import grid_table
from alexnet_viz.ui.towers import regroup

PLACE = "towers.run"
LIMIT = 4_000_000_000
"""Most bytes of memory that the processes of a run may use: all visitors share the machine."""
MAX_SECONDS = 180.0
NICENESS = 10
"""The processes of a run leave the cores to the pages where both want them."""


def run_section() -> None:
    """Draw it."""
    whole = network_picker.network_row()
    gpus = regroup.choose_gpus(whole)
    result = regroup.as_chosen(whole, gpus)
    found = None
    if not result.failure:
        found = _answer(_request(result, gpus), _processes(gpus))
    summary.failure(result)
    _choices()
    regroup.cut_row(whole.network, gpus)
    regroup.say_changes(whole.network, result.network, gpus)
    st.caption(t("run.lead"))
    if found:
        _numbers(found)


def _processes(gpus: int) -> int:
    return gpus if state.use("run_where") == "processes" else 1


def _answer(request: Request, processes: int) -> Result | None:
    """Show the result of the run, its progress, or the plan and the button that starts it."""
    try:
        request.stages()
        check_footprint(request, processes, LIMIT)
    except Problem as problem:
        st.warning(escaped(problem.explained(language())), icon=":material/memory:")
        return None
    key = f"{PLACE}/{sha256(repr(request).encode()).hexdigest()}/{processes}"

    def work(progress: Progress, stop: Stop) -> Result:
        return launch(
            request, processes, progress=progress, stop=stop, limit=MAX_SECONDS, niceness=NICENESS
        )

    def say(job: Job) -> str:
        return t("run.running" if job.share else "run.starting", processes=processes)

    # runs measure time, so nothing else is computed beside one
    found: Result | None = background_work.done(PLACE, key, lambda: work, say, alone=True)
    if found:
        _again_button(key)
        _timeline(found)
        return found
    if not background_work.asked(PLACE, key):
        background_work.ask_button(PLACE, key, t("run.run"), ":material/play_arrow:")
    _plan(request, processes)
    return None


def _choices() -> None:
    """Draw the choices: batch, one process per GPU or one for all, forward pass or training."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            t("run.batch"), state.options("run_batch"), required=True, **state.bound("run_batch")
        )
        st.segmented_control(
            t("run.where"),
            help=t("run.where_help"),
            required=True,
            **offered("run.where_in_", "run_where"),
        )
        st.toggle(t("run.train"), help=t("run.train_help"), **state.bound("run_train"))


def _request(result: Trace, gpus: int) -> Request:
    return Request(
        network=result.network,
        gpus=gpus,
        last=state.use("last"),
        batch=state.use("run_batch"),
        train=state.use("run_train"),
        threads=max(1, (os.cpu_count() or 1) // _processes(gpus)),
    )


def _plan(request: Request, processes: int) -> None:
    """Show what a run would transfer and the memory it would use."""
    planned = predicted(request)
    st.markdown(
        t(
            "run.plan",
            bytes=crossing_bytes(planned),
            ways=sum(each.phase in ("forward", "backward") for each in planned),
            n=request.batch,
            processes=processes,
            gigabytes=footprint(request, processes) / 1e9,
        )
    )


def _again_button(key: str) -> None:
    def again() -> None:
        background_work.queue().keep(key, None)
        background_work.ask(PLACE, key)

    st.button(t("run.again"), key=f"{PLACE}.again", icon=":material/replay:", on_click=again)


def _timeline(result: Result) -> None:
    """The timeline, the verdict under it, and what the timeline shows."""
    chosen = language()
    chart(
        gantt([*_bars(result)], result.gpus, chosen),
        f"{PLACE}.gantt",
        report.duration(result, chosen),
    )
    sign = ":material/check_circle:" if result.equal else ":material/error:"
    st.markdown(f"{sign} **{report.verdict(result, chosen)}**")
    sign = ":material/check_circle:" if result.as_planned else ":material/error:"
    st.markdown(f"{sign} {report.traffic(result, chosen)}")
    turns = "run.gantt_caption_one" if result.gpus > 1 else "run.gantt_caption_single"
    caption = t("run.gantt_caption" if result.processes > 1 else turns)
    words = (caption, report.devices(result, chosen), report.clock(result, chosen))
    st.caption(running(*words))
    st.markdown(running(report.duration(result, chosen), report.losses(result, chosen)))


def _numbers(result: Result) -> None:
    """The bytes, the times and the differences, and the files."""
    chosen = language()
    _table(report.traffic_grid(result, chosen), "traffic")
    times = report.times_grid(result, chosen)
    for grid, name in (times, "times"), (report.differences_grid(result, chosen), "differences"):
        with st.expander(grid.title, key=f"{PLACE}.{name}.open"):
            _table(grid, name, titled=False)
    file = f"{result.network}_towers_run"
    timeline = Files(
        f"{t('run.chrome')}: {t('run.chrome_help')}",
        f"{file}_trace",
        {"json": lambda: json.dumps(chrome_trace(result))},
    )
    download_menu(grid_file(times, report.record(result), file), timeline, key=PLACE)


def _bars(result: Result) -> Iterator[Bar]:
    for event in result.events:
        yield Bar(
            event.tower,
            event.layer,
            phase_text(event.phase, language()),
            event.phase in ("deal", "backward"),
            event.kind,
            1e3 * event.start,
            1e3 * event.seconds,
        )


def _table(grid: Grid, name: str, *, titled: bool = True) -> None:
    if titled:
        st.header(grid.title, anchor=False)
    if grid.rows:
        names = [str(row[0]) for row in grid.rows]
        plate(key=f"{PLACE}.{name}", table=grid_table(grid, names), pickable=False)
    for note in grid.notes:
        st.caption(note)
