"""What the words of a command line mean, and how each that means nothing is refused."""

import pytest

from alexnet_viz.commands import cli


def refused(words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One line on standard error that says so, and exit code 2."""
    assert cli.main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("alexnet_viz: ")
    assert err.endswith("\n")
    assert err[:-1].isprintable()
    assert " ".join(sentence.split()) in err


LONG = "x" * 5000


@pytest.mark.parametrize(
    "words",
    [
        ["trace", LONG],
        ["trace", "zfnet_paper", "--input", LONG],
        ["trace", "zfnet_paper", "--columns", LONG],
        ["trace", "zfnet_paper", "--format", LONG],
        ["trace", "zfnet_paper", *["more"] * 500],
        ["trace", "--spec", LONG],
        ["which-inputs", "zfnet_paper", "--layer", LONG],
        ["which-inputs", "zfnet_paper", f"--{LONG}", LONG],
        ["serve", "--port", LONG],
        [LONG],
    ],
)
def test_complaints_are_short(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(words) == 2
    assert len(capsys.readouterr().err) < 500


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "required: COMMAND"),
        (["lst"], "invalid choice: 'lst'"),
        (["list", "--format", "xml"], "invalid choice: 'xml'"),
        (["trace"], "Give either one variant or one file"),
        (["trace", "zfnet_paper", "--spec", "x.json"], "Give either one variant or one file"),
        (["trace", "alexnet_2012_papre"], "Did you mean 'alexnet_2012_paper'?"),
        (["trace", "torchvision"], "Did you mean 'torchvision_alexnet'?"),
        (["trace", "resnet50"], "No variant 'resnet50'. The ids are printed by"),
        (["trace", ""], "No variant ''."),
        (["trace", "a\nb\x1b"], "No variant 'a b"),
        (
            ["trace", "zfnet_paper", "--input", "0"],
            "--input 0 is out of range: it must be 1 to 10,000",
        ),
        (["trace", "zfnet_paper", "--input", "-1"], "--input -1 is out of range"),
        (["trace", "zfnet_paper", "--input", "10000000"], "--input 10000000 is out of range"),
        (["trace", "zfnet_paper", "--input", "abc"], "--input needs a whole number, not 'abc'"),
        (["trace", "zfnet_paper", "--input", "22.5"], "--input needs a whole number, not '22.5'"),
        (["trace", "zfnet_paper", "--input", ""], "--input needs a whole number, not ''"),
        (["trace", "zfnet_paper", "--input", "9" * 5000], f"--input {'9' * 39}… is out of range"),
        (["trace", "zfnet_paper", "--rounding", "up"], "invalid choice: 'up'"),
        (["trace", "zfnet_paper", "--columns", "flops"], "No columns 'flops': the groups are"),
        (["trace", "zfnet_paper", "--columns", ""], "No columns ''"),
        (["trace", "zfnet_paper", "--inp", "3"], "unrecognized arguments: --inp 3"),
        (["compare", "zfnet_paper"], "needs two variants or more"),
        (["compare", "zfnet_paper", "zfnet"], "Did you mean 'zfnet_paper'?"),
        (["compare"], "required: VARIANT"),
        (["towers", "alexnet_2012_paper", "--last", "both"], "invalid choice: 'both'"),
        (["which-inputs", "alexnet_2012_paper", "--fc9", "3"], "it has fc6, fc7, fc8"),
        (["which-inputs", "alexnet_2012_paper", "--fc9"], "it has fc6, fc7, fc8"),
        (
            ["which-inputs", "alexnet_2012_paper", "--fc6", "0"],
            "--fc6 0 is out of range: it must be 1 to",
        ),
        (["which-inputs", "alexnet_2012_paper", "--fc6", "-5"], "--fc6 -5 is out of range"),
        (
            ["which-inputs", "alexnet_2012_paper", "--fc6", "9,216"],
            "needs a whole number, not '9,216'",
        ),
        (["which-inputs", "alexnet_2012_paper", "--features", "3"], "name the layer before it"),
        (["which-inputs", "zfnet_paper", "--keep", "=3"], "name the layer before it"),
        (["which-inputs", "zfnet_paper", "--keep", "fc6="], "--fc6 needs a whole number, not ''"),
        (["which-inputs", "zfnet_paper", "--keep", "fc6=9,216"], "not '9,216'"),
        (["which-inputs", "zfnet_paper", "--keep", "fc9=3"], "it has fc6, fc7, fc8"),
        (
            ["which-inputs", "alexnet_2012_paper", "--fc6", "abc"],
            "--fc6 needs a whole number, not 'abc'",
        ),
        (["which-inputs", "--fc6", "abc", "zfnet_paper"], "--fc6 needs a whole number, not 'abc'"),
        (["which-inputs", "zfnet_paper", "--fc6=abc"], "--fc6 needs a whole number, not 'abc'"),
        (["which-inputs", "zfnet_paper", "--input", "224"], "which-inputs has no option --input"),
        (["which-inputs", "zfnet_paper", "--from", "63"], "which-inputs has no option --from"),
        (["which-inputs", "zfnet_paper", "--features", "1", "--fc6"], "name the layer before it"),
        (
            ["which-inputs", "zfnet_paper", "--fc6", "1", "--features", "2"],
            "one number each",
        ),
        (["serve", "--port", "0"], "--port 0 is out of range"),
        (["serve", "--port", "65536"], "--port 65536 is out of range: it must be 1 to 65,535"),
        (["serve", "--port", "http"], "--port needs a whole number, not 'http'"),
    ],
)
def test_bad_requests(words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    refused(words, sentence, capsys)


def test_complaints_speak_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["trace", "alexnet2012", "--language", "zh"]) == 2
    assert "是否想写" in capsys.readouterr().err


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("command", ["list", "trace", "compare", "towers", "which-inputs", "serve"])
def test_help(command: str, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([command, "--help", "--language", language])
    assert ended.value.code == 0
    assert command in capsys.readouterr().out
