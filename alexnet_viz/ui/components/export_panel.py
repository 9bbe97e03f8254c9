"""The place where a network, or a comparison, is taken away as a file."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from alexnet_viz.network.spec_file import dumps, loads
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.render.export.formats import FORMATS
from alexnet_viz.text import Language
from alexnet_viz.text.problem import Problem, Problems
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import escaped, labels, language, t

WIDTH, PREVIEW = 640, 340
"""Of the open panel and the height of its preview, in pixels."""


def export_panel(result: Trace) -> None:
    """A button that opens the formats; a file is written when it is open and chosen."""
    place = st.popover(
        t("export_panel.open"), icon=":material/ios_share:", key="export", on_change="rerun"
    )
    format = state.use("export")
    if not place.open:
        return
    with place, st.container(width=WIDTH):
        st.pills(
            t("export_panel.format"),
            list(FORMATS),
            format_func=labels("export_panel.name.", FORMATS),
            required=True,
            **state.bound("export"),
        )
        st.caption(t(f"export_panel.about.{format}"))
        try:
            content = _written(format, dumps(result.network), language())
        except Problem as problem:
            _refused(problem)
            return
        _offer(result, format, content)


def _refused(problem: Problem) -> None:
    """Why the file cannot be written, layer by layer where it is because of layers."""
    if isinstance(problem, Problems):
        reasons = [f"- {escaped(reason)}" for reason in problem.sentences(language())]
        lines = [escaped(problem.summary(language())), "", *reasons, ""]
    else:
        lines = [escaped(problem.message(language())), ""]
    remedy = escaped(problem.remedy(language()))
    st.warning("\n".join([*lines, remedy]), icon=":material/block:")


def _offer(result: Trace, format: str, content: str | bytes) -> None:
    """The button, and for text what is in the file, to be copied."""
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
    """A network in a format, by its whole definition: an id may be of a visitor's own file."""
    return FORMATS[format].write(trace(loads(spec)), language)


def report_button(traces: Sequence[Trace], file: str) -> None:
    """The comparison as one page to hand out, written when it is asked for."""
    st.download_button(
        t("export_panel.report"),
        data=partial(_report, tuple(traces), language()),
        file_name=f"{file}.html",
        mime="text/html",
        icon=":material/description:",
        on_click="ignore",
        key="export.report",
    )


def _report(traces: Sequence[Trace], language: Language) -> bytes:
    from alexnet_viz.render.export.html_report import html_report

    return html_report(traces, language).encode("utf-8")
