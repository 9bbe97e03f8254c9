"""Windows placed by hand, torch and TensorFlow's published formulas against ``geometry``."""

from typing import Any

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from alexnet_viz.network.geometry import (
    MAX_INPUT_SIZE,
    ROUNDINGS,
    Rounding,
    output_size,
    sizes_giving,
    slide,
)
from alexnet_viz.network.layers import MaxPool
from alexnet_viz.network.receptive_field import ReceptiveField
from alexnet_viz.network.trace import fits
from alexnet_viz.text.problem import Problem
from alexnet_viz.variants import VARIANTS

Padding = tuple[int, int]

inputs = st.integers(1, 60)
kernels = st.integers(1, 9)
strides = st.integers(1, 6)
paddings = st.tuples(st.integers(0, 4), st.integers(0, 4))
dilations = st.integers(1, 3)


def placed(
    size: int, kernel: int, stride: int, padding: Padding, dilation: int, rounding: Rounding
) -> int:
    """How many windows fit, by laying them down one after the other."""
    extent = dilation * (kernel - 1) + 1
    if rounding == "valid":
        padding = (0, 0)
    if rounding == "same":
        return len(range(0, size, stride))
    end = size + padding[1]
    starts = range(-padding[0], end + stride, stride)
    if rounding in ("floor", "valid"):
        return sum(start + extent <= end for start in starts)
    # rounding up: a window is laid down wherever the one before it did not reach the end
    laid = [start for start in starts if start - stride + extent < end]
    if rounding == "ceil":
        return len(laid) if extent <= size + sum(padding) else 0
    return sum(start < size for start in laid) if any(padding) else len(laid)


@given(inputs, kernels, strides, paddings, dilations, st.sampled_from(ROUNDINGS))
def test_output_size_is_the_number_of_windows_that_can_be_laid_down(
    size: int, kernel: int, stride: int, padding: Padding, dilation: int, rounding: Rounding
) -> None:
    wanted = placed(size, kernel, stride, padding, dilation, rounding)
    assert output_size(size, kernel, stride, padding, dilation, rounding) == wanted


@given(inputs, kernels, strides, paddings, dilations, st.sampled_from(ROUNDINGS))
def test_a_slide_covers_what_it_says(
    size: int, kernel: int, stride: int, padding: Padding, dilation: int, rounding: Rounding
) -> None:
    assume(output_size(size, kernel, stride, padding, dilation, rounding))
    window = slide(size, kernel, stride, padding, dilation, rounding)
    read = {
        start + dilation * step for start in window.starts for step in range(window.kernel_size)
    }
    assert len(window.starts) == window.output_size
    assert window.end == max(read) + 1
    assert window.padding_read == (max(0, -min(read)), max(0, max(read) + 1 - size))
    assert window.unread == len(set(range(size)) - read)
    assert [cell for cell, one in enumerate(window.read) if one] == sorted(read & {*range(size)})
    taps = {dilation * step for step in range(kernel)}
    assert window.overlap == len(taps & {stride + tap for tap in taps})
    if rounding in ("ceil", "same") and window.extent >= stride and dilation == 1:
        assert window.unread == 0
    if window.exact and rounding in ("floor", "ceil"):
        other = {"floor": "ceil", "ceil": "floor"}[rounding]
        assert output_size(size, kernel, stride, padding, dilation, other) == window.output_size


@given(inputs, kernels, strides, st.integers(0, 4), dilations)
def test_floor_is_torchs_convolution(
    size: int, kernel: int, stride: int, padding: int, dilation: int
) -> None:
    assume(output_size(size, kernel, stride, (padding, padding), dilation))
    conv = torch.nn.Conv1d(1, 1, kernel, stride, padding, dilation, device="meta")
    wanted = conv(torch.empty(1, 1, size, device="meta")).shape[-1]
    assert output_size(size, kernel, stride, (padding, padding), dilation, "floor") == wanted


