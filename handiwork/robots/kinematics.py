"""Where the tool is, and which joint positions put it where it should be.

The inverse is damped least squares over five numbers: the tool's position and the direction of
its axis. A rod is round, so its turn about its own axis is left free; on an arm whose last joint
turns about the tool axis that joint then stays where the seed has it, and joint paths are as
smooth as the tool's.

Source: Sugihara, IEEE Trans. Robotics 27(5), 2011, doi:10.1109/TRO.2011.2148230 (the damping grows
with the squared error, so it vanishes at the solution); pinocchio for placements and Jacobians.
Shapes: J joints of the robot in its own order, N poses.
"""

import math
from dataclasses import dataclass

import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)
from scipy.linalg.lapack import dposv  # pyright: ignore[reportAttributeAccessIssue] (compiled)

from handiwork.errors import UnknownName, Unreachable, WrongShape
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
    """Forward and inverse kinematics of one robot's tool. Holds pinocchio's work space."""

    def __init__(self, robot: Robot, config: InverseConfig | None = None) -> None:
        self.robot = robot
        self._config = config or InverseConfig()
        self._model = _arm_model(robot)
        self._tool = _add_tool(self._model, robot)
        self._data = self._model.createData()
        # Place of each of our joints in pinocchio's vectors: mapped by name, never by order.
        self._columns = np.array([_column(self._model, name) for name in robot.names])
        self._lower = self._to_model(robot.lower)
        self._upper = self._to_model(robot.upper)

    def tool(self, positions: np.ndarray) -> np.ndarray:
        """(J,) joint positions [rad] -> base_from_tool, (4, 4) [m]."""
        pin.forwardKinematics(self._model, self._data, self._to_model(positions))
        return pin.updateFramePlacement(self._model, self._data, self._tool).homogeneous

    def inverse(self, base_from_tool: np.ndarray, seed: np.ndarray) -> np.ndarray:
        """Joint positions (J,) [rad] near `seed` (J,) that put the tool at a pose (4, 4) [m].

        Raises:
            Unreachable: no positions inside the joint limits were found, starting from `seed`.
        """
        if base_from_tool.shape != (4, 4):
            raise WrongShape("base_from_tool", base_from_tool.shape, "(4, 4)")
        config = self._config
        point = base_from_tool[:3, 3]
        beyond = point + base_from_tool[:3, 2]  # one metre along the wanted axis
        positions = self._inside(self._to_model(seed))
        away = tilt = math.inf
        for _ in range(config.iterations):
            x, y, z, turn_x, turn_y = self._lacks(positions, point, beyond)
            away, tilt = math.hypot(x, y, z), math.hypot(turn_x, turn_y)
            if away < config.position_tolerance and tilt < config.axis_tolerance:
                return positions[self._columns]
            damping = config.damping * (away * away + tilt * tilt)
            step = self._step(np.array((x, y, z, turn_x, turn_y)), damping)
            positions = self._inside(positions + step)
        raise Unreachable(_out_of_reach(self.robot.name, base_from_tool, away, tilt))

    def follow_path(self, poses: np.ndarray, seed: np.ndarray) -> np.ndarray:
        """Joint positions (N, J) [rad] along tool poses (N, 4, 4) [m], each near the one before.

        Every search starts from the straight continuation of the two solutions before it.

        Raises:
            Unreachable: a pose on the way cannot be taken; the message says which point.
        """
        path = np.empty((len(poses), len(self.robot.joints)))
        guess = np.asarray(seed, float)
        for row, pose in enumerate(poses):
            path[row] = self.inverse(pose, guess)
            guess = 2 * path[row] - path[row - 1] if row else path[row]
        return path

    def _lacks(self, positions: np.ndarray, point: np.ndarray, beyond: np.ndarray) -> list[float]:
        """What the tool lacks, seen from itself: x, y, z [m], and turns about its x and y [rad]."""
        pin.computeJointJacobians(self._model, self._data, positions)  # placements too
        tool = pin.updateFramePlacement(self._model, self._data, self._tool)
        x, y, z = tool.actInv(point).tolist()
        end_x, end_y, end_z = tool.actInv(beyond).tolist()
        sine = math.hypot(end_x - x, end_y - y)
        angle = math.atan2(sine, end_z - z)
        if sine < 1e-12:  # along the axis, or exactly against it: any turn is as good as another
            return [x, y, z, angle, 0.0]
        return [x, y, z, (y - end_y) * angle / sine, (end_x - x) * angle / sine]

    def _step(self, error: np.ndarray, damping: float) -> np.ndarray:
        """(J,) [rad] towards less error (5,), where `_lacks` last looked."""
        jacobian = pin.getFrameJacobian(self._model, self._data, self._tool, pin.LOCAL)[:5]
        normal = jacobian @ jacobian.T  # (5, 5)
        normal[_DIAGONAL] += damping + 1e-12
        _, weights, _ = dposv(normal, error)  # normal is symmetric and positive by construction
        step = jacobian.T @ weights  # (J,)
        return step * min(1.0, self._config.largest_step / max(step.max(), -step.min(), 1e-12))

    def _to_model(self, positions: np.ndarray) -> np.ndarray:
        """(J,) in the robot's order -> (J,) in pinocchio's order."""
        configuration = np.empty(len(self._columns))
        configuration[self._columns] = positions
        return configuration

    def _inside(self, positions: np.ndarray) -> np.ndarray:
        """Limits as walls of the search; (J,) in pinocchio's order."""
        return np.minimum(np.maximum(positions, self._lower), self._upper)


def pointing_down(points: np.ndarray) -> np.ndarray:
    """(N, 3) tool positions in base [m] -> (N, 4, 4) poses with the tool axis along -z of base."""
    points = np.asarray(points, float)
    poses = np.zeros((len(points), 4, 4))
    poses[:] = np.diag([1.0, -1.0, -1.0, 1.0])
    poses[:, :3, 3] = points
    return poses


def _arm_model(robot: Robot) -> pin.Model:
    """The robot's bodies with every joint that is not the arm's (gripper carriages) locked."""
    model = pin.buildModelFromMJCF(str(robot.model_path()))
    known = list(model.names)[1:]
    for name in robot.names:
        if name not in known:
            raise UnknownName("joint", name, known, f"Check {robot.name} against its model file.")
    locked = [model.getJointId(name) for name in known if name not in robot.names]
    return pin.buildReducedModel(model, locked, pin.neutral(model))


def _add_tool(model: pin.Model, robot: Robot) -> int:
    """Adds the tool frame and returns its number."""
    if not model.existFrame(robot.tool_link):
        known = [frame.name for frame in model.frames]
        raise UnknownName("link", robot.tool_link, known, f"Check the tool of {robot.name}.")
    link = model.frames[model.getFrameId(robot.tool_link)]
    placement = link.placement * pin.SE3(robot.link_from_tool)
    frame = pin.Frame(robot.tool_frame, link.parentJoint, placement, pin.FrameType.OP_FRAME)
    return model.addFrame(frame)


def _column(model: pin.Model, name: str) -> int:
    return model.joints[model.getJointId(name)].idx_q


def _out_of_reach(robot: str, base_from_tool: np.ndarray, away: float, tilt: float) -> str:
    x, y, z = base_from_tool[:3, 3]
    return (
        f"{robot} cannot put its tool at x={x:.4f}, y={y:.4f}, z={z:.4f} m: the nearest posture "
        f"found is {1e3 * away:.2f} mm and {tilt:.4f} rad off. "
        "Ask for a pose inside the workspace, or start from a nearer posture."
    )
