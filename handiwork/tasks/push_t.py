"""Push-T: push a T-shaped block onto its mark. The benchmark's plane, and its place on a table.

The benchmark lives in a plane of 512 px, y down; the arm works on a square of the table. Both
describe the same task: every length, and so every speed, is scaled by the same factor.

Source: Chi et al., Diffusion Policy, arXiv:2303.04137; the numbers are those of gym-pusht 0.1.8
(the published environment): 30 px unit, agent radius 15 px, PD gains 100 and 20, goal (256, 256,
pi/4), success at 95 % coverage.
Shapes: N poses, H steps; a planar pose is (x, y, angle).
"""

from dataclasses import dataclass

import numpy as np
import shapely

PLANE_PX = 512.0
UNIT_PX = 30.0  # width of the T's bar and stem
ROD_RADIUS_PX = 15.0
CENTRE_PX = np.array([0.0, 45.0])  # the block's centre of gravity in its own frame
GOAL_PX = np.array([256.0, 256.0, np.pi / 4])  # x [px], y [px], angle [rad]
SUCCESS_COVERAGE = 0.95
STIFFNESS, DAMPING = 100.0, 20.0  # PD gains of the demonstrations' agent [1/s^2], [1/s]
SUBSTEP = 0.01  # [s] physics step of the published environment
PERIOD = 0.1  # [s] time between actions
BLOCK_HEIGHT = 0.03  # [m] of the block on the table
TIP_HEIGHT = 0.008  # [m] of the rod's tip above the table while it pushes

# Outline of the T about the block's origin, the middle of the bar's outer edge, (8, 2) [px].
OUTLINE_PX = UNIT_PX * np.array(
    [(-2, 0), (2, 0), (2, 1), (0.5, 1), (0.5, 4), (-0.5, 4), (-0.5, 1), (-2, 1)]
)


@dataclass(frozen=True, kw_only=True)
class TableSquare:
    """Where the plane of 512 px lies on the table, in the robot's base frame.

    Plane x runs along base x, plane y along base -y, so angles change sign once.
    """

    x_min: float = 0.12  # [m]
    y_max: float = 0.15  # [m]
    side: float = 0.30  # [m]

    @property
    def metres_per_px(self) -> float:
        """Scale of every length [m/px]."""
        return self.side / PLANE_PX

    def to_base(self, points_px: np.ndarray) -> np.ndarray:
        """(..., 2) plane [px] -> (..., 2) base x, y [m]."""
        scaled = np.asarray(points_px, float) * self.metres_per_px
        return np.stack([self.x_min + scaled[..., 0], self.y_max - scaled[..., 1]], axis=-1)

    def to_plane(self, points: np.ndarray) -> np.ndarray:
        """(..., 2) base x, y [m] -> (..., 2) plane [px]."""
        points = np.asarray(points, float)
        shifted = np.stack([points[..., 0] - self.x_min, self.y_max - points[..., 1]], axis=-1)
        return shifted / self.metres_per_px

    def pose_to_base(self, pose_px: np.ndarray) -> np.ndarray:
        """(..., 3) plane x, y [px], angle [rad] -> (..., 3) base x, y [m], angle [rad]."""
        pose_px = np.asarray(pose_px, float)
        return np.concatenate([self.to_base(pose_px[..., :2]), -pose_px[..., 2:]], axis=-1)

    def pose_to_plane(self, pose: np.ndarray) -> np.ndarray:
        """(..., 3) base x, y [m], angle [rad] -> (..., 3) plane x, y [px], angle [rad]."""
        pose = np.asarray(pose, float)
        return np.concatenate([self.to_plane(pose[..., :2]), -pose[..., 2:]], axis=-1)

    def outline(self) -> np.ndarray:
        """(8, 2) outline of the T about its origin, in the block's frame with z up [m]."""
        return OUTLINE_PX * np.array([1.0, -1.0]) * self.metres_per_px


def keypoints(pose_px: np.ndarray) -> np.ndarray:
    """Corners of the T: (..., 3) planar poses -> (..., 8, 2) [px]."""
    return transform(OUTLINE_PX, pose_px)


def transform(points: np.ndarray, pose: np.ndarray) -> np.ndarray:
    """(K, 2) points moved by (..., 3) planar poses -> (..., K, 2), units of the points."""
    pose = np.asarray(pose, float)
    cos, sin = np.cos(pose[..., 2:]), np.sin(pose[..., 2:])  # (..., 1)
    x = cos * points[:, 0] - sin * points[:, 1] + pose[..., :1]
    y = sin * points[:, 0] + cos * points[:, 1] + pose[..., 1:2]
    return np.stack([x, y], axis=-1)


def coverage(pose_px: np.ndarray) -> float:
    """Share of the goal's area that the T covers, in [0, 1]; pose (3,) x, y [px], angle [rad]."""
    goal = shapely.Polygon(keypoints(GOAL_PX))
    return goal.intersection(shapely.Polygon(keypoints(pose_px))).area / goal.area


def score(coverages: np.ndarray) -> float:
    """The benchmark's score of an episode: max over its steps of min(coverage / 0.95, 1)."""
    return float(np.clip(np.max(coverages) / SUCCESS_COVERAGE, 0.0, 1.0))


def initial_state(seed: int) -> np.ndarray:
    """Start of an episode as gym-pusht draws it, (5,): rod x, y, block x, y [px], angle [rad].

    The published environment turns the block about its centre of gravity after placing it, which
    moves its origin; so do we.
    """
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
    bounds = ((50, 450), (50, 450), (100, 400), (100, 400))
    drawn = [float(generator.integers(low, high)) for low, high in bounds]
    angle = generator.uniform(-np.pi, np.pi)
    origin = np.array(drawn[2:]) + CENTRE_PX
    origin -= transform(CENTRE_PX[None], np.array([0.0, 0.0, angle]))[0]
    return np.array([*drawn[:2], *origin, angle])


def follow(
    targets: np.ndarray, position: np.ndarray, velocity: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The path of the demonstrations' agent, a point on a critically damped spring to its target.

    The arm's tool takes this path too, so that it lags its targets as the humans' agent did.

    Args:
        targets: (H, 2) targets, each held for one `PERIOD`.
        position, velocity: (2,) where the agent is and how it moves [units, units/s].

    Returns:
        positions and velocities after each substep, (H * 10, 2).
    """
    substeps = round(PERIOD / SUBSTEP)
    positions = np.empty((len(targets) * substeps, 2))
    velocities = np.empty_like(positions)
    for row, target in enumerate(targets):
        for index in range(row * substeps, (row + 1) * substeps):
            velocity = velocity + SUBSTEP * (STIFFNESS * (target - position) - DAMPING * velocity)
            position = position + SUBSTEP * velocity
            positions[index], velocities[index] = position, velocity
    return positions, velocities
