"""What an arm server is told: which robot, how it is reached, and how often what is told."""

from dataclasses import dataclass, field


def _number(default: float, description: str, minimum: float) -> float:
    return field(default=default, metadata={"description": description, "minimum": minimum})


def _switch(default: bool, description: str) -> bool:
    return field(default=default, metadata={"description": description})


def _text(default: str, description: str) -> str:
    return field(default=default, metadata={"description": description})


@dataclass(frozen=True, kw_only=True)
class ArmServerConfig:
    """Parameters of the node. Names of the trajectory and gripper controllers' are theirs."""

    robot: str = _text("wxai", "which robot")
    driver: str = _text("sim", "sim, trossen, unitree, franka or interbotix")
    address: str = _text("", "of the robot; empty: as it is delivered")
    gripper_mode: str = _text("linear_position", "of interbotix: linear_position or pwm")
    autostart: bool = _switch(True, "configure and activate without being told")
    state_rate: float = _number(50.0, "of joint_states [Hz]", 20)
    clock_rate: float = _number(25.0, "of /clock of a simulated robot [Hz], at most state_rate", 5)
    controller_state_rate: float = _number(25.0, "controller_state [Hz]", 1)
    goal_time: float = _number(0.0, "constraints.goal_time [s]; 0 waits for ever", 0)
    goal_tolerance: float = _number(0.0, "constraints.<joint>.goal [rad]; 0: not checked", 0)
    allow_stalling: bool = _switch(False, "gripper goals that stall succeed")
    parallel_gripper_cmd: bool = _switch(
        False, "gripper_cmd is a ParallelGripperCommand, as on Kilted"
    )
    safety_file: str = _text("", "boxes and balls to stay away from, or inside; see safety_file.py")
    self_collision: bool = _switch(True, "slow down and stop near itself and near things")
    gate_rate: float = _number(10.0, "of the topic gate, besides each change [Hz]", 0.1)
    longest_stall: float = _number(0.1, "of loop or link, after which the arm stops [s]", 0.01)
    catch_up: float = _number(0.05, "lateness that a simulation makes up for [s]", 0)
    slow: float = _number(0.95, "share of the driver's rate below which to warn", 0)
    priority: int = field(
        default=10,
        metadata={
            "description": "real-time priority of the loop where the system allows it; 0: none",
            "minimum": 0,
            "maximum": 90,
        },
    )
