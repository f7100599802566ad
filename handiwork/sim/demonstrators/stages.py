"""A demonstration as stages: each leads the tool's target to a goal that follows the true poses.

A stage whose thing slips out of the hand, or that takes too long, ends the plan, and a new one is
made from where everything is then.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from handiwork.sim.demonstrators.gliding import glide
from handiwork.sim.manipulation.task import Situation
from handiwork.sim.manipulation.world import PERIOD, within_reach

Goal = Callable[[Situation], np.ndarray]  # -> (5,) tool x, y, z [m], yaw [rad], opening [m]
Check = Callable[[Situation], bool]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One piece of a plan.

    goal: where the target goes. speed: of the target on its way [m/s].
    near, turned: how near the tool must come [m], [rad]. through: pass the goal, do not stop.
    until: what else must be so. holds: what must stay so.
    care: share of the usual disturbance; less where a disturbance would do damage.
    """

    goal: Goal
    speed: float = 0.3
    near: float = 0.006
    turned: float = 0.06
    through: bool = False
    until: Check = lambda now: True
    holds: Check = lambda now: True
    care: float = 1.0


class Planner(Protocol):
    """How a task is done from where everything is."""

    def __call__(self, now: Situation, generator: np.random.Generator) -> list[Stage]:
        """A plan, by one of the ways that there are."""
        ...


ACCELERATION, TURN_SPEED, TURN_ACCELERATION = 1.3, 2.0, 8.0  # [m/s^2], [rad/s], [rad/s^2]
OPENING_SPEED = 0.3  # [m/s]
PATIENCE = 40  # periods that a stage may take
REST = 10  # periods after a plan; if the episode goes on then, it was not done


class Demonstrator:
    """Says where the tool should go next. One episode long."""

    def __init__(self, planner: Planner, now: Situation, generator: np.random.Generator) -> None:
        self._planner = planner
        self._generator = generator
        self._target = np.append(now.tool, now.opening)
        self._velocity, self._turning = np.zeros(3), np.zeros(1)
        self._hurry = generator.uniform(0.8, 1.25)
        self._plan(now)

    @property
    def finished(self) -> bool:
        """Whether the plan is done."""
        return not self._stages

    @property
    def care(self) -> float:
        """Share of the usual disturbance that the present stage can take."""
        return self._stages[0].care if self._stages else 1.0

    def act(self, now: Situation) -> np.ndarray:
        """The next target (5,): tool x, y, z [m], yaw [rad], opening [m]."""
        lost = bool(self._stages) and not self._stages[0].holds(now)
        if lost or self._age > (PATIENCE if self._stages else REST):
            self._plan(now)
        while self._stages and self._done(self._stages[0], now):
            self._stages, self._age = self._stages[1:], 0
        self._age += 1
        if self._stages:
            self._lead(self._stages[0], now)
        return self._target.copy()

    def _plan(self, now: Situation) -> None:
        self._stages, self._age = self._planner(now, self._generator), 0

    def _done(self, stage: Stage, now: Situation) -> bool:
        goal = within_reach(stage.goal(now))
        near = np.linalg.norm(now.tool[:3] - goal[:3]) < stage.near
        return bool(near and abs(now.tool[3] - goal[3]) < stage.turned and stage.until(now))

    def _lead(self, stage: Stage, now: Situation) -> None:
        goal, target = within_reach(stage.goal(now)), self._target
        pace = {"period": PERIOD, "through": stage.through}
        speed = stage.speed * self._hurry
        target[:3], self._velocity = glide(
            target[:3], self._velocity, goal[:3], speed, ACCELERATION, **pace
        )
        turn = TURN_SPEED * self._hurry
        target[3:4], self._turning = glide(
            target[3:4], self._turning, goal[3:4], turn, TURN_ACCELERATION, **pace
        )
        most = OPENING_SPEED * PERIOD
        target[4] += np.clip(goal[4] - target[4], -most, most)
