"""``weights list | show | fetch | check``: what they print, and their exit codes."""

import json
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from alexnet_viz.commands import cli, progress_bar, weights
from alexnet_viz.variants import VARIANTS
from alexnet_viz.weights import download
from alexnet_viz.weights.catalogue import WEIGHTS
from tests.file_server import CONTENT, SHA256, own_cache, serving
from tests.weight_files import numbers, safetensors_bytes, torch_bytes

CONVOLUTIONS = VARIANTS["tf_models_alexnet_benchmark"]
"""The smallest variant: five stages without a classifier."""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return own_cache(tmp_path, monkeypatch)


def run(*words: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command prints when it succeeds."""
    assert cli.main(["weights", *words]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def refused(*words: str, capsys: pytest.CaptureFixture[str]) -> str:
    """The one line a command fails with."""
    assert cli.main(["weights", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("alexnet_viz: ")
    assert err[:-1].isprintable()
    return err


def test_list_names_all_and_what_is_here(capsys: pytest.CaptureFixture[str], cache: Path) -> None:
    cache.mkdir()
    (cache / "bvlc_alexnet.caffemodel").touch()
    lines = run("list", capsys=capsys).splitlines()[2:]
    assert [line.split()[0] for line in lines] == list(WEIGHTS)
    states = {line.split()[0]: line for line in lines}
    assert " ships " in states["drawings"]
    assert " fetched " in states["bvlc_alexnet"]
    assert " not fetched " in states["torchvision_imagenet"]
    assert "SHA-256, all digits" in states["torchvision_imagenet"]
    assert "SHA-1, all digits" in states["bvlc_alexnet"]
    assert "SHA-256, all digits" in states["bvlcalexnet_onnx"]
    assert "none stated" in states["places365_caffe"]


@pytest.mark.parametrize("format", ["csv", "markdown", "latex"])
def test_list_is_a_table_like_the_others(format: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = run("list", "--format", format, capsys=capsys)
    assert all(id in out.replace("\\", "") for id in WEIGHTS)


def test_list_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    records = json.loads(run("list", "--format", "json", capsys=capsys))
    assert [record["id"] for record in records] == list(WEIGHTS)
    zoo = next(record for record in records if record["id"] == "bvlcalexnet_onnx")
    assert zoo["bytes"] == 243_863_787
    assert zoo["preprocessing"]["bgr"] is True
    assert zoo["path"] is None
    assert len(zoo["classes"]) == 1000


def test_show_says_everything(capsys: pytest.CaptureFixture[str]) -> None:
    out = run("show", "bvlc_alexnet", capsys=capsys)
    assert "network: caffe_bvlc_alexnet at 3×227×227\n" in out
    assert "(blue, green, red, 0 to 255) × 1 - (104, 116.7, 122.7), divided by (1, 1, 1)" in out
    assert "licence: unrestricted\n" in out
    assert "57.1% top-1" in out
    chinese = run("show", "torchvision_imagenet", "--language", "zh", capsys=capsys)
    assert "校验：SHA-256，全部位数\n" in chinese
    assert "× 0.003922 -（0.485, 0.456, 0.406）" in chinese
    record = json.loads(run("show", "bvlc_alexnet", "--format", "json", capsys=capsys))
    assert record["sha1"] == "9116a64c0fbe4459d18f4bb6b56d647b63920377"


def test_unknown_weights_bring_what_is_near(capsys: pytest.CaptureFixture[str]) -> None:
    assert "there are bvlc_alexnet." in refused("show", "bvlc_alexnt", capsys=capsys)
    assert "drawings, fashion, torchvision_imagenet" in refused("fetch", "zzzz", capsys=capsys)
    assert len(refused("show", "x" * 5000, capsys=capsys)) < 400


@pytest.mark.parametrize(
    "words", [(), ("lst",), ("show",), ("check",), ("fetch", "x", "--fold", "y"), ("list", "more")]
)
def test_bad_requests(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert "--help" in refused(*words, capsys=capsys)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("action", [(), ("list",), ("show",), ("fetch",), ("check",)])
def test_help(action: tuple[str, ...], language: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["weights", *action, "--help", "--language", language])
    assert ended.value.code == 0
    assert " ".join(("weights", *action)) in capsys.readouterr().out


# --- fetch ---------------------------------------------------------------------------------------


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A catalogue of one set of weights, served by ``url``."""

    def offered(url: str, **fields: Any) -> None:
        described = {"id": "one", "file": "one.pth", "sha256": SHA256, "url": url} | fields
        monkeypatch.setattr(
            weights,
            "WEIGHTS",
            {"one": replace(WEIGHTS["torchvision_imagenet"], **described)},
        )

    return offered


class Terminal(StringIO):
    """Standard error that is a terminal."""

    def isatty(self) -> bool:
        return True


def test_fetch_prints_where_the_file_lies(
    one: Any, cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(CONTENT) as served:
        one(served.url)
        out = run("fetch", "one", capsys=capsys)
        assert out == f"{cache / 'one.pth'}\n"
        assert (cache / "one.pth").read_bytes() == CONTENT
        assert run("fetch", "one", "--folder", str(tmp_path / "here"), capsys=capsys) == (
            f"{tmp_path / 'here' / 'one.pth'}\n"
        )


def test_what_nobody_vouches_for_is_said_before_it_is_fetched_and_compared_after(
    one: Any, cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(safetensors_bytes(numbers(CONVOLUTIONS))) as served:
        stated = {"sha256": "", "file": "one.safetensors", "bytes": 1000}
        one(served.url, network=CONVOLUTIONS, **stated)
        assert cli.main(["weights", "fetch", "one"]) == 0
        out, err = capsys.readouterr()
        assert out == f"{cache / 'one.safetensors'}\n"
        assert err.startswith("Fetched without encryption, and its makers state no checksum: ")
        assert "**" not in err
        (cache / "one.safetensors").unlink()
        one(served.url, network=VARIANTS["alexnet_2012_227"], **stated)  # another network's
        assert cli.main(["weights", "fetch", "one", "--language", "zh"]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("下载未加密，作者也没有公布校验值")
    assert (cache / "one.safetensors.damaged").exists()


def test_a_terminal_sees_a_bar_grow(
    one: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress_bar, "SECONDS", 0)
    for length in (True, False):
        terminal = Terminal()
        monkeypatch.setattr(sys, "stderr", terminal)
        with serving(CONTENT, length=length) as served:
            one(served.url, file=f"{length}.pth")
            assert cli.main(["weights", "fetch", "one"]) == 0
        drawn = terminal.getvalue().split("\r")
        assert len(drawn) > 3
        assert drawn[-1].endswith("\x1b[K\n")
        if length:
            assert drawn[1].startswith("░" * progress_bar.WIDTH + " 0.0 of 0.8 MB")
            assert drawn[-1].startswith("█" * progress_bar.WIDTH + " 0.8 of 0.8 MB")
        else:
            assert drawn[-1].startswith("0.8 MB")


def test_fetch_fails_like_every_command(one: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(CONTENT, status=404) as served:
        one(served.url)
        assert "does not serve the file: 404 Not Found." in refused("fetch", "one", capsys=capsys)
    assert "ship with this project" in (one("") or refused("fetch", "one", capsys=capsys))


def test_control_c_leaves_what_has_come(
    one: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: Any, **__: Any) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(weights, "fetch", interrupted)
    one("http://127.0.0.1/x")
    assert "the download resumes there" in refused("fetch", "one", capsys=capsys)


# --- check ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("files") / "convolutions.safetensors"
    path.write_bytes(safetensors_bytes(numbers(CONVOLUTIONS)))
    return path


def test_check_says_what_a_file_fits(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = run("check", str(file), capsys=capsys)
    assert "file: convolutions.safetensors\n" in out
    assert "network: tf_models_alexnet_benchmark at 3×224×224\n" in out
    assert " in 10 tensors\n" in out
    record = json.loads(run("check", str(file), "--format", "json", capsys=capsys))
    assert record["candidates"] == ["tf_models_alexnet_benchmark"]
    assert record["tensors"]["conv1.weight"] == [64, 3, 11, 11]
    assert record["params"] == sum(tensor.numel() for tensor in numbers(CONVOLUTIONS).values())


def test_check_against_one_variant(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fits = ("--variant", "tf_models_alexnet_benchmark")
    assert "at 3×224×224" in run("check", str(file), *fits, capsys=capsys)
    line = refused("check", str(file), "--variant", "torchvision_alexnet", capsys=capsys)
    assert "These weights do not fit torchvision_alexnet at 3×224×224." in line
    assert "Missing: fc6.weight; fc6.bias" in line
    assert "They fit tf_models_alexnet_benchmark at 3×224×224." in line
    chinese = refused(
        "check", str(file), "--variant", "torchvision_alexnet", "--language", "zh", capsys=capsys
    )
    assert "缺少：fc6.weight" in chinese
    assert "No variant 'x'" in refused("check", str(file), "--variant", "x", capsys=capsys)


def test_check_of_what_fits_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "other.pt"
    path.write_bytes(torch_bytes({"layer1.0.conv1.weight": numbers(CONVOLUTIONS)["conv1.weight"]}))
    assert "do not fit" in refused("check", str(path), capsys=capsys)
    path.write_bytes(b"not a file of torch")
    assert "no PyTorch file" in refused("check", str(path), capsys=capsys)
    assert "There is no file" in refused("check", str(tmp_path / "x.pt"), capsys=capsys)


def test_the_cache_is_where_it_is_said_to_be(cache: Path) -> None:
    assert download.cache_folder() == cache
