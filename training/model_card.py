"""Write the model cards as Markdown from the measurements.

    python -m training.model_card

writes docs/model-card.md from ``alexnet_viz/weights/drawings.json`` and docs/model-card-fashion.md
from ``fashion.json``.
"""

from pathlib import Path
from typing import Any

from alexnet_viz.pictures import fashion
from alexnet_viz.pictures.synthetic import CLASSES
from alexnet_viz.text import t
from alexnet_viz.weights.model_card import card

DOCS = Path(__file__).parents[1] / "docs"

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

    python -m training.train --out alexnet_viz/weights/drawings.safetensors
    python -m training.measure alexnet_viz/weights/drawings.safetensors
    python -m training.model_card

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


FASHION = """# Model card: AlexNet on Fashion-MNIST

`alexnet_viz/weights/fashion.safetensors`, {megabytes:.1f} MB, half precision, SHA-256
`{sha256}`

Everything below is measured by `training/measure_fashion.py` and written by
`training/model_card.py`.

## What it is

The reading of AlexNet in *Dive into Deep Learning* (`d2l_alexnet`, one input channel, {classes}
outputs), so that a classroom without internet has a network that gives photographs their names.
fc6 and fc7 are stored as products of rank {rank} and multiplied out when they are loaded; every
other tensor is stored whole.

## Data

Fashion-MNIST of Zalando Research (MIT licence): photographs of clothes of 28×28 pixels, grey, on
black, 60,000 to train on and 10,000 to test with. The app enlarges them to 224×224 (bicubic), as
it did for the test; 0 to 1, less {mean:.4f}, divided by {deviation:.4f}. Every other picture was
mirrored in training. The project ships 10,000 and 2,000 of them
(`alexnet_viz/pictures/fashion/`).

## Training

{steps:,} steps of {batch} pictures, {images:,} in all ({epochs:.2f} epochs):

{sizes}

Seed {seed}, {minutes:.0f} minutes of wall time on two CPU cores that many other programs used too,
so that the last size had few steps. AdamW, {share:.0%} of a cycle of learning rates of {cycle:g}
minutes (peak {rate:g}), weight decay {decay:g}, no dropout, float32.

    python -m training.fashion --out alexnet_viz/weights/fashion.safetensors
    python -m training.measure_fashion alexnet_viz/weights/fashion.safetensors --images {tested}
    python -m training.model_card

The original files are those of Debian's package `dataset-fashion-mnist`. The schedule ends by the
clock, so every run is another network; a faster machine sees more pictures.

Accuracy on the pictures as they were trained on, by wall time:

| minutes | pixels | loss | right |
|---|---|---|---|
{history}

## How good it is

**{accuracy:.2%}** of the {tested:,} test pictures. {structured} of the 96 kernels of conv1 have
structure: more than half of their energy lies in waves longer than 4 pixels ({long_waves:.0%} in
the median kernel; {fashion_noise:.0%} in one of noise).

Rows are the labels of the data set, columns what was answered:

{confusion}

## Limits

It knows {classes} kinds of clothes, alone, on black, filling the picture. Of the first {shipped:,}
test pictures that ship, right are:

| | |
|---|---|
| as they are | {whole:.1%} |
| mirrored | {mirrored:.1%} |
| as files of 28×28 pixels, whose border the app crops | {bare:.1%} |
| with black and white exchanged, so on white | {white:.1%} |

A photograph of one's own becomes grey and loses its border; on a light background, or with
anything but one piece of clothing, the answer means nothing, however high its probability. The
labels are Zalando's: T-shirt, pullover, coat and shirt are often told apart by what a picture of 28
pixels does not show. Rank {rank} is enough for {classes} classes and would not be for 1,000.
"""


def fashion_markdown(measured: dict[str, Any]) -> str:
    """The card of the weights trained on Fashion-MNIST, as Markdown."""
    options, shipped, kernels = measured["options"], measured["shipped"], measured["kernels"]
    steps = sum(measured["steps"].values())
    images = steps * options["images"]
    sizes = (f"- {count:,} steps at {size} pixels" for size, count in measured["steps"].items())
    history = measured["history"]
    return FASHION.format(
        megabytes=measured["bytes"] / 1e6,
        sha256=measured["sha256"],
        classes=len(fashion.CLASSES),
        rank=measured["rank"],
        mean=measured["pixels"]["mean"],
        deviation=measured["pixels"]["deviation"],
        steps=steps,
        batch=options["images"],
        images=images,
        epochs=images / 60_000,
        sizes="\n".join(sizes),
        seed=options["seed"],
        minutes=measured["seconds"] / 60,
        cycle=options["minutes"],
        share=measured["seconds"] / 60 / options["minutes"],
        rate=options["rate"],
        decay=options["decay"],
        history="\n".join(
            f"| {seconds / 60:.1f} | {size} | {loss:.3f} | {right:.1%} |"
            for seconds, size, loss, right in history
        ),
        accuracy=measured["accuracy"],
        tested=sum(map(sum, measured["confusion"])),
        structured=kernels["structured"],
        long_waves=kernels["long_waves"],
        fashion_noise=kernels["long_waves_of_noise"],
        confusion=_confusion(measured["confusion"], [name.en for name in fashion.CLASSES]),
        shipped=shipped["images"],
        whole=shipped["whole"],
        mirrored=shipped["mirrored"],
        bare=shipped["bare"],
        white=shipped["white"],
    )


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
        confusion=_confusion(confusion, [t(f"drawn.{name}") for name in CLASSES]),
        towers=_towers(towers),
        few=towers["images"],
        all=towers["all"],
        grey=towers["grey"],
    )


def _confusion(counts: list[list[int]], names: list[str]) -> str:
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
    (DOCS / "model-card.md").write_text(markdown(card()), "utf-8")
    (DOCS / "model-card-fashion.md").write_text(fashion_markdown(card("fashion")), "utf-8")
