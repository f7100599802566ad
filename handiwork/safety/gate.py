"""The gate of an arm server's loop: every command passes it last, at 200 Hz to 1 kHz.

What leaves it always keeps the limits of position, velocity, acceleration and jerk, is slowed and
stopped near what is watched, and stands still after a stop until somebody enables it. No ROS, no
clock: `now` is an argument. For one thread.

Shapes: J joints.
"""

from collections.abc import Callable, Sequence
from math import isfinite

import numpy as np

from handiwork.control.joint_trajectory import JointSample
from handiwork.control.limits import Limits
from handiwork.errors import RefusedCommand, WrongShape
from handiwork.safety.commands import BrokenCommands, Commands
from handiwork.safety.gate_values import GateConfig, GatedCommand, GateRecord
from handiwork.safety.latch import GateState, Latch
from handiwork.safety.limited_motion import LimitedMotion
from handiwork.safety.pursuit import Motion
from handiwork.safety.watch import Lookout, Watch


class Gate:
    """Begins disabled, at the position that it is given."""

    def __init__(
        self,
        limits: Limits,
        config: GateConfig,
        position: np.ndarray,
        watches: Sequence[Watch] = (),
        record: Callable[[GateRecord], None] | None = None,
    ) -> None:
        """Args:
        position: (J,) [rad] where the arm is.
        watches: distances that slow it down and stop it.
        record: is told of every tick.
        """
        if position.shape != (len(limits.names),):
            raise WrongShape("position", position.shape, f"({len(limits.names)},)")
        self.config = config
        self._limits = limits
        self._latch = Latch()
        self._motion = LimitedMotion(limits, position)
        self._lookouts = [Lookout(watch) for watch in watches]
        self._record = record
        self._now: float | None = None
        self._commands = Commands(self._limits.names, self.config)

    @property
    def state(self) -> GateState:
        """Disabled, enabled, stopping or stopped."""
        return self._latch.state

    @property
    def reason(self) -> str:
        """Why nothing may move; empty while enabled."""
        return self._latch.reason

    @property
    def position(self) -> np.ndarray:
        """(J,) [rad] what was sent last."""
        return np.array(self._motion.sent.position)

    def enable(self, measured: np.ndarray, measured_at: float, now: float) -> None:
        """Let commands through again, from where the arm is.

        It goes on from the position held, or, if somebody moved it meanwhile, from the measured
        one; a log of commands must be cut here. Commands are followed from when one of them is
        near; those before are refused. The measured positions are (J,) [rad].

        Raises:
            RefusedCommand: the emergency stop is pressed, the arm still moves, or nobody knows
                where it is.
        """
        if self._latch.state is GateState.ENABLED:
            return
        fault = self._state_fault(measured, measured_at, now)
        if fault is not None:
            raise RefusedCommand(f"{fault}, so nothing is enabled. Check the robot's driver.")
        self._latch.enable()
        if np.abs(measured - self.position).max() > self.config.resting:
            self._motion.anchor(measured)
        for lookout in self._lookouts:
            lookout.forget()
        self._now = now
        self._commands = Commands(self._limits.names, self.config)

    def disable(self) -> None:
        """Come to rest and stay there."""
        self._latch.disable()

    def press_emergency_stop(self) -> None:
        """Come to rest inside the limits; nothing is enabled until it is released."""
        self._latch.press()

    def release_emergency_stop(self) -> None:
        """Allow to enable again. Nothing moves by this alone."""
        self._latch.release()

    def stop(self, reason: str) -> None:
        """Come to rest for a reason that the caller found, as a driver's error."""
        self._latch.stop(reason)

    def step(
        self, wanted: JointSample | None, measured: np.ndarray, measured_at: float, now: float
    ) -> GatedCommand:
        """One tick: what to send for `now`.

        Args:
            wanted: what is asked for `now`; None where nothing new has come. The last command then
                goes on at its velocity until it is too old.
            measured: (J,) [rad] where the arm was at `measured_at` [s].
            now: increasing from tick to tick [s].
        """
        tick = self._tick(now)
        reason = None
        if self._latch.state is GateState.ENABLED:
            reason = self._enabled(wanted, measured, measured_at, now, tick)
        if self._latch.state is not GateState.ENABLED:
            self._motion.brake(tick)
            if self._motion.resting:
                self._latch.rests()
            reason = self._latch.reason
        sent = GatedCommand(
            position=np.array(self._motion.sent.position),
            velocity=np.array(self._motion.sent.velocity),
            acceleration=np.array(self._motion.sent.acceleration),
            reason=reason,
            state=self._latch.state,
        )
        if self._record is not None:
            self._record(GateRecord(time=now, asked=wanted, sent=sent))
        return sent

    def _tick(self, now: float) -> float:
        """[s] since the last one; the period, and a stop, where the clock says something else."""
        last, self._now = self._now, now
        if last is None:
            return self.config.period
        tick = now - last
        if 0 < tick <= self.config.largest_tick:
            return tick
        if tick > 0:
            self._latch.stop(f"the clock or the loop jumped ahead by {tick:.3f} s")
        else:
            self._latch.stop(f"the clock went back by {-tick:.3f} s")
        return self.config.period

    def _enabled(
        self,
        wanted: JointSample | None,
        measured: np.ndarray,
        measured_at: float,
        now: float,
        tick: float,
    ) -> str | None:
        """Follow the command, or stop; why what is sent is not what was asked."""
        fault = self._state_fault(measured, measured_at, now)
        if fault is not None:
            self._latch.stop(fault)
            return None
        try:
            target = self._commands.target(wanted, now, self._motion.sent)
        except BrokenCommands as broken:
            self._latch.stop(str(broken))
            return None
        if target is None:
            self._motion.brake(tick)
            return self._commands.waits
        share, why = self._speed(target, now)
        if share == 0.0:
            self._latch.stop(why)
            return None
        difference = self._motion.follow(target, tick, share)
        return f"{why}; {difference}" if difference and why else difference

    def _state_fault(self, measured: np.ndarray, measured_at: float, now: float) -> str | None:
        """What is wrong with the measured state."""
        if abs(now - measured_at) > self.config.state_age:
            return f"the measured state is {now - measured_at:.3f} s old"
        if measured.shape != self._limits.lower.shape or not all(map(isfinite, measured.tolist())):
            return "the measured state is not finite or of other joints"
        return None

    def _speed(self, target: Motion, now: float) -> tuple[float, str]:
        """Share of the velocity limits that all lookouts allow, and what the least one saw."""
        share, why = 1.0, ""
        for lookout in self._lookouts:
            lookout.look(self._motion, target.position, self._limits.velocity, now)
            if lookout.share < share:
                share, watch = lookout.share, lookout.watch
                why = (
                    f"{watch.name} is {lookout.distance:.4f} m away, "
                    f"slow below {watch.slow} m, stop at {watch.stop} m"
                )
        return share, why
