"""A whole training: what it leaves in its folder, and what it refuses before it begins."""

import dataclasses
from pathlib import Path

import pytest

from handiwork.errors import BadCheckpoint, BadValue
from policies.checkpoint import read_manifest
from policies.loading import load_generator
from policies.spec import spec_of_data
from policies.training.state import STATE
from policies.training.training import Training
from tests.policies.training.tiny import CONFIG, SETTINGS, demonstrations, weights

TRIED = dataclasses.replace(CONFIG, rollout_every=4)


def training(folder: Path, config=CONFIG, kind: str = "diffusion", trial=None, data=None):
    data = data or demonstrations()
    return Training(data, kind, SETTINGS[kind], config, folder, trial)


def run(made: Training) -> dict:
    return made.run(lambda step: None, lambda progress, score: None)


@pytest.mark.parametrize("kind", ["diffusion", "streaming", "carp"])
def test_its_checkpoint_holds_the_averaged_weights_and_says_what_it_fits(kind: str, tmp_path: Path):
    made = training(tmp_path, kind=kind)
    figures = run(made)
    policy, spec = load_generator(tmp_path, spec_of_data(demonstrations()))
    assert policy.kind == kind and spec.task == "tiny"
    average = made._trainer.average.module
    assert weights(policy).equal(weights(average))
    assert figures["step"] == CONFIG.steps and figures["loss"] > 0
    assert read_manifest(tmp_path)["training"]["data_sha256"] == "0" * 64


def test_the_best_of_the_trials_is_kept_beside_the_last(tmp_path: Path):
    scores = iter((0.2, 0.7, 0.4))
    tried = []

    def trial(policy, spec) -> float:
        tried.append(weights(policy).clone())
        return next(scores)

    figures = run(training(tmp_path, TRIED, trial=trial))
    best, _ = load_generator(tmp_path / "best")
    last, _ = load_generator(tmp_path)
    assert len(tried) == 3 and not tried[1].equal(tried[2])
    assert weights(best).equal(tried[1]) and weights(last).equal(tried[2])
    checkpoint = str(tmp_path / "best")
    assert figures["best"] == {"checkpoint": checkpoint, "step": 8, "rollout_score": 0.7}


def test_a_policy_is_not_tried_before_it_can_act(tmp_path: Path):
    tried = []

    def trial(policy, spec) -> float:
        tried.append(spec)
        return 0.0

    config = dataclasses.replace(TRIED, report_every=1, rollout_every=1)
    run(training(tmp_path, config, "carp", trial))
    assert len(tried) == 9, "the first 3 of 12 steps make words"


def test_a_finished_training_does_nothing_when_it_is_asked_for_again(tmp_path: Path):
    first = run(training(tmp_path))
    before = (tmp_path / STATE).stat().st_mtime_ns
    again = run(training(tmp_path))
    assert again == first and (tmp_path / STATE).stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"config": dataclasses.replace(CONFIG, steps=13)}, "training.steps of the training there"),
        ({"config": dataclasses.replace(CONFIG, seed=1)}, "training.seed .* is 0, want 1"),
        ({"kind": "streaming"}, "policy of the training there is 'diffusion', want 'streaming'"),
        (
            {"data": dataclasses.replace(demonstrations(), digest="1" * 64)},
            "data_sha256 of the training there",
        ),
    ],
)
def test_only_the_same_training_goes_on_in_a_folder(change: dict, message: str, tmp_path: Path):
    run(training(tmp_path))
    before = (tmp_path / "weights.safetensors").read_bytes()
    with pytest.raises(BadValue, match=message):
        training(tmp_path, **change)
    assert (tmp_path / "weights.safetensors").read_bytes() == before


def test_where_it_computes_may_change(tmp_path: Path):
    run(training(tmp_path))
    training(tmp_path, dataclasses.replace(CONFIG, threads=1, save_every=5.0, report_every=6))


def test_a_checkpoint_without_its_training_is_not_written_over(tmp_path: Path):
    run(training(tmp_path))
    (tmp_path / STATE).unlink()
    with pytest.raises(BadCheckpoint, match=r"a checkpoint of diffusion.*Give another folder"):
        training(tmp_path, kind="carp")


def test_a_damaged_state_is_refused_in_one_sentence(tmp_path: Path):
    run(training(tmp_path))
    state = tmp_path / STATE
    state.write_bytes(state.read_bytes()[:-100])
    with pytest.raises(BadValue, match="want the state of this policy's training"):
        training(tmp_path)
