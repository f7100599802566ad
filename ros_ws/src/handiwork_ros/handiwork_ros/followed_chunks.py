"""Which chunks an executor node takes: of Push-T's plane, of joints, or of whole tool poses.

Shapes: J joints of the robot.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from handiwork.arm_tool import ArmTool, arms_of
from handiwork.chunks import ActionChunk, ChunkRules
from handiwork.control.limits import Limits
from handiwork.errors import BadValue, UnknownName
from handiwork.executor import Executor
from handiwork.executor_config import ExecutorConfig
from handiwork.ports import ToolKinematics
from handiwork.pose_path import pose_names
from handiwork.robots.kinematics import Kinematics
from handiwork.robots.robot import Robot
from handiwork.robots.wxai import WXAI
from handiwork.tasks.push_t_execution import PUSH_T_EXECUTION

SPACES = ("joint", "pose")
WARM_ROWS = 11


@dataclass(frozen=True, kw_only=True, eq=False)
class FollowedChunks:
    """What an executor is made of. groups: those that it moves."""

    robot: Robot
    config: ExecutorConfig
    rules: ChunkRules
    tools: ToolKinematics | tuple[ArmTool, ...]
    groups: tuple[str, ...]

    def executor(self) -> Executor:
        """One that has followed nothing yet."""
        return Executor(self.config, self.rules, self.tools, Limits.of(self.robot))

    def resting(self, now: float, sequence: int) -> ActionChunk:
        """A chunk that keeps the robot near home, to try the executor out with."""
        row = np.array([self._home(name) for name in self.rules.names], np.float32)
        return ActionChunk(
            rows=np.tile(row, (WARM_ROWS, 1)),
            names=self.rules.names,
            space=self.rules.space,
            frame=self.robot.base_frame,
            start=now,
            period=0.1,
            observed=now,
            sequence=sequence,
        )

    def _home(self, name: str) -> float:
        if self.rules.space == "joint":
            return self.robot.home[self.robot.names.index(name)]
        arms = self.tools if isinstance(self.tools, tuple) else ()
        for arm in arms:
            if name.startswith(arm.prefix):
                home = self.robot.home[arm.columns(self.robot.names)]
                return tool_pose(arm.kinematics.tool(home))[pose_names(arm.prefix).index(name)]
        assert not isinstance(self.tools, tuple)  # every pose belongs to an arm
        return self.tools.tool(self.robot.home)["xy".index(name), 3]


def chunks_of_push_t(observation_age: float) -> FollowedChunks:
    """Targets of the tool in the plane of the table."""
    return FollowedChunks(
        robot=WXAI,
        config=PUSH_T_EXECUTION,
        rules=ChunkRules(names=("x", "y"), space="pose", max_observation_age=observation_age),
        tools=Kinematics(WXAI),
        groups=("arm",),
    )


def chunks_of(
    robot: Robot, space: str, groups: tuple[str, ...], observation_age: float
) -> FollowedChunks:
    """Joints of the groups, or poses of their tools.

    Raises:
        UnknownName: no such space, or a group that the robot does not have.
        BadValue: poses of groups without a tool.
    """
    if space not in SPACES:
        raise UnknownName("space of chunks", space, SPACES, "Say for example space:=joint.")
    chosen = [robot.group(name) for name in groups] or list(robot.groups)
    if space == "pose":
        chosen = [group for group in chosen if group.tool is not None]
    if not chosen:
        fix = "Name groups with a tool, or say space:=joint."
        raise BadValue("executor", "groups", list(groups), f"arms of {robot.name}", fix)
    tools = arms_of(
        [Kinematics(robot, group.name) for group in chosen if group.tool is not None],
        [None for group in chosen if group.tool is not None],
    )
    joints = tuple(name for group in chosen for name in group.joints)
    poses = pose_names(*(tool.prefix for tool in tools))
    return FollowedChunks(
        robot=robot,
        config=ExecutorConfig(),
        rules=ChunkRules(
            names=joints if space == "joint" else poses,
            space="joint" if space == "joint" else "pose",
            max_observation_age=observation_age,
        ),
        tools=tools,
        groups=tuple(group.name for group in chosen),
    )


def tool_pose(base_from_tool: np.ndarray) -> np.ndarray:
    """base_from_tool (4, 4) -> (7,) x y z [m] qx qy qz qw."""
    turn = Rotation.from_matrix(base_from_tool[:3, :3]).as_quat()
    return np.concatenate([base_from_tool[:3, 3], turn])
