"""Training: repeatable by seed, and a resumed run ends where an unbroken one does."""

import contextlib
from pathlib import Path

import torch

from policies.denoisers.mlp import MlpConfig
from policies.diffusion import DiffusionConfig, DiffusionPolicy
from policies.encoders import KeypointConfig
from policies.normaliser import Normaliser
from policies.training.loop import Trainer, TrainingConfig, Windows

CONFIG = TrainingConfig(steps=12, batch_size=16, warm_up_steps=3, report_every=4)


def data() -> Windows:
    generator = torch.Generator().manual_seed(5)
    return Windows(
        observed=torch.rand(64, 2, 4, generator=generator),
        actions=torch.rand(64, 16, 2, generator=generator),
    )


def trainer(folder: Path, config: TrainingConfig = CONFIG) -> Trainer:
    torch.manual_seed(0)
    policy = DiffusionPolicy(
        DiffusionConfig(
            observation_size=4,
            encoder=KeypointConfig(goal=(0.0,) * 2, reach=1.0, motion=1.0, error=1.0, wave=1.0),
            relative_to=(0, 1),
            sampling_levels=3,
            denoiser=MlpConfig(width=16, blocks=1, level_features=8),
        ),
        Normaliser.blank(4),
        Normaliser.blank(16, 2),
    )
    return Trainer(config, policy, folder)


def weights(run: Trainer) -> torch.Tensor:
    return torch.cat([item.flatten() for item in run.average.module.parameters()])


def test_the_loss_falls(tmp_path: Path):
    losses = []
    config = TrainingConfig(steps=300, batch_size=64, warm_up_steps=10, report_every=100)
    run = trainer(tmp_path, config)
    run.run(data(), data(), lambda step: None, lambda progress: losses.append(progress.loss))
    assert losses[-1] < 0.8 * losses[0]


def test_a_run_stopped_and_resumed_ends_bit_for_bit_as_an_unbroken_one(tmp_path: Path):
    unbroken = trainer(tmp_path / "unbroken")
    unbroken.run(data(), data(), lambda step: None, lambda progress: None)

    class Stopped(Exception):
        pass

    def stop(step: int) -> None:
        if step == 9:
            raise Stopped

    with contextlib.suppress(Stopped):
        trainer(tmp_path / "broken").run(data(), data(), stop, lambda progress: None)
    resumed = trainer(tmp_path / "broken")
    steps = []
    resumed.run(data(), data(), steps.append, lambda progress: None)
    assert steps[0] == 9, "it goes on after the state saved at step 8"
    torch.testing.assert_close(weights(resumed), weights(unbroken), atol=0, rtol=0)
