"""The training lab: arms that differ in one thing, runs, verdicts, files, the command."""

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from math import sqrt
from typing import Any

import numpy as np
import pytest
import torch

from alexnet_viz.analysis.history import RUNS, cost
from alexnet_viz.commands import cli
from alexnet_viz.commands import lab as command
from alexnet_viz.jobs import Limits, Queue, Stopped
from alexnet_viz.network.trace import trace
from alexnet_viz.teaching.experiments import data, ready, registry, run, small_network, verdict
from alexnet_viz.teaching.experiments import trained as one_network
from alexnet_viz.teaching.experiments.budget import BUDGETS, request
from alexnet_viz.teaching.experiments.data import pictures
from alexnet_viz.teaching.experiments.experiment import DRAWINGS, SAME, Arm, Experiment, changed
from alexnet_viz.teaching.experiments.registry import EXPERIMENTS, USUAL
from alexnet_viz.teaching.experiments.result import (
    Curve,
    Final,
    Machine,
    Request,
    Result,
)
from alexnet_viz.text import LANGUAGES
from alexnet_viz.text.problem import Problem

TRIAL = Experiment(
    id="activation",
    source=registry.PAPER,
    figures=(),
    arms=(
        Arm("relu", small_network.FOUR, USUAL),
        Arm("tanh", small_network.FOUR, replace(USUAL, learning_rate=0.003)),
    ),
    measure="train_error",
)
"""Two arms that train in seconds, under the words of a registered experiment."""


@pytest.fixture(autouse=True)
def _few_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure on few pictures, so that a run takes a second."""
    monkeypatch.setattr(run, "MOMENTS", 4)
    monkeypatch.setattr(run, "EVERY", 1)
    monkeypatch.setattr(one_network, "MEASURED", 60)
    monkeypatch.setattr(one_network, "FINAL_TRAIN", 200)
    monkeypatch.setattr(one_network, "FINAL_VALIDATION", 200)


def trial(steps: int = 8, seeds: tuple[int, ...] = (0,)) -> Request:
    return Request("activation", "fashion", seeds, steps)


def ran(asked: Request) -> Result:
    return run.Run(asked, TRIAL, torch.device("cpu")).go_on(lambda *_: None, lambda: False)


# --- what an experiment is


def test_every_arm_differs_from_the_first_in_one_thing() -> None:
    fields = {}
    for each in EXPERIMENTS.values():
        for arm in each.arms[1:]:
            assert len(changed(each.arms[0], arm)) == 1, (each.id, arm.id)
        fields[each.id] = each.field
    assert fields["towers"] == "groups"
    assert fields["overlapping_pooling"] == "kernel_size"
    assert fields["lrn_order"] == "order"
    assert fields["batch_norm"] == fields["lrn"] == "normalisation"
    for name in ("learning_rate", "momentum", "weight_decay", "bias", "augmentation", "data_size"):
        assert fields[name] == name


def test_two_changes_at_once_are_refused() -> None:
    both = Arm("b", small_network.without("x", "norm1"), replace(USUAL, momentum=0.0))
    assert changed(TRIAL.arms[0], replace(TRIAL.arms[0], training=USUAL)) == frozenset()
    with pytest.raises(ValueError, match="momentum"):
        replace(TRIAL, arms=(Arm("a", small_network.SMALL, USUAL), both))


def test_every_network_is_valid_and_pools_of_both_sizes_agree() -> None:
    """The maps are as large with windows of 2 as with windows of 3, as in the paper."""
    for each in EXPERIMENTS.values():
        for arm in each.arms:
            assert trace(arm.network).complete_rows()[-1].output_shape == (10,)
    sizes = [
        [row.output_shape for row in trace(arm.network).rows]
        for arm in EXPERIMENTS["overlapping_pooling"].arms
    ]
    assert sizes[0] == sizes[1]


def test_towers_apart_exchange_nothing_before_fc8() -> None:
    """A change of one tower's conv2 maps leaves the other half of fc7 as it is."""
    apart = EXPERIMENTS["towers"]["apart"]
    model = one_network.made(apart.network, USUAL, 0, torch.device("cpu")).eval()
    layers = dict(model.named_children())
    maps = torch.rand(1, 32, 7, 7)
    ends = []
    for changed_maps in (maps, torch.cat([maps[:, :16], torch.rand(1, 16, 7, 7)], 1)):
        value = changed_maps
        for name in list(layers)[list(layers).index("relu2") :]:
            if name == "fc8":
                break
            value = layers[name](value)
        ends.append(value.detach())
    assert torch.equal(ends[0][:, :64], ends[1][:, :64])
    assert not torch.equal(ends[0][:, 64:], ends[1][:, 64:])


