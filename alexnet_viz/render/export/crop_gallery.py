"""The strongest crops of every channel of a layer, as one HTML page or as a grid for CSV."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from alexnet_viz.render.export.html_page import heading, listed, page, paragraph, table
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.text import Language, t

STYLE = """<style>
.crops { display: grid; gap: 8px 24px; }
.crops { grid-template-columns: repeat(auto-fill, 304px); }
.crops figure { margin: 0.6em 0; }
.crops img { width: 96px; height: 96px; object-fit: contain; margin: 0 4px 4px 0;
  background: color-mix(in srgb, var(--quiet) 20%, transparent); }
</style>"""


class Tile(NamedTuple):
    """A crop and where it is from."""

    value: float
    name: str
    place: tuple[int, int] | None
    """The row and the column of the cell; None in a dense layer."""
    jpeg: bytes


@dataclass(frozen=True)
class Gallery:
    """What a scan found, in plain values."""

    network: str
    weights: str
    layer: str
    pictures: int
    """Those that could be read."""
    channels: Sequence[Sequence[Tile]]
    classes: Sequence[tuple[str, int]]
    """Pictures by predicted class, the most first."""
    refused: Sequence[tuple[str, str]]
    """Names of the pictures that cannot be read, and why."""
    notes: Sequence[str]
    """Sentences about the run: links passed over, precision."""


def gallery_page(gallery: Gallery, language: Language = "en") -> str:
    """The page: a summary, the classes, the crops by channel, and what could not be read."""
    title = t("scan.title", language, layer=gallery.layer, count=gallery.pictures)
    parts = [
        heading(title, 1),
        paragraph(
            t("scan.about", language, network=gallery.network, weights=gallery.weights), "quiet"
        ),
        *(paragraph(note) for note in gallery.notes),
        STYLE,
        heading(t("scan.channels", language, count=len(gallery.channels))),
        '<div class="crops">',
        *(_channel(number, tiles, language) for number, tiles in enumerate(gallery.channels)),
        "</div>",
    ]
    if gallery.classes:
        header = (t("scan.class", language), t("scan.pictures", language))
        grid = Grid("", header, tuple(gallery.classes), frozenset({0}))
        parts += [heading(t("scan.classes", language)), table(grid)]
    if gallery.refused:
        said = [f"{name}: {reason}" for name, reason in gallery.refused]
        count = len(said)
        parts += [heading(t("scan.refused", language, count=count)), listed(said)]
    return page(title, parts, language)


def _channel(number: int, tiles: Sequence[Tile], language: Language) -> str:
    images = []
    for tile in tiles:
        alt = escape(t("scan.alt", language, name=tile.name, value=tile.value))
        data = b64encode(tile.jpeg).decode()
        images.append(f'<img src="data:image/jpeg;base64,{data}" alt="{alt}" title="{alt}">')
    said = t("scan.silent", language, channel=number)
    if tiles and tiles[0].value > 0:
        said = t(
            "scan.channel", language, channel=number, most=tiles[0].value, least=tiles[-1].value
        )
    return f"<figure>{''.join(images)}<figcaption>{escape(said)}</figcaption></figure>"


def gallery_grid(gallery: Gallery, language: Language = "en") -> Grid:
    """One row for each crop."""
    keys = ("channel_column", "rank", "value", "picture", "row", "column")
    rows = tuple(
        (channel, rank, tile.value, tile.name, *(tile.place or (None, None)))
        for channel, tiles in enumerate(gallery.channels)
        for rank, tile in enumerate(tiles, 1)
    )
    return Grid("", tuple(t(f"scan.{key}", language) for key in keys), rows, frozenset({3}))


def gallery_record(gallery: Gallery) -> dict[str, object]:
    """The same as data, without the crops."""
    return {
        "network": gallery.network,
        "weights": gallery.weights,
        "layer": gallery.layer,
        "pictures": gallery.pictures,
        "channels": [
            [
                {"value": tile.value, "picture": tile.name, "cell": tile.place and [*tile.place]}
                for tile in tiles
            ]
            for tiles in gallery.channels
        ],
        "classes": dict(gallery.classes),
        "refused": [{"picture": name, "reason": reason} for name, reason in gallery.refused],
        "notes": list(gallery.notes),
    }
