"""What is said of the weights that others publish."""

from urllib.parse import urlsplit

import pytest

from alexnet_viz.model.build import build
from alexnet_viz.network.layers import Conv, Linear
from alexnet_viz.network.trace import fits
from alexnet_viz.variants import VARIANTS
from alexnet_viz.weights import MAX_BYTES, Weights
from alexnet_viz.weights.catalogue import DRAWINGS, FASHION, WEIGHTS
from alexnet_viz.weights.integrity import checksum
from alexnet_viz.weights.published import (
    PUBLISHED,
    TORCHVISION_IMAGENET,
    imagenet_classes,
)

each = pytest.mark.parametrize("weights", PUBLISHED, ids=lambda weights: weights.id)


def test_the_catalogue_begins_with_what_ships() -> None:
    assert list(WEIGHTS.values()) == [DRAWINGS, FASHION, *PUBLISHED]
    assert len({weights.file for weights in WEIGHTS.values()}) == len(WEIGHTS)


@each
def test_the_network_is_a_variant_that_runs(weights: Weights) -> None:
    variant = VARIANTS[weights.network.id]
    assert weights.network.input_shape == variant.input_shape
    assert fits(weights.network, weights.network.input_size)


@each
def test_every_output_has_its_class_or_none_has(weights: Weights) -> None:
    outputs = [layer for layer in weights.network.layers if isinstance(layer, Conv | Linear)][-1]
    assert isinstance(outputs, Linear)
    assert len(weights.classes) in (0, outputs.out_features)
    assert bool(weights.classes) == (outputs.out_features == 1000)


@each
def test_the_size_is_that_of_the_numbers(weights: Weights) -> None:
    """Counted by torch; what surrounds them in a file is a few kilobytes."""
    numbers = 4 * sum(each.numel() for each in build(weights.network, device="meta").parameters())
    assert 0 <= weights.bytes - numbers < 10_000 < MAX_BYTES


@each
def test_the_address_and_the_checksum_are_of_this_file(weights: Weights) -> None:
    address = urlsplit(weights.url)
    assert address.scheme in ("http", "https")
    assert weights.file.startswith(address.path.rpartition("/")[2])
    method, digits = checksum(weights)
    assert set(digits) <= set("0123456789abcdef")
    assert len(digits) == {"sha256": 64, "sha1": 40, "": 0}[method]
    assert weights.source.startswith("https://")


def test_the_prefix_is_the_one_in_the_name() -> None:
    """torch.hub's rule: alexnet-owt-7be5be79.pth has a SHA-256 that begins with 7be5be79."""
    assert TORCHVISION_IMAGENET.file.endswith(f"-{TORCHVISION_IMAGENET.sha256[:8]}.pth")


@each
def test_pictures_are_prepared_as_the_family_does(weights: Weights) -> None:
    """A grey pixel of 128, by the formula each family publishes."""
    how = weights.preprocessing
    red, _, blue = (
        (128 * how.scale - mean) / std for mean, std in zip(how.mean, how.std, strict=True)
    )
    if weights.network.id == "torchvision_alexnet":
        assert not how.bgr
        assert red == pytest.approx((128 / 255 - 0.485) / 0.229)
        assert blue == pytest.approx((128 / 255 - 0.406) / 0.225)
    else:
        assert how.bgr
        assert red == pytest.approx(128 - 122.67891434)
        assert blue == pytest.approx(128 - 104.00698793)


@pytest.mark.parametrize(
    ("number", "en", "zh"),
    [
        (0, "tench", "丁鱥"),
        (1, "goldfish", "金鱼"),
        (207, "golden retriever", "金毛寻回犬"),
        (281, "tabby", "虎斑猫"),
        (340, "zebra", "斑马"),
        (388, "giant panda", "大熊猫"),
        (417, "balloon", "气球"),
        (504, "coffee mug", "咖啡杯"),
        (620, "laptop", "笔记本电脑"),
        (817, "sports car", "跑车"),
        (954, "banana", "香蕉"),
        (963, "pizza", "披萨"),
        (999, "toilet tissue", "卫生纸"),
    ],
)
def test_classes_stand_where_ilsvrc_has_them(number: int, en: str, zh: str) -> None:
    assert imagenet_classes()[number] == (en, zh)


def test_there_are_1000_classes_each_with_its_own_names() -> None:
    classes = imagenet_classes()
    assert len(classes) == len({each.en for each in classes}) == 1000
    assert len({each.zh for each in classes}) == 1000
    assert all(max(each.zh) >= "\u4e00" for each in classes)
    assert not any(letter >= "\u4e00" for each in classes for letter in each.en)
