"""The planner node as a client of move_group meets it."""

import numpy as np
import pytest
from action_msgs.msg import GoalStatus
from control_msgs.action import FollowJointTrajectory
from moveit_msgs.msg import CollisionObject, JointConstraint, MoveItErrorCodes, PlanningScene
from moveit_msgs.srv import GetPositionIK
from rclpy.action import ActionServer, CancelResponse
from rclpy.node import Node
from rclpy.task import Future
from sensor_msgs.msg import JointState
from std_msgs.msg import Header

from handiwork.errors import BadValue, UnknownName
from handiwork.planning import Box, Obstacle, placed
from handiwork.robots.registry import robot
from handiwork_ros.messages import seconds_from_stamp
from handiwork_ros.moveit_client import MoveItClient, PlanningRefused, posture_of, trajectory_of
from handiwork_ros.moveit_goals import Motion, to_joints, to_pose
from handiwork_ros.planner_config import PlannerNodeConfig
from handiwork_ros.planner_node import PlannerNode
from handiwork_ros.scene_messages import message_from_obstacle
from handiwork_ros.shape_messages import matrix_from_pose

WXAI = robot("wxai")
CODES = MoveItErrorCodes
ARM = Motion(group="arm")
TURNED = dict(zip(WXAI.names, [1.0, *WXAI.home[1:]], strict=True))


class Controller:
    """A trajectory controller that follows at once, or waits to be cancelled."""

    def __init__(self, node: Node, patient: bool) -> None:
        self.node, self.patient = node, patient
        self.goals: list[FollowJointTrajectory.Goal] = []
        self.cancelled: Future | None = None
        self._server = ActionServer(
            node,
            FollowJointTrajectory,
            "arm_controller/follow_joint_trajectory",
            self._on_execute,
            cancel_callback=self._on_cancel,
        )

    def _on_cancel(self, handle):
        if self.cancelled is not None:
            self.cancelled.set_result(None)
        return CancelResponse.ACCEPT

    async def _on_execute(self, handle):
        self.goals.append(handle.request)
        if self.patient:
            self.cancelled = Future(executor=self.node.executor)
            await self.cancelled
            handle.canceled()
        else:
            handle.succeed()
        return FollowJointTrajectory.Result()


class Bench:
    """A planner for a WidowX AI at home, a controller, and a client."""

    def __init__(self, graph, *, patient: bool = False, heard: bool = True) -> None:
        self.graph = graph
        for _ in range(3):
            self._make(patient)
            if graph.until(self._matched, patience=10.0):
                break
            graph.begin_anew()
        else:
            pytest.fail("client and planner never heard of each other")
        if heard:
            self.states.publish(JointState(name=list(WXAI.names), position=WXAI.home.tolist()))
            graph.spin(0.2)

    def _make(self, patient: bool) -> None:
        graph = self.graph
        self.planner = graph.add(PlannerNode(PlannerNodeConfig(robot="wxai", stale=30.0)))
        node = graph.add(Node("client"))
        self.controller = Controller(node, patient)
        self.client = MoveItClient(node, WXAI)
        self.states = node.create_publisher(JointState, "joint_states", 10)

    def _matched(self) -> bool:
        heard = self.client.ready() and self.states.get_subscription_count() > 0
        return heard and ARM.group not in self.planner.motions.missing

    def answer(self, future: Future):
        """What a future brings."""
        assert self.graph.until(future.done)
        result = future.result()
        assert result is not None
        return result

    def plan(self, request):
        """The trajectory of a plan."""
        return trajectory_of(self.answer(self.client.plan(request)), request)

    def put(self, obstacle: Obstacle) -> bool:
        """Whether the planner took an obstacle into its scene."""
        scene = PlanningScene(is_diff=True)
        scene.world.collision_objects = [message_from_obstacle(obstacle, WXAI.base_frame)]
        return self.answer(self.client.apply_scene(scene)).success


@pytest.fixture
def bench(graph):
    """Everything there and heard of."""
    return Bench(graph)


def refusal(bench: Bench, request) -> PlanningRefused:
    """Why a plan was refused."""
    with pytest.raises(PlanningRefused) as refused:
        bench.plan(request)
    return refused.value


