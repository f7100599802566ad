"""What goes wrong round the gate in a random sequence, and who stops it. Shapes: J joints."""

import numpy as np

from handiwork.control.joint_trajectory import JointSample
from handiwork.safety import Gate

STOPS = ("emergency stop", "driver", "disable")
KINDS = (
    *STOPS * 2,
    "no commands",
    "not finite",
    "other joints",
    "deaf",
    "blind",
    "clock back",
    "clock ahead",
)


class Faults:
    """At most one at a time; it lasts until it is repaired. A clock that jumped stays off."""

    def __init__(self, draws: np.random.Generator) -> None:
        self._draws = draws
        self._kind = ""
        self._since = 0.0
        self._off = 0.0  # [s] by which the gate's clock is off

    def draw(self, gate: Gate, now: float) -> None:
        """Begin one."""
        self._kind, self._since = str(self._draws.choice(KINDS)), now
        match self._kind:
            case "emergency stop":
                gate.press_emergency_stop()
            case "driver":
                gate.stop("the driver lost its link")
            case "disable":
                gate.disable()
            case "clock back":
                self._off -= 0.05
            case "clock ahead":
                self._off += 0.5

    def repair(self) -> None:
        """All is well again."""
        self._kind = ""

    @property
    def clock_jumped(self) -> bool:
        """The gate cannot know how long this tick is."""
        return self._kind.startswith("clock")

    def clock(self, now: float) -> float:
        """[s] what the gate takes for `now`."""
        return now + self._off

    def applied(
        self, wanted: JointSample, position: np.ndarray, now: float
    ) -> tuple[JointSample | None, np.ndarray, float]:
        """What the gate is told: the command, the measured state, and when that was."""
        match self._kind:
            case "no commands":
                return None, position, self.clock(now)
            case "not finite":
                lost = JointSample(wanted.position * np.nan, wanted.velocity, wanted.acceleration)
                return lost, position, self.clock(now)
            case "other joints":
                return JointSample.at_rest(wanted.position[:-1]), position, self.clock(now)
            case "deaf":
                return wanted, position, self.clock(self._since - 1.0)
            case "blind":
                return wanted, position * np.nan, self.clock(now)
            case _:
                return wanted, position, self.clock(now)
