"""The simulator as an arm server: the same topics, action, frames and rates as the hardware's.

The world and its controller run in a loop of their own (simulated_arm, real_time_loop); this node
publishes what the loop shows and hands it what comes in.
"""

import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from geometry_msgs.msg import TransformStamped
from handiwork_msgs.msg import GroundTruth, LoopStatistics, SimulationFrame
from handiwork_msgs.srv import ResetEpisode
from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from rclpy.parameter import Parameter
from rosgraph_msgs.msg import Clock as ClockMessage
from sensor_msgs.msg import JointState as JointStateMessage
from tf2_msgs.msg import TFMessage

from handiwork.errors import HandiworkError
from handiwork.robots.wxai import WXAI
from handiwork.sim.push_t_world import PushTWorld
from handiwork.tasks.push_t import coverage
from handiwork_ros.command_log import CommandLog
from handiwork_ros.diagnostics import Diagnostics, Level
from handiwork_ros.joint_trajectory_server import JointTrajectoryServer
from handiwork_ros.messages import JointState, message_from_joint_state, stamp_from_seconds
from handiwork_ros.parameters import declared
from handiwork_ros.quality_of_service import LATCHED, NEWEST, RELIABLE
from handiwork_ros.running import run
from handiwork_ros.scheduling import ask_for_priority
from handiwork_ros.sight_messages import transform_from_matrix
from handiwork_ros.simulated_arm import SimulatedArm, Snapshot
from handiwork_ros.simulation_control import SimulationControl

# A camera's body frame looks along x with z up, its optical frame along z with y down (REP-103).
CAMERA_FROM_OPTICAL = np.array(
    [[0.0, 0.0, 1.0, 0.0], [-1.0, 0.0, 0.0, 0.0], [0.0, -1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]]
)


@dataclass(frozen=True, kw_only=True)
class SimConfig:
    """Rates, names and the start.

    Every message costs every Python node that hears it about half a millisecond, so rates are no
    higher than somebody needs.
    """

    controller: str = field(
        default="arm_controller", metadata={"description": "name of the trajectory controller"}
    )
    seed: int = field(default=0, metadata={"description": "seed of the first start"})
    state_rate: float = field(
        default=50.0,
        metadata={"description": "joint_states [Hz]", "minimum": 20, "maximum": 250},
    )
    clock_rate: float = field(
        default=25.0, metadata={"description": "/clock [Hz]; see stack_clock", "minimum": 20}
    )
    controller_state_rate: float = field(
        default=25.0, metadata={"description": "controller_state [Hz]", "minimum": 1}
    )
    camera_rate: float = field(
        default=10.0, metadata={"description": "states for the camera to draw [Hz]", "minimum": 1}
    )
    truth_rate: float = field(
        default=20.0, metadata={"description": "tf and ground truth [Hz]", "minimum": 10}
    )
    catch_up: float = field(
        default=0.05,
        metadata={"description": "lateness that is made up for; more slows time down [s]"},
    )
    priority: int = field(
        default=10,
        metadata={
            "description": "real-time priority of the loop where the system allows it; 0: none",
            "minimum": 0,
            "maximum": 90,
        },
    )
    slow: float = field(
        default=0.95, metadata={"description": "share of wall time below which to warn"}
    )
    command_log: str = field(
        default="", metadata={"description": "npz file of all commands, written at the end"}
    )


