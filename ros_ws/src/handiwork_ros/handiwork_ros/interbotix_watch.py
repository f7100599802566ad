"""Whether all motors have torque: xs_sdk does not tell, so it is asked once a second.

A motor in error (overload, overheating ...) takes its own torque off, and anybody may call
torque_enable. The joint_states go on all the same.

Source: ROBOTIS e-manual, XM430-W350, Shutdown(63); README of interbotix_xs_sdk. Asking costs xs_sdk
about a millisecond a motor, in which it publishes nothing: hence no more often.
"""

from collections.abc import Callable, Sequence
from functools import partial

from handiwork_ros.interbotix_link import InterbotixLink
from handiwork_ros.interbotix_motors import WHOLE, Motors, in_words


class TorqueWatch:
    """Looks every `period` [s], in the link's thread. `fault` is empty while all is well."""

    def __init__(self, link: InterbotixLink, period: float) -> None:
        self.fault = ""
        self._link = link
        self._forget: list[Callable[[], None]] = []  # what has not been answered
        self.stop = link.every(period, self._look)

    def _look(self) -> None:
        for forget in self._forget:
            forget()
        self._forget = [
            self._link.look(motors, "Torque_Enable", partial(self._on_torque, motors))
            for motors in WHOLE
        ]

    def _on_torque(self, motors: Motors, torque: Sequence[int]) -> None:
        if not all(torque):
            told = partial(self._on_errors, motors, torque)
            self._link.look(motors, "Hardware_Error_Status", told)

    def _on_errors(self, motors: Motors, torque: Sequence[int], errors: Sequence[int]) -> None:
        self.fault = self.fault or in_words(motors, torque, errors)
