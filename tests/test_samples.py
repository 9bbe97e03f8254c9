"""Every bundled picture loads, has a name in both languages and may be given away."""

from importlib.resources import files

import pytest

from alexnet_viz.samples import SAMPLES, Sample


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_every_sample_is_a_picture_with_a_title(sample: Sample) -> None:
    picture = sample.load()
    assert min(picture.rgb.shape[:2]) >= 256
    assert picture.notes == ()
    assert picture.rgb.std() > 20
    assert sample.title.en
    assert sample.title.zh
    assert picture.digest == sample.load().digest


def test_samples_differ_and_photographs_are_small_and_licensed() -> None:
    assert len({sample.load().digest for sample in SAMPLES.values()}) == len(SAMPLES) >= 6
    licences = files("alexnet_viz.samples").joinpath("LICENCES.md").read_text("utf-8")
    photographs = [file for file in files("alexnet_viz.samples").iterdir() if ".jpg" in file.name]
    assert len(photographs) == 3
    for file in photographs:
        assert f"`{file.name}`" in licences
        assert len(file.read_bytes()) <= 40_000
