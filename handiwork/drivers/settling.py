"""The torque that takes an arm the last milliradian: what friction holds back of a soft spring.

A spring of 600 Nm/rad against a joint's 1 Nm of dry friction stops up to 2 mrad short. At rest the
error is summed up until it is gone, and never beyond what friction can be: an arm that leans on
something leans no harder than by that. While the arm is told to move the torque fades, since the
friction then points elsewhere.

Shapes: J joints.
"""

import numpy as np

from handiwork.control.joint_trajectory import JointSample

_TO_FULL = 0.5  # [s] in which a lasting error is answered by the spring's torque once more
_FADE = 0.2  # [s]
_SOON = 0.3  # [s] a joint that will be there by then does not stick: more would overshoot
_NEAR = 5e-4  # [rad] is near enough; less would hunt to and fro across the friction


class Settling:
    """For one arm; begins at no torque."""

    def __init__(self, stiffness: np.ndarray, most: np.ndarray, period: float) -> None:
        """stiffness: of the spring (J,) [Nm/rad]. most: (J,) [Nm]. period: of the loop [s]."""
        self._gain = stiffness * period / _TO_FULL
        self._most = most
        self._fade = 1 - period / _FADE
        self._torque = np.zeros(len(most))

    def step(self, wanted: JointSample, measured: JointSample) -> np.ndarray:
        """One tick: (J,) [Nm] to add."""
        if wanted.velocity.any():
            self._torque = self._torque * self._fade
            return self._torque
        error = wanted.position - measured.position
        on_its_way = error * measured.velocity > error**2 / _SOON
        error[on_its_way | (np.abs(error) < _NEAR)] = 0.0
        self._torque = np.clip(self._torque + self._gain * error, -self._most, self._most)
        return self._torque
