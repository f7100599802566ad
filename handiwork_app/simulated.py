"""The simulated environments by task and kind of observation, and what a policy there must fit."""

from collections.abc import Callable

from handiwork.data import push_t_images
from handiwork.errors import UnknownName
from handiwork.sim.manipulation.sight import CAMERAS
from handiwork.sim.manipulation.tasks import TASKS
from handiwork.sim.manipulation.world import (
    ACTION_NAMES,
    ACTION_UNITS,
    FRAME,
    PERIOD,
    ManipulationWorld,
)
from handiwork_app import gym_push_t
from handiwork_app.rollout import Environment
from policies.spec import PUSH_T, PolicySpec

SEEN_OF_PUSH_T = ("image", "state")


def environments(task: str, obs: str) -> Callable[[], Environment]:
    """Makes one environment at each call.

    Raises:
        UnknownName: Push-T cannot be observed so.
    """
    if task == "push_t":
        if obs not in SEEN_OF_PUSH_T:
            raise UnknownName("observation of push_t", obs, SEEN_OF_PUSH_T, "Say obs=state.")
        return lambda: gym_push_t.GymPushT(obs)
    return lambda: ManipulationWorld(TASKS[task], obs)


def described(task: str) -> str:
    """The environment's name and the length of its episodes, for people."""
    if task == "push_t":
        return gym_push_t.NAME
    return f"handiwork {task} in MuJoCo, {TASKS[task].time_limit:g} s"


def most_steps(task: str) -> int:
    """Of an episode."""
    return gym_push_t.STEPS if task == "push_t" else round(TASKS[task].time_limit / PERIOD)


def spec_of(task: str, obs: str) -> PolicySpec:
    """What a policy must observe and command there."""
    if task == "push_t" and obs == "state":
        return PUSH_T
    if task == "push_t":
        return PolicySpec(
            task=task,
            obs=obs,
            state_names=push_t_images.STATE_NAMES,
            state_units=("px",) * len(push_t_images.STATE_NAMES),
            action_names=PUSH_T.action_names,
            action_units=PUSH_T.action_units,
            frame=PUSH_T.frame,
            period=PUSH_T.period,
            cameras=push_t_images.CAMERAS,
        )
    world = ManipulationWorld(TASKS[task], obs)
    return PolicySpec(
        task=task,
        obs=obs,
        state_names=world.state_names,
        state_units=world.state_units,
        action_names=ACTION_NAMES,
        action_units=ACTION_UNITS,
        frame=FRAME,
        period=PERIOD,
        cameras=CAMERAS if obs == "image" else (),
    )