@given(inputs, kernels, strides, st.integers(0, 4))
def test_caffe_is_torchs_ceil_mode(size: int, kernel: int, stride: int, padding: int) -> None:
    """Where they drop a last window alike: torch asks of no padding, Caffe of some."""
    assume(padding <= kernel // 2)  # what torch accepts
    assume(output_size(size, kernel, stride, (padding, padding), 1, "caffe"))
    pool = torch.nn.MaxPool2d(kernel, stride, padding, ceil_mode=True)
    wanted = pool(torch.empty(1, 1, size, size, device="meta")).shape[-1]
    assert output_size(size, kernel, stride, (padding, padding), 1, "caffe", True) == wanted
    if padding or stride <= kernel:
        assert output_size(size, kernel, stride, (padding, padding), 1, "caffe") == wanted


def test_caffe_drops_a_window_only_where_the_map_is_padded() -> None:
    """pooling_layer.cpp, ``if (pad_h_ || pad_w_)``: the padding of one axis is enough for both."""
    assert slide(4, 1, stride=2, rounding="caffe").output_size == 3
    assert slide(4, 1, stride=2, rounding="caffe", clipped=True).output_size == 2
    pool = MaxPool(name="pool1", kernel_size=1, stride=2, rounding="caffe")
    assert pool.output_shape((8, 4, 4)) == (8, 3, 3)
    padded = MaxPool(name="pool1", kernel_size=1, stride=2, padding=(1, 1, 0, 0), rounding="caffe")
    assert padded.output_shape((8, 4, 4)) == (8, 3, 2)


def test_the_smallest_input_of_caffe_s_rule_is_said_where_none_fits() -> None:
    """Its window may hang over by up to stride - 1 cells."""
    with pytest.raises(Problem, match="it needs at least 3"):
        slide(2, 4, stride=2, rounding="caffe")
    assert slide(3, 4, stride=2, rounding="caffe").output_size == 1


def test_krizhevskys_code_refuses_a_window_larger_than_the_padded_map() -> None:
    """layer.py: filterSize up to 2 * padding + imgSize, sizeX of a pool up to imgSize."""
    assert slide(11, 11, stride=4, rounding="ceil").output_size == 1
    with pytest.raises(Problem, match="it needs at least 11"):
        slide(10, 11, stride=4, rounding="ceil")
    code = VARIANTS["alexnet_2012_code_145"].refitted()
    assert next(size for size in range(1, 100) if fits(code, size)) == 52


@given(inputs, kernels, strides)
def test_same_and_valid_are_tensorflows(size: int, kernel: int, stride: int) -> None:
    """tf.nn, "Notes on padding": total = max((ceil(W/S) - 1) S + F - W, 0), the odd cell after."""
    same = slide(size, kernel, stride, rounding="same")
    assert same.output_size == -(-size // stride)
    total = max(kernel - stride if size % stride == 0 else kernel - size % stride, 0)
    assert same.padding == (total // 2, total - total // 2)
    valid = -(-(size - kernel + 1) // stride)
    assert output_size(size, kernel, stride, (3, 3), 1, "valid") == max(0, valid)


@given(inputs, kernels, strides, paddings, dilations)
def test_krizhevskys_line_of_code_is_ceil(
    size: int, kernel: int, stride: int, padding: Padding, dilation: int
) -> None:
    """layer.py:1004, modulesX = 1 + int(ceil((2*padding + imgSize - filterSize)/float(stride)))."""
    raw = sum(padding) + size - (dilation * (kernel - 1) + 1)
    modules = 1 + -(-raw // stride) if raw >= 0 else 0
    assert output_size(size, kernel, stride, padding, dilation, "ceil") == modules


@given(st.integers(0, 30), kernels, strides, paddings, dilations, st.sampled_from(ROUNDINGS))
def test_sizes_giving_finds_what_a_scan_finds(
    wanted: int, kernel: int, stride: int, padding: Padding, dilation: int, rounding: Rounding
) -> None:
    def size_of(size: int) -> int:
        return output_size(size, kernel, stride, padding, dilation, rounding)

    scan = [size for size in range(1, 201) if size_of(size) == wanted]
    assert list(sizes_giving(wanted, size_of, largest=200)) == scan


@pytest.mark.parametrize(
    ("rounding", "padding", "size", "wanted"),
    [
        ("ceil", 0, 224, 55),
        ("floor", 0, 224, 54),
        ("floor", 0, 227, 55),
        ("floor", 2, 224, 55),
        ("same", 0, 224, 56),
        ("valid", 0, 227, 55),
    ],
)
def test_the_224_question(rounding: Rounding, padding: int, size: int, wanted: int) -> None:
    assert output_size(size, 11, 4, (padding, padding), 1, rounding) == wanted


@given(st.lists(st.tuples(kernels, strides, paddings), min_size=1, max_size=4), st.data())
def test_a_receptive_field_is_the_pixels_that_are_reached(
    windows: list[tuple[int, int, Padding]], data: st.DataObject
) -> None:
    size, field, chain = 200, ReceptiveField(), []
    for kernel, stride, padding in windows:
        assume(output_size(size, kernel, stride, padding))
        window = slide(size, kernel, stride, padding)
        field, size = field.through(window), window.output_size
        chain.append(window)
    cell = data.draw(st.integers(0, size - 1))
    first = last = cell
    for window in reversed(chain):
        first = window.starts.start + first * window.stride
        last = window.starts.start + last * window.stride + window.extent - 1
    assert field.pixels(cell) == range(first, last + 1)


@pytest.mark.parametrize(
    ("numbers", "code", "values"),
    [
        ((0, 3), "not_positive", {"name": "input_size", "value": 0}),
        ((9, 0), "not_positive", {"name": "kernel_size", "value": 0}),
        ((9, 3, 0), "not_positive", {"name": "stride", "value": 0}),
        ((9, 3, 1, (-1, 0)), "negative_padding", {"value": -1}),
        ((9, 3, 1, (0, 0), 0), "not_positive", {"name": "dilation", "value": 0}),
        (
            (9, 3, 1, (0, 0), 1, "up"),
            "unknown_rounding",
            {"rounding": "up", "known": "floor, ceil, caffe, same, valid"},
        ),
        (
            (2, 3, 1, (0, 0), 2),
            "window_too_large",
            {"kernel_size": 3, "extent": 5, "size": 2, "before": 0, "after": 0, "needed": 5},
        ),
    ],
)
def test_what_a_window_refuses(numbers: tuple[Any, ...], code: str, values: Any) -> None:
    with pytest.raises(Problem) as caught:
        slide(*numbers)
    assert (caught.value.code, caught.value.values) == (code, values)


def test_a_window_that_does_not_fit_is_explained() -> None:
    match = "kernel_size=3 does not fit an input of 2 padded by 0 \\+ 0.*at least 3"
    with pytest.raises(Problem, match=match):
        slide(2, 3)
    with pytest.raises(Problem, match="stride=0 is not possible: it must be 1 or more"):
        slide(9, 3, 0)
    with pytest.raises(Problem, match="No rounding rule 'up': there are floor"):
        slide(9, 3, rounding="up")  # type: ignore[arg-type]


def test_a_map_may_be_larger_than_any_image() -> None:
    """Two kernels of 1 with 1,000 + 1,000 zeros make 12,000 cells of 8,000 pixels."""
    padded = output_size(MAX_INPUT_SIZE, 1, padding=(1000, 1000))
    assert output_size(padded, 1, padding=(1000, 1000)) == MAX_INPUT_SIZE + 4000


@given(kernels, strides, paddings, dilations, st.sampled_from(("floor", "ceil")))
def test_the_smallest_input_is_the_one_named(
    kernel: int, stride: int, padding: Padding, dilation: int, rounding: Rounding
) -> None:
    with pytest.raises(Problem) as caught:
        slide(1, kernel + 20, stride, padding, dilation, rounding)
    needed = caught.value.values["needed"]
    numbers = (kernel + 20, stride, padding, dilation, rounding)
    assert output_size(needed, *numbers) == 1
    assert output_size(needed - 1, *numbers) == 0
