"""The composition root: settings -> the processes of a stack.

`compose` is the only place that lists nodes. `handiwork up`, the launch files and the tests all
render the tuple it returns.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from handiwork.errors import UnknownName
from handiwork_app.calibration_rigs import board_of, guesses_of
from handiwork_app.move_group import move_group_process, robot_state_publisher_process
from handiwork_app.process import Parameter, Process
from handiwork_app.settings import BadSetting, Config

TASKS_IN_ROS = ("push_t",)
JOBS = ("calibrator", "chunk_source", "evaluator")  # when one of these ends, the stack ends
CAMERA_OF_OTHERS = "realsense2_camera"
FOLLOWS = "follow"  # the skill of a robot's own stack: whatever chunks arrive


def compose(config: Config) -> tuple[Process, ...]:
    """The stack that the settings ask for. No clock or environment is read, and no file but, for
    move_group, the robot's configuration.

    Raises:
        UnknownName: `config.nodes` sets parameters of a node that is not in the stack.
        BadSetting: a robot is to be run in a way that it cannot be.
    """
    alone = config.app == "arm" or config.bench == "executor"
    if config.app == "calibrate":
        processes = _calibration(config)
    else:
        processes = _robot_alone(config) if alone else _robot_at_task(config)
    for name in config.nodes:
        known = [process.name for process in processes]
        if name not in known:
            raise UnknownName("node", name, known, "Check the settings that begin with nodes.")
    return tuple(
        replace(process, parameters={**process.parameters, **config.nodes.get(process.name, {})})
        for process in processes
    )


def _robot_at_task(config: Config) -> list[Process]:
    """A policy at a task on the simulated arm."""
    if config.task.name not in TASKS_IN_ROS:
        advice = "Other tasks run without ROS, as in handiwork eval task=lift."
        raise UnknownName("task with a ROS side", config.task.name, TASKS_IN_ROS, advice)
    if config.robot.name != "wxai":
        raise BadSetting(
            f"robot is {config.robot.name}, want wxai: that is what {config.task.name} runs on. "
            "For the robot without a task say app=arm."
        )
    parameters: dict[str, Mapping[str, Parameter]] = {
        "sim": {"command_log": f"{config.folder}/commands.npz"} if config.episodes else {},
        "sim_camera": {},
        "perception": {},
        "policy": {"checkpoint": config.checkpoint, "runtime": config.runtime},
        "executor": {},
    }
    if config.episodes:
        parameters["evaluator"] = {
            "folder": config.folder,
            "episodes": config.episodes,
            "seed": config.seed,
            "skill": config.task.name,
            "timeout": config.task.timeout,
        }
    return [_node(config, name, chosen, simulated=True) for name, chosen in parameters.items()]


def _robot_alone(config: Config) -> list[Process]:
    """A robot with its controllers, what follows chunks, what plans, and its frames."""
    robot, simulated = config.robot, config.hardware == "sim"
    processes, theirs = [], _controllers_of_others(config)
    if config.controllers == "ours":
        driver = "sim" if simulated else robot.driver
        server = {"robot": robot.name, "driver": driver, "address": config.address}
        processes.append(_node(config, "arm_server", server, simulated))
    told: dict[str, Parameter] = {"robot": robot.name}
    if theirs:
        told["controllers"] = [f"{group}={name}" for group, name in theirs.items()]
    groups = robot.groups or [""]
    processes.append(
        _node(config, "executor", {**told, "skill": FOLLOWS, "groups": groups}, simulated)
    )
    if config.bench == "executor":
        moved = {"robot": robot.name, "groups": groups}
        source = {**moved, "folder": config.folder, "seed": config.seed}
        processes.append(_node(config, "chunk_source", source, simulated))
    if config.planner == "embedded":
        processes.append(_node(config, "frames", {"robot": robot.name}, simulated))
        processes.append(_node(config, "planner", told, simulated))
    else:  # on a system with MoveIt, which has robot_state_publisher too
        place = {"namespace": f"/{robot.namespace}", "sim_time": simulated}
        processes.append(robot_state_publisher_process(robot.name, **place))
        processes.append(move_group_process(robot.name, **place, controllers=theirs))
    processes += _cameras(config, simulated)
    if config.hand_eye:
        place = {"file": str(Path(config.hand_eye).absolute())}
        processes.append(_node(config, "camera_place", place, simulated))
        processes.append(_node(config, "cloud", {"robot": robot.name}, simulated))
    states = robot.ros2_control.get("joint_states") if theirs else None
    if states is None:
        return processes
    return [replace(process, remappings=(("joint_states", states),)) for process in processes]


def _calibration(config: Config) -> list[Process]:
    """A robot that looks at a board from one posture after the other."""
    robot, simulated = config.robot, config.hardware == "sim"
    board, guesses = board_of(config.kind), guesses_of(robot.name, config.kind)
    known = {"robot": robot.name, "kind": config.kind, "seed": config.seed, **board}
    server = {"robot": robot.name, "driver": "sim" if simulated else robot.driver}
    parameters: dict[str, Mapping[str, Parameter]] = {
        "arm_server": {**server, "address": config.address},
        "frames": {"robot": robot.name},
        "planner": {"robot": robot.name, "seed": config.seed},
        "calibrator": {**known, **guesses, "mode": "auto", "folder": config.folder},
    }
    nodes = [_node(config, name, chosen, simulated) for name, chosen in parameters.items()]
    if simulated:
        return [*nodes, _node(config, "calibrator_camera", known, simulated)]
    if config.camera == "none":
        fix = "Say camera=ours or camera=realsense2_camera."
        raise BadSetting(f"camera is none, want one that sees the board. {fix}")
    return nodes + _cameras(config, simulated)


def _cameras(config: Config, simulated: bool) -> list[Process]:
    """Our camera node, or realsense2_camera's; parameters and topics have the same names."""
    if config.camera == "none":
        return []
    ours = _node(config, "camera", {"serial_no": config.serial}, simulated)
    if config.camera == "ours":
        return [ours]
    parameters = {**ours.parameters, "align_depth.enable": True, "enable_sync": True}
    theirs = {"package": CAMERA_OF_OTHERS, "executable": f"{CAMERA_OF_OTHERS}_node"}
    return [replace(ours, **theirs, parameters=parameters)]


def _controllers_of_others(config: Config) -> dict[str, str]:
    """Groups and the controllers that the maker's own packages offer for them, where asked for."""
    if config.controllers == "ours":
        return {}
    theirs = {k: v for k, v in config.robot.ros2_control.items() if k != "joint_states"}
    if not theirs:
        raise BadSetting(
            f"controllers is ros2_control, but no such controllers of {config.robot.name} are "
            "known. Say controllers=ours."
        )
    return theirs


def _node(
    config: Config, name: str, parameters: Mapping[str, Parameter], simulated: bool
) -> Process:
    return Process(
        package="handiwork_ros",
        executable=name,
        name=name,
        namespace=f"/{config.robot.namespace}",
        parameters={"use_sim_time": simulated, **parameters},
        job=name in JOBS,
    )
