"""Demonstrations of a task as data to learn from."""

from collections.abc import Sequence

import numpy as np

from handiwork.data.demonstrations import Demonstrations
from handiwork.sim.demonstrators.demonstrate import Demonstration
from handiwork.sim.manipulation.sight import CAMERAS
from handiwork.sim.manipulation.world import (
    ACTION_NAMES,
    ACTION_UNITS,
    FRAME,
    PERIOD,
    ManipulationWorld,
)


def as_demonstrations(
    world: ManipulationWorld, kept: Sequence[Demonstration], source: dict[str, object]
) -> Demonstrations:
    """Episodes laid end to end, with what the world's numbers mean. source: told with the data."""
    names = kept[0].arrays
    ends = np.cumsum([len(demonstration.arrays["action"]) for demonstration in kept])
    return Demonstrations(
        task=world.task.name,
        obs=world.obs,
        state_names=world.state_names,
        state_units=world.state_units,
        action_names=ACTION_NAMES,
        action_units=ACTION_UNITS,
        frame=FRAME,
        period=PERIOD,
        cameras=CAMERAS if world.obs == "image" else (),
        arrays={name: np.concatenate([item.arrays[name] for item in kept]) for name in names},
        episode_ends=ends.astype(np.int64),
        digest="",
        source=source,
    )
