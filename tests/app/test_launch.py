"""`ros2 launch` and `handiwork up` start the same processes."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from handiwork_app.commands import prepared
from handiwork_app.compose import compose, load_config

ROOT = Path(__file__).parents[2]
FAKES = ROOT / "tests" / "fakes_launch"


@pytest.fixture
def launch_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """launch/sim.launch.py, loaded as launch loads it, on our stand-ins for launch."""
    for name in [name for name in sys.modules if name.split(".")[0] in ("launch", "launch_ros")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(str(FAKES))
    marker = tmp_path / "share/ament_index/resource_index/packages/handiwork_ros"
    marker.parent.mkdir(parents=True)
    marker.touch()
    (tmp_path / "share" / "handiwork_ros").mkdir()
    monkeypatch.setenv("AMENT_PREFIX_PATH", str(tmp_path))
    spec = importlib.util.spec_from_file_location("sim_launch", ROOT / "launch/sim.launch.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_launch_starts_the_processes_of_compose(launch_file: ModuleType) -> None:
    started, _ = launch_file.generate_launch_description().visit({})
    composed = compose(prepared(load_config(["app=sim"]), launch_file.datetime.now()))
    assert len(started) == len(composed) > 0
    for node, process in zip(started, composed, strict=True):
        for field in ("package", "executable", "name", "namespace"):
            assert getattr(node, field) == getattr(process, field)
        assert node.parameters == [process.parameters]
        assert node.remappings == list(process.remappings)


def test_every_argument_has_a_description_and_choices(launch_file: ModuleType) -> None:
    entities = launch_file.generate_launch_description().entities
    arguments = {entity.name: entity for entity in entities if hasattr(entity, "choices")}
    assert set(arguments) == {"robot", "task", "policy"}
    for argument in arguments.values():
        assert argument.description and argument.default_value in argument.choices


def test_a_choice_that_does_not_exist_starts_nothing(launch_file: ModuleType) -> None:
    with pytest.raises(RuntimeError, match="policy is wish"):
        launch_file.generate_launch_description().visit({"policy": "wish"})


def test_one_end_ends_all(launch_file: ModuleType) -> None:
    started, _ = launch_file.generate_launch_description().visit({})
    assert all(node.name in node.on_exit.reason for node in started)


def test_images_get_the_transport_and_the_renderer_they_need(launch_file: ModuleType) -> None:
    _, environment = launch_file.generate_launch_description().visit({})
    assert environment["FASTDDS_DEFAULT_PROFILES_FILE"].endswith("config/fastdds_shm.xml")
    profile = ROOT / "ros_ws/src/handiwork_ros/config/fastdds_shm.xml"
    assert profile.is_file() and environment["MUJOCO_GL"] == "egl"


def test_launch_files_are_short_and_never_hide_ros_s_own_launch() -> None:
    files = list((ROOT / "launch").glob("*.launch.py"))
    assert files and all(len(file.read_text().splitlines()) < 40 for file in files)
    assert not (ROOT / "launch" / "__init__.py").exists()
