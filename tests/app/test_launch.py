"""`ros2 launch` and `handiwork up` start the same processes."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from handiwork_app.compose import compose
from handiwork_app.words import load_config

ROOT = Path(__file__).parents[2]
FAKES = ROOT / "tests" / "fakes_launch"
ROBOTS = {
    "widowx": ("wxai", "wx250s"),
    "franka": ("fr3", "panda"),
    "g1": ("g1",),
    "bimanual": ("wxai_pair",),
}


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Our stand-ins for launch, and an installed handiwork_ros."""
    loaded = [name for name in sys.modules if name.split(".")[0] in ("launch", "launch_ros")]
    for name in [*loaded, "handiwork_app.launching"]:
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(str(FAKES))
    marker = tmp_path / "share/ament_index/resource_index/packages/handiwork_ros"
    marker.parent.mkdir(parents=True)
    marker.touch()
    (tmp_path / "share" / "handiwork_ros").mkdir()
    monkeypatch.setenv("AMENT_PREFIX_PATH", str(tmp_path))


def launch_file(name: str) -> ModuleType:
    """launch/<name>.launch.py, loaded as launch loads it."""
    path = ROOT / "launch" / f"{name}.launch.py"
    spec = importlib.util.spec_from_file_location(f"{name}_launch", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def described(name: str):
    return launch_file(name).generate_launch_description()


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("sim", {}, ["app=sim"]),
        ("widowx", {}, ["app=arm", "robot=wxai"]),
        ("widowx", {"robot": "wx250s"}, ["app=arm", "robot=wx250s"]),
        ("franka", {"hardware": "real"}, ["app=arm", "robot=fr3", "hardware=real"]),
        ("g1", {"address": "eth1"}, ["app=arm", "robot=g1", "address=eth1"]),
        ("bimanual", {}, ["app=arm", "robot=wxai_pair"]),
    ],
)
def test_launch_starts_the_processes_of_compose(
    name: str, arguments: dict[str, str], words: list[str]
) -> None:
    started, _ = described(name).visit(dict(arguments))
    composed = compose(load_config(words))
    assert len(started) == len(composed) > 0
    for node, process in zip(started, composed, strict=True):
        for field in ("package", "executable", "name", "namespace"):
            assert getattr(node, field) == getattr(process, field)
        (parameters,) = node.parameters
        assert parameters.keys() == process.parameters.keys()
        assert node.remappings == list(process.remappings)


@pytest.mark.parametrize("name", ROBOTS)
def test_a_robot_s_launch_file_offers_that_robot_and_how_it_is_run(name: str) -> None:
    arguments = {item.name: item for item in described(name).entities if hasattr(item, "choices")}
    asked = {
        "robot",
        "hardware",
        "controllers",
        "planner",
        "address",
        "camera",
        "serial",
        "hand_eye",
    }
    assert set(arguments) == asked
    assert arguments["robot"].choices == ROBOTS[name]
    assert all(argument.description for argument in arguments.values())


def test_the_simulation_offers_tasks_and_policies() -> None:
    arguments = {item.name: item for item in described("sim").entities if hasattr(item, "choices")}
    assert set(arguments) == {"robot", "task", "policy"}
    assert arguments["policy"].default_value == load_config([]).policy.name


def test_a_choice_that_does_not_exist_starts_nothing() -> None:
    with pytest.raises(RuntimeError, match="policy is wish"):
        described("sim").visit({"policy": "wish"})


def test_one_end_ends_all() -> None:
    started, _ = described("sim").visit({})
    assert all(node.name in node.on_exit.reason for node in started)


def test_images_get_the_transport_and_the_renderer_they_need() -> None:
    _, environment = described("sim").visit({})
    assert environment["FASTDDS_DEFAULT_PROFILES_FILE"].endswith("config/fastdds_shm.xml")
    profile = ROOT / "ros_ws/src/handiwork_ros/config/fastdds_shm.xml"
    assert profile.is_file() and environment["MUJOCO_GL"] == "egl"


def test_launch_files_are_short_and_never_hide_ros_s_own_launch() -> None:
    files = list((ROOT / "launch").glob("*.launch.py"))
    assert files and all(len(file.read_text().splitlines()) < 40 for file in files)
    assert not (ROOT / "launch" / "__init__.py").exists()
