"""What move_group is told when it takes the planner node's place."""

from pathlib import Path

import pytest
import yaml

from handiwork.errors import UnknownName
from handiwork.robots.registry import ROBOTS, robot
from handiwork_app.move_group import (
    MissingConfiguration,
    flat,
    move_group_parameters,
    move_group_process,
    moveit_py_parameters,
    robot_state_publisher_process,
)
from handiwork_app.moveit_config import package_name
from handiwork_app.moveit_config.__main__ import PACKAGES
from handiwork_app.run import write_parameters

KINEMATICS = "robot_description_kinematics"


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An ament prefix with the packages as colcon installs them."""
    (tmp_path / "share").mkdir()
    for name in map(package_name, ROBOTS):
        (tmp_path / "share" / name).symlink_to(PACKAGES / name)
    source(monkeypatch, tmp_path)
    return tmp_path


def source(monkeypatch: pytest.MonkeyPatch, prefix: Path) -> None:
    """As after `source setup.bash`: what the user sourced is all there is."""
    monkeypatch.setenv("ROS_DISTRO", "kilted")
    monkeypatch.setenv("AMENT_PREFIX_PATH", str(prefix))


@pytest.mark.parametrize("name", sorted(ROBOTS))
def test_it_is_told_of_robot_limits_solvers_controllers_and_planner(built, name):
    process, of = move_group_process(name, "arm7"), robot(name)
    told, group = process.parameters, of.groups[0]
    assert (process.package, process.executable) == ("moveit_ros_move_group", "move_group")
    assert process.namespace == "/arm7"
    assert f'<robot name="{name}">' in str(told["robot_description"])
    assert f'<robot name="{name}">' in str(told["robot_description_semantic"])
    assert told[f"{KINEMATICS}.{group.name}.kinematics_solver"] == (
        "kdl_kinematics_plugin/KDLKinematicsPlugin"
    )
    limit = f"robot_description_planning.joint_limits.{group.joints[0]}.max_acceleration"
    assert told[limit] == of.acceleration[of.names.index(group.joints[0])]
    manager = "moveit_simple_controller_manager"
    assert told["moveit_controller_manager"] == f"{manager}/MoveItSimpleControllerManager"
    assert told[f"{manager}.{group.name}_controller.action_ns"] == "follow_joint_trajectory"
    assert told[f"{told['default_planning_pipeline']}.planning_plugins"] == [
        "ompl_interface/OMPLPlanner"
    ]
    assert told["planning_pipelines"] == [told["default_planning_pipeline"]]
    assert told["publish_planning_scene"] is True
    assert told["use_sim_time"] is False


def test_all_it_is_told_are_parameters_of_ros(built):
    """rcl knows no nesting in lists, no empty lists and no missing values."""
    for name, value in move_group_process("wxai", "").parameters.items():
        kinds = {type(item) for item in value} if isinstance(value, list) else {type(value)}
        assert len(kinds) == 1 and kinds <= {bool, int, float, str}, name


def test_a_parameters_file_holds_all_of_it(built, tmp_path):
    process = move_group_process("wxai", "wxai")
    file = yaml.safe_load(write_parameters(process, tmp_path).read_text())
    assert file["/wxai/move_group"]["ros__parameters"] == dict(process.parameters)


def test_it_can_live_on_simulated_time(built):
    assert move_group_process("wxai", "", sim_time=True).parameters["use_sim_time"] is True


def test_controllers_of_others_take_the_place_of_ours(built):
    told = move_group_process("fr3", "", controllers={"arm": "/fr3_arm_controller"}).parameters
    manager = "moveit_simple_controller_manager"
    assert told[f"{manager}.controller_names"] == ["/fr3_arm_controller", "gripper_controller"]
    assert told[f"{manager}./fr3_arm_controller.joints"] == list(robot("fr3").names)
    assert not any("arm_controller" in name.split(".") for name in told)


def test_in_no_namespace_it_has_the_root(built):
    assert move_group_process("wxai", "").namespace == "/"


def test_an_unknown_robot_is_refused(built):
    with pytest.raises(UnknownName, match="no robot named 'ur5'"):
        move_group_process("ur5", "")


def test_a_workspace_without_the_package_is_named(monkeypatch, tmp_path):
    source(monkeypatch, tmp_path)
    with pytest.raises(MissingConfiguration, match="no ROS package handiwork_wxai_moveit_config"):
        move_group_process("wxai", "")


def test_the_frames_of_the_robot_hang_on_the_frame_it_is_planned_in(built):
    process = robot_state_publisher_process("wxai", "wxai")
    assert '<link name="world" />' in str(process.parameters["robot_description"])
    semantic = str(move_group_process("wxai", "wxai").parameters["robot_description_semantic"])
    assert 'parent_frame="world"' in semantic


def test_moveit_py_asks_for_its_pipelines_by_another_name():
    """move_group reads the list `planning_pipelines`, MoveItCpp its part `pipeline_names`."""
    folder = PACKAGES / package_name("wxai") / "config"
    told = moveit_py_parameters(robot("wxai"), folder)
    shared = move_group_parameters(robot("wxai"), folder, {})
    assert told["planning_pipelines.pipeline_names"] == shared["planning_pipelines"]
    assert "planning_pipelines" not in told
    assert told["robot_description"] == shared["robot_description"]


def test_nested_parameters_have_dotted_names():
    assert flat("a.", {"b": {"c": 1.0, "d": ["x"]}, "e": True}) == {
        "a.b.c": 1.0,
        "a.b.d": ["x"],
        "a.e": True,
    }
