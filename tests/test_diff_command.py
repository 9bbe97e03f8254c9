"""``diff A B``: words, data, a page, what is left out, and the exit code."""

import json
from pathlib import Path

import pytest

from alexnet_viz.analysis.compare.comparison import compared
from alexnet_viz.analysis.compare.ignored import same_names
from alexnet_viz.commands.cli import main
from alexnet_viz.network.layers import Conv, Dropout, MaxPool, ReLU
from alexnet_viz.network.spec import Network
from alexnet_viz.network.spec_file import dumps
from alexnet_viz.network.trace import trace
from alexnet_viz.variants import VARIANTS
from tests.architecture_files import FILES, PUBLISHED, caffe
from tests.test_arguments import refused
from tests.test_writers_html import Page

DEPLOY = str(FILES / "alexnet_deploy.prototxt")
CAFFENET = str(FILES / "caffenet_deploy_2014.prototxt")


def printed(capsys: pytest.CaptureFixture[str], code: int, *words: str) -> str:
    assert main(["diff", *words]) == code
    out, err = capsys.readouterr()
    assert err == ""
    return out


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_file_is_the_variant_it_is(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    ignored = ("--ignore", "alpha,k") if name.startswith("convnet") else ()
    assert main(["diff", PUBLISHED[name], str(FILES / name), *ignored]) == 0
    assert "the same" in capsys.readouterr().out


def test_two_files_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, 1, DEPLOY, CAFFENET).splitlines()
    assert lines[:4] == [
        "caffenet_deploy_2014.prototxt against alexnet_deploy.prototxt: 1 difference",
        "  pools before it normalises (stages 1 and 2)",
        "In numbers:",
        "  all learned weights have the same shapes: those of one load into the other",
    ]
    assert rows_of(lines) == ["norm1", "norm2"]


def rows_of(lines: list[str]) -> list[str]:
    """The layers that the table of differences shows."""
    return [line.split()[0] for line in lines if line.startswith(("norm", "pool", "conv", "fc"))]


def test_what_is_only_written_in_another_way_is_no_row(capsys: pytest.CaptureFixture[str]) -> None:
    """Caffe's pools round up as the paper's do; pool1 only reads another size."""
    words = ("alexnet_2012_paper", DEPLOY, "--at", "224", "--ignore", "lrn,dropout")
    text = printed(capsys, 1, *words)
    assert rows_of(text.splitlines()) == ["conv1", "pool1"]
    assert "caffe" not in text