def test_figures_of_2012_are_those_of_the_logs() -> None:
    for name, log in {"lrn": "148", "overlapping_pooling": "147", "towers": "150"}.items():
        logged = cost(RUNS[log])
        assert logged is not None
        figure = next(each for each in EXPERIMENTS[name].figures if each.key == "run")
        assert figure.values == {"top1": logged.top1, "top5": logged.top5}
        assert figure.source.url.endswith(f"layer-params-{log}.cfg")


def test_every_experiment_can_be_said() -> None:
    for each in EXPERIMENTS.values():
        for language in LANGUAGES:
            for key in ("title", "question", "sentence", "caveat"):
                assert each.say(key, language)
            assert each.say("sentence", language)[0] == "“"
            assert all(each.figure(figure, language) for figure in each.figures)
            assert all(each.predicted(choice, language) for choice in each.prediction)
        assert each.prediction[-1] == SAME


# --- data


def test_drawings_of_the_two_parts_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "DRAWN", {"train": 64, "validation": 32})
    found = data.DATA[DRAWINGS]()
    assert found.train.shape[1:] == found.validation.shape[1:] == (3, 28, 28)
    known = {picture.tobytes() for picture in found.train}
    assert not known & {picture.tobytes() for picture in found.validation}
    assert len(known) == len(found.train)


def test_a_shifted_picture_is_a_window_of_the_bordered_one() -> None:
    picture = np.arange(28 * 28, dtype=np.uint8).reshape(1, 1, 28, 28)
    moved = one_network.shifted(np.repeat(picture, 40, axis=0), np.random.default_rng(0))
    wide = np.pad(picture[0, 0], 2, mode="edge")
    windows = [wide[y : y + 28, x : x + 28] for y in range(5) for x in range(5)]
    allowed = {w.tobytes() for w in windows} | {w[:, ::-1].tobytes() for w in windows}
    found = {each[0].tobytes() for each in moved}
    assert found <= allowed
    assert len(found) > 20


# --- a run


def test_a_run_lowers_the_loss() -> None:
    result = ran(trial(60))
    for curve in result.curves:
        assert curve.train_loss[0] == pytest.approx(np.log(10), abs=0.1)
        assert (curve.train_loss[-1] or 9) < 1.6
        assert curve.final is not None
        assert curve.final.validation_error < 0.6


def test_the_same_seed_gives_the_same_curve_and_another_one_another() -> None:
    first, again = ran(trial(seeds=(0, 1))), ran(trial(seeds=(0, 1)))
    assert first.curves == again.curves
    assert first.kernels == again.kernels
    one, other = first.of("relu")
    assert one.train_loss != other.train_loss


def test_dropout_is_the_runs_own() -> None:
    """What else draws random numbers in the process changes nothing; units are half zero."""
    arm = EXPERIMENTS["dropout"]["with_it"]
    losses = []
    for noise in (0, 5):
        trained = one_network.Trained(arm, 0, pictures("fashion"), torch.device("cpu"))
        for step in range(3):
            torch.rand(noise)
            trained.step(step)
        trained.measure(3, False)
        losses.append(trained.curve.train_loss)
    assert losses[0] == losses[1]
    layer = trained.model.get_submodule("drop6").train()
    kept = layer(torch.ones(1, 4000))
    assert set(kept.unique().tolist()) == {0.0, 1.0}  # the paper's: not scaled in training
    assert kept.mean() == pytest.approx(0.5, abs=0.05)
    assert layer.eval()(torch.ones(1, 4)).tolist() == [[0.5] * 4]


def test_arms_start_alike_and_read_the_same_pictures() -> None:
    relu, tanh, _ = (
        one_network.Trained(arm, 3, pictures("fashion"), torch.device("cpu"))
        for arm in EXPERIMENTS["activation"].arms
    )
    for name, weights in relu.model.state_dict().items():
        assert torch.equal(weights, tanh.model.state_dict()[name])
    assert all(map(torch.equal, relu.batch(7), tanh.batch(7)))
    assert not torch.equal(relu.batch(7)[1], relu.batch(8)[1])


def test_one_epoch_reads_every_picture_once() -> None:
    arm = Arm("few", small_network.FOUR, replace(USUAL, data_size=96))
    trained = one_network.Trained(arm, 0, pictures("fashion"), torch.device("cpu"))
    for epoch in range(2):
        read = torch.cat([trained.batch(3 * epoch + part)[0] for part in range(3)])
        known = trained.inputs(trained.data.train[trained.known])
        assert sorted(map(float, read.sum((1, 2, 3)))) == sorted(map(float, known.sum((1, 2, 3))))


