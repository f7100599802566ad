"""Planning by MoveIt in this process, on a stand-in with the bindings' names and behaviour.

What MoveIt itself does with a request is not tested here: it is not on PyPI.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from moveit_msgs.msg import Constraints, JointConstraint, MotionPlanRequest, MoveItErrorCodes

from handiwork.robots.registry import robot
from handiwork_ros.moveit_client import PlanningRefused, trajectory_of
from handiwork_ros.moveit_goals import Motion, to_joints, to_pose
from handiwork_ros.moveit_py_planner import MissingMoveIt, MoveItPyPlanner

WXAI = robot("wxai")
ARM = Motion(group="arm", velocity_scale=0.5)
TURNED = {name: 1.0 if name == "joint_0" else 0.5 for name in WXAI.names}
PARAMETERS = {
    "planning_pipelines.pipeline_names": ["ompl"],
    "plan_request_params.planning_pipeline": "ompl",
}


def without_moveit(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "moveit"]:
        monkeypatch.delitem(sys.modules, name)


@pytest.fixture
def planner(monkeypatch: pytest.MonkeyPatch) -> Iterator[MoveItPyPlanner]:
    without_moveit(monkeypatch)
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "fakes_moveit"))
    yield MoveItPyPlanner(WXAI, PARAMETERS)
    without_moveit(monkeypatch)


def asked(planner: MoveItPyPlanner, request: MotionPlanRequest):
    future = planner.plan(request)
    assert future.done()
    return future.result()


def test_without_moveit_py_it_says_what_to_install(monkeypatch):
    without_moveit(monkeypatch)
    with pytest.raises(MissingMoveIt, match=r"ros-\$ROS_DISTRO-moveit-py .* planner node"):
        MoveItPyPlanner(WXAI, PARAMETERS)


def test_a_joint_goal_comes_back_as_the_clients_answer(planner):
    goal = {**TURNED, "joint_3": -0.5}
    request = to_joints(WXAI, ARM, goal)
    planned = trajectory_of(asked(planner, request), request).joint_trajectory
    assert dict(zip(planned.joint_names, planned.points[-1].positions, strict=True)) == goal


def test_the_request_scales_the_velocity(planner):
    request = to_joints(WXAI, ARM, TURNED)
    planned = trajectory_of(asked(planner, request), request).joint_trajectory
    assert planned.points[-1].time_from_start.sec == 2  # 1 rad at half of 1 rad/s


def test_a_failure_has_moveits_code_and_no_trajectory(planner):
    answer = asked(planner, to_pose(WXAI, ARM, np.eye(4), "link_6"))
    response = answer.motion_plan_response
    assert response.error_code.val == MoveItErrorCodes.PLANNING_FAILED
    assert not response.trajectory.joint_trajectory.points
    with pytest.raises(PlanningRefused, match="PLANNING_FAILED"):
        trajectory_of(answer, MotionPlanRequest())


def test_an_unknown_group_is_refused_by_name(planner):
    code = asked(planner, MotionPlanRequest(group_name="leg")).motion_plan_response.error_code
    assert code.val == MoveItErrorCodes.INVALID_GROUP_NAME
    assert "no group named 'leg'" in code.message


def test_a_pipeline_of_the_request_is_passed_on(planner):
    request = to_joints(WXAI, ARM, TURNED)
    request.pipeline_id = "chomp"  # not among those that were loaded
    code = asked(planner, request).motion_plan_response.error_code
    assert code.val == MoveItErrorCodes.FAILURE


def elsewhere(request: MotionPlanRequest) -> None:
    request.start_state.joint_state.name = ["joint_0"]


def along(request: MotionPlanRequest) -> None:
    request.trajectory_constraints.constraints = [Constraints()]


def slowly(request: MotionPlanRequest) -> None:
    request.max_cartesian_speed = 0.1


def nowhere(request: MotionPlanRequest) -> None:
    request.goal_constraints = []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (elsewhere, "start_state"),
        (along, "trajectory_constraints"),
        (slowly, "max_cartesian_speed"),
        (nowhere, "goal_constraints"),
    ],
)
def test_what_moveit_py_cannot_be_told_is_refused_by_name(planner, change, field):
    request = to_joints(WXAI, ARM, TURNED)
    change(request)
    code = asked(planner, request).motion_plan_response.error_code
    assert code.val != MoveItErrorCodes.SUCCESS
    assert field in code.message


def test_path_constraints_of_one_plan_do_not_stay_for_the_next(planner):
    request = to_joints(WXAI, ARM, TURNED)
    request.path_constraints.joint_constraints = [JointConstraint(joint_name="joint_1")]
    assert asked(planner, request).motion_plan_response.error_code.val < 0
    request.path_constraints = Constraints()
    assert asked(planner, request).motion_plan_response.error_code.val == MoveItErrorCodes.SUCCESS
