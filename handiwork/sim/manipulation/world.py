"""A task in motion: tool targets in at 10 Hz, observations and the verdict out.

Between two targets the tool is led along the straight line, at no more than `SPEEDS`.
Shapes: D state size; an action is (5,): tool x, y, z [m], yaw [rad], gripper opening [m], absolute
targets in the base frame.
"""

import numpy as np

from handiwork.errors import BadValue, UnknownName, WrongShape
from handiwork.sim.manipulation.camera import camera_of
from handiwork.sim.manipulation.fr3 import MAX_OPENING
from handiwork.sim.manipulation.scene import SCENE_CAMERA
from handiwork.sim.manipulation.sight import SIGHTS
from handiwork.sim.manipulation.table import YAW_MIDDLE, Table
from handiwork.sim.manipulation.task import Situation, Task
from handiwork.sim.manipulation.tool_servo import ToolServo

PERIOD = 0.1  # [s] between actions
LEAD_PERIOD = 0.02  # [s] between joint commands
FRAME = "base"
POSE_PARTS = ("x", "y", "z", "yaw")
TOOL_NAMES = ("tool_x", "tool_y", "tool_z", "tool_yaw", "opening")
TOOL_UNITS = ("m", "m", "m", "rad", "m")
ACTION_NAMES = tuple(f"{name}_target" for name in TOOL_NAMES)
ACTION_UNITS = TOOL_UNITS
# Of the target along each number of an action [m/s], [rad/s].
SPEEDS = np.array([0.7, 0.7, 0.7, 3.0, 0.4])
# Targets outside are brought back to the border.
LOWEST = np.array([0.28, -0.35, 0.008, YAW_MIDDLE - 2.3, 0.0])
HIGHEST = np.array([0.70, 0.35, 0.45, YAW_MIDDLE + 2.3, MAX_OPENING])
# Where the tool starts: the middle, and how far from it.
START = np.array([0.46, 0.0, 0.22, YAW_MIDDLE, 0.06])
START_SPREAD = np.array([0.06, 0.10, 0.05, 0.6, 0.02])


class ManipulationWorld:
    """One arm and the things of one task, seen as `obs` says. Not thread safe.

    obs: "state" (everything is known), "image" or "points" (of the things only what is seen).
    """

    def __init__(self, task: Task, obs: str = "state") -> None:
        if obs not in SIGHTS:
            raise UnknownName("kind of observation", obs, SIGHTS, "Say for example obs=state.")
        self.task = task
        self.obs = obs
        self.table = Table(task)
        self._servo = ToolServo()
        self._sight = SIGHTS[obs](task, self.table.data)
        self.reset(0)

    @property
    def state_names(self) -> tuple[str, ...]:
        """(D,) of the numbers of "state"."""
        if self.obs != "state":
            return TOOL_NAMES
        things = [f"{thing.name}_{part}" for thing in self.task.things for part in POSE_PARTS]
        return (*TOOL_NAMES, *things, *self.task.derived_names)

    @property
    def state_units(self) -> tuple[str, ...]:
        """(D,) of the numbers of "state"."""
        return tuple("rad" if name.endswith("yaw") else "m" for name in self.state_names)

    @property
    def success(self) -> bool:
        """Whether the task is done at this instant."""
        return self.task.success(self.situation)

    @property
    def over(self) -> bool:
        """Whether the episode is at its end: the task is done, or its time is up."""
        return self.success or self.steps >= self.time_limit_steps

    @property
    def time_limit_steps(self) -> int:
        """Steps after which an episode ends, done or not."""
        return round(self.task.time_limit / PERIOD)

    @property
    def score(self) -> float:
        """1 where the task is done, else 0."""
        return float(self.success)

    def reset(self, seed: int) -> dict[str, np.ndarray]:
        """The start that belongs to a seed; what is observed there."""
        generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
        self.target = START + START_SPREAD * generator.uniform(-1, 1, 5)
        self.steps = 0
        joints = self._servo.reset(self.target[:4])
        self.table.reset(joints, self.target[4], self.task.start(generator))
        self.situation: Situation = self.table.situation()
        return self.observe()

    def step(self, action: np.ndarray) -> None:
        """One period towards an action (5,)."""
        if action.shape != (5,):
            raise WrongShape("action", action.shape, "(5,)")
        if not np.isfinite(action).all():
            raise BadValue("action", "values", action.tolist(), "finite", "Check the policy.")
        start, far = self.target, SPEEDS * PERIOD
        self.target = np.clip(within_reach(action), start - far, start + far)
        leads = round(PERIOD / LEAD_PERIOD)
        for share in np.arange(1, leads + 1) / leads:
            lead = start + share * (self.target - start)
            before = self._servo.joints
            joints = self._servo.follow(lead[:4], LEAD_PERIOD)
            self.table.advance(joints, (joints - before) / LEAD_PERIOD, lead[4], LEAD_PERIOD)
        self.steps += 1
        self.situation = self.table.situation()

    def observe(self) -> dict[str, np.ndarray]:
        """One step: "state" (D,) float32, and what the sight adds to it."""
        now = self.situation
        state = [now.tool, [now.opening]]
        if self.obs == "state":
            state += [now.poses[thing.name] for thing in self.task.things]
            state.append(self.task.derived(now.poses))
        return {"state": np.concatenate(state).astype(np.float32), **self._sight.see()}

    def picture(self) -> np.ndarray:
        """(480, 640, 3) uint8 of the scene, for people."""
        return camera_of(self.task, 640, 480).colour(self.table.data, SCENE_CAMERA)


def within_reach(action: np.ndarray) -> np.ndarray:
    """The action (5,), brought back to the border of what the arm reaches."""
    return np.clip(action, LOWEST, HIGHEST)