def test_a_plan_goes_from_where_the_robot_is_to_where_it_was_asked_to(bench):
    planned = bench.plan(to_joints(WXAI, ARM, TURNED)).joint_trajectory
    assert planned.joint_names == list(WXAI.names)
    np.testing.assert_allclose(planned.points[0].positions, WXAI.home, atol=1e-9)
    np.testing.assert_allclose(planned.points[-1].positions, [1.0, *WXAI.home[1:]], atol=1e-6)
    assert not any(planned.points[-1].velocities)
    assert seconds_from_stamp(planned.header.stamp) == 0.0  # at once


def test_slower_is_slower(bench):
    ends = []
    for scale in (1.0, 0.25):
        motion = Motion(group="arm", velocity_scale=scale, acceleration_scale=scale)
        planned = bench.plan(to_joints(WXAI, motion, TURNED)).joint_trajectory
        ends.append(seconds_from_stamp(planned.points[-1].time_from_start))
    assert ends[1] > 1.5 * ends[0]


def test_forward_of_inverse_is_the_pose_that_was_asked_for(bench):
    tool = WXAI.tool.frame
    pose = matrix_from_pose(bench.answer(bench.client.forward([tool])).pose_stamped[0].pose)
    pose[1, 3] += 0.05
    answer = bench.answer(bench.client.inverse("arm", pose, tool))
    found = posture_of(answer, WXAI)
    back = bench.answer(bench.client.forward([tool], found)).pose_stamped[0].pose
    np.testing.assert_allclose(matrix_from_pose(back), pose, atol=1e-4)


def test_a_plan_to_a_pose_ends_at_the_pose(bench):
    tool = WXAI.tool.frame
    pose = matrix_from_pose(bench.answer(bench.client.forward([tool])).pose_stamped[0].pose)
    pose[:3, 3] += (0.02, 0.08, 0.05)
    planned = bench.plan(to_pose(WXAI, ARM, pose, tool)).joint_trajectory
    end = np.array(planned.points[-1].positions)
    back = bench.answer(bench.client.forward([tool], end)).pose_stamped[0].pose
    np.testing.assert_allclose(matrix_from_pose(back), pose, atol=1e-4)


def test_a_straight_path_says_how_far_it_goes(bench):
    tool = WXAI.tool.frame
    pose = matrix_from_pose(bench.answer(bench.client.forward([tool])).pose_stamped[0].pose)
    near, far = pose.copy(), pose.copy()
    near[2, 3] += 0.05
    far[2, 3] += 3.0
    assert bench.answer(bench.client.straight("arm", near[None], tool)).fraction == 1.0
    answer = bench.answer(bench.client.straight("arm", far[None], tool))
    assert 0 < answer.fraction < 0.5 and answer.error_code.message


def test_move_action_plans_and_has_the_controller_follow(bench):
    handle = bench.answer(bench.client.move(to_joints(WXAI, ARM, TURNED)))
    answer = bench.answer(handle.get_result_async())
    assert answer.status == GoalStatus.STATUS_SUCCEEDED
    assert answer.result.error_code.val == CODES.SUCCESS
    (goal,) = bench.controller.goals
    assert goal.trajectory == answer.result.planned_trajectory.joint_trajectory


def test_a_cancelled_motion_is_cancelled_at_its_controller(graph):
    bench = Bench(graph, patient=True)
    handle = bench.answer(bench.client.move(to_joints(WXAI, ARM, TURNED)))
    assert graph.until(lambda: bench.controller.cancelled is not None)
    bench.answer(handle.cancel_goal_async())
    answer = bench.answer(handle.get_result_async())
    assert answer.status == GoalStatus.STATUS_CANCELED
    assert answer.result.error_code.val == CODES.PREEMPTED


def test_a_trajectory_that_was_planned_is_executed_as_it_is(bench):
    planned = bench.plan(to_joints(WXAI, ARM, TURNED))
    handle = bench.answer(bench.client.execute(planned))
    assert bench.answer(handle.get_result_async()).result.error_code.val == CODES.SUCCESS
    assert bench.controller.goals[0].trajectory == planned.joint_trajectory


def test_what_is_put_into_the_scene_is_there_and_is_kept_clear_of(bench):
    place = bench.answer(bench.client.forward([WXAI.tool.link])).pose_stamped[0].pose.position
    crate = Obstacle(
        name="crate",
        shape=Box(size=(0.1, 0.1, 0.1)),
        base_from_shape=placed(place.x, place.y, place.z),
    )
    assert bench.put(crate)
    answer = bench.answer(bench.client.get_scene(0))
    assert [thing.id for thing in answer.scene.world.collision_objects] == ["crate"]
    refused = refusal(bench, to_joints(WXAI, ARM, TURNED))
    assert refused.code == CODES.START_STATE_IN_COLLISION and "'crate'" in str(refused)