class SimNode(Node):
    """Publishes joint_states, /clock, /tf, /tf_static, ~/frame, ~/ground_truth, ~/loop_statistics.

    Serves ~/reset_episode, the services of simulation_control and the wire of
    joint_trajectory_server.
    """

    def __init__(self, config: SimConfig | None = None) -> None:
        # This node makes the stack's time and must not wait for it.
        wall_time = Parameter("use_sim_time", value=False)
        super().__init__("sim", parameter_overrides=[wall_time])
        self._config = config = declared(self, config or SimConfig())
        self._diagnostics = Diagnostics(self)
        self._due = dict.fromkeys(("clock", "controller_state", "camera", "truth"), 0.0)
        self._start = config.seed
        world = PushTWorld()
        world.reset(config.seed)
        self._log = CommandLog(WXAI.names) if config.command_log else None
        shown = self.create_guard_condition(self._on_snapshot)
        self._arm = SimulatedArm(
            world,
            self._log,
            config.state_rate,
            config.catch_up,
            # This thread may hold the interpreter when the loop wants it, so both go first.
            config.priority + 1 if ask_for_priority(self, config.priority) else 0,
            shown.trigger,
        )
        self._create_publishers(world)
        self._server = JointTrajectoryServer(self, config.controller, self._arm.control)
        self._control = SimulationControl(self, self._arm, self._restart)
        self.create_service(ResetEpisode, "~/reset_episode", self._on_reset_episode)
        self.create_timer(1.0, self._on_statistics, clock=Clock(clock_type=ClockType.STEADY_TIME))
        self._arm.start()

    def _create_publishers(self, world: PushTWorld) -> None:
        self._clock_topic = self.create_publisher(ClockMessage, "/clock", NEWEST)
        self._joints = self.create_publisher(JointStateMessage, "joint_states", RELIABLE)
        self._tf = self.create_publisher(TFMessage, "/tf", RELIABLE)
        self._tf_static = self.create_publisher(TFMessage, "/tf_static", LATCHED)
        self._frame = self.create_publisher(SimulationFrame, "~/frame", NEWEST)
        self._truth = self.create_publisher(GroundTruth, "~/ground_truth", RELIABLE)
        self._statistics = self.create_publisher(LoopStatistics, "~/loop_statistics", RELIABLE)
        base, stamp = WXAI.base_frame, self._arm.snapshot.stamp
        optical = world.camera().base_from_optical
        link = optical @ np.linalg.inv(CAMERA_FROM_OPTICAL)
        self._tf_static.publish(
            TFMessage(
                transforms=[
                    transform_from_matrix(link, stamp, base, "camera_link"),
                    transform_from_matrix(
                        CAMERA_FROM_OPTICAL, stamp, "camera_link", "camera_color_optical_frame"
                    ),
                ]
            )
        )
        self._links = TFMessage(
            transforms=[TransformStamped(child_frame_id=name) for name in self._arm.links]
        )
        for transform in self._links.transforms:
            transform.header.frame_id = base

    def _on_snapshot(self) -> None:
        shot = self._arm.snapshot
        stamp = stamp_from_seconds(shot.stamp)
        if self._is_due("clock", shot.stamp, self._config.clock_rate):
            self._clock_topic.publish(ClockMessage(clock=stamp))
        state = JointState(stamp=shot.stamp, position=shot.position, velocity=shot.velocity)
        message = message_from_joint_state(state, WXAI.names, WXAI.base_frame)
        self._joints.publish(message)
        if self._is_due("camera", shot.stamp, self._config.camera_rate):
            frame = SimulationFrame(qpos=shot.qpos.tolist())
            frame.header.stamp = stamp
            self._frame.publish(frame)
        if self._is_due("controller_state", shot.stamp, self._config.controller_state_rate):
            self._server.publish_state()
        if self._is_due("truth", shot.stamp, self._config.truth_rate):
            self._publish_truth(shot)

    def _is_due(self, what: str, stamp: float, rate: float) -> bool:
        if stamp < self._due[what] - 1e-6:
            return False
        self._due[what] = max(self._due[what] + 1 / rate, stamp)
        return True

    def _publish_truth(self, shot: Snapshot) -> None:
        stamp = stamp_from_seconds(shot.stamp)
        truth = GroundTruth(block_px=shot.block_px, rod_px=shot.rod_px)
        truth.header.stamp = stamp
        truth.coverage = coverage(shot.block_px)
        self._truth.publish(truth)
        for transform, position, turn in zip(
            self._links.transforms,
            shot.link_positions.tolist(),
            shot.link_turns.tolist(),
            strict=True,
        ):
            transform.header.stamp = stamp
            moved, turned = transform.transform.translation, transform.transform.rotation
            moved.x, moved.y, moved.z = position
            turned.w, turned.x, turned.y, turned.z = turn
        self._tf.publish(self._links)

    def _on_statistics(self) -> None:
        figures = self._arm.statistics()
        message = LoopStatistics(
            rate_hz=figures.rate_hz, jitter_p99_ms=figures.jitter_p99_ms, ticks=figures.ticks
        )
        message.header.stamp = stamp_from_seconds(self._arm.now)
        self._statistics.publish(message)
        self._diagnostics.measure("rate_hz", figures.rate_hz)
        self._diagnostics.measure("jitter_p99_ms", figures.jitter_p99_ms)
        self._diagnostics.measure("stalls", str(figures.stalls))
        if figures.rate_hz < self._config.slow * self._arm.rate:
            self._diagnostics.report(
                Level.WARN,
                f"the loop runs at {figures.rate_hz:.0f} Hz, want {self._arm.rate:.0f} Hz, so time "
                "runs slow. Give the machine less to do.",
            )
        else:
            self._diagnostics.report(Level.OK, "Running.")

    def _on_reset_episode(
        self, request: ResetEpisode.Request, response: ResetEpisode.Response
    ) -> ResetEpisode.Response:
        self._start = np.array(request.state) if len(request.state) else int(request.seed)
        try:
            response.state = self._restart().tolist()
            response.success = True
        except (HandiworkError, ValueError) as error:
            response.message = str(error)
        return response

    def _restart(self) -> np.ndarray:
        """The start of the episode again; an active goal ends ABORTED, time goes on."""
        return self._arm.reset(self._start)

    def destroy_node(self) -> None:
        """Stop the loop and keep the commands."""
        self._arm.stop()
        if self._log is not None:
            self._log.write(Path(self._config.command_log))
            self._log = None
        super().destroy_node()


def main(args: list[str] | None = None) -> None:
    """Run the node."""
    # The loop's thread gets the interpreter within 0.2 ms of asking, not within 5 ms.
    sys.setswitchinterval(0.0002)
    run("sim", SimNode, args)


if __name__ == "__main__":
    main()
