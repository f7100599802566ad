"""What a command is asked to do: the same settings for all of them, checked when they are made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from handiwork.errors import HandiworkError, UnknownName
from handiwork_app.process import Parameter


class BadSetting(HandiworkError):
    """A setting on the command line that cannot be read, or that has the wrong type."""


@dataclass(frozen=True, kw_only=True)
class TaskConfig:
    """What is to be done."""

    name: str
    timeout: float = 30.0  # [s] an episode of the published benchmark: 300 steps of 0.1 s


@dataclass(frozen=True, kw_only=True)
class RobotConfig:
    """Which robot, and where its nodes live.

    namespace: every node of this robot lives under it.
    groups: what chunks may move; none: all.
    driver: what the arm server reaches the real robot by.
    ros2_control: the controller of each group, and `joint_states`, under the names that the maker's
        own ros2_control packages use; empty where there are none.
    """

    name: str
    namespace: str
    groups: list[str] = field(default_factory=list)
    driver: str = ""
    ros2_control: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PolicyConfig:
    """What proposes actions. settings: of its networks, for a training, as in policy.horizon."""

    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Config:
    """What a command is asked to do; the same words for all commands."""

    app: str
    task: TaskConfig
    robot: RobotConfig
    policy: PolicyConfig
    hardware: str = "sim"  # of a robot's own stack: "sim" or "real"
    controllers: str = "ours"  # "ours": the arm server; "ros2_control": the maker's run already
    planner: str = "embedded"  # or "move_group", where MoveIt 2 is installed
    address: str = ""  # of the real robot; empty: as it is delivered
    camera: str = "none"  # of a robot's own stack: "ours" or "realsense2_camera" run one
    serial: str = ""  # number of that camera; empty: the only one there is
    hand_eye: str = ""  # file that says where it is; empty: nothing is told of its place
    obs: str = "state"  # what a policy sees: "state", "image" or "points"
    backend: str = "ros"  # where episodes run: "ros" (the arm), "gym" (as published) or "sim"
    kind: str = "eye_in_hand"  # of a hand-eye: what carries the camera; or "eye_to_hand"
    runtime: str = "auto"  # what computes it: "auto", "eager", "openvino" or "cuda_graph"
    checkpoint: str = ""  # folder; empty: the one that ships with the project
    bench: str = ""  # what is measured
    calibration: str = ""  # what is calibrated
    source: str = ""  # the file or folder that it is calibrated from
    auto: bool = False  # the arm takes the views itself
    data: str = ""  # demonstrations to learn from
    folder: str = ""  # where files go; empty: runs/<app>/<time>
    episodes: int = 0  # 0: no evaluator, the stack runs until it is stopped
    seed: int = 0  # of the first episode, the next ones count up; or of the training
    nodes: Mapping[str, Mapping[str, Parameter]] = field(default_factory=dict)  # extra parameters
    training: Mapping[str, Parameter] = field(default_factory=dict)  # extra training settings
    quick: bool = False  # measure less: smaller networks, fewer repetitions
    measure: Mapping[str, Parameter] = field(default_factory=dict)  # extra settings of a bench
    sequences: int = 10000  # random ones that `bench gate` plays

    def __post_init__(self) -> None:
        backends = ("gym", "ros") if self.task.name == "push_t" else ("sim",)
        for kind, value, known in (
            ("backend", self.backend, backends),
            ("camera", self.camera, ("none", "ours", "realsense2_camera")),
            ("controllers", self.controllers, ("ours", "ros2_control")),
            ("hardware", self.hardware, ("real", "sim")),
            ("kind", self.kind, ("eye_in_hand", "eye_to_hand")),
            ("obs", self.obs, ("image", "points", "state")),
            ("planner", self.planner, ("embedded", "move_group")),
            ("runtime", self.runtime, ("auto", "cuda_graph", "eager", "openvino")),
        ):
            if value not in known:
                raise UnknownName(kind, value, known, f"Say for example {kind}={known[0]}.")
        if self.episodes < 0:
            raise BadSetting(
                f"episodes is {self.episodes}, want 0 or more. Say for example episodes=5."
            )
        for name, parameters in self.nodes.items():
            if not isinstance(parameters, Mapping):
                raise BadSetting(
                    f"nodes.{name} is {parameters!r}, want nodes.{name}.PARAMETER=value."
                )
