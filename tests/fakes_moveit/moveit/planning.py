"""MoveItPy, PlanningComponent and PlanRequestParameters as their bindings describe them."""

from dataclasses import dataclass
from pathlib import Path

import yaml
from builtin_interfaces.msg import Duration
from moveit_msgs.msg import Constraints, MoveItErrorCodes, RobotTrajectory
from trajectory_msgs.msg import JointTrajectoryPoint


class PlanTrajectory:
    """core.robot_trajectory.RobotTrajectory: a motion that is not a message yet."""

    def __init__(self, goal: dict[str, float], seconds: float) -> None:
        self._goal, self._seconds = goal, seconds

    def get_robot_trajectory_msg(self, joint_filter: tuple[str, ...] = ()) -> RobotTrajectory:
        message = RobotTrajectory()
        message.joint_trajectory.joint_names = list(self._goal)
        end = Duration(sec=int(self._seconds), nanosec=int(self._seconds % 1 * 1e9))
        message.joint_trajectory.points = [
            JointTrajectoryPoint(positions=[0.0] * len(self._goal)),
            JointTrajectoryPoint(positions=list(self._goal.values()), time_from_start=end),
        ]
        return message


@dataclass
class MotionPlanResponse:
    """core.planning_interface.MotionPlanResponse: false unless it succeeded."""

    trajectory: PlanTrajectory | None
    planning_time: float
    error_code: MoveItErrorCodes

    def __bool__(self) -> bool:
        return self.error_code.val == MoveItErrorCodes.SUCCESS


class MoveItPy:
    """Reads its parameters from files, and does not start without a planning pipeline."""

    def __init__(
        self,
        node_name: str = "moveit_py",
        name_space: str = "",
        launch_params_filepaths: tuple[str, ...] = (),
        config_dict: dict | None = None,
        provide_planning_service: bool = True,
    ) -> None:
        self.parameters = {}
        for path in launch_params_filepaths:
            self.parameters |= yaml.safe_load(Path(path).read_text())["/**"]["ros__parameters"]
        if not self.parameters.get("planning_pipelines.pipeline_names"):
            raise RuntimeError("Failed to load planning pipelines from parameter server")
        self.serves_scene = provide_planning_service
        self.running = True

    def get_planning_component(self, planning_component_name: str) -> "PlanningComponent":
        return PlanningComponent(planning_component_name, self)

    def shutdown(self) -> None:
        self.running = False


class PlanRequestParameters:
    """What the node's parameters say until somebody says otherwise."""

    def __init__(self, moveit_py_instance: MoveItPy, namespace: str) -> None:
        prefix = f"{namespace}.plan_request_params." if namespace else "plan_request_params."
        said = moveit_py_instance.parameters.get
        self.planner_id = said(f"{prefix}planner_id", "")
        self.planning_pipeline = said(f"{prefix}planning_pipeline", "")
        self.planning_attempts = said(f"{prefix}planning_attempts", 5)
        self.planning_time = said(f"{prefix}planning_time", 1.0)
        self.max_velocity_scaling_factor = said(f"{prefix}max_velocity_scaling_factor", 1.0)
        self.max_acceleration_scaling_factor = said(f"{prefix}max_acceleration_scaling_factor", 1.0)


class PlanningComponent:
    """A group; keeps its constraints from one plan to the next, as the real one does."""

    def __init__(self, joint_model_group_name: str, moveit_py_instance: MoveItPy) -> None:
        self._robot = moveit_py_instance
        self._goals: list[Constraints] = []
        self._path = Constraints()

    def set_start_state_to_current_state(self) -> None:
        """Joints are at zero."""

    def set_path_constraints(self, path_constraints: Constraints) -> bool:
        self._path = path_constraints
        return True

    def set_goal_state(self, motion_plan_constraints: list[Constraints]) -> bool:
        self._goals = motion_plan_constraints
        return True

    def plan(self, single_plan_parameters: PlanRequestParameters) -> MotionPlanResponse:
        """At 1 rad/s straight to the first goal; a pose is never reached."""
        pipelines = self._robot.parameters["planning_pipelines.pipeline_names"]
        if single_plan_parameters.planning_pipeline not in pipelines:
            return MotionPlanResponse(None, 0.0, MoveItErrorCodes(val=MoveItErrorCodes.FAILURE))
        goal = {item.joint_name: item.position for item in self._goals[0].joint_constraints}
        if not goal or self._path.joint_constraints:
            code = MoveItErrorCodes(val=MoveItErrorCodes.PLANNING_FAILED)
            return MotionPlanResponse(None, single_plan_parameters.planning_time, code)
        furthest = max(abs(position) for position in goal.values())
        seconds = furthest / single_plan_parameters.max_velocity_scaling_factor
        code = MoveItErrorCodes(val=MoveItErrorCodes.SUCCESS)
        return MotionPlanResponse(PlanTrajectory(goal, seconds), 0.01, code)
