"""Write requirements.lock: every package of a deployment, with the SHA-256 of what pip may install.

    python -m docs.lock

requirements-cluster.lock has what the extra ``cluster`` adds, and is installed beside it.
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

from docs.licences import ROOT, Closure, added, closure

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
CLUSTER_HEAD = """# Written by python -m docs.lock: what the extra cluster adds, with hashes.
# Do not edit. Wheels for Linux x86-64 and CPython {pythons}. Install with
#     python -m pip install --require-hashes --only-binary :all: \\
#         --extra-index-url {index} \\
#         -r requirements.lock -r requirements-cluster.lock
"""


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


def entry(pin: str, digests: set[str]) -> str:
    """The lines of one package."""
    return " \\\n".join([pin, *(f"    --hash=sha256:{each}" for each in sorted(digests))]) + "\n"


def entries(packages: Closure) -> dict[str, str]:
    """The lines of each package but torch, by name, with its wheels for every Python."""
    pins = {
        name: f"{name}=={package.version}"
        for name, (package, _) in packages.items()
        if name != TORCH
    }
    found: dict[str, set[str]] = {name: set() for name in pins}
    for python in PYTHONS:
        for name, digest in hashes(pins.values(), python).items():
            found[name].add(digest)
    return {name: entry(pin, found[name]) for name, pin in pins.items()}


def lock() -> str:
    """The content of requirements.lock."""
    packages = closure()
    lines = entries(packages)
    torch = f"{TORCH}=={packages[TORCH][0].version.partition('+')[0]}+cpu"
    found, reached = set(), []
    for python in PYTHONS:
        index = ("--retries", "0", "--extra-index-url", CPU_INDEX)
        try:
            found |= {*hashes([torch], python, *index).values()}
            reached.append(python)
        except subprocess.CalledProcessError:
            print(f"{torch} for CPython {python} cannot be reached", file=sys.stderr)
    lines[TORCH] = entry(torch, found)
    missing = [python for python in PYTHONS if python not in reached]
    head = HEAD.format(
        pythons=", ".join(PYTHONS),
        index=CPU_INDEX,
        hashed=", ".join(reached) or "none",
        missing=MISSING.format(pythons=", ".join(missing), index=CPU_INDEX) if missing else "",
    )
    return head + "".join(lines[name] for name in packages)


def cluster_lock() -> str:
    """The content of requirements-cluster.lock."""
    head = CLUSTER_HEAD.format(pythons=", ".join(PYTHONS), index=CPU_INDEX)
    return head + "".join(entries(added()).values())


if __name__ == "__main__":
    (ROOT / "requirements.lock").write_text(lock(), "utf-8")
    (ROOT / "requirements-cluster.lock").write_text(cluster_lock(), "utf-8")
