"""The part of Fashion-MNIST that ships: its pictures, labels, checksums and licence."""

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from alexnet_viz.pictures import fashion
from alexnet_viz.text.problem import Problem

FOLDER = Path(str(files("alexnet_viz.pictures.fashion")))
ORIGINAL = Path("/usr/share/datasets/fashion-mnist")
PARTS: tuple[fashion.Part, ...] = ("train", "test")


@pytest.mark.parametrize("part", PARTS)
def test_every_class_is_equally_frequent(part: fashion.Part) -> None:
    pixels, labels = fashion.subset(part)
    per_class = fashion.PER_CLASS[part]
    assert pixels.shape == (10 * per_class, 28, 28)
    assert pixels.dtype == labels.dtype == np.uint8
    assert not pixels.flags.writeable
    assert not labels.flags.writeable
    assert np.bincount(labels).tolist() == [per_class] * 10
    assert len({picture.tobytes() for picture in pixels}) > 0.999 * len(pixels)
    # mixed, so that a first part of it is a sample of all classes
    assert len(set(labels[:100].tolist())) == 10


def test_the_labels_are_those_of_the_pictures() -> None:
    """What is known without a network: trousers are two legs, boots are tall, sandals dark."""
    pixels, labels = fashion.subset("test")
    assert [name.en for name in fashion.CLASSES][1::4] == ["trousers", "sandal", "ankle boot"]
    lit = pixels > 40
    gap = lit[:, 20:26, 13:15].mean(axis=(1, 2))
    beside = lit[:, 20:26, 8:12].mean(axis=(1, 2))
    legs = [float((beside - gap)[labels == label].mean()) for label in range(10)]
    assert np.argmax(legs) == 1
    upper = [float(pixels[labels == label, :8].mean()) for label in range(10)]
    assert upper[9] > 2 * max(upper[5], upper[7])
    means = [float(pixels[labels == label].mean()) for label in range(10)]
    assert np.argmin(means) == 5


def test_files_are_small_licensed_and_named() -> None:
    stored = [FOLDER / fashion.file_name(part) for part in PARTS]
    assert sum(file.stat().st_size for file in stored) <= 6_000_000
    licence = (FOLDER / "LICENCE.md").read_text("utf-8")
    assert all(f"`{file.name}`" in licence for file in stored)
    assert "The MIT License" in licence
    assert "Zalando SE" in licence
    for count in fashion.PER_CLASS.values():
        assert f"{count:,} of the" in licence or f" {count} of the" in licence
    assert all(name.en and name.zh for name in fashion.CLASSES)
    assert len({name.zh for name in fashion.CLASSES}) == 10


@pytest.mark.parametrize("damage", [lambda data: data[:-1] + b"\0", lambda data: data[:100], None])
def test_a_damaged_file_is_refused(
    damage: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    name = fashion.file_name("test")
    if callable(damage):
        (tmp_path / name).write_bytes(damage((FOLDER / name).read_bytes()))
    monkeypatch.setattr(fashion, "files", lambda package: tmp_path)
    with pytest.raises(Problem) as refused:
        fashion.subset.__wrapped__("test")
    assert refused.value.code == "fashion_damaged"
    assert name in str(refused.value)


@pytest.mark.slow
@pytest.mark.skipif(not ORIGINAL.is_dir(), reason="the original files are not installed")
def test_the_part_is_drawn_from_the_original() -> None:
    from training.fashion_files import read
    from training.fashion_subset import SEED, chosen

    random = np.random.default_rng(SEED)
    for part in PARTS:
        pixels, labels = read(ORIGINAL, part)
        indices = chosen(labels, fashion.PER_CLASS[part], random)
        ours, named = fashion.subset(part)
        assert (ours == pixels[indices]).all()
        assert (named == labels[indices]).all()
