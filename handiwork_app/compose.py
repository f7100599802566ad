"""The composition root: words of the command line -> settings -> the processes of a stack.

`compose` is the only place that lists nodes. `handiwork up`, the launch files and the tests all
render the tuple it returns. Hydra is used here, and by `handiwork_app.sweep` for many at once.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from importlib import resources
from typing import Any, get_type_hints

from handiwork.errors import HandiworkError, UnknownName

TYPE_NAMES = {"str": "text", "int": "a whole number", "float": "a number", "bool": "true or false"}
TASKS_IN_ROS = ("push_t",)
GROUPS = ("app", "task", "robot", "policy")
Parameter = bool | int | float | str | list[float] | list[str]


class BadSetting(HandiworkError):
    """A setting on the command line that cannot be read, or that has the wrong type."""


@dataclass(frozen=True, kw_only=True)
class TaskConfig:
    """What is to be done."""

    name: str
    timeout: float = 30.0  # [s] an episode of the published benchmark: 300 steps of 0.1 s


@dataclass(frozen=True, kw_only=True)
class RobotConfig:
    """Which arm, and where its nodes live."""

    name: str
    namespace: str  # every node of this robot lives under it


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
    obs: str = "state"  # what a policy sees: "state", "image" or "points"
    backend: str = "ros"  # where episodes run: "ros" (the arm), "gym" (as published) or "sim"
    runtime: str = "auto"  # what computes it: "auto", "eager", "openvino" or "cuda_graph"
    checkpoint: str = ""  # folder; empty: the one that ships with the project
    bench: str = ""  # what is measured
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
            ("obs", self.obs, ("image", "points", "state")),
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


@dataclass(frozen=True, kw_only=True)
class Process:
    """One ROS 2 node in a process of its own."""

    package: str
    executable: str
    name: str
    namespace: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    remappings: tuple[tuple[str, str], ...] = ()
    job: bool = False  # when it ends, the stack ends, with its exit status


def compose(config: Config) -> tuple[Process, ...]:
    """The stack that the settings ask for. No file, clock or environment is read.

    Raises:
        UnknownName: `config.nodes` sets parameters of a node that is not in the stack.
    """
    if config.task.name not in TASKS_IN_ROS:
        advice = "Other tasks run without ROS, as in handiwork eval task=lift."
        raise UnknownName("task with a ROS side", config.task.name, TASKS_IN_ROS, advice)
    chosen: dict[str, dict[str, Parameter]] = {
        "sim": {"command_log": f"{config.folder}/commands.npz"} if config.episodes else {},
        "sim_camera": {},
        "perception": {},
        "policy": {"checkpoint": config.checkpoint, "runtime": config.runtime},
        "executor": {},
    }
    if config.episodes:
        chosen["evaluator"] = {
            "folder": config.folder,
            "episodes": config.episodes,
            "seed": config.seed,
            "skill": config.task.name,
            "timeout": config.task.timeout,
        }
    for name in config.nodes:
        if name not in chosen:
            raise UnknownName("node", name, chosen, "Check the settings that begin with nodes.")
    return tuple(
        Process(
            package="handiwork_ros",
            executable=name,
            name=name,
            namespace=f"/{config.robot.namespace}",
            parameters={"use_sim_time": True, **parameters, **config.nodes.get(name, {})},
            job=name == "evaluator",
        )
        for name, parameters in chosen.items()
    )


def choices(group: str) -> tuple[str, ...]:
    """What a group offers, for example ("diffusion",) for "policy"."""
    files = (resources.files("handiwork_app") / "conf" / group).iterdir()
    return tuple(sorted(file.name[:-5] for file in files if file.name.endswith(".yaml")))


def load_config(overrides: Sequence[str]) -> Config:
    """Settings from words such as `task=push_t`, `episodes=20` or `nodes.sim.camera_rate=15`.

    Raises:
        UnknownName: a setting or a choice that does not exist; the message lists what does.
        BadSetting: a word that is not `name=value`, or a value of the wrong type.
    """
    from hydra import compose as hydra_compose
    from hydra import initialize_config_module
    from hydra.errors import HydraException
    from omegaconf.errors import OmegaConfBaseException

    words = as_hydra_words(_any_robot(overrides) if "app=bench" in overrides else overrides)
    try:
        with initialize_config_module("handiwork_app.conf", version_base="1.3"):
            composed = hydra_compose("stack", words)
        return from_hydra(composed)
    except (HydraException, OmegaConfBaseException) as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise BadSetting(
            f"cannot read the settings {' '.join(overrides)!r}: {reason}. Put quotes around a "
            "value with special characters, as in \"data='my file'\"."
        ) from error


def from_hydra(composed: Any) -> Config:
    """Settings from what Hydra put together."""
    from omegaconf import OmegaConf

    return _build(Config, OmegaConf.to_container(composed, resolve=True), "")


def as_hydra_words(overrides: Sequence[str]) -> list[str]:
    """Words of the command line as Hydra wants them; a sweep may have policy=diffusion,carp."""
    return [_checked(word) for word in overrides]


def _any_robot(overrides: Sequence[str]) -> list[str]:
    """A bench measures robots of `handiwork.robots` too that no stack can be composed for yet."""
    return [
        word.replace("robot=", "robot.name=", 1) if word.startswith("robot=") else word
        for word in overrides
    ]


def _checked(word: str) -> str:
    """The word as Hydra wants it. Groups are chosen; all else is added, as dataclasses own it."""
    match = re.fullmatch(r"([A-Za-z_][\w.]*)=(.*)", word, re.DOTALL)
    if match is None:
        raise BadSetting(f"setting {word!r} is not of the form name=value. Say for example seed=1.")
    name, value = match.groups()
    if name not in GROUPS:
        return f"++{word}"
    known = choices(name)
    for choice in value.split(","):
        if choice not in known:
            raise UnknownName(name, choice, known, f"Say for example {name}={known[0]}.")
    return word


def _build(kind: type, values: Any, where: str) -> Any:
    """A dataclass from a plain mapping; every name known, every value of the declared type."""
    if not isinstance(values, dict):
        raise BadSetting(f"{where[:-1]} is {values!r}, want settings {where}name=value.")
    types = get_type_hints(kind)
    known = [item.name for item in fields(kind)]
    for name in values:
        if name not in known:
            listed = [where + item for item in known]
            raise UnknownName("setting", where + name, listed, "Check the spelling.")
    return kind(**{name: _value(types[name], item, where + name) for name, item in values.items()})


def _value(kind: Any, value: Any, where: str) -> Any:
    if kind is PolicyConfig and isinstance(value, dict):
        # The networks' own config says which settings there are, when a training builds them.
        settings = {name: item for name, item in value.items() if name != "name"}
        return PolicyConfig(name=value["name"], settings=settings)
    if is_dataclass(kind):
        return _build(kind, value, where + ".")  # type: ignore[arg-type]
    if kind is float and type(value) is int:
        return float(value)
    if kind is str and type(value) in (int, float):
        return str(value)  # a folder may be called 1
    if kind in (bool, int, float, str) and type(value) is not kind:
        raise BadSetting(f"{where} is {value!r}, want {TYPE_NAMES[kind.__name__]}.")
    return value
