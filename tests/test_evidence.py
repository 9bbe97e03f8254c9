"""Where an attribution map has its evidence, against numbers put there on purpose."""

import numpy as np
import pytest

from alexnet_viz.interpretability.attribution.evidence import evidence
from alexnet_viz.interpretability.likeness import different
from alexnet_viz.render.charts.spotlight import DARKEST, spotlight
from alexnet_viz.text import LANGUAGES, catalogue
from alexnet_viz.ui.components.picture_places import NAMES


@pytest.mark.parametrize("place", range(9))
def test_the_ninth_with_most_of_the_evidence_is_found(place: int) -> None:
    row, column = divmod(place, 3)
    values = np.full((227, 224), -1, dtype=np.float32)
    values[row * 76 + 10 : row * 76 + 20, column * 75 + 10 : column * 75 + 20] = 3
    values[0, 0] += 1 + 100  # one pixel in a corner, a third of the rest
    found = evidence(values)
    assert found
    assert (int(3 * found.down), int(3 * found.across)) == (row, column)
    here = 300.0 + (100 if place == 0 else 0)
    assert found.share == pytest.approx(here / 400)
    assert found.half == pytest.approx((1 + np.ceil(100 / 3)) / values.size)


def test_an_even_map_has_a_ninth_of_its_evidence_in_every_ninth() -> None:
    found = evidence(np.ones((90, 90), dtype=np.float32))
    assert found
    assert (found.share, found.half) == pytest.approx((1 / 9, 0.5), abs=1e-3)
    assert evidence(-np.ones((9, 9), dtype=np.float32)) is None
    assert evidence(np.ones((1, 1), dtype=np.float32)) is not None


def test_every_place_has_another_name() -> None:
    names = [name for row in NAMES for name in row]
    for language in LANGUAGES:
        assert len({catalogue()[f"place.{name}"].of(language) for name in names}) == 9


def test_maps_that_show_the_same_are_passed_over() -> None:
    random = np.random.default_rng(0)
    one, other = (random.normal(size=(8, 8)).astype(np.float32) for _ in range(2))
    maps = np.stack([one, 5 * one + 1, 3 * other, np.ones((8, 8), np.float32)])
    assert different(maps, 5) == [1, 2]
    assert different(maps, 1) == [1]


def test_a_picture_is_lit_where_its_map_is_large() -> None:
    seen = np.full((40, 40, 3), 200, dtype=np.uint8)
    plane = np.zeros((4, 4), dtype=np.float32)
    plane[0, 3] = 2
    lit = spotlight(seen, plane, (0.1, 0.1, 0.8, 0.8))
    assert lit[:, :3].max() == round(200 * DARKEST), "outside the map"
    row, column, _ = np.unravel_index(lit.argmax(), lit.shape)
    assert row < 20 < column
    assert lit.max() > 190
    assert spotlight(seen, -plane, (0, 0, 1, 1)).max() == round(200 * DARKEST)
    assert spotlight(seen, plane, (-0.1, -0.1, 1.2, 1.2)).shape == seen.shape