def test_several_against_the_first_at_one_input(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("alexnet_2012_paper", "alexnet_2012_227", DEPLOY, "--at", "224")
    text = printed(capsys, 1, *words)
    assert text.count("conv1: 54 instead of 55 because it rounds down") == 2
    assert text.count("fc6 reads 6,400 instead of 9,216") == 1
    assert "从 pool1 起尺寸又相同：27" in printed(capsys, 1, *words, "--language", "zh")


def test_data_say_what_the_words_say(capsys: pytest.CaptureFixture[str]) -> None:
    record = json.loads(printed(capsys, 1, "alexnet_2012_paper", DEPLOY, "--at", "224", "--json"))
    assert record["same"] is False
    assert [each["id"] for each in record["networks"]] == [
        "alexnet_2012_paper", "alexnet_deploy.prototxt",
    ]  # fmt: skip
    (against,) = record["against_first"]
    first = against["follows"][0]
    assert (first["what"], first["old"], first["new"]) == ("size", [55, 55], [54, 54])
    assert first["reasons"] == [{"field": "rounding", "old": "ceil", "new": "floor"}]
    assert {layer["name"] for layer in record["layers"]} >= {"conv1", "pool1"}


def test_an_order_that_does_not_matter_is_told_and_passes(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    layers = (ReLU(name="relu1"), MaxPool(name="pool1", kernel_size=2, stride=2))
    paths = []
    for name, each in (("one", layers), ("two", layers[::-1])):
        paths.append(str(tmp_path / f"{name}.json"))
        network = Network(id=name, input_shape=(3, 8, 8), layers=each)
        Path(paths[-1]).write_text(dumps(network), "utf-8")
    text = printed(capsys, 0, *paths)
    assert "the same function, written in another order" in text
    assert "equivalent: they commute" in text


def test_the_page_stands_alone(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "out.html"
    printed(capsys, 1, DEPLOY, "alexnet_2012_paper", "--at", "224", "--html", str(path))
    html = path.read_text("utf-8")
    page = Page(html)
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in page.elements}
    sources = [found.get("href") or found.get("src") for _, found in page.elements]
    assert all((each or "https://").startswith("https://") for each in sources)
    assert "url(" not in html
    assert "conv1: 55 instead of 54 because it rounds up" in page.text
    assert html.count("<svg") == 2
    assert page.row("conv1")[1:3] == ["convolution 96×54×54", "convolution 96×55×55"]
    assert 'lang="zh-Hans"' in chinese(tmp_path, capsys)


def chinese(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    path = folder / "zh.html"
    printed(capsys, 1, DEPLOY, CAFFENET, "--html", str(path), "--language", "zh")
    assert "先池化后归一化" in path.read_text("utf-8")
    return path.read_text("utf-8")


def test_a_page_that_cannot_be_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ["diff", DEPLOY, CAFFENET, "--html", str(tmp_path)]
    refused(words, f"'{tmp_path}' cannot be written", capsys)


@pytest.mark.parametrize(
    ("ignored", "code"),
    [
        ("scale", 1),
        ("scale,rounding,lrn", 0),
        ("dropout,rounding,k,alpha,groups", 0),
        ("drop6,drop7,rounding,norm1,norm2", 0),
        ("drop6,rounding,norm1,norm2", 1),
        ("dropout,conv,max_pool,lrn", 0),
        ("dropout,conv,lrn", 1),
    ],
)
def test_what_is_left_out_is_no_difference(
    ignored: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """alexnet_2012_227 differs from Caffe's in LRN, in the rounding of its pools, in dropout."""
    text = printed(capsys, code, "caffe_bvlc_alexnet", "alexnet_2012_227", "--ignore", ignored)
    assert (": the same\n" in text) is (code == 0)
    for word in ignored.split(","):
        rows = [line.split()[0] for line in text.splitlines() if line]
        assert word not in rows


def test_the_input_and_the_order_can_be_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert "input" in printed(capsys, 1, "alexnet_2012_paper", "alexnet_2012_227")
    printed(capsys, 1, DEPLOY, CAFFENET, "--ignore", "dropout,input")
    words = ("torchvision_alexnet", "owt_paper_2014", "--ignore", "input")
    assert "input 2" not in printed(capsys, 1, *words)
    printed(capsys, 0, DEPLOY, CAFFENET, "--ignore", "order")


def test_names_can_be_left_out(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    layers = (
        "c Convolution convolution_param { num_output: 4 kernel_size: 3 }",
        "r ReLU",
        "p Softmax",
    )
    paths = []
    for letter in "ab":
        paths.append(str(tmp_path / f"{letter}.prototxt"))
        Path(paths[-1]).write_text(caffe(*(f"{letter}{each}" for each in layers)), "utf-8")
    printed(capsys, 1, *paths)
    printed(capsys, 0, *paths, "--ignore", "names")


def test_a_moved_layer_is_not_called_the_same() -> None:
    """Between layers that have a name in common, and nowhere else."""
    conv1, conv2 = (Conv(name=f"conv{n}", kernel_size=1, out_channels=3) for n in (1, 2))
    one = Network(id="one", input_shape=(3, 4, 4), layers=(conv1, Dropout(name="d1", p=0.5), conv2))
    two = Network(id="two", input_shape=(3, 4, 4), layers=(conv1, conv2, Dropout(name="d2", p=0.5)))
    assert [layer.name for layer in same_names(one, two).layers] == ["conv1", "conv2", "d2"]
    assert not compared([trace(one), trace(two)], ["names"]).same


def test_what_is_left_out_has_no_consequences() -> None:
    pair = [trace(VARIANTS[id], 224) for id in ("alexnet_2012_paper", "caffe_bvlc_alexnet")]
    found = compared(pair, ["rounding", "lrn", "order"]).against[0]
    assert not any(each.what == "size" for each in found.consequences)
    assert compared(pair, ["rounding", "lrn", "order", "dropout"]).against[0].consequences == ()


def test_two_files_of_one_name_are_told_apart(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    paths = [str(tmp_path / name / "net.prototxt") for name in ("old", "new")]
    for path, source in zip(paths, (DEPLOY, CAFFENET), strict=True):
        Path(path).parent.mkdir()
        Path(path).write_text(Path(source).read_text("utf-8"), "utf-8")
    assert printed(capsys, 1, *paths).startswith(f"{paths[1]} against {paths[0]}: ")


def test_what_cannot_be_read_is_exit_code_2(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    bad = tmp_path / "bad.cfg"
    bad.write_text("[net]\nheight=8\nwidth=8\nchannels=3\n[route]\n[yolo]\n", "utf-8")
    assert main(["diff", DEPLOY, str(bad), "--json"]) == 2
    out, err = capsys.readouterr()
    assert [each.startswith(f"{bad}: ") for each in json.loads(out)["problems"]] == [True, True]
    assert f"{bad}: layer" in err
    bad.write_bytes(b"[net")
    refused(["diff", DEPLOY, str(bad)], f"{bad}: This .cfg is neither", capsys)
    refused(["diff", DEPLOY, str(tmp_path / "no.onnx")], "There is no file", capsys)
    refused(["diff", DEPLOY, "alexnet2012_227"], "Did you mean 'alexnet_2012_227'", capsys)
    refused(["diff", DEPLOY], "two networks", capsys)
    words = ["diff", DEPLOY, CAFFENET, "--ignore", "dropouts"]
    refused(words, "'dropouts'", capsys)
    refused(words, "dropout, flatten", capsys)


def test_a_guessed_input_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "guess.prototxt"
    conv = "conv1 Convolution convolution_param { num_output: 4 kernel_size: 3 }"
    path.write_text(caffe(conv, head='input: "data"\n'), "utf-8")
    assert main(["diff", str(path), str(path)]) == 0
    assert "guess.prototxt: assumed: " in capsys.readouterr().err.replace(f"{tmp_path}/", "")
    assert main(["diff", str(path), str(path), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["networks"][0]["assumed"]["input"]["height"] == 227


def test_what_a_file_leaves_open_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """The constants of the norms, which cuda-convnet keeps in another file."""
    words = ["diff", "alexnet_2012_code_145", str(FILES / "convnet_145.cfg"), "--ignore", "lrn"]
    assert main(words) == 0
    lines = capsys.readouterr().err.splitlines()
    assert all(line.startswith("convnet_145.cfg: assumed: ") for line in lines)
    assert any("The constants of the norms are in another file" in line for line in lines)
    assert main([*words, "--json"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    variant, file = json.loads(printed.out)["networks"]
    assert len(file["assumptions"]) == len(lines)
    assert "assumed" not in variant
