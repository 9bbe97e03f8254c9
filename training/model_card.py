"""Write the model card as Markdown from the measurements.

    python training/model_card.py

writes docs/model-card.md from ``alexnet_viz/weights/drawings.json``.
"""

from pathlib import Path
from typing import Any

from alexnet_viz.pictures.synthetic import CLASSES
from alexnet_viz.text import t
from alexnet_viz.weights.model_card import card

TARGET = Path(__file__).parents[1] / "docs" / "model-card.md"

TEXT = """# Model card: AlexNet on drawings

`alexnet_viz/weights/drawings.safetensors`, {megabytes:.1f} MB, half precision, SHA-256
`{sha256}`

Everything below is measured by `training/measure.py` and written by `training/model_card.py`.

## What it is

The two-tower network of the paper (`alexnet_2012_227` with {classes} outputs), so that a classroom
without internet has learned kernels, feature maps and predictions. fc6 and fc7 are stored as
products of rank 32 and multiplied out when they are loaded; every other tensor is stored whole.

## Data

Drawings made by formula (`alexnet_viz/pictures/synthetic`), 227×227, {classes} classes in random
colours, sizes, places and angles over textured backgrounds. Every step drew new ones: {images:,} in
all, none twice. Red, green and blue from 0 to 255 less {means}.

## Training

{steps:,} steps of {batch} drawings, {small:,} of them at 115 pixels and {large:,} at 227,
seed {seed}, {minutes:.0f} minutes on two shared CPU cores. AdamW with one cycle of learning rates
(peak {rate:g}; conv1 {first_rate:g}), weight decay {decay:g} (conv1 {first_decay:g}), bfloat16
autocast. conv1 began with a deviation of 0.0003. Dropout's test-time factor 0.5 is in place
throughout; no unit is dropped.

    python training/train.py --out alexnet_viz/weights/drawings.safetensors
    python training/measure.py alexnet_viz/weights/drawings.safetensors
    python training/model_card.py

The same seed on another machine, or with another number of threads, gives other last digits and so
another network, about as good.

## How good it is

**{accuracy:.2%}** of {tested:,} fresh drawings. {structured} of the 96 kernels of conv1 have
structure: more than half of their energy lies in waves longer than 4 pixels ({long_waves:.0%} in
the median kernel; {noise:.0%} in one of noise).

Rows are what was drawn, columns what was answered:

{confusion}

## Do the towers specialise?

| | tower 0 | tower 1 | by chance |
|---|---|---|---|
{towers}

Means over the 48 kernels of each tower; *by chance* is the share of 20,000 random splits of the 96
kernels into halves whose means differ as much. The last rows are accuracies on {few:,} drawings
with one tower's half of conv1 silenced; with both, {all:.1%}, and {grey:.1%} where the same
drawings are grey.

## Limits

It knows drawn shapes and textures, not cats. Of a photograph it says which drawing comes nearest,
often with confidence: its probabilities mean nothing outside of drawings. Its first layers are of
general use, its last ones are not. Rank 32 is enough for {classes} classes and would not be for
1,000.
"""


def markdown(measured: dict[str, Any]) -> str:
    """The model card with these measurements, as Markdown."""
    from alexnet_viz.pictures.preprocessing import CHANNEL_MEANS

    options, towers, confusion = measured["options"], measured["towers"], measured["confusion"]
    kernels = measured["kernels"]
    return TEXT.format(
        megabytes=measured["bytes"] / 1e6,
        sha256=measured["sha256"],
        classes=len(CLASSES),
        images=measured["images"],
        means=", ".join(f"{mean:.2f}" for mean in CHANNEL_MEANS),
        steps=measured["steps"],
        batch=options["images"],
        small=options["small_steps"],
        large=options["large_steps"],
        seed=options["seed"],
        minutes=measured["seconds"] / 60,
        rate=options["rate"],
        first_rate=options["first_rate"],
        decay=options["decay"],
        first_decay=options["first_decay"],
        accuracy=measured["accuracy"],
        tested=sum(map(sum, confusion)),
        structured=kernels["structured"],
        long_waves=kernels["long_waves"],
        noise=kernels["long_waves_of_noise"],
        confusion=_confusion(confusion),
        towers=_towers(towers),
        few=towers["images"],
        all=towers["all"],
        grey=towers["grey"],
    )


def _confusion(counts: list[list[int]]) -> str:
    names = [t(f"drawn.{name}") for name in CLASSES]
    lines = ["| | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    for name, row in zip(names, counts, strict=True):
        lines.append(f"| **{name}** | " + " | ".join(str(n) if n else "" for n in row) + " |")
    return "\n".join(lines)


def _towers(measured: dict[str, Any]) -> str:
    lines = []
    for name, of in measured["measures"].items():
        first, second = of["means"]
        label = t(f"weights.towers.{name}")
        by_chance = f"{of['chance']:.2%}" if of["chance"] else "< 0.01%"
        lines.append(f"| {label} | {first:.3f} | {second:.3f} | {by_chance} |")
    for key in ("without", "grey_without"):
        first, second = measured[key]
        lines.append(f"| {t(f'weights.towers.{key}')} | {first:.1%} | {second:.1%} | |")
    return "\n".join(lines)


if __name__ == "__main__":
    TARGET.write_text(markdown(card()), "utf-8")
