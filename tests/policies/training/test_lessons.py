"""An encoder that is taught first: what each stage learns from, and what stays as it is."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch

from handiwork.errors import BadValue
from policies.encoders import ImageConfig, KeypointsFromImageConfig
from policies.generator import ActionGenerator
from policies.observed import FOUND, as_tensors
from policies.stages import ENCODER
from policies.training.lessons import stage_data
from policies.training.recipes import recipe
from policies.training.window_data import split
from tests.policies.seen_block import SETTINGS, demonstrations
from tests.policies.training.test_loop import Stopped, StopsAfter, journal
from tests.policies.training.tiny import trainer, weights

KINDS = ("diffusion", "streaming", "carp")
CPU = torch.device("cpu")


def generator(kind: str = "diffusion", data=None):
    torch.manual_seed(0)
    return recipe(data or demonstrations(), kind, SETTINGS[kind], 2)


def eye_of(policy: ActionGenerator) -> torch.Tensor:
    """All that its eye has learned, in one row."""
    return torch.cat([item.flatten() for item in policy.get_submodule("encoder.eye").parameters()])


def windows(policy, data=None):
    return split(data or demonstrations(), 2, policy.interface.horizon, policy.studied)


@pytest.mark.parametrize("kind", KINDS)
def test_the_encoder_learns_first_and_its_stages_share_the_steps(kind: str):
    first, *rest = generator(kind).stages
    assert (first.name, first.modules, first.share) == (ENCODER, ("encoder.eye",), 1.0)
    assert sum(stage.share for stage in rest) == 1.0
    assert all(stage.fixed == ("encoder.eye",) for stage in rest)


def test_the_lesson_is_about_every_step_that_is_learned_from_once():
    policy, data = generator(), demonstrations()
    learned, held_out = windows(policy, data)
    first = int(data.episode_ends[-3])
    for part, steps in ((learned, range(first)), (held_out, range(first, data.steps))):
        lesson = stage_data(policy, policy.stages[0], part)
        assert lesson.rows[:, 0].tolist() == list(steps)
        batch = lesson.batch(np.array([0, 3])).observed
        np.testing.assert_array_equal(
            batch["image"][:, 0], part.observed["image"][lesson.rows[[0, 3], 0]]
        )
        assert batch["objects"].shape == (2, 1, 16)


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_found_before_gives_the_features_that_a_fresh_look_gives(kind: str):
    policy = generator(kind)
    learned, _ = windows(policy)
    told = stage_data(policy, policy.stages[-1], learned)
    assert set(told.observed) == {"state", FOUND}
    index = np.array([0, 7, len(learned) - 1])
    before, fresh = (as_tensors(part.batch(index).observed, CPU) for part in (told, learned))
    torch.testing.assert_close(policy.encode(before), policy.encode(fresh))


def test_only_the_steps_of_the_windows_are_looked_at():
    policy = generator()
    _, held_out = windows(policy)
    found = stage_data(policy, policy.stages[-1], held_out).observed[FOUND]
    first = held_out.rows.min()
    assert np.isnan(found[:first]).all() and np.isfinite(found[first:]).all()


@pytest.mark.parametrize("kind", KINDS)
def test_the_eye_learns_in_its_stage_alone_and_acts_as_the_average_of_it(kind: str, tmp_path: Path):
    policy = generator(kind)
    seen: dict[int, dict[str, torch.Tensor]] = {}
    averages: dict[int, torch.Tensor] = {}

    class Looks(StopsAfter):
        def step(self, trainer, meter) -> None:
            named = trainer.policy.named_parameters()
            seen[trainer.step] = {name: item.detach().clone() for name, item in named}
            averages[trainer.step] = eye_of(trainer.average.module)

    run = trainer(tmp_path, policy)
    run.run(windows(policy)[0], Looks(-1, -1))
    names = [name for name in seen[1] if name.startswith("encoder.eye")]
    assert names and all(not seen[1][name].equal(seen[6][name]) for name in names)
    assert all(seen[7][name].equal(seen[12][name]) for name in names)
    others = [name for name in seen[1] if not name.startswith("encoder.")]
    assert all(seen[1][name].equal(seen[6][name]) for name in others)
    assert eye_of(run.policy).equal(averages[6])
    assert eye_of(run.average.module).equal(averages[6])


@pytest.mark.parametrize(
    ("kind", "saved", "stopped"),  # the lesson ends at 6
    [("diffusion", 3, 5), ("diffusion", 6, 6), ("streaming", 8, 10), ("carp", 7, 9)],
)
def test_a_training_that_was_stopped_goes_on_bit_for_bit(
    kind: str, saved: int, stopped: int, tmp_path: Path
):
    unbroken = trainer(tmp_path / "unbroken", generator(kind))
    learned, _ = windows(unbroken.policy)
    unbroken.run(learned, None)
    with pytest.raises(Stopped):
        trainer(tmp_path / "broken", generator(kind)).run(learned, StopsAfter(saved, stopped))
    torch.manual_seed(77)  # whatever happened since
    resumed = trainer(tmp_path / "broken", generator(kind))
    assert resumed.step == saved
    resumed.run(learned, None)
    assert weights(resumed.policy).equal(weights(unbroken.policy))
    assert weights(resumed.average.module).equal(weights(unbroken.average.module))


def test_every_stage_is_validated_and_only_the_last_one_acts(tmp_path: Path):
    policy, reports = generator(), []
    learned, held_out = windows(policy)
    trainer(tmp_path, policy).run(learned, journal(tmp_path, held_out, reports))
    assert [report.stage for report in reports] == [ENCODER, ENCODER, "denoiser", "denoiser"]
    assert [report.acts for report in reports] == [False, False, True, True]
    assert all(np.isfinite(report.validation_loss) for report in reports)


def test_push_t_in_pictures_is_learned_by_keypoints_unless_another_encoder_is_asked_for():
    data = demonstrations()
    assert isinstance(generator(data=data).interface.encoder, KeypointsFromImageConfig)
    eyes = {"kind": "image", "channels": [16], "keypoints": 2}
    other = recipe(data, "diffusion", {**SETTINGS["diffusion"], "encoder": eyes}, 2)
    assert isinstance(other.interface.encoder, ImageConfig) and len(other.stages) == 1
    assert other.studied == ("state", "image")


def test_pictures_without_labels_are_not_learned_by_keypoints():
    data = demonstrations()
    arrays = {name: array for name, array in data.arrays.items() if name != "objects"}
    bare = dataclasses.replace(data, arrays=arrays, object_names=())
    policy = recipe(bare, "diffusion", {"encoder": {"channels": [16], "keypoints": 2}}, 2)
    assert isinstance(policy.interface.encoder, ImageConfig)
    with pytest.raises(BadValue, match="want data with objects"):
        windows(generator(), bare)
