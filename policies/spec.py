"""What a policy observes and commands: names, unit, frame and rate, written into its checkpoint."""

from dataclasses import dataclass

from handiwork.data.push_t import ACTION_NAMES, OBSERVATION_NAMES
from handiwork.tasks import push_t


@dataclass(frozen=True, kw_only=True)
class PolicySpec:
    """The border between a policy and the world; a checkpoint fits only a world with the same one.

    observation_names, action_names: one per number of a step.
    unit: of every observed and commanded number; frame: the frame they are in.
    period: time between steps [s].
    """

    task: str
    observation_names: tuple[str, ...]
    action_names: tuple[str, ...]
    unit: str
    frame: str
    period: float


PUSH_T = PolicySpec(
    task="push_t",
    observation_names=OBSERVATION_NAMES,
    action_names=ACTION_NAMES,
    unit="px",
    frame="push_t_plane",
    period=push_t.PERIOD,
)
