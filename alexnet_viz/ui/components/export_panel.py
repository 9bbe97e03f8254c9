"""The files of the Architecture page, a network in a chosen format, a comparison as a report."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from alexnet_viz.network.spec_file import dumps, loads
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.render.export.formats import FORMATS
from alexnet_viz.text import Language
from alexnet_viz.text.problem import Problem, Problems
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import escaped, language, offered, t
from alexnet_viz.ui.components.downloads import Files, download_buttons

WIDTH, PREVIEW = 640, 340
"""Width of the panel and height of its preview, in pixels."""


def export_panel(result: Trace, *things: Files) -> None:
    """The menu of the page's files and of the network in other programs' formats.

    ``things`` are written when they are asked for, the network while the menu is open.
    """
    place = st.popover(
        t("show.download"), icon=":material/download:", key="export", on_change="rerun"
    )
    format = state.use("export")
    if not place.open:
        return
    with place, st.container(width=WIDTH):
        download_buttons(*things, key="architecture")
        st.markdown(t("export_panel.network"))
        st.pills(t("export_panel.format"), required=True, **offered("export_panel.name.", "export"))
        st.caption(t(f"export_panel.about.{format}"))
        try:
            content = _written(format, dumps(result.network), language())
        except Problem as problem:
            _refused(problem)
            return
        _offer(result, format, content)


def _refused(problem: Problem) -> None:
    """Show why the file cannot be written, by layer if layers are the reason."""
    if isinstance(problem, Problems):
        reasons = [f"- {escaped(reason)}" for reason in problem.sentences(language())]
        lines = [escaped(problem.summary(language())), "", *reasons, ""]
    else:
        lines = [escaped(problem.message(language())), ""]
    remedy = escaped(problem.remedy(language()))
    st.warning("\n".join([*lines, remedy]), icon=":material/block:")


def _offer(result: Trace, format: str, content: str | bytes) -> None:
    """Show the download button, and the content of a text file."""
    chosen = FORMATS[format]
    # Excel takes CSV for UTF-8 only with a byte order mark
    encoding = "utf-8-sig" if format == "csv" else "utf-8"
    data = content.encode(encoding) if isinstance(content, str) else content
    file = chosen.file(result)
    st.download_button(
        t("export_panel.save", file=file),
        data=data,
        file_name=file,
        mime=chosen.media_type,
        icon=":material/download:",
        on_click="ignore",
        key=f"export.{format}",
    )
    if isinstance(content, str) and chosen.syntax:
        st.code(content, language=chosen.syntax, height=PREVIEW)
    else:
        st.caption(escaped(t("export_panel.size", file=file, kilobytes=len(data) / 1000)))


@st.cache_data(max_entries=32, show_spinner=False)
def _written(format: str, spec: str, language: Language) -> str | bytes:
    """A network's file, cached by its whole definition: an id may be of a visitor's own file."""
    return FORMATS[format].write(trace(loads(spec)), language)


def report_file(traces: Sequence[Trace], file: str) -> Files:
    """A comparison as one HTML page."""
    writers = {"html": partial(_report, tuple(traces), language())}
    return Files(t("export_panel.report"), file, writers)


def _report(traces: Sequence[Trace], language: Language) -> str:
    from alexnet_viz.render.export.html_report import html_report

    return html_report(traces, language)
