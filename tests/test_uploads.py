"""What the server takes from a visitor: no more than the page asks for, and says why not."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import Message
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string
from streamlit.web.server.starlette.starlette_routes import create_upload_routes

from alexnet_viz.isolation.machine_memory import VARIABLE
from alexnet_viz.pictures.images import MAX_BYTES
from alexnet_viz.text import LANGUAGES, Language
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app import uploads
from alexnet_viz.ui.app.uploads import FRAMING, MEGABYTE, MOST_BYTES, MOST_FILES, UploadQuota
from alexnet_viz.ui.components.subject import OPENED
from alexnet_viz.ui.weights.shelf import MAX_MEGABYTES
from tests.conftest import ROOT
from tests.spoken import open_page, words
from tests.test_pictures import photo
from tests.test_weights_page import FILE

SESSION = "a-session"


class Endpoint:
    """Streamlit's own endpoint behind the quota, without a server."""

    def __init__(self) -> None:
        self.manager = MemoryUploadedFileManager("/_stcore/upload_file")
        runtime: Any = SimpleNamespace(
            is_active_session=lambda session: session == SESSION, uploaded_file_mgr=self.manager
        )
        routes = create_upload_routes(runtime, self.manager, "")
        self._app = Starlette(routes=routes, middleware=[Middleware(UploadQuota)])
        self.runtime = runtime
        self.asked = 0
        """Chunks of the body that the server took."""

    def put(self, name: str, size: int, *, stated: bool = True, session: str = SESSION) -> int:
        """Send a file of so many bytes, with or without its length; returns the status."""
        token, begin = generate_xsrf_token_string(), (
            f'--line\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: image/png\r\n\r\n"
        ).encode()  # fmt: skip
        end = b"\r\n--line--\r\n"
        headers = {
            "content-type": "multipart/form-data; boundary=line",
            "cookie": f"_streamlit_xsrf={token}",
            "x-xsrftoken": token,
        }
        if stated:
            headers["content-length"] = str(len(begin) + size + len(end))
        return asyncio.run(self._put(f"{session}/{name}", headers, begin, size, end))

    async def _put(
        self, place: str, headers: dict[str, str], begin: bytes, size: int, end: bytes
    ) -> int:
        async def body() -> AsyncIterator[bytes]:
            yield begin
            for start in range(0, size, MEGABYTE):
                yield bytes(min(MEGABYTE, size - start))
            yield end

        chunks, sent = body(), []

        async def receive() -> Message:
            try:
                chunk = await anext(chunks)
            except StopAsyncIteration:
                return {"type": "http.request", "body": b"", "more_body": False}
            self.asked += 1
            return {"type": "http.request", "body": chunk, "more_body": chunk != end}

        async def send(message: Message) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": "PUT",
            "path": f"/_stcore/upload_file/{place}",
            "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
        await self._app(scope, receive, send)
        return int(sent[0]["status"])

    def held(self) -> dict[str, int]:
        """The files that the session holds, and their bytes."""
        return {each.name: len(each.data) for each in self.manager.file_storage[SESSION].values()}


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    place = Endpoint()
    instance = SimpleNamespace(instance=lambda: place.runtime)
    monkeypatch.setattr(uploads, "Runtime", instance)
    monkeypatch.setattr(uploads, "_allowed", {SESSION: 20 * MEGABYTE})
    yield place
    assert not uploads._arriving


def refused(name: str) -> Problem:
    """Why a file arrived empty."""
    file = SimpleNamespace(file_id=name)
    with pytest.raises(Problem) as caught:
        uploads.taken(file, "upload")
    for language in LANGUAGES:
        assert caught.value.explained(language)
        assert caught.value.remedy(language)
    return caught.value


def test_a_file_within_the_quotas_arrives(endpoint: Endpoint) -> None:
    assert endpoint.put("a.png", 3 * MEGABYTE) == 204
    assert endpoint.put("b.png", 20 * MEGABYTE, stated=False) == 204
    assert endpoint.held() == {"a.png": 3 * MEGABYTE, "b.png": 20 * MEGABYTE}


def test_a_page_without_an_uploader_takes_nothing(endpoint: Endpoint) -> None:
    uploads._allowed[SESSION] = 0
    assert endpoint.put("a.png", 1) == 413
    assert endpoint.put("a.png", 1, session="another") == 413
    assert (endpoint.asked, endpoint.held()) == (0, {})


@pytest.mark.parametrize("stated", [True, False])
def test_no_more_is_taken_than_the_page_s_uploader_takes(endpoint: Endpoint, stated: bool) -> None:
    """With its length in the header it is refused unread; without, once it has become too much."""
    assert endpoint.put("a.png", 40 * MEGABYTE, stated=stated) == 413
    assert endpoint.asked <= (0 if stated else 22)
    assert endpoint.held() == {}


