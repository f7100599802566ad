"""What the core asks of parts that others supply. A part fits by its methods; nothing is inherited.

Shapes: To observed steps, Do observation size, count proposals, H predicted steps, Da action size.
"""

from collections.abc import Mapping
from typing import Protocol

import numpy as np

from handiwork.control.arm_values import ArmCommand, ArmReading


class Policy(Protocol):
    """Turns what was observed into what to do next, in the units of the recorded data."""

    def reset(self, seed: int = 0) -> None:
        """Begin an episode: the same seed and observations give the same proposals again."""
        ...

    def propose(
        self,
        observation: Mapping[str, np.ndarray],
        count: int = 1,
        committed: np.ndarray | None = None,
    ) -> np.ndarray:
        """Observation (To, ...) by name, "state" among them -> proposals (count, H, Da).

        committed: (R, Da) rows from the last observation on that will be executed whatever is
        proposed; they come back unchanged.
        """
        ...


class ToolKinematics(Protocol):
    """Where the tool is, and which joint positions put it along a path. J joints, N poses."""

    def tool(self, positions: np.ndarray) -> np.ndarray:
        """(J,) joint positions [rad] -> base_from_tool (4, 4) [m]."""
        ...

    def follow_path(self, poses: np.ndarray, seed: np.ndarray) -> np.ndarray:
        """Tool poses in base (N, 4, 4) [m] -> joint positions (N, J) [rad], from near `seed`.

        Raises:
            Unreachable: a pose that the robot cannot take.
        """
        ...


class ArmDriver(Protocol):
    """The wire to one robot: what an arm server's loop reads and writes at `rate`.

    All methods but `names`, `grippers` and `rate` raise DriverFailed, with a reason that says
    whether the robot is not there, its link was lost or it reports a fault. Nothing may move
    between `connect` and the first `write`, nor after a method raised.
    """

    @property
    def names(self) -> tuple[str, ...]:
        """(J,) joints in the order of all values."""
        ...

    @property
    def grippers(self) -> tuple[str, ...]:
        """(G,) groups that have a gripper, in the order of all values."""
        ...

    @property
    def rate(self) -> float:
        """Ticks per second that the robot wants [Hz]."""
        ...

    def connect(self) -> None:
        """Take hold of the robot where it is; it keeps its place from now on."""
        ...

    def recover(self) -> None:
        """After a failure: clear what can be cleared and be as after `connect`."""
        ...

    def read(self) -> ArmReading:
        """What is measured now. At most a tick old, and never blocks for longer than one."""
        ...

    def write(self, command: ArmCommand) -> None:
        """Send one tick's command."""
        ...

    def close(self) -> None:
        """Let go. Never raises, also when nothing was connected."""
        ...
