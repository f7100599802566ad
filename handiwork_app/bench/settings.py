"""The settings of the measurements, under `measure.` on the command line."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from policies.config_tree import from_tree


@dataclass(frozen=True, kw_only=True)
class MeasureConfig:
    """What is measured, and for how long.

    channels: of the U-Net of diffusion, streaming and the peer; the default is the published one.
    checkpoints: folders of trained policies, measured beside those with random weights.
    peers: also measure LeRobot where `make bench-peers` has put it.
    """

    channels: tuple[int, ...] = (256, 512, 1024)
    checkpoints: tuple[str, ...] = ()
    training_channels: tuple[int, ...] = (64, 128, 256)  # as `channels`, of `bench peers`
    threads: int = 0  # of the CPU's arithmetic; 0: as each library chooses
    seconds: float = 300.0  # of turns, after all were set up and warmed up
    peers: bool = True
    batch_sizes: tuple[int, ...] = (64, 256)  # of `bench peers`

    def __post_init__(self) -> None:
        if self.seconds <= 0 or self.threads < 0:
            raise ValueError(f"seconds must be > 0 and threads >= 0, got {self}")
        if not self.batch_sizes or min(self.batch_sizes) < 1:
            raise ValueError(f"batch_sizes must all be >= 1, got {self.batch_sizes}")


QUICK = MeasureConfig(channels=(64, 128, 256), seconds=8.0, peers=False)


def measured(settings: Mapping[str, Any], quick: bool) -> MeasureConfig:
    """The settings of a user over the defaults, which are smaller where it should be quick.

    Raises:
        BadConfig: a setting that is unknown or not allowed; names its place.
    """
    chosen = from_tree(MeasureConfig, settings, "measure")
    under = QUICK if quick else MeasureConfig()
    return replace(under, **{name: getattr(chosen, name) for name in settings})
