"""Plans by MoveIt inside this process, through moveit_py: no move_group, no service call.

It answers MoveItClient's question `plan` with the same request and the same answer, so requests of
`moveit_goals` and `trajectory_of` serve both. Executing is for whoever has the controllers. Plans
start where the robot is, as joint_states say; fields of a request that moveit_py has no word for
are refused by name.

moveit_py is imported when a planner is made. Its parameters go through a file for all nodes of the
process, since MoveItPy makes nodes of its own that must hear of `use_sim_time` too.

Source: moveit_py of MoveIt 2, branch kilted (bindings of MoveItPy, PlanningComponent,
PlanRequestParameters, MotionPlanResponse, RobotTrajectory).
"""

import tempfile
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import yaml
from moveit_msgs.msg import (
    Constraints,
    MotionPlanRequest,
    MotionPlanResponse,
    MoveItErrorCodes,
    RobotTrajectory,
)
from moveit_msgs.srv import GetMotionPlan
from rclpy.task import Future

from handiwork.errors import HandiworkError
from handiwork.robots.robot import Robot
from handiwork_ros.planning_errors import CODES, RefusedRequest, failed

_SECONDS = 5.0  # where no planning time is asked for, as in `plan_requests`
_NO_WORD_FOR = "reference_trajectories", "cartesian_speed_limited_link", "max_cartesian_speed"


class MissingMoveIt(HandiworkError):
    """moveit_py is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "moveit_py is not here. Install ros-$ROS_DISTRO-moveit-py (Jazzy or Kilted) and source "
            "ROS, or plan with the planner node, which needs no MoveIt."
        )


class FoundTrajectory(Protocol):
    """moveit.core.robot_trajectory.RobotTrajectory, as far as it is used."""

    def get_robot_trajectory_msg(self) -> RobotTrajectory:
        """The trajectory as a message."""
        ...


class Found(Protocol):
    """moveit.core.planning_interface.MotionPlanResponse, as far as it is used."""

    trajectory: FoundTrajectory
    planning_time: float  # [s]
    error_code: MoveItErrorCodes


class MoveItPyPlanner:
    """MoveItPy behind MoveItClient's question."""

    def __init__(self, robot: Robot, parameters: Mapping[str, Any], *, namespace: str = "") -> None:
        """parameters: as `handiwork_app.move_group.moveit_py_parameters` makes them.

        Raises:
            MissingMoveIt: moveit_py is not installed.
        """
        try:
            self._planning = import_module("moveit.planning")
        except ModuleNotFoundError as error:
            raise MissingMoveIt from error
        self._robot = robot
        with tempfile.TemporaryDirectory(prefix="moveit_py_") as folder:
            path = Path(folder) / "parameters.yaml"
            path.write_text(yaml.safe_dump({"/**": {"ros__parameters": dict(parameters)}}))
            self._moveit = self._planning.MoveItPy(
                node_name="moveit_py",
                name_space=namespace,
                launch_params_filepaths=[str(path)],
                provide_planning_service=False,  # get_planning_scene belongs to the planner
            )

    def plan(self, request: MotionPlanRequest) -> Future:
        """Of a GetMotionPlan.Response; it is done when this returns."""
        try:
            response = self._planned(request)
        except HandiworkError as error:
            response = MotionPlanResponse(group_name=request.group_name, error_code=failed(error))
        answer = Future()
        answer.set_result(GetMotionPlan.Response(motion_plan_response=response))
        return answer

    def _planned(self, request: MotionPlanRequest) -> MotionPlanResponse:
        group = self._robot.group(request.group_name or None).name
        refuse_what_moveit_py_lacks(request)
        component = self._moveit.get_planning_component(group)
        component.set_start_state_to_current_state()
        component.set_path_constraints(path_constraints=request.path_constraints)
        component.set_goal_state(motion_plan_constraints=list(request.goal_constraints))
        found = component.plan(single_plan_parameters=self._parameters(request))
        return response_of(found, group)

    def _parameters(self, request: MotionPlanRequest) -> Any:
        """What the node's parameters say, with what the request says instead."""
        chosen = self._planning.PlanRequestParameters(self._moveit, "")
        chosen.planning_time = request.allowed_planning_time or _SECONDS
        chosen.planning_attempts = max(request.num_planning_attempts, 1)
        chosen.max_velocity_scaling_factor = request.max_velocity_scaling_factor or 1.0
        chosen.max_acceleration_scaling_factor = request.max_acceleration_scaling_factor or 1.0
        if request.pipeline_id:
            chosen.planning_pipeline = request.pipeline_id
        if request.planner_id:
            chosen.planner_id = request.planner_id
        return chosen


def refuse_what_moveit_py_lacks(request: MotionPlanRequest) -> None:
    """Refuse a start that is not where the robot is, and what a PlanningComponent cannot be told.

    Raises:
        RefusedRequest: names the field.
    """
    start, goals = request.start_state, request.goal_constraints
    asked = {
        "start_state": bool(
            start.joint_state.name
            or start.multi_dof_joint_state.joint_names
            or start.attached_collision_objects
        ),
        "trajectory_constraints": bool(request.trajectory_constraints.constraints),
        **{field: bool(getattr(request, field)) for field in _NO_WORD_FOR},
    }
    for field, there in asked.items():
        if there:
            raise RefusedRequest(
                f"the request has {field}, which planning in this process does not take. "
                "Leave it out, or ask move_group.",
                CODES.INVALID_MOTION_PLAN,
            )
    if not any(goal != Constraints() for goal in goals):
        raise RefusedRequest(
            "goal_constraints is empty, want at least one goal. Say where to go.",
            CODES.INVALID_GOAL_CONSTRAINTS,
        )


def response_of(found: Found, group: str) -> MotionPlanResponse:
    """moveit_py's answer as move_group would send it, without a trajectory where there is none."""
    response = MotionPlanResponse(
        group_name=group, planning_time=found.planning_time, error_code=found.error_code
    )
    if found.error_code.val == CODES.SUCCESS:
        response.trajectory = found.trajectory.get_robot_trajectory_msg()
    return response
