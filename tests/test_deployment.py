"""What a deployment starts from: the image, the composition, the proxy, the unit, the documents."""

import re
import shutil
import subprocess
import sys
import sysconfig
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.replicas import configuration
from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
UNIT = DEPLOY / "alexnet-viz@.service"
DOCUMENT = (ROOT / "docs" / "deploy.md").read_text("utf-8")


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, continued lines in one."""
    lines = re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE).replace("\\\n", " ")
    return [(line.split()[0], line.partition(" ")[2]) for line in lines.splitlines() if line]


@pytest.mark.process
def test_the_image_has_nothing_that_a_linter_objects_to() -> None:
    program = Path(sysconfig.get_path("scripts")) / "hadolint"
    found = subprocess.run(
        [str(program), str(ROOT / "Dockerfile")],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert (found.returncode, found.stdout) == (0, ""), found.stdout + found.stderr


def test_what_the_image_copies_is_here_and_reaches_the_builder() -> None:
    kept = [
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        if line.startswith("!")
    ]
    copied = [
        words.split()[0]
        for name, words in instructions()
        if name == "COPY" and not words.startswith("--from")
    ]
    assert len(copied) >= 7
    for each in copied:
        assert (ROOT / each).exists(), each
        assert any(fnmatch(each, pattern) for pattern in kept), each
    assert {*kept} == {*copied}


def test_the_image_runs_as_a_user_and_installs_what_is_locked() -> None:
    users = [words for name, words in instructions() if name == "USER"]
    assert users
    assert users[-1] not in ("root", "0")
    stages = [words for name, words in instructions() if name == "FROM"]
    assert stages[-1] == "base AS app"  # what a build without --target makes
    pythons = {re.match(r"python:(\d\.\d+)-", each)[1] for each in stages if ":" in each}  # type: ignore[index]
    hashed = re.search(r"hashed for CPython ([\d., ]*\d)", (ROOT / "requirements.lock").read_text())
    assert hashed
    assert pythons <= {*hashed[1].split(", ")}
    installs = [words for name, words in instructions() if name == "RUN" and "pip install" in words]
    assert [re.findall(r"-r /tmp/(\S+)", words) for words in installs] == [
        ["requirements.lock"],
        ["requirements.lock", "requirements-cluster.lock"],
    ]
    assert all("--require-hashes --only-binary :all:" in words for words in installs)


def test_a_space_of_hugging_face_finds_the_port_and_the_user() -> None:
    """It runs images as user 1000 and asks at 7860 unless told otherwise."""
    assert "STREAMLIT_SERVER_PORT=7860" in DOCKERFILE
    assert "EXPOSE 7860" in DOCKERFILE
    assert "--uid 1000" in DOCKERFILE
    front = re.search(r"```yaml\n---\n(.*?)---\n```", DOCUMENT, re.DOTALL)
    assert front
    stated = yaml.safe_load(front[1])
    assert (stated["sdk"], stated["app_port"]) == ("docker", 7860)


def test_the_composition_s_parts_find_one_another() -> None:
    services = COMPOSE["services"]
    address = {
        name: service["networks"]["inside"]["ipv4_address"] for name, service in services.items()
    }
    apps = [name for name in services if name.startswith("app-")]
    assert len(apps) >= 2
    replicas = configuration([f"{address[name]}:7860" for name in apps])
    assert (DEPLOY / "replicas.conf").read_text("utf-8") == replicas
    for name in apps:
        given = services[name]["environment"]
        assert given["ALEXNET_VIZ_BACKEND"] == f"ray://{address['engine']}:6379"
        assert "engine" in services[name]["depends_on"]
        assert "ports" not in services[name]  # visitors come through the proxy
    assert f"--node-ip-address={address['engine']}" in services["engine"]["command"]
    for service in services.values():
        assert service.get("mem_limit")
        assert service["cap_drop"] == ["ALL"]
        assert service["read_only"]
        for each in service.get("volumes", []):
            source = each.partition(":")[0]
            assert source in COMPOSE["volumes"] or (ROOT / source).is_file()
    assert services["proxy"]["ports"] == ["8080:8080"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    stages = {words.split()[-1] for name, words in instructions() if name == "FROM"}
    assert services["app-1"]["build"]["target"] in stages


def test_every_variable_of_a_deployment_is_one_of_the_program() -> None:
    code = "".join(path.read_text("utf-8") for path in (ROOT / "alexnet_viz").rglob("*.py"))
    texts = [DOCKERFILE, (ROOT / "compose.yaml").read_text("utf-8"), UNIT.read_text("utf-8")]
    named = {*re.findall(r"ALEXNET_VIZ_[A-Z]+", "".join([*texts, DOCUMENT]))}
    named -= {"ALEXNET_VIZ_HOSTS"}  # the composition's own, for STREAMLIT_SERVER_ALLOWED_HOSTS
    assert [each for each in named if each not in code] == []


@pytest.mark.process
def test_the_unit_is_sound_and_closed(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if not program:
        pytest.skip("systemd is not here")
    words = UNIT.read_text("utf-8").replace("/opt/alexnet-viz/.venv/bin/python", sys.executable)
    copy = tmp_path / "alexnet-viz@8501.service"
    for path in (copy, tmp_path / UNIT.name):
        path.write_text(re.sub("^WorkingDirectory=.*$", "", words, flags=re.MULTILINE), "utf-8")
    for given in (["verify", "--man=no"], ["security", "--offline=true", "--threshold=20"]):
        found = subprocess.run(
            [program, *given, str(copy)],
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert found.returncode == 0, found.stdout + found.stderr
        assert "ignoring" not in found.stderr


@pytest.mark.parametrize(
    "addresses",
    [[], ["app:8501"], ["10.0.0.1:1", "10.0.0.1:1"], ["10.0.0.1"], ["10.0.0.1:1; } evil"]],
)
def test_replicas_are_distinct_addresses_of_numbers(addresses: list[str]) -> None:
    with pytest.raises(ValueError, match="addresses such as"):
        configuration(addresses)


def test_a_replica_stands_in_for_every_other() -> None:
    words = configuration(["10.0.0.1:1", "[fd00::2]:2", "10.0.0.3:3"])
    for number, own in enumerate(("10.0.0.1:1", "[fd00::2]:2", "10.0.0.3:3")):
        block = words.partition(f"upstream replica_{number} {{")[2].partition("}")[0]
        assert f"server {own} max_fails" in block
        assert block.count("backup;") == 2


def test_what_the_document_names_is_here() -> None:
    for each in re.findall(
        r"`((?:deploy/|docs/)?[\w@./-]+\.(?:py|conf|service|yaml|md|sh))`", DOCUMENT
    ):
        assert any((folder / each).exists() for folder in (ROOT, ROOT / "docs", DEPLOY)), each