def test_a_stopped_run_goes_on_to_the_same_end() -> None:
    whole = ran(trial(10))
    going = run.Run(trial(10), TRIAL, torch.device("cpu"))
    asked = iter([False] * 15 + [True])  # one of two arms is measured at the third moment
    with pytest.raises(Stopped):
        going.go_on(lambda *_: None, lambda: next(asked))
    part = going.result()
    assert not part.complete
    assert len(part.moments) < len(whole.moments)
    for curve, full in zip(part.curves, whole.curves, strict=True):
        assert curve.train_loss == full.train_loss[: len(part.moments)]
    rest = going.go_on(lambda *_: None, lambda: False)
    assert rest.curves == whole.curves


def test_a_run_in_the_queue_stops_within_a_second_and_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run, "experiment", lambda _: TRIAL)
    pictures("fashion")
    paused, queue, asked = run.Paused(), Queue(Limits()), trial(5_000)
    job = queue.ask(asked.key, "visitor", paused.work(asked))
    deadline = time.monotonic() + 20
    while job.found is None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert isinstance(job.found, Result)
    began = time.monotonic()
    queue.leave(job, "visitor")
    assert job.over.wait(5)
    assert time.monotonic() - began < 1
    assert job.result is None
    found = paused.found(asked)
    assert found is not None
    assert found.moments[:1] == (0,)
    paused.forget(asked)
    assert paused.found(asked) is None


def test_a_run_ends_early_when_its_time_is_over() -> None:
    result = ran(replace(trial(5_000), seconds=0.0))
    assert result.complete
    assert result.steps == 0
    assert result.curves[0].final is not None


def test_arms_trained_alike_are_trained_once() -> None:
    first = run.Run(trial(), TRIAL, torch.device("cpu"))
    one = first.go_on(lambda *_: None, lambda: False)
    other = replace(
        TRIAL, arms=(replace(TRIAL.arms[0], id="tanh"), replace(TRIAL.arms[1], id="relu"))
    )
    second = run.Run(trial(), other, torch.device("cpu"), first.trained)
    assert not second.working
    two = second.go_on(lambda *_: None, lambda: False)
    assert two.of("tanh")[0].train_loss == one.of("relu")[0].train_loss
    assert two.confusion["tanh"] == one.confusion["relu"]


# --- what a run found


def test_a_result_reproduces_the_run_from_its_file() -> None:
    result = ran(trial(seeds=(0, 2)))
    read = Result.from_json(result.to_json())
    assert read == result
    assert ran(read.request).curves == result.curves
    assert [each.step for each in result.kernels["relu"]] == [0, 2, 8]
    assert result.kernels["relu"][0].shape == (32, 5, 5, 1)
    counts = np.array(result.confusion["relu"])
    assert counts.sum() == 2 * 200
    wrong = [curve.final.validation_error for curve in result.of("relu") if curve.final]
    assert 1 - np.trace(counts) / counts.sum() == pytest.approx(np.mean(wrong), abs=1e-4)
    lines = result.to_csv().splitlines()
    assert len(lines) == 1 + len(result.curves) * len(result.moments)
    assert lines[0].startswith("experiment,data,arm,seed,step,train_loss,train_error")


@pytest.mark.parametrize("text", ["{}", "[]", "{", '{"request": 3}'])
def test_what_is_no_result_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        Result.from_json(text)


def made(errors: Mapping[str, tuple[float, ...]]) -> Result:
    """A result with these final training errors, one a seed."""
    seeds = tuple(range(len(errors["relu"])))
    curves = tuple(
        Curve(arm, seed, (1.0,), (0.5,), (0.5,), {}, Final(error, 0.5))
        for arm, found in errors.items()
        for seed, error in zip(seeds, found, strict=True)
    )
    return Result(
        request=Request("activation", "fashion", seeds, 10),
        arms=tuple(errors),
        classes=("a", "b"),
        trainings={},
        networks={},
        pictures={"final_validation": 200, "final_train": 200},
        moments=(10,),
        curves=curves,
        kernels={},
        confusion={},
        machine=Machine("", 1, "", 0.0),
        complete=True,
    )


def test_a_clear_difference_and_one_inside_the_noise() -> None:
    """The band is that of scipy.stats.ttest_rel: mean ± 4.303 s / √3 for three seeds."""
    clear = made({"relu": (0.10, 0.12, 0.11), "tanh": (0.20, 0.21, 0.22)})
    found = verdict.verdict(TRIAL, clear)
    assert found.best == ("relu",)
    (difference,) = found.differences
    by_hand = 4.303 * float(np.std([0.10, 0.09, 0.11], ddof=1)) / sqrt(3)
    assert difference.half_width == pytest.approx(by_hand)
    assert difference.clear
    said = verdict.sentences(TRIAL, clear)[0]
    assert said.startswith("Training error: 21.0% (tanh) against 11.0% (ReLU), **higher by 10.0")
    assert [found.judge(choice) for choice in ("relu", "tanh", SAME)] == ["right", "wrong", "wrong"]

    noisy = made({"relu": (0.10, 0.20, 0.15), "tanh": (0.20, 0.12, 0.16)})
    found = verdict.verdict(TRIAL, noisy)
    assert found.best == ("relu", "tanh")
    assert "inside the noise" in verdict.sentences(TRIAL, noisy)[0]
    assert "噪声之内" in verdict.sentences(TRIAL, noisy, "zh")[0]
    assert found.judge(SAME) == "right"
    assert found.judge("relu") == "partly"


