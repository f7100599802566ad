"""Chunks of joint targets along one smooth random path, each a little beside it, as a policy's are.

Shapes: D joints of the moved groups, H rows.
"""

from collections.abc import Sequence

import numpy as np

from handiwork.chunks import ActionChunk
from handiwork.robots.group import Group
from handiwork.robots.robot import Robot

ROWS = 16
PERIOD = 0.1  # [s] between rows
SWING = 0.25  # [rad] of every joint round home
NOISE = 0.02  # [rad] of a whole chunk beside the path
PACE = (0.5, 1.5)  # [rad/s] of the swings' phases


class RandomChunks:
    """The same seed gives the same chunks at the same times."""

    def __init__(self, robot: Robot, groups: Sequence[Group], seed: int) -> None:
        self._frame = robot.base_frame
        self._names = tuple(name for group in groups for name in group.joints)
        columns = [robot.names.index(name) for name in self._names]
        self._home = robot.home[columns]
        self._lower, self._upper = robot.lower[columns], robot.upper[columns]
        self._random = np.random.default_rng(seed)
        self._phase = self._random.uniform(0, 2 * np.pi, len(columns))
        self._pace = self._random.uniform(*PACE, len(columns))

    def chunk(self, now: float, sequence: int) -> ActionChunk:
        """H rows that begin at `now` [s]."""
        times = now + PERIOD * np.arange(ROWS)
        swing = np.sin(self._phase + self._pace * times[:, None])
        beside = self._random.normal(0, NOISE, len(self._names))
        rows = np.clip(self._home + SWING * swing + beside, self._lower, self._upper)
        return ActionChunk(
            rows=rows.astype(np.float32),
            names=self._names,
            space="joint",
            frame=self._frame,
            start=now,
            period=PERIOD,
            observed=now,
            sequence=sequence,
        )
