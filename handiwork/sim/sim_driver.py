"""The simulated robot as an arm server's driver: each read is one tick of the world later."""

from handiwork.control.arm_values import ArmCommand, ArmReading
from handiwork.control.joint_trajectory import JointSample
from handiwork.robots.robot import Robot
from handiwork.sim.robot_world import RobotWorld

STEPS = 2  # of physics in a tick


class SimDriver:
    """Always there; `time` is the world's own."""

    def __init__(self, robot: Robot, rate: float = 250.0) -> None:
        self.names = robot.names
        self.grippers = tuple(group.name for group in robot.groups if group.gripper is not None)
        self.rate = rate
        self._robot = robot
        self._world: RobotWorld | None = None

    @property
    def time(self) -> float:
        """Of the world [s]; it goes on only while somebody reads."""
        return 0.0 if self._world is None else self._world.time

    def connect(self) -> None:
        """Make the world, once.

        Raises:
            MissingModel: the package that carries the robot's model is not installed.
        """
        if self._world is None:
            self._world = RobotWorld(self._robot, 1 / (self.rate * STEPS))
        reading = self._world.reading()
        self._joints = JointSample.at_rest(reading.joints.position)
        self._fingers = reading.grippers

    def recover(self) -> None:
        """Nothing ever fails."""

    def read(self) -> ArmReading:
        """One tick on, at what was written last."""
        assert self._world is not None  # connected
        self._world.step(self._joints, self._fingers, STEPS)
        return self._world.reading()

    def write(self, command: ArmCommand) -> None:
        """Aim the servos."""
        assert self._world is not None  # connected
        self._joints, self._fingers = command.joints, command.grippers
        self._world.press_with(command.gripper_effort)

    def close(self) -> None:
        """The world stands still."""