def test_a_scene_that_is_not_understood_changes_nothing(bench):
    scene = PlanningScene(is_diff=True)
    lost = CollisionObject(id="lost", header=Header(frame_id="nowhere"))
    scene.world.collision_objects = [lost]
    assert not bench.answer(bench.client.apply_scene(scene)).success
    assert not bench.answer(bench.client.get_scene(0)).scene.world.collision_objects


def test_what_is_not_honoured_is_refused_by_name(bench):
    request = to_joints(WXAI, ARM, TURNED)
    request.path_constraints.joint_constraints = [JointConstraint(joint_name="joint_1")]
    assert "path_constraints has joint_constraints" in str(refusal(bench, request))
    request = to_joints(WXAI, ARM, TURNED)
    request.planner_id = "PRMstar"
    assert "planner_id is 'PRMstar'" in str(refusal(bench, request))
    request = to_joints(WXAI, ARM, TURNED)
    request.max_cartesian_speed = 0.1
    assert "max_cartesian_speed" in str(refusal(bench, request))


def test_an_unknown_group_is_named_with_those_there_are(bench):
    request = to_joints(WXAI, ARM, TURNED)
    request.group_name = "leg"
    refused = refusal(bench, request)
    assert refused.code == CODES.INVALID_GROUP_NAME and "Known: arm" in str(refused)


def test_a_goal_outside_the_limits_is_refused_by_the_planner_and_by_the_client(bench):
    with pytest.raises(BadValue, match="joint_0"):
        to_joints(WXAI, ARM, {**TURNED, "joint_0": 9.0})
    request = to_joints(WXAI, ARM, TURNED)
    request.goal_constraints[0].joint_constraints[0].position = 9.0
    refused = refusal(bench, request)
    assert refused.code == CODES.GOAL_STATE_INVALID and "joint_0 is 9.0" in str(refused)


def test_the_client_refuses_a_joint_that_the_group_lacks():
    with pytest.raises(UnknownName, match="no joint named 'joint_9'"):
        to_joints(WXAI, ARM, {"joint_9": 0.0})


def test_the_client_refuses_to_leave_out_a_joint_that_move_group_would_move_anywhere():
    with pytest.raises(BadValue, match=r"joints .*joint_0.* all of joint_0, joint_1"):
        to_joints(WXAI, ARM, {"joint_0": 1.0})


def test_the_planner_leaves_joints_where_they_are_that_a_goal_does_not_name(bench):
    request = to_joints(WXAI, ARM, TURNED)
    del request.goal_constraints[0].joint_constraints[1:]
    planned = bench.plan(request).joint_trajectory
    np.testing.assert_allclose(planned.points[-1].positions, [1.0, *WXAI.home[1:]], atol=1e-6)


def test_a_posture_is_read_by_name_from_an_answer_that_has_fingers_too():
    answer = GetPositionIK.Response()
    answer.error_code.val = CODES.SUCCESS
    answer.solution.joint_state.name = ["left_carriage_joint", *reversed(WXAI.names)]
    answer.solution.joint_state.position = [0.02, *reversed(WXAI.home)]
    np.testing.assert_array_equal(posture_of(answer, WXAI), WXAI.home)


def test_a_posture_of_another_robot_or_none_at_all_is_refused():
    answer = GetPositionIK.Response()
    answer.error_code.val = CODES.NO_IK_SOLUTION
    with pytest.raises(PlanningRefused, match="NO_IK_SOLUTION"):
        posture_of(answer, WXAI)
    answer.error_code.val = CODES.SUCCESS
    answer.solution.joint_state.name, answer.solution.joint_state.position = ["fr3_joint1"], [0.0]
    with pytest.raises(BadValue, match="joint_0"):
        posture_of(answer, WXAI)


def test_without_joint_states_it_is_said_which_joint_is_missing(graph):
    bench = Bench(graph, heard=False)
    refused = refusal(bench, to_joints(WXAI, ARM, TURNED))
    assert "joint_0 was last heard of never" in str(refused)
