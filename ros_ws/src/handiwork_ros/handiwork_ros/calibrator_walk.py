"""The calibrator's auto mode: it goes from view to view until the hand-eye is known well enough.

Postures are chosen in a thread of their own, so that the node hears of joints and pictures
meanwhile. The planner takes the arm there, around the table, the camera and the board.
"""

from typing import TYPE_CHECKING

import numpy as np
from moveit_msgs.msg import MoveItErrorCodes, PlanningScene, RobotTrajectory
from std_msgs.msg import String

from calibration.informative_postures import Arm, Posture
from calibration.informative_scene import surroundings
from calibration.informative_session import Session
from handiwork.errors import HandiworkError, NotObserved, ObjectNotFound
from handiwork.planning import Planner, Scene
from handiwork.robots.kinematics import Kinematics
from handiwork.robots.pose_inverse import PoseInverseConfig
from handiwork_ros.moveit_client import MoveItClient, PlanningRefused, trajectory_of
from handiwork_ros.moveit_goals import Motion, to_joints
from handiwork_ros.quality_of_service import LATCHED_READER
from handiwork_ros.scene_messages import message_from_attached, message_from_obstacle
from handiwork_ros.waiting import Waiting

if TYPE_CHECKING:
    from handiwork_ros.calibrator_node import CalibratorNode

TRIED = 6  # postures of one choice, until one is reached and shows the board
ROUNDS = 4  # choices without a view, after which it is given up
# Few starts of many: a view that is hard to reach is dear, and others tell as much.
SEARCH = PoseInverseConfig(restarts=4, postures=4096)


class CalibrationStuck(HandiworkError):
    """An automatic calibration that cannot go on."""


class Walk:
    """One calibration by the node that it belongs to."""

    def __init__(self, node: "CalibratorNode") -> None:
        self._node = node
        self._client = MoveItClient(node, node.robot)
        self._waiting = Waiting(
            node, node.config.patience, CalibrationStuck, "the planner and the arm server"
        )
        self._safety = ""  # what the gate says; nothing where there is no gate of ours
        node.create_subscription(String, "safety_state", self._on_safety, LATCHED_READER)

    async def run(self) -> None:
        """From the first view to the files.

        Raises:
            CalibrationStuck: nodes are missing, the board is not seen, or nothing can be reached.
            HandiworkError: the views taken do not make a calibration.
        """
        node = self._node
        await self._wait_for_all()
        session = node.begin()
        scene = self._scene(session)
        await self._show(scene)
        arm = await self._waiting.off_thread(lambda: self._make_arm(scene))
        misses = 0
        while not session.done:
            misses = 0 if await self._one_view(session, arm) else misses + 1
            if misses == ROUNDS:
                raise CalibrationStuck(
                    f"{ROUNDS * TRIED} postures in turn were out of reach or did not show the "
                    f"board, after {session.count} views. Check the guesses of camera and board, "
                    "the light, and the board's size."
                )
        node.save()  # also where no calibration comes of the views
        node.compute()
        node.save()
        node.get_logger().info(f"done after {session.count} views")

    async def _wait_for_all(self) -> None:
        node = self._node
        if await self._waiting.until(lambda: not self._missing(), node.config.ready_timeout):
            return
        raise CalibrationStuck(
            f"not ready after {node.config.ready_timeout:.0f} s: {'; '.join(self._missing())}. "
            "Check the log of these nodes."
        )

    def _missing(self) -> list[str]:
        node = self._node
        there = {
            "camera: no picture": node.eye.open,
            "arm server: no joint_states": node.stillness.heard,
            "planner: not all of its services": self._client.ready(),
        }
        return [what for what, is_there in there.items() if not is_there]

    def _scene(self, session: Session) -> Scene:
        node, belief = self._node, session.belief
        config, tool = node.config, node.kinematics.group.tool
        assert tool is not None  # Kinematics refuses a group without one
        return surroundings(
            config.kind,
            belief.mount_from_camera,
            belief.holder_from_board,
            (config.squares_x * config.square_m, config.squares_y * config.square_m),
            tool,
            config.table,
        )

    async def _show(self, scene: Scene) -> None:
        """Tell the planner what must not be touched."""
        base = self._node.robot.base_frame
        message = PlanningScene(is_diff=True)
        message.robot_state.is_diff = True
        message.world.collision_objects = [
            message_from_obstacle(thing, base) for thing in scene.obstacles
        ]
        message.robot_state.attached_collision_objects = [
            message_from_attached(thing) for thing in scene.attached
        ]
        if not (await self._waiting.answer(self._client.apply_scene(message))).success:
            raise CalibrationStuck("the planner refused the scene. Its own log says why.")

    def _make_arm(self, scene: Scene) -> Arm:
        robot = self._node.robot
        return Arm(Kinematics(robot, pose_config=SEARCH), Planner(robot, scene))

    async def _one_view(self, session: Session, arm: Arm) -> bool:
        """Whether a view was taken, of the best posture that allowed it."""
        here = self._here()
        for view in (await self._waiting.off_thread(lambda: session.next_views(arm, here)))[:TRIED]:
            if await self._went(arm, view.posture) and await self._took():
                return True
        return False

    async def _went(self, arm: Arm, posture: Posture) -> bool:
        node = self._node
        names = node.kinematics.group.joints
        share = node.config.speed
        motion = Motion(
            group=node.kinematics.group.name, velocity_scale=share, acceleration_scale=share
        )
        goal = dict(zip(names, posture.positions.tolist(), strict=True))
        request = to_joints(node.robot, motion, goal)
        try:
            planned = trajectory_of(await self._waiting.answer(self._client.plan(request)), request)
        except PlanningRefused as refused:
            return self._left_out(str(refused))
        if not await self._waiting.off_thread(lambda: arm.clear(self._path(planned))):
            return self._left_out("the way there leads too near the arm itself")
        handle = await self._waiting.answer(self._client.execute(planned))
        if not handle.accepted:
            return self._left_out("the planner is busy with another motion")
        code = (await self._waiting.answer(handle.get_result_async())).result.error_code
        if self._safety and not self._safety.startswith("enabled"):
            raise CalibrationStuck(f"the arm is {self._safety}. Clear its way, then enable it.")
        return code.val == MoveItErrorCodes.SUCCESS or self._left_out(code.message)

    def _path(self, planned: RobotTrajectory) -> np.ndarray:
        """(N, K) [rad] the group's joints along a trajectory."""
        trajectory = planned.joint_trajectory
        rows = np.array([point.positions for point in trajectory.points])
        names = list(trajectory.joint_names)
        return rows[:, [names.index(name) for name in self._node.kinematics.group.joints]]

    def _left_out(self, why: str) -> bool:
        self._node.get_logger().info(f"a posture was left out: {why}")
        return False

    async def _took(self) -> bool:
        node = self._node
        if not await self._waiting.until(node.rested, node.config.patience):
            raise CalibrationStuck(
                f"the arm was not seen at rest within {node.config.patience:.0f} s. Check that "
                "joint_states and pictures come, on one clock."
            )
        try:
            node.take()
        except (NotObserved, ObjectNotFound) as error:
            return self._left_out(str(error))
        return True

    def _here(self) -> np.ndarray:
        """(K,) [rad] where the group's joints are."""
        node = self._node
        positions = node.stillness.place(node.stillness.since())
        return positions[node.robot.columns(node.kinematics.group)]

    def _on_safety(self, message: String) -> None:
        self._safety = message.data