def test_a_session_holds_so_many_bytes_and_no_more(endpoint: Endpoint) -> None:
    """The file beyond arrives empty, and whoever takes it is told why."""
    full = UploadedFileRec("full", "full", "", bytes(MOST_BYTES - MEGABYTE))
    endpoint.manager.add_file(SESSION, full)
    assert endpoint.put("a.png", MEGABYTE // 2) == 204
    assert endpoint.held()["a.png"] == MEGABYTE // 2
    assert endpoint.put("b.png", 2 * MEGABYTE) == 204
    assert endpoint.held()["b.png"] == 0
    assert refused("b.png").code == "uploads_held"


def test_a_session_brings_so_many_files_and_no_more(endpoint: Endpoint) -> None:
    for number in range(MOST_FILES):
        endpoint.manager.add_file(SESSION, UploadedFileRec(str(number), str(number), "", b""))
    assert endpoint.put("one-more.png", 10) == 204
    assert endpoint.held()["one-more.png"] == 0
    assert refused("one-more.png").code == "uploads_many"


def test_a_file_that_the_machine_has_no_memory_for_is_not_received(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "1")
    assert endpoint.put("c.png", 2 * MEGABYTE) == 204
    assert endpoint.put("d.png", 2 * MEGABYTE, stated=False) == 204
    assert endpoint.held() == {"c.png": 0, "d.png": 0}
    assert refused("c.png").code == refused("d.png").code == "memory_full"


def test_a_refused_file_is_no_way_around_the_page_s_limit(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "1")
    assert endpoint.put("a.png", 40 * MEGABYTE, stated=False) == 413
    assert endpoint.asked <= 22
    assert endpoint.held() == {}


def test_what_is_said_of_refused_files_is_bounded(endpoint: Endpoint) -> None:
    uploads._refused.update({str(n): Problem("uploads_many", limit=1) for n in range(1000)})
    for number in range(MOST_FILES + 1):
        endpoint.manager.add_file(SESSION, UploadedFileRec(str(number), str(number), "", b""))
    endpoint.put("new.png", 1)
    assert len(uploads._refused) == uploads.MOST_REFUSED
    assert refused("new.png")
    uploads._refused.clear()


def test_every_uploader_tells_the_server_its_limit() -> None:
    offenders = []
    for path in (ROOT / "alexnet_viz").rglob("*.py"):
        text = path.read_text("utf-8")
        for call in re.finditer(r"\bst\.(file_uploader|camera_input|chat_input)\(", text):
            around = text[max(0, call.start() - 60) : call.end() + 250]
            if "uploads.allow(" not in around:
                offenders.append(f"{path.relative_to(ROOT)}: {call[0]}")
    assert offenders == []


@pytest.mark.parametrize(
    ("page", "most"), [("weights", MAX_MEGABYTES * MEGABYTE), ("layer", 0), ("start", MAX_BYTES)]
)
def test_a_session_s_limit_is_that_of_the_page_it_is_on(page: str, most: int) -> None:
    app = open_page("open")
    session = next(each for each, bytes in uploads._allowed.items() if bytes == 300 * MEGABYTE)
    app.switch_page(f"pages/{page}.py").run()
    assert uploads._allowed[session] == most
    assert FRAMING < MEGABYTE
    uploads.forget_all_but(())
    assert uploads._allowed == {}


class Everything(dict[str, Problem]):
    """Refuses every file."""

    def get(self, file: str, default: Any = None) -> Any:
        return Problem("memory_full", needed=976, free=120)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("page", "key", "name", "data"),
    [
        ("feature_maps", "upload", "cat.jpg", photo()),
        ("weights", "weights.file", "mine.safetensors", FILE),
        ("open", "open.file", "net.cfg", b"[net]"),
    ],
)
def test_a_file_beyond_a_quota_is_explained_and_the_page_goes_on(
    language: Language, page: str, key: str, name: str, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(page, lang=language, source="upload")
    with monkeypatch.context() as patch:
        patch.setattr(uploads, "_refused", Everything())
        app.file_uploader(key=key).upload(name, data).run()
    assert not app.exception
    sentence = Problem("memory_full", needed=976, free=120).message(language).rstrip(".。")
    assert sentence in words(app)
    app.run()
    assert sentence in words(app)  # for as long as the file lies there
    if page == "weights":
        app.file_uploader(key=key).upload(name, data).run()
        assert not app.exception
        assert not app.error
        assert app.session_state[OPENED][0].bytes == len(data)


def test_a_file_that_was_read_leaves_no_bytes_behind() -> None:
    app = open_page("weights")
    app.file_uploader(key="weights.file").upload("mine.safetensors", FILE).run()
    assert not app.session_state["weights.file"].getvalue()
    assert Path(app.session_state[OPENED][0].file).suffix == ".safetensors"
    app.run()
    assert not app.error
