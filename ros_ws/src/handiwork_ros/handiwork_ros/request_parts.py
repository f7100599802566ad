"""What several kinds of request have in common: a start, a frame, a link, scaling; or too much.

Source: moveit_msgs 2.7.1 (RobotState, Constraints and the requests that hold them).
Shapes: J joints of the robot.
"""

from dataclasses import replace

import numpy as np
from moveit_msgs.msg import Constraints, RobotState
from std_msgs.msg import Header

from handiwork.planning import MotionPlanning, TimingConfig
from handiwork_ros.planning_errors import CODES, RefusedRequest


def timing_of(planning: MotionPlanning, velocity: float, acceleration: float) -> TimingConfig:
    """Scaling as messages give it: 0 means all of the limit."""
    for name, scale in (("velocity", velocity), ("acceleration", acceleration)):
        if not 0 <= scale <= 1:
            raise invalid(f"max_{name}_scaling_factor is {scale}, want 0 to 1.")
    return replace(
        planning.config.timing,
        velocity_scale=velocity or 1.0,
        acceleration_scale=acceleration or 1.0,
    )


def start_of(state: RobotState, planning: MotionPlanning, positions: np.ndarray) -> np.ndarray:
    """(J,) [rad] the start of a request: where the robot is, but for the joints that it names."""
    if state.attached_collision_objects or state.multi_dof_joint_state.joint_names:
        raise invalid(
            "the start has attached objects or multi_dof joints, which are not taken from a "
            "request. Put them into the planning scene."
        )
    names, start = planning.robot.names, np.array(positions, float)
    for name, position in zip(state.joint_state.name, state.joint_state.position, strict=False):
        if name in names:  # others, such as fingers, are not planned for
            start[names.index(name)] = position
    return start


def check_frame(header: Header, planning: MotionPlanning) -> None:
    """Refuse a pose that is not in the base frame.

    Raises:
        RefusedRequest: names both frames.
    """
    base = planning.robot.base_frame
    if header.frame_id not in ("", base):
        raise RefusedRequest(
            f"a pose is given in frame {header.frame_id!r}, want {base!r}. Transform it first.",
            CODES.FRAME_TRANSFORM_FAILURE,
        )


def tool_pose(
    planning: MotionPlanning, group: str, link: str, base_from_link: np.ndarray
) -> np.ndarray:
    """base_from_tool (4, 4) [m] that puts a link, "" for the tool, at a pose.

    Raises:
        UnknownName: the robot has no such link.
        RefusedRequest: the group has no tool, or the link does not move with it.
    """
    tool = planning.robot.group(group).tool
    if tool is None:
        raise RefusedRequest(
            f"group {group!r} has no tool, so it takes no poses. Give joint positions.",
            CODES.INVALID_GROUP_NAME,
        )
    if link in ("", tool.frame):
        return base_from_link
    home = planning.robot.home
    moved = home + 0.1 * (planning.robot.lower + planning.robot.upper - 2 * home)
    offsets = []
    for positions in (home, moved):
        base_from_both = planning.placements(positions, [link, tool.frame])
        offsets.append(np.linalg.inv(base_from_both[0]) @ base_from_both[1])
    if not np.allclose(offsets[0], offsets[1], atol=1e-9):
        raise RefusedRequest(
            f"link {link!r} does not move with the tool of {group!r}. Ask for {tool.frame!r}.",
            CODES.INVALID_LINK_NAME,
        )
    return base_from_link @ offsets[0]


def refuse_constraints(constraints: Constraints, field: str) -> None:
    """Refuse constraints where this planner takes none.

    Raises:
        RefusedRequest: names the kind of constraint.
    """
    for kind in ("joint", "position", "orientation", "visibility"):
        if getattr(constraints, f"{kind}_constraints"):
            raise invalid(f"{field} has {kind}_constraints, which this planner does not keep.")


def invalid(sentence: str) -> RefusedRequest:
    """A refusal of goals or constraints."""
    return RefusedRequest(sentence, CODES.INVALID_GOAL_CONSTRAINTS)
