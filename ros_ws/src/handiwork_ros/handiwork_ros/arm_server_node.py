"""The arm server: any robot behind joint_trajectory_controller's names and rules.

A lifecycle node. Configured, it is connected and holds the robot where it is; active, it takes
commands; deactivated, it comes to rest and holds; cleaned up, it lets go. It brings itself up
unless `autostart` is false.

One commander at a time, by joint_trajectory_controller's rules: a new goal ends the one before it,
a new topic message takes the trajectory over and leaves the goal to its tolerances.
"""

import sys
from collections.abc import Callable

from rclpy.clock import Clock, ClockType
from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn
from rclpy.parameter import Parameter

from handiwork.control.gripper_controller import GripperConfig
from handiwork.errors import HandiworkError
from handiwork.robots.registry import robot
from handiwork_ros.arm_drivers import Wiring, wiring
from handiwork_ros.arm_health import report_health
from handiwork_ros.arm_loop import ArmLoop
from handiwork_ros.arm_parts import gate_of, grippers_of, parts_of, watches_of
from handiwork_ros.arm_server_config import ArmServerConfig
from handiwork_ros.arm_snapshot import ArmSnapshot
from handiwork_ros.arm_topics import ClockTopic, JointStates
from handiwork_ros.controller_names import controller_name, gripper_name
from handiwork_ros.diagnostics import Diagnostics, Level
from handiwork_ros.error_recovery import ErrorRecoveryServer
from handiwork_ros.gate_topic import GateTopic
from handiwork_ros.gripper_control import GripperControl
from handiwork_ros.gripper_server import GripperServer
from handiwork_ros.group_control import GroupControl
from handiwork_ros.joint_trajectory_server import JointTrajectoryServer
from handiwork_ros.parameters import declared
from handiwork_ros.rates import Rates
from handiwork_ros.running import run
from handiwork_ros.safety_services import SafetyServices
from handiwork_ros.scheduling import ask_for_priority

SUCCESS, FAILURE = TransitionCallbackReturn.SUCCESS, TransitionCallbackReturn.FAILURE
WATCH_PERIOD = 0.1  # [s] between looks at the gate and the driver


class ArmServerNode(LifecycleNode):
    """Publishes joint_states, safety_state, gate and, of a simulated robot, /clock.

    Serves enable, e_stop, error_recovery, and for each group of the robot the wires of
    joint_trajectory_server and gripper_server under the names that `controller_name` and
    `gripper_name` give.
    """

    def __init__(self, config: ArmServerConfig | None = None, wired: Wiring | None = None) -> None:
        """wired: a driver instead of the one that the config names."""
        # A simulator makes the stack's time; a robot knows no time but the system's.
        wall_time = Parameter("use_sim_time", value=False)
        super().__init__("arm_server", parameter_overrides=[wall_time])
        self._let_go: Callable[[], None] = lambda: None
        self._config = config = declared(self, config or ArmServerConfig())
        self._robot = robot(config.robot)
        wired = wired or wiring(
            config.driver,
            self._robot,
            config.address,
            config.longest_stall,
            config.gripper_mode,
        )
        self._robot = wired.served or self._robot
        self._wired, self._driver = wired, wired.driver
        self._epoch = 0.0
        if not wired.simulated:
            self._epoch = self.get_clock().now().nanoseconds * 1e-9 - wired.clock()
        self._active = False
        self._diagnostics = Diagnostics(self, "Not configured.")
        self._every = max(round(self._driver.rate / config.state_rate), 1)
        self._ticks = 0
        self._told = -1.0  # [s] stamp of the newest tick published
        self._shown = self.create_guard_condition(self._on_shown)
        period = 1 / self._driver.rate
        watches = watches_of(self._robot, config.safety_file, config.self_collision)
        self._loop = ArmLoop(
            self._driver,
            parts_of(self._robot, config.goal_time, config.goal_tolerance),
            grippers_of(self._robot, GripperConfig(allow_stalling=config.allow_stalling), period),
            gate_of(self._robot, period, config.longest_stall, watches),
            wired.clock,
            catch_up=config.catch_up if wired.simulated else period,
            priority=config.priority + 1 if ask_for_priority(self, config.priority) else 0,
            on_tick=self._on_tick,
        )
        self._let_go = self._loop.close
        self._serve()
        wall = Clock(clock_type=ClockType.STEADY_TIME)
        self.create_timer(WATCH_PERIOD, self._on_watch, clock=wall)
        if config.autostart and self.trigger_configure() == SUCCESS:
            self.trigger_activate()

    def _serve(self) -> None:
        config = self._config
        self._states = JointStates(self, self._robot)
        self._gate_topic = GateTopic(self, self._robot.names, config.gate_rate)
        self._clock_topic = ClockTopic(self) if self._wired.simulated else None
        self._rates = Rates(
            {"controller_state": config.controller_state_rate, "clock": config.clock_rate}
        )
        self._safety = SafetyServices(self, self._loop, lambda: self._active)
        self._recovery = ErrorRecoveryServer(self, self._loop)
        self._controllers = [
            JointTrajectoryServer(
                self, controller_name(group.name), GroupControl(self._loop, group.name, self._epoch)
            )
            for group in self._robot.groups
        ]
        self._grippers = [
            GripperServer(
                self,
                gripper_name(group),
                GripperControl(self._loop, index),
                config.parallel_gripper_cmd,
            )
            for index, group in enumerate(self._driver.grippers)
        ]

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Connect and hold."""
        try:
            self._loop.connect()
        except HandiworkError as error:
            self._diagnostics.report(Level.ERROR, str(error))
            return FAILURE
        self._safety.tell()
        return super().on_configure(state)

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Take commands."""
        try:
            self._loop.enable()
        except HandiworkError as error:
            self._diagnostics.report(Level.ERROR, str(error))
            return FAILURE
        self._active = True
        self._on_watch()
        return super().on_activate(state)

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Come to rest and hold."""
        self._active = False
        self._loop.disable()
        return super().on_deactivate(state)

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Let go."""
        self._loop.close()
        self._diagnostics.report(Level.OK, "Not configured.")
        return super().on_cleanup(state)

    def on_shutdown(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Let go."""
        self._active = False
        self._loop.close()
        return super().on_shutdown(state)

    def destroy_node(self) -> None:
        """Stop the loop, then all else."""
        self._let_go()
        super().destroy_node()

    def _on_tick(self, _: ArmSnapshot) -> None:
        """In the loop's thread."""
        self._ticks += 1
        if self._ticks % self._every == 0:
            self._shown.trigger()

    def _on_shown(self) -> None:
        shot = self._loop.snapshot
        assert shot is not None  # it ticked
        if shot.stamp == self._told:
            return  # late, and the one before told of this tick already
        self._told = shot.stamp
        if self._clock_topic is not None and self._rates.due("clock", shot.stamp):
            self._clock_topic.publish(shot.stamp)
        self._states.publish(shot, shot.stamp + self._epoch)
        self._gate_topic.publish(shot, shot.stamp + self._epoch)
        if self._rates.due("controller_state", shot.stamp):
            for controller in self._controllers:
                controller.publish_state()

    def _on_watch(self) -> None:
        self._safety.tell()
        if self._loop.connected:
            report_health(self._diagnostics, self._loop, self._active, self._config.slow)


def main(args: list[str] | None = None) -> None:
    """Run the node."""
    # The loop's thread gets the interpreter within 0.2 ms of asking, not within 5 ms.
    sys.setswitchinterval(0.0002)
    run("arm_server", ArmServerNode, args)


if __name__ == "__main__":
    main()
