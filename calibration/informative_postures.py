"""Postures of an arm from which a board should be well seen, drawn around what is believed.

A drawn view has the board whole in the image with a margin that grows with the belief's
uncertainty, at a distance and an angle at which corners are found well. Of these the ones stay that
the arm can take without touching itself or anything around it.

Shapes: K joints of the arm, C corners of the board.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from calibration.camera_model import Intrinsics
from calibration.informative_belief import Belief
from calibration.informative_projection import mount_from_holder, projected
from handiwork.errors import Unreachable
from handiwork.geometry import inverse, pose
from handiwork.planning import Planner
from handiwork.robots.kinematics import Kinematics
from handiwork.safety.body_watch import Margins, body_watches


@dataclass(frozen=True, kw_only=True)
class Framing:
    """How a board should be seen.

    nearest, farthest: of its middle from the camera [m]. steepest: between the line of sight and
    the board's normal [rad]. margin_px: of its corners from the image's edge, at least.
    """

    nearest: float = 0.22
    farthest: float = 0.60
    steepest: float = math.radians(50)
    margin_px: float = 12.0
    widest_margin_px: float = 60.0

    def __post_init__(self) -> None:
        if not 0 < self.nearest < self.farthest:
            raise ValueError(f"nearest must be in (0, farthest={self.farthest}): {self.nearest}")
        if not 0 < self.steepest < math.pi / 2:
            raise ValueError(f"steepest must be in (0, pi/2) rad, got {self.steepest}")


@dataclass(frozen=True, kw_only=True, eq=False)
class Posture:
    """positions: (K,) [rad]; base_from_gripper: (4, 4) [m] by the kinematics."""

    positions: np.ndarray
    base_from_gripper: np.ndarray


class Arm:
    """What reaches the postures. `planner` holds what must not be touched."""

    def __init__(self, kinematics: Kinematics, planner: Planner) -> None:
        self.kinematics, self.planner = kinematics, planner
        robot = kinematics.robot
        self._rest, self._columns = robot.home, robot.columns(kinematics.group)
        self._watches = body_watches(robot, {}, Margins())
        tool = kinematics.group.tool
        assert tool is not None  # Kinematics refuses a group without one
        self._link_from_tool = tool.link_from_tool

    def gripper(self, positions: np.ndarray) -> np.ndarray:
        """base_from_gripper (4, 4) [m] at (K,) [rad]."""
        return self.kinematics.tool(positions) @ inverse(self._link_from_tool)

    def posture(self, base_from_gripper: np.ndarray, seed: np.ndarray) -> Posture | None:
        """One that is free, for the gripper's pose (4, 4) [m]; None where there is none."""
        try:
            found = self.kinematics.inverse_pose(base_from_gripper @ self._link_from_tool, seed)
        except Unreachable:
            return None
        if not self.planner.checker.free(found) or not self._roomy(found, 1.0):
            return None
        return Posture(positions=found, base_from_gripper=base_from_gripper)

    def clear(self, path: np.ndarray) -> bool:
        """Whether the gate lets the arm go along postures (N, K) [rad] that lie close together.

        The gate stops an arm that comes too near itself, for good until a person enables it. Our
        planner keeps neighbouring parts only from touching, and others know of no gate.
        """
        return all(self._roomy(positions, 0.3) for positions in path)

    def _roomy(self, positions: np.ndarray, share: float) -> bool:
        """Whether nothing of the arm is nearer than that share from `stop` to `slow`."""
        whole = self._rest.copy()
        whole[self._columns] = positions
        return all(
            watch.distance(whole) >= watch.stop + share * (watch.slow - watch.stop)
            for watch in self._watches
        )


def drawn_postures(
    belief: Belief,
    kind: str,
    points: np.ndarray,
    camera: Intrinsics,
    framing: Framing,
    arm: Arm,
    start: np.ndarray,
    tries: int,
    generator: np.random.Generator,
) -> Iterator[Posture]:
    """Those of so many drawn views that the arm can take; points: (C, 3) of the board [m]."""
    for _ in range(tries):
        camera_from_board = _drawn_view(points, camera, framing, generator)
        related = belief.mount_from_camera @ camera_from_board @ inverse(belief.holder_from_board)
        if not in_image(belief, related, points, camera, framing):
            continue
        found = arm.posture(mount_from_holder(kind, related), start)
        if found is not None:
            yield found


def in_image(
    belief: Belief,
    related: np.ndarray,
    points: np.ndarray,
    camera: Intrinsics,
    framing: Framing,
) -> bool:
    """Whether the whole board would be seen, three deviations of the belief from the edge.

    related: mount_from_holder (4, 4) [m]. A very wide belief counts as `widest_margin_px`.
    """
    rays, by_change, _ = projected(
        belief.mount_from_camera, belief.holder_from_board, related, points
    )
    pixels = rays @ camera.k[:2, :2].T + camera.k[:2, 2]
    variance = np.einsum("ij,jk,ik->i", by_change, belief.covariance, by_change)
    spread = 3 * camera.k[0, 0] * np.sqrt(variance.max())
    margin = framing.margin_px + min(spread, framing.widest_margin_px)
    inside = (pixels >= margin) & (pixels <= np.array([camera.width, camera.height]) - 1 - margin)
    return bool(inside.all())


def _drawn_view(
    points: np.ndarray, camera: Intrinsics, framing: Framing, generator: np.random.Generator
) -> np.ndarray:
    """camera_from_board (4, 4) [m]: aimed anywhere in the image, tilted and turned anyhow."""
    tilt = framing.steepest * math.sqrt(generator.random())  # even over the cone's disc
    around, roll = generator.uniform(-math.pi, math.pi, 2)
    tilting = Rotation.from_rotvec(tilt * np.array([math.cos(around), math.sin(around), 0.0]))
    turn = (tilting * Rotation.from_rotvec([0, 0, roll])).as_matrix()
    pixel = generator.uniform(0.2, 0.8, 2) * (camera.width, camera.height)
    distance = generator.uniform(framing.nearest, framing.farthest)
    ray = np.array([*(pixel - camera.k[:2, 2]) / np.diag(camera.k)[:2], 1.0])
    middle = distance * ray / np.linalg.norm(ray)
    return pose(turn, middle - turn @ points.mean(axis=0))
