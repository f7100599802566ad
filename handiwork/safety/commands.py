"""The stream of commands that the gate follows: whole, young enough, begun where the arm is.

Shapes: J joints.
"""

from math import isfinite

from handiwork.control.joint_trajectory import JointSample
from handiwork.safety.gate_values import GateConfig
from handiwork.safety.pursuit import Motion


class BrokenCommands(Exception):
    """Why the arm has to stop, in half a sentence."""


class Commands:
    """Since the arm was enabled."""

    def __init__(self, names: tuple[str, ...], config: GateConfig) -> None:
        self._names, self._config = names, config
        self._last: Motion | None = None
        self._came = 0.0
        self._joined = False
        self.waits: str | None = None  # why nothing is followed yet

    def target(self, wanted: JointSample | None, now: float, sent: Motion) -> Motion | None:
        """What to follow now; None where nothing may be followed yet.

        Args:
            wanted: for `now`; None where nothing new has come.
            sent: how the arm is commanded to move.

        Raises:
            BrokenCommands: not finite, of other joints, or broken off in mid-motion.
        """
        if wanted is not None:
            self._last, self._came = self._whole(wanted), now
        if self._last is None:
            return None
        target = self._last if wanted is not None else self._continued(now - self._came, sent)
        if not self._joined:
            self._joined = self._is_near(target, sent)
        return target if self._joined else None

    def _whole(self, wanted: JointSample) -> Motion:
        parts = wanted.position, wanted.velocity, wanted.acceleration
        if any(part.shape != (len(self._names),) for part in parts):
            raise BrokenCommands(f"the command has other joints, want {len(self._names)}")
        motion = Motion(*(part.tolist() for part in parts))
        if not all(all(map(isfinite, part)) for part in motion):
            raise BrokenCommands("the command is not finite")
        return motion

    def _continued(self, age: float, sent: Motion) -> Motion:
        """The last command `age` [s] later, at its velocities."""
        assert self._last is not None  # asked for only then
        position, velocity, _ = self._last
        moving = any(velocity) or any(sent.velocity) or any(sent.acceleration)
        if moving and age > self._config.command_age:
            raise BrokenCommands(f"the commands broke off in mid-motion, {age:.3f} s ago")
        ahead = [p + age * v for p, v in zip(position, velocity, strict=True)]
        return Motion(ahead, velocity, [0.0] * len(ahead))

    def _is_near(self, target: Motion, sent: Motion) -> bool:
        away = [abs(p - q) for p, q in zip(target.position, sent.position, strict=True)]
        worst = max(away)
        self.waits = (
            f"{self._names[away.index(worst)]} is wanted {worst:.3f} rad from where the arm was "
            f"enabled, allowed {self._config.near} rad: start from there"
        )
        return worst <= self._config.near
