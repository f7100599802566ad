"""Training: repeatable, resumed bit for bit, in stages, stopped where its numbers run away."""

from pathlib import Path

import pytest
import torch

from handiwork.errors import BadValue
from policies.training.config import TrainingConfig
from policies.training.journal import Journal, Progress
from policies.training.loop import Trainer
from policies.training.meter import Meter
from policies.training.schedule import Span
from tests.policies.training.tiny import (
    CONFIG,
    demonstrations,
    generator,
    trainer,
    weights,
    windows_for,
)


class Stopped(Exception):
    """The machine was switched off."""


class StopsAfter:
    """Saves the state at one step and stops at a later one, as a killed training does."""

    def __init__(self, saved: int, stopped: int) -> None:
        self.saved, self.stopped = saved, stopped

    def step(self, trainer: Trainer, meter: Meter) -> None:
        if trainer.step == self.saved:
            trainer.save()
        if trainer.step == self.stopped:
            raise Stopped

    def report(
        self, trainer: Trainer, span: Span, meter: Meter, loss: float, waited: float
    ) -> None:
        """Nothing to tell."""


def journal(folder: Path, held_out, reports: list[Progress]) -> Journal:
    return Journal(folder, held_out, lambda step: None, reports.append)


@pytest.mark.parametrize("kind", ["diffusion", "streaming", "carp"])
def test_the_loss_falls(kind: str, tmp_path: Path):
    config = TrainingConfig(
        steps=160, batch_size=32, warm_up_steps=5, report_every=20, learning_rate=1e-2, device="cpu"
    )
    data = demonstrations()
    policy = generator(kind, data)
    learned, held_out = windows_for(policy, data)
    reports: list[Progress] = []
    run = trainer(tmp_path, policy, config)
    run.run(learned, journal(tmp_path, held_out, reports))
    acts = [report for report in reports if report.acts]
    assert acts[-1].loss < 0.8 * acts[0].loss
    assert acts[-1].validation_loss < acts[0].validation_loss
    assert [report.acts for report in reports] == sorted(report.acts for report in reports)


@pytest.mark.parametrize(("kind", "obs"), [("diffusion", "image"), ("carp", "state")])
@pytest.mark.parametrize(("saved", "stopped"), [(2, 2), (3, 5), (7, 9)])  # CARP's stages meet at 3
def test_a_training_that_was_stopped_goes_on_bit_for_bit(
    kind: str, obs: str, saved: int, stopped: int, tmp_path: Path
):
    data = demonstrations(obs)
    eyes = {"encoder": {"channels": [16], "keypoints": 2}} if obs == "image" else {}
    unbroken = trainer(tmp_path / "unbroken", generator(kind, data, **eyes))
    learned, _ = windows_for(unbroken.policy, data)
    unbroken.run(learned, None)
    with pytest.raises(Stopped):
        trainer(tmp_path / "broken", generator(kind, data, **eyes)).run(
            learned, StopsAfter(saved, stopped)
        )
    torch.manual_seed(77)  # whatever happened since
    resumed = trainer(tmp_path / "broken", generator(kind, data, **eyes))
    assert resumed.step == saved
    resumed.run(learned, None)
    assert resumed.step == CONFIG.steps
    for mine, theirs in ((resumed.policy, unbroken.policy), (resumed.average, unbroken.average)):
        other = theirs.module if hasattr(theirs, "module") else theirs
        own = mine.module if hasattr(mine, "module") else mine
        torch.testing.assert_close(weights(own), weights(other), atol=0, rtol=0)


def test_only_the_modules_of_a_stage_learn_and_words_keep_their_meaning(tmp_path: Path):
    """CARP's tokenizer must not move while the transformer learns to speak its words."""
    data = demonstrations()
    policy = generator("carp", data)
    before = {name: item.clone() for name, item in policy.named_parameters()}
    seen: dict[int, dict[str, torch.Tensor]] = {}

    class Looks(StopsAfter):
        def step(self, trainer: Trainer, meter: Meter) -> None:
            seen[trainer.step] = {
                name: item.detach().clone() for name, item in trainer.policy.named_parameters()
            }

    run = trainer(tmp_path, policy)
    run.run(windows_for(policy, data)[0], Looks(-1, -1))
    for name in before:
        words = name.startswith("tokenizer")
        first, last = (before[name], seen[2][name]) if words else (seen[3][name], seen[12][name])
        if "quantiser.smooth" not in name:
            assert not torch.equal(first, last), f"{name} learns in its stage"
        stays = (seen[4][name], seen[12][name]) if words else (before[name], seen[3][name])
        assert torch.equal(*stays), f"{name} does not move in the other stage"
    spoken = run.policy.get_submodule("tokenizer"), run.average.module.get_submodule("tokenizer")
    torch.testing.assert_close(*(item.state_dict() for item in spoken), atol=0, rtol=0)


def test_numbers_that_run_away_stop_the_training_and_are_not_saved(tmp_path: Path):
    data = demonstrations()
    data.arrays["action"][40:60] = 3e38
    policy = generator("diffusion", demonstrations())
    learned, held_out = windows_for(policy, data)
    with pytest.raises(BadValue, match=r"loss before step \d+ is (nan|inf), want a finite number"):
        trainer(tmp_path, policy).run(learned, journal(tmp_path, held_out, []))
    assert not list(tmp_path.glob("*.safetensors"))


def test_a_memory_that_is_full_is_told_with_a_smaller_batch(tmp_path: Path):
    policy = generator("diffusion", demonstrations())

    class Hungry(torch.nn.Linear):
        def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
            return torch.empty(1 << 60)

    policy.denoiser = Hungry(1, 1)
    with pytest.raises(BadValue, match=r"batch_size is 16, .*Say training\.batch_size=8"):
        trainer(tmp_path, policy).run(windows_for(policy, demonstrations())[0], None)


def test_hardly_any_time_is_spent_waiting_for_data(tmp_path: Path):
    data = demonstrations()
    policy = generator("diffusion", data)
    learned, held_out = windows_for(policy, data)
    reports: list[Progress] = []
    config = TrainingConfig(steps=60, batch_size=16, report_every=60, device="cpu")
    trainer(tmp_path, policy, config).run(learned, journal(tmp_path, held_out, reports))
    assert 0 <= reports[-1].loader_wait_fraction < 0.05
    assert reports[-1].steps_per_s > 1
