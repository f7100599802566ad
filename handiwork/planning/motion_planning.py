"""One robot in one scene, and everything that is asked of a planner about it.

Checkers are made once for a group, a scene and the places of the other joints, and kept until one
of these changes.

Shapes: J joints of the robot, G joints of a group, K goals, N poses.
"""

from dataclasses import dataclass, field

import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)

from handiwork.control.joint_trajectory import JointTrajectory
from handiwork.errors import UnknownName
from handiwork.planning.planner import Planner, PlannerConfig
from handiwork.planning.pose_goals import goal_postures
from handiwork.planning.rounded_path import rounded
from handiwork.planning.scene import Scene
from handiwork.planning.splined_path import splined
from handiwork.planning.straight_path import StraightConfig, straight_path
from handiwork.planning.timing import TimingConfig, timed
from handiwork.robots.body import body_of
from handiwork.robots.kinematics import Kinematics
from handiwork.robots.robot import Robot

_SAME = 1e-3  # [rad] by which joints outside the group may differ from where they were


@dataclass(frozen=True, kw_only=True)
class MotionPlanningConfig:
    """How paths are searched and timed."""

    search: PlannerConfig = field(default_factory=PlannerConfig)
    timing: TimingConfig = field(default_factory=TimingConfig)
    straight: StraightConfig = field(default_factory=StraightConfig)


@dataclass(frozen=True, eq=False)
class StraightMotion:
    """A trajectory along the part of a straight way that can be followed, and why no further."""

    trajectory: JointTrajectory
    fraction: float
    reason: str


class MotionPlanning:
    """Plans for a robot; `positions` (J,) [rad] are always all of its joints."""

    def __init__(self, robot: Robot, config: MotionPlanningConfig | None = None) -> None:
        self.robot = robot
        self.config = config or MotionPlanningConfig()
        self._scene = Scene()
        self._made: dict[str, tuple[np.ndarray, Planner, Kinematics]] = {}

    @property
    def scene(self) -> Scene:
        """What stands around the robot; assign another scene to change it."""
        return self._scene

    @scene.setter
    def scene(self, scene: Scene) -> None:
        # Made at once, so that a scene which hangs something on a missing link is refused.
        group, home = self.robot.groups[0].name, self.robot.home
        Planner(self.robot, scene, group, home, self.config.search)
        self._scene, self._made = scene, {}

    def to_postures(
        self,
        group: str,
        positions: np.ndarray,
        goals: np.ndarray,
        seconds: float,
        timing: TimingConfig | None = None,
    ) -> JointTrajectory:
        """From where the robot is to whichever of `goals` (K, G) [rad] it reaches."""
        planner, _ = self._tools(group, positions)
        path = planner.path(self._of(planner, positions), goals, seconds)
        paths = rounded(path, planner.proof.path_free)
        return timed(paths, planner.limits, timing or self.config.timing)

    def to_pose(
        self,
        group: str,
        positions: np.ndarray,
        base_from_tool: np.ndarray,
        seconds: float,
        timing: TimingConfig | None = None,
    ) -> JointTrajectory:
        """From where the robot is until the group's tool is at a pose (4, 4) [m]."""
        goals = self.postures(group, positions, base_from_tool)
        return self.to_postures(group, positions, goals, seconds, timing)

    def postures(
        self, group: str, positions: np.ndarray, base_from_tool: np.ndarray, count: int = 4
    ) -> np.ndarray:
        """Up to `count` free postures (K, G) [rad] with the group's tool at a pose (4, 4) [m]."""
        planner, kinematics = self._tools(group, positions)
        start = self._of(planner, positions)
        return goal_postures(planner, kinematics, base_from_tool, start, count)

    def straight(
        self,
        group: str,
        positions: np.ndarray,
        poses: np.ndarray,
        timing: TimingConfig | None = None,
        straight: StraightConfig | None = None,
    ) -> StraightMotion:
        """With the tool straight through poses (N, 4, 4) [m], as far as that goes."""
        planner, kinematics = self._tools(group, positions)
        start = self._of(planner, positions)
        found = straight_path(planner, kinematics, start, poses, straight or self.config.straight)
        paths = (
            [splined(found.path)]
            if len(found.path) > 1
            else rounded(np.array([start, start]), planner.proof.path_free)
        )
        trajectory = timed(paths, planner.limits, timing or self.config.timing)
        return StraightMotion(trajectory, found.fraction, found.reason)

    def inverse(self, group: str, positions: np.ndarray, base_from_tool: np.ndarray) -> np.ndarray:
        """(G,) [rad] near `positions` with the tool at a pose (4, 4) [m], whatever it touches."""
        planner, kinematics = self._tools(group, positions)
        return kinematics.inverse_pose(base_from_tool, self._of(planner, positions))

    def touching(self, group: str, positions: np.ndarray) -> tuple[str, str] | None:
        """Names of two bodies that touch, of which the group moves at least one; or None."""
        planner, _ = self._tools(group, positions)
        posture = self._of(planner, positions)
        planner.keep_clear(posture)
        return planner.checker.touching(posture)

    def placements(self, positions: np.ndarray, frames: list[str]) -> np.ndarray:
        """(N, 4, 4) where links, tools or other frames of the robot are in base [m].

        Raises:
            UnknownName: the robot has no such frame.
        """
        body = body_of(self.robot)
        for name in frames:
            if not body.model.existFrame(name):
                known = [frame.name for frame in body.model.frames]
                raise UnknownName("link", name, known, f"Check what is asked of {self.robot.name}.")
        data = body.model.createData()
        pin.framesForwardKinematics(body.model, data, body.configuration(positions))
        placed = [data.oMf[body.model.getFrameId(name)].homogeneous for name in frames]
        return np.array(placed).reshape(-1, 4, 4)

    def _tools(self, group: str, positions: np.ndarray) -> tuple[Planner, Kinematics]:
        name = self.robot.group(group).name
        others = np.delete(positions, self.robot.columns(self.robot.group(group)))
        if name in self._made:
            resting, planner, kinematics = self._made[name]
            if np.abs(others - resting).max(initial=0.0) < _SAME:
                return planner, kinematics
        planner = Planner(self.robot, self._scene, name, positions, self.config.search)
        kinematics = Kinematics(self.robot, name, rest=positions)
        self._made[name] = (others, planner, kinematics)
        return planner, kinematics

    def _of(self, planner: Planner, positions: np.ndarray) -> np.ndarray:
        return positions[self.robot.columns(planner.group)]
