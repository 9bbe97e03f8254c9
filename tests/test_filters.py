"""Pictures of kernels and of mistakes show the numbers they are given."""

import numpy as np

from alexnet_viz.render.charts.confusion import confusion_matrix
from alexnet_viz.render.charts.filters import filter_sheet, tiles


def test_a_tile_is_grey_where_the_kernel_is_nought() -> None:
    kernel = np.zeros((1, 3, 2, 2), dtype=np.float32)
    kernel[0, 0, 0, 0], kernel[0, 2, 1, 1] = 4, -2
    tile = tiles(kernel)[0]
    assert tile[0, 0].tolist() == [255, 128, 128]
    assert tile[1, 1].tolist() == [128, 128, 64]
    assert tile[0, 1].tolist() == [128, 128, 128]


def test_a_kernel_of_nothing_is_grey() -> None:
    assert (tiles(np.zeros((2, 3, 3, 3), dtype=np.float32)) == 128).all()


def test_the_sheet_keeps_the_towers_apart() -> None:
    kernels = np.random.default_rng(0).standard_normal((12, 3, 5, 5)).astype(np.float32)
    sheet = filter_sheet(kernels, towers=2, columns=3, zoom=2)
    assert sheet.shape == (2 * (2 * 13 + 18) - 18, 3 * 13, 4)
    assert (sheet[26:44, :, 3] == 0).all()
    shown = sheet[44:54:2, 0:10:2, :3]  # tower 1 begins with kernel 6
    assert (shown == tiles(kernels)[6]).all()


def test_the_confusion_matrix_colours_shares_and_prints_counts() -> None:
    figure = confusion_matrix([[9, 1], [0, 5]], ["a", "b"], true="drawn", answered="said")
    heat = figure.data[0]
    assert np.allclose(np.array(heat.z) ** 2, [[0.9, 0.1], [0, 1]])
    assert [list(row) for row in heat.text] == [["9", "1"], ["", "5"]]
    assert figure.layout.yaxis.title.text == "drawn"
