"""What a policy observes and commands: names, units, frame, rate; part of its checkpoint."""

from dataclasses import dataclass

from handiwork.data.demonstrations import Demonstrations
from handiwork.data.push_t import ACTION_NAMES, OBSERVATION_NAMES
from handiwork.tasks import push_t


@dataclass(frozen=True, kw_only=True)
class PolicySpec:
    """The border between a policy and the world; a checkpoint fits only a world with the same one.

    obs: what it sees beside its own state: "state" (all objects in the state), "image", "points".
    state_names, action_names: one per number of a step, with units.
    frame: the frame they are in. period: time between steps [s].
    cameras: names, in the order of the pictures.
    """

    task: str
    obs: str
    state_names: tuple[str, ...]
    state_units: tuple[str, ...]
    action_names: tuple[str, ...]
    action_units: tuple[str, ...]
    frame: str
    period: float
    cameras: tuple[str, ...] = ()


PUSH_T = PolicySpec(
    task="push_t",
    obs="state",
    state_names=OBSERVATION_NAMES,
    state_units=("px",) * len(OBSERVATION_NAMES),
    action_names=ACTION_NAMES,
    action_units=("px",) * len(ACTION_NAMES),
    frame="push_t_plane",
    period=push_t.PERIOD,
)


def spec_of_data(data: Demonstrations) -> PolicySpec:
    """What a policy that learned from the data observes and commands."""
    return PolicySpec(
        task=data.task,
        obs=data.obs,
        state_names=data.state_names,
        state_units=data.state_units,
        action_names=data.action_names,
        action_units=data.action_units,
        frame=data.frame,
        period=float(data.period),
        cameras=data.cameras,
    )