def test_one_seed_decides_nothing_and_guessing_is_named() -> None:
    one = made({"relu": (0.10,), "tanh": (0.49,)})
    assert verdict.verdict(TRIAL, one).differences[0].half_width is None
    said = verdict.sentences(TRIAL, one)
    assert "One seed" in said[0]
    assert "Nothing learned" in said[1]
    with pytest.raises(ValueError, match="complete"):
        verdict.verdict(TRIAL, replace(one, curves=(replace(one.curves[0], final=None),) * 2))


def test_what_ships_is_complete_small_and_current() -> None:
    shipped = {name: found for name in EXPERIMENTS if (found := ready.ready(name))}
    assert shipped.keys() == EXPERIMENTS.keys()
    for name, result in shipped.items():
        asked = EXPERIMENTS[name]
        assert result.complete
        assert result.machine.name
        assert len(result.seeds) >= 3
        assert result.arms == tuple(arm.id for arm in asked.arms)
        assert result.steps == request(asked).steps
        assert len(result.to_json()) <= 60_000
        for arm in asked.arms:  # not of an older definition of the experiment
            assert result.trainings[arm.id] == vars(arm.training)
            layers = arm.network.to_dict()["layers"]
            assert result.networks[arm.id]["layers"] == json.loads(json.dumps(layers))
        assert verdict.sentences(asked, result)


def test_the_budgets_differ_in_length_only() -> None:
    asked = EXPERIMENTS["lrn"]
    quick, usual = (request(asked, name) for name in BUDGETS)
    assert quick.steps < usual.steps
    assert quick.seeds == usual.seeds == (0, 1, 2)
    assert quick.key != usual.key
    assert len(request(asked, gpu=True).seeds) > 3


# --- the command


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert cli.main(["lab", *words]) == 0
    return capsys.readouterr().out


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> Mapping[str, Experiment]:
    """The registry with an experiment that a test adds."""
    more = {**EXPERIMENTS, "activation": TRIAL, "mine": replace(TRIAL, id="bias")}
    for module in (registry, command):
        monkeypatch.setattr(module, "EXPERIMENTS", more)
    monkeypatch.setattr(command, "request", lambda *_, **__: trial(4, (0, 1)))
    return more


def test_an_experiment_that_is_added_is_listed(
    capsys: pytest.CaptureFixture[str], added: Mapping[str, Experiment]
) -> None:
    assert "relu, tanh" in printed(capsys, "list")
    listed = json.loads(printed(capsys, "list", "--format", "json"))
    assert len(listed) == len(added)
    assert listed[-1]["arms"] == ["relu", "tanh"]
    assert listed[-1]["field"] == TRIAL.field == "learning_rate"


def test_run_prints_errors_and_verdict(
    capsys: pytest.CaptureFixture[str], added: Mapping[str, Experiment]
) -> None:
    assert cli.main(["lab", "run", "activation"]) == 0
    found = capsys.readouterr()
    assert "Training error: " in found.out
    assert "2 seeds, 4 steps" in found.out
    assert "92%, step 4" in found.err
    record = json.loads(printed(capsys, "run", "activation", "--json", "--language", "zh"))
    assert record["complete"]
    assert len(record["verdict"]["differences"][0]["by_seed"]) == 2
    assert Result.from_json(json.dumps({k: v for k, v in record.items() if k != "verdict"}))
    assert printed(capsys, "run", "activation", "--format", "csv").count("\n") == 1 + 4 * 5


def test_an_interrupt_prints_what_there_is(
    capsys: pytest.CaptureFixture[str],
    added: Mapping[str, Experiment],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "_told", interrupt)
    out = printed(capsys, "run", "activation")
    assert "Stopped after 0 of 4 steps" in out


def test_an_unknown_experiment_is_refused_with_the_nearest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["lab", "run", "droput"]) == 2
    assert "'dropout'" in capsys.readouterr().err
    with pytest.raises(Problem):
        registry.experiment("nothing like it")
    assert cli.main(["lab", "run", "dropout", "--seeds", "99"]) == 2
