"""Where the tool is, and which joint positions put it where it should be.

There are two inverses. `inverse` asks for five numbers: the tool's position and the direction of
its axis. A rod is round, so its turn about its own axis is left free; on an arm whose last joint
turns about the tool axis that joint then stays where the seed has it, and joint paths are as smooth
as the tool's. It searches once, by damped least squares. `inverse_pose` asks for the whole pose,
and starts again from other postures where the seed does not lead there.

Source: Sugihara, IEEE Trans. Robotics 27(5), 2011, doi:10.1109/TRO.2011.2148230 (the damping grows
with the squared error, so it vanishes at the solution); pinocchio for placements and Jacobians.
Shapes: K joints of the group in its own order, J of the robot, N poses.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)
from scipy.linalg.lapack import dposv  # pyright: ignore[reportAttributeAccessIssue] (compiled)

from handiwork.errors import Unreachable, WrongShape
from handiwork.robots.chain import Chain
from handiwork.robots.pose_inverse import PoseInverse, PoseInverseConfig
from handiwork.robots.robot import Robot

_DIAGONAL = np.diag_indices(5)


@dataclass(frozen=True, kw_only=True)
class InverseConfig:
    """When the search for joint positions is content, and when it gives up."""

    position_tolerance: float = 1e-6  # [m]
    axis_tolerance: float = 1e-5  # [rad]
    iterations: int = 100  # a far seed needs about 10, a neighbour on a path 1 or 2
    damping: float = 1e-2  # times the squared error, added to the squared singular values
    largest_step: float = 0.5  # [rad] of any joint per iteration


class Kinematics:
    """Forward and inverse kinematics of one group's tool. Holds pinocchio's work space.

    Poses are in the robot's base frame. Joints outside the group stand at `rest` (J,) [rad], which
    is home unless given.
    """

    def __init__(
        self,
        robot: Robot,
        group: str | None = None,
        *,
        rest: np.ndarray | None = None,
        config: InverseConfig | None = None,
        pose_config: PoseInverseConfig | None = None,
    ) -> None:
        self.robot = robot
        self._config = config or InverseConfig()
        self._chain = Chain(robot, group, rest)
        self.group = self._chain.group
        self._pose_inverse = PoseInverse(self._chain, pose_config or PoseInverseConfig())

    def tool(self, positions: np.ndarray) -> np.ndarray:
        """(K,) joint positions [rad] -> base_from_tool, (4, 4) [m]."""
        return self._chain.place(self._chain.to_model(positions)).homogeneous

    def inverse(self, base_from_tool: np.ndarray, seed: np.ndarray) -> np.ndarray:
        """Joint positions (K,) [rad] near `seed` (K,) for a tool's position and axis, (4, 4) [m].

        Raises:
            Unreachable: no positions inside the joint limits were found, starting from `seed`.
        """
        _check(base_from_tool)
        config, chain = self._config, self._chain
        point = base_from_tool[:3, 3]
        beyond = point + base_from_tool[:3, 2]  # one metre along the wanted axis
        positions = chain.inside(chain.to_model(seed))
        away = tilt = math.inf
        for _ in range(config.iterations):
            x, y, z, turn_x, turn_y = self._lacks(positions, point, beyond)
            away, tilt = math.hypot(x, y, z), math.hypot(turn_x, turn_y)
            if away < config.position_tolerance and tilt < config.axis_tolerance:
                return chain.from_model(positions)
            damping = config.damping * (away * away + tilt * tilt)
            step = self._step(np.array((x, y, z, turn_x, turn_y)), damping)
            positions = chain.inside(positions + step)
        reason = f"the nearest posture found is {1e3 * away:.2f} mm and {tilt:.4f} rad off"
        raise Unreachable(_out_of_reach(self.robot.name, base_from_tool, reason))

    def inverse_pose(
        self, base_from_tool: np.ndarray, seed: np.ndarray | None = None
    ) -> np.ndarray:
        """Joint positions (K,) [rad] that put the tool at a pose (4, 4) [m].

        The ones that a search from `seed` (K,) leads to, if it is given and leads there.

        Raises:
            Unreachable: no search ended at the pose inside the joint limits.
        """
        for found in self.postures(base_from_tool, seed):
            return found
        reason = "no search ended there"
        raise Unreachable(_out_of_reach(self.robot.name, base_from_tool, reason))

    def postures(
        self, base_from_tool: np.ndarray, seed: np.ndarray | None = None
    ) -> Iterator[np.ndarray]:
        """One posture (K,) [rad] after the other for a pose (4, 4) [m], for who must choose.

        They come as they are found, some of them alike; the one from `seed` comes first.
        """
        _check(base_from_tool)
        chain, pose = self._chain, pin.SE3(np.asarray(base_from_tool, float))
        if seed is not None:
            found = self._pose_inverse.search(pose, chain.to_model(seed))
            if found is not None:
                yield chain.from_model(found)
        for found in self._pose_inverse.solutions(pose):
            yield chain.from_model(found)

    def follow_path(self, poses: np.ndarray, seed: np.ndarray) -> np.ndarray:
        """Joint positions (N, K) [rad] along tool poses (N, 4, 4) [m], each near the one before.

        Every search is `inverse` from the straight continuation of the two solutions before it.

        Raises:
            Unreachable: a pose on the way cannot be taken; the message says which point.
        """
        path = np.empty((len(poses), len(self.group.joints)))
        guess = np.asarray(seed, float)
        for row, pose in enumerate(poses):
            path[row] = self.inverse(pose, guess)
            guess = 2 * path[row] - path[row - 1] if row else path[row]
        return path

    def _lacks(self, positions: np.ndarray, point: np.ndarray, beyond: np.ndarray) -> list[float]:
        """What the tool lacks, seen from itself: x, y, z [m], and turns about its x and y [rad]."""
        chain = self._chain
        pin.computeJointJacobians(chain.model, chain.data, positions)  # placements too
        tool = pin.updateFramePlacement(chain.model, chain.data, chain.tool)
        x, y, z = tool.actInv(point).tolist()
        end_x, end_y, end_z = tool.actInv(beyond).tolist()
        sine = math.hypot(end_x - x, end_y - y)
        angle = math.atan2(sine, end_z - z)
        if sine < 1e-12:  # along the axis, or exactly against it: any turn is as good as another
            return [x, y, z, angle, 0.0]
        return [x, y, z, (y - end_y) * angle / sine, (end_x - x) * angle / sine]

    def _step(self, error: np.ndarray, damping: float) -> np.ndarray:
        """(K,) [rad] towards less error (5,), where `_lacks` last looked."""
        chain = self._chain
        jacobian = pin.getFrameJacobian(chain.model, chain.data, chain.tool, pin.LOCAL)[:5]
        normal = jacobian @ jacobian.T  # (5, 5)
        normal[_DIAGONAL] += damping + 1e-12
        _, weights, _ = dposv(normal, error)  # normal is symmetric and positive by construction
        step = jacobian.T @ weights  # (K,)
        return step * min(1.0, self._config.largest_step / max(step.max(), -step.min(), 1e-12))


def pointing_down(points: np.ndarray) -> np.ndarray:
    """(N, 3) tool positions in base [m] -> (N, 4, 4) poses with the tool axis along -z of base."""
    points = np.asarray(points, float)
    poses = np.zeros((len(points), 4, 4))
    poses[:] = np.diag([1.0, -1.0, -1.0, 1.0])
    poses[:, :3, 3] = points
    return poses


def _check(base_from_tool: np.ndarray) -> None:
    if np.shape(base_from_tool) != (4, 4):
        raise WrongShape("base_from_tool", np.shape(base_from_tool), "(4, 4)")


def _out_of_reach(robot: str, base_from_tool: np.ndarray, reason: str) -> str:
    x, y, z = base_from_tool[:3, 3]
    return (
        f"{robot} cannot put its tool at x={x:.4f}, y={y:.4f}, z={z:.4f} m: {reason}. "
        "Ask for a pose inside the workspace, or start from a nearer posture."
    )
