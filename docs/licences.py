"""Write docs/licences.md: the licence of every package that the app installs.

    python -m docs.licences

The packages are those of requirements.txt and what these require, as installed beside this script;
the licences are as each package states them.  NVIDIA's libraries, which pip's default torch brings
on Linux, are not among them: take PyTorch's CPU build where there is no GPU.
"""

from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
OF_GPUS = ("nvidia-", "cuda-", "triton")
HEAD = """# Licences of what the app installs

Written by `python -m docs.licences` from what the packages state about themselves; renew it when
`requirements.txt` changes. NVIDIA's libraries, which pip's default torch brings on Linux, are left
out: they are under NVIDIA's own terms. The project itself is under the [MIT licence](../LICENSE).
Photographs have [their own](../alexnet_viz/pictures/samples/LICENCES.md), and so has
[Fashion-MNIST](../alexnet_viz/pictures/fashion/LICENCE.md); weights that can be fetched state
theirs on the page Weights.

| package | version | licence | required by |
|---|---|---|---|
"""


def required() -> list[Requirement]:
    """What requirements.txt pins."""
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    return [Requirement(line) for line in lines if line.strip()]


def closure() -> dict[str, tuple[Distribution, set[str]]]:
    """Every package to be installed and who requires it, by name."""
    found: dict[str, tuple[Distribution, set[str]]] = {}
    waiting = [(each, "requirements.txt") for each in required()]
    while waiting:
        wanted, by = waiting.pop()
        name = canonicalize_name(wanted.name)
        if name.startswith(OF_GPUS):
            continue
        if name not in found:
            found[name] = (distribution(name), set())
            for line in found[name][0].requires or ():
                needed = Requirement(line)
                extras = [{"extra": extra} for extra in ("", *wanted.extras)]
                if needed.marker is None or any(map(needed.marker.evaluate, extras)):
                    waiting.append((needed, name))
        found[name][1].add(by)
    return dict(sorted(found.items()))


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


def document() -> str:
    """The content of docs/licences.md."""
    rows = []
    for name, (package, by) in closure().items():
        version = package.version.partition("+")[0]  # of torch without the name of its build
        rows.append(f"| {name} | {version} | {licence(package)} | {', '.join(sorted(by))} |")
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    (ROOT / "docs" / "licences.md").write_text(document(), "utf-8")
