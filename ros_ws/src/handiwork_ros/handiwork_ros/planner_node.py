"""The planner: move_group's services and actions, answered by the embedded planner.

A request is planned for in the thread that takes it, so one at a time, and others wait.
"""

import numpy as np
from moveit_msgs.msg import MotionPlanRequest, MotionPlanResponse, RobotState
from moveit_msgs.srv import (
    ApplyPlanningScene,
    GetCartesianPath,
    GetMotionPlan,
    GetPlanningScene,
    GetPositionFK,
    GetPositionIK,
    GetStateValidity,
)
from ompl import util
from rclpy.node import Node

from handiwork.errors import HandiworkError
from handiwork.planning import MotionPlanning
from handiwork.robots.registry import robot
from handiwork_ros.controller_names import controllers_of
from handiwork_ros.diagnostics import Diagnostics
from handiwork_ros.parameters import declared
from handiwork_ros.planner_answers import (
    cartesian_path,
    forward,
    inverse,
    motion_plan,
    state_of,
    validity,
)
from handiwork_ros.planner_config import PlannerNodeConfig
from handiwork_ros.planner_motions import PlannerMotions
from handiwork_ros.planning_errors import failed
from handiwork_ros.robot_position import RobotPosition
from handiwork_ros.running import run
from handiwork_ros.scene_changes import changed, message_from_scene


class PlannerNode(Node):
    """Subscribes: joint_states. Serves what move_group serves, under the same names.

    plan_kinematic_path, compute_ik, compute_fk, compute_cartesian_path, check_state_validity,
    get_planning_scene, apply_planning_scene; actions move_action and execute_trajectory.
    """

    def __init__(self, config: PlannerNodeConfig | None = None) -> None:
        super().__init__("planner")
        config = declared(self, config or PlannerNodeConfig())
        if config.seed:
            util.RNG.setSeed(config.seed)
        self._planning = MotionPlanning(robot(config.robot))
        self._position = RobotPosition(self, self._planning.robot, config.stale)
        self._diagnostics = Diagnostics(self, f"Plans for {config.robot}.")
        self.motions = PlannerMotions(
            self,
            self._planning.robot,
            controllers_of(self._planning.robot, config.controllers),
            self.plan,
        )
        self.create_service(GetMotionPlan, "plan_kinematic_path", self._on_plan)
        self.create_service(GetPositionIK, "compute_ik", self._on_inverse)
        self.create_service(GetPositionFK, "compute_fk", self._on_forward)
        self.create_service(GetCartesianPath, "compute_cartesian_path", self._on_cartesian)
        self.create_service(GetStateValidity, "check_state_validity", self._on_validity)
        self.create_service(GetPlanningScene, "get_planning_scene", self._on_get_scene)
        self.create_service(ApplyPlanningScene, "apply_planning_scene", self._on_apply_scene)

    def plan(self, request: MotionPlanRequest) -> MotionPlanResponse:
        """A plan from where the robot is, or why there is none."""
        try:
            return motion_plan(request, self._planning, self._here(request.start_state))
        except HandiworkError as error:
            self._say("no plan", error)
            return MotionPlanResponse(group_name=request.group_name, error_code=failed(error))

    def _on_plan(
        self, request: GetMotionPlan.Request, response: GetMotionPlan.Response
    ) -> GetMotionPlan.Response:
        response.motion_plan_response = self.plan(request.motion_plan_request)
        return response

    def _on_inverse(
        self, request: GetPositionIK.Request, response: GetPositionIK.Response
    ) -> GetPositionIK.Response:
        try:
            return inverse(request, self._planning, self._here(request.ik_request.robot_state))
        except HandiworkError as error:
            self._say("no inverse", error)
            return GetPositionIK.Response(error_code=failed(error))

    def _on_forward(
        self, request: GetPositionFK.Request, response: GetPositionFK.Response
    ) -> GetPositionFK.Response:
        try:
            return forward(request, self._planning, self._here(request.robot_state))
        except HandiworkError as error:
            self._say("no placement", error)
            return GetPositionFK.Response(error_code=failed(error))

    def _on_cartesian(
        self, request: GetCartesianPath.Request, response: GetCartesianPath.Response
    ) -> GetCartesianPath.Response:
        try:
            return cartesian_path(request, self._planning, self._here(request.start_state))
        except HandiworkError as error:
            self._say("no straight path", error)
            return GetCartesianPath.Response(fraction=-1.0, error_code=failed(error))

    def _on_validity(
        self, request: GetStateValidity.Request, response: GetStateValidity.Response
    ) -> GetStateValidity.Response:
        try:
            return validity(request, self._planning, self._here(request.robot_state))
        except HandiworkError as error:  # the answer has no room for a reason
            self._say("not valid", error)
            return GetStateValidity.Response(valid=False)

    def _on_get_scene(
        self, request: GetPlanningScene.Request, response: GetPlanningScene.Response
    ) -> GetPlanningScene.Response:
        response.scene = message_from_scene(self._planning)
        try:
            where = state_of(self._planning.robot, self._position.now())
            response.scene.robot_state.joint_state = where.joint_state
        except HandiworkError as error:  # the scene is known all the same
            self._say("a scene without joints", error)
        return response

    def _on_apply_scene(
        self, request: ApplyPlanningScene.Request, response: ApplyPlanningScene.Response
    ) -> ApplyPlanningScene.Response:
        try:
            here = self._here(request.scene.robot_state)
            self._planning.scene = changed(self._planning, request.scene, here)
            response.success = True
        except HandiworkError as error:  # the answer has no room for a reason
            self._say("scene refused", error)
        return response

    def _here(self, state: RobotState) -> np.ndarray:
        """(J,) [rad] where the robot is; not asked for where a request names every joint."""
        if set(self._planning.robot.names) <= set(state.joint_state.name):
            return np.array(self._planning.robot.home)
        return self._position.now()

    def _say(self, what: str, error: HandiworkError) -> None:
        self.get_logger().warning(f"{what}: {error}")


def main(args: list[str] | None = None) -> None:
    """Run the node."""
    run("planner", PlannerNode, args)


if __name__ == "__main__":
    main()
