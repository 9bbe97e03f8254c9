"""What docs/methodology.md says of memory and towers is what the code counts."""

from pathlib import Path

import pytest

from alexnet_viz.analysis.memory import CARD, MIB, PRESETS, memory
from alexnet_viz.analysis.towers.placements import Last
from alexnet_viz.analysis.towers.split import split
from alexnet_viz.network.layers import Conv
from alexnet_viz.network.trace import trace
from alexnet_viz.render.tables.towers import training_macs
from alexnet_viz.variants import VARIANTS

PAPER = trace(VARIANTS["alexnet_2012_paper"])
BATCH = 128


@pytest.fixture(scope="module")
def sections() -> dict[str, str]:
    """Each section of the page in one line, by its title."""
    text = (Path(__file__).parents[1] / "docs" / "methodology.md").read_text("utf-8")
    return {
        title: " ".join(body.split())
        for title, _, body in (part.partition("\n") for part in text.split("\n## ")[1:])
    }


def test_memory_on_a_card(sections: dict[str, str]) -> None:
    said = sections["Memory"]
    used = {keeping: memory(PAPER, assumed) for keeping, assumed in PRESETS.items()}
    old, new = (
        [f"{each.bytes(gpu, BATCH) / MIB:,.0f}" for gpu in range(each.gpus)]
        for each in (used["cuda_convnet"], used["pytorch"])
    )
    assert f"batch of {BATCH} " in said
    assert f"{old[0]} and {old[1]} MiB, the second {new[0]} and {new[1]}." in said
    one = memory(PAPER, PRESETS["cuda_convnet"], 1).bytes(0, BATCH)
    assert f"({CARD // MIB:,} MiB) the first gives {one / MIB:,.0f}." in said


@pytest.mark.parametrize("last", ["first", "halves"])
def test_what_crosses(sections: dict[str, str], last: Last) -> None:
    towers = split(PAPER, last)
    assert towers
    assert f"{towers.crossing:,}" in sections["Towers"]


def test_macs_of_a_training_step(sections: dict[str, str]) -> None:
    towers = split(PAPER, "halves")
    assert towers
    each = training_macs(towers)
    first = next(row for row in PAPER.rows if isinstance(row.layer, Conv))
    assert sum(each) == 3 * PAPER.macs - first.macs
    assert f"{sum(each):,} for one image" in sections["Towers"]
    assert f"({each[0]:,})" in sections["Towers"]
