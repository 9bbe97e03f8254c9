"""Write requirements.lock: every package of a deployment, with the SHA-256 of what pip may install.

    python -m docs.lock

The packages and their versions are those installed beside this script (``docs.licences``).  pip is
asked for the wheel of each, for every Python in ``PYTHONS`` on Linux x86-64, and states its hash.
torch is PyTorch's CPU build, which has an index of its own; for the Pythons whose wheel cannot be
reached the head of the file says so.
"""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from docs.licences import ROOT, closure

PYTHONS = ("3.11", "3.12", "3.13")
PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux_2_17_x86_64",
             "manylinux2014_x86_64", "manylinux_2_12_x86_64", "manylinux2010_x86_64",
             "manylinux1_x86_64")  # fmt: skip
TORCH = "torch"
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
HEAD = """# Written by python -m docs.lock: what a deployment installs, with hashes. Do not edit.
# Wheels for Linux x86-64 and CPython {pythons}. Install with
#     python -m pip install --require-hashes --only-binary :all: \\
#         --extra-index-url {index} -r requirements.lock
# torch is PyTorch's CPU build, hashed for CPython {hashed} from the wheel that pip found
# when this was written; the link in that index states the hash too.{missing}
"""
MISSING = """ Its wheels for {pythons}
# could not be reached when this was written: run the command above where {index}
# can be, or these Pythons are refused."""


def hashes(pins: Iterable[str], python: str, *index: str) -> dict[str, str]:
    """The SHA-256 of the wheel of each pin, by name; raises CalledProcessError if one lacks."""
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        platforms = [word for each in PLATFORMS for word in ("--platform", each)]
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--no-deps"),
                *("--ignore-installed", "--only-binary", ":all:", "--target", folder),
                *("--python-version", python, *platforms, *index),
                *("--report", str(report), *pins),
            ],
            check=True,
        )
        installed = json.loads(report.read_text("utf-8"))["install"]
    return {
        each["metadata"]["name"].lower().replace("_", "-").replace(".", "-"): each["download_info"][
            "archive_info"
        ]["hashes"]["sha256"]
        for each in installed
    }


def lock() -> str:
    """The content of requirements.lock."""
    versions = {name: package.version for name, (package, _) in closure().items()}
    found: dict[str, set[str]] = {name: set() for name in versions}
    others = [f"{name}=={version}" for name, version in versions.items() if name != TORCH]
    torch = f"{TORCH}=={versions[TORCH].partition('+')[0]}+cpu"
    reached = []
    for python in PYTHONS:
        for name, digest in hashes(others, python).items():
            found[name].add(digest)
        try:
            found[TORCH] |= {
                *hashes([torch], python, "--retries", "0", "--extra-index-url", CPU_INDEX).values()
            }
            reached.append(python)
        except subprocess.CalledProcessError:
            print(f"{torch} for CPython {python} cannot be reached", file=sys.stderr)
    missing = [python for python in PYTHONS if python not in reached]
    lines = [
        HEAD.format(
            pythons=", ".join(PYTHONS),
            index=CPU_INDEX,
            hashed=", ".join(reached) or "none",
            missing=MISSING.format(pythons=", ".join(missing), index=CPU_INDEX) if missing else "",
        )
    ]
    for name, digests in found.items():
        pin = torch if name == TORCH else f"{name}=={versions[name]}"
        parts = [pin, *(f"    --hash=sha256:{digest}" for digest in sorted(digests))]
        lines.append(" \\\n".join(parts) + "\n")
    return "".join(lines)


if __name__ == "__main__":
    (ROOT / "requirements.lock").write_text(lock(), "utf-8")
