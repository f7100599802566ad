"""The committed packages are what the generator makes, and their YAML says what the robots say."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from handiwork.robots.registry import ROBOTS, robot
from handiwork_app.moveit_config import package_name
from handiwork_app.moveit_config.__main__ import PACKAGES, main
from handiwork_app.moveit_config.limits import joint_limits

pytest.importorskip("rclpy", reason="no ROS here: run through `make test`")

from handiwork_ros.arm_server_node import controller_name, gripper_name


def read(files: dict[str, str], name: str) -> dict:
    return yaml.safe_load(files[f"config/{name}.yaml"])


def test_the_committed_files_are_the_generated_ones(named, files):
    folder = PACKAGES / package_name(named.name)
    committed = {
        str(path.relative_to(folder)): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert committed == files, "run python -m handiwork_app.moveit_config"


def test_there_is_a_package_for_every_robot_and_for_no_other():
    assert {path.name for path in PACKAGES.iterdir()} == set(map(package_name, ROBOTS))


def test_a_package_is_named_in_its_manifest_and_its_build_file(named, files):
    name = package_name(named.name)
    assert ElementTree.fromstring(files["package.xml"]).findtext("name") == name
    assert f"project({name} " in files["CMakeLists.txt"]


def test_controllers_are_those_that_the_arm_server_offers(named, files):
    manager = read(files, "moveit_controllers")["moveit_simple_controller_manager"]
    offered = {}
    for group in named.groups:
        offered[controller_name(group.name)] = ("FollowJointTrajectory", list(group.joints))
        if group.gripper is not None:
            offered[gripper_name(group.name)] = ("GripperCommand", [group.gripper.joints[0]])
    assert set(manager["controller_names"]) == set(offered)
    for name, (kind, joints) in offered.items():
        assert (manager[name]["type"], manager[name]["joints"]) == (kind, joints)


def test_every_joint_has_one_controller(named, files):
    """MoveIt finds controllers by joints; two for one joint would be a choice."""
    manager = read(files, "moveit_controllers")["moveit_simple_controller_manager"]
    joints = [joint for name in manager["controller_names"] for joint in manager[name]["joints"]]
    assert len(joints) == len(set(joints)) >= len(named.joints)


def test_limits_are_the_robots_own(named, files):
    limits = read(files, "joint_limits")["joint_limits"]
    for joint in named.joints:
        assert limits[joint.name] == {
            "has_position_limits": True,
            "min_position": joint.lower,
            "max_position": joint.upper,
            "has_velocity_limits": True,
            "max_velocity": joint.velocity,
            "has_acceleration_limits": True,
            "max_acceleration": joint.acceleration,
            "has_jerk_limits": True,
            "max_jerk": joint.jerk,
        }


def test_limits_have_the_types_that_moveit_declares(named, files):
    """A whole number for a parameter that MoveIt declares as a double stops move_group."""
    for limits in read(files, "joint_limits")["joint_limits"].values():
        for name, value in limits.items():
            assert type(value) is (bool if name.startswith("has_") else float)


def test_the_widowx_has_the_limits_of_its_urdf_not_of_its_makers_moveit_file():
    """URDF: 3.375 and 7.0 rad/s, carriage 0.044 m. MoveIt file: 6.28, 9.42 and 0.445."""
    limits = joint_limits(robot("wxai"))["joint_limits"]
    assert [limits[f"joint_{n}"]["max_velocity"] for n in range(6)] == [3.375] * 3 + [7.0] * 3
    assert limits["left_carriage_joint"]["max_position"] == pytest.approx(0.044, abs=1e-3)


def test_fingers_have_what_moveit_needs_to_time_their_motion_and_to_plan_from_their_stops(named):
    limits = joint_limits(named)["joint_limits"]
    for group in named.groups:
        if group.gripper is not None:
            told = limits[group.gripper.joints[0]]
            assert told["has_acceleration_limits"] and told["max_acceleration"] > 0
            room = group.gripper.lower - told["min_position"], told["max_position"]
            assert 0 < room[0] < 1e-3 and 0 < room[1] - group.gripper.upper < 1e-3


def test_every_group_has_a_planner_and_every_arm_a_solver(named, files):
    planning, solvers = read(files, "ompl_planning"), read(files, "kinematics")
    for group in named.groups:
        assert set(planning[group.name]["planner_configs"]) == set(planning["planner_configs"])
    assert set(solvers) == {group.name for group in named.groups if group.tool is not None}


def test_the_command_prints_a_urdf(capsys: pytest.CaptureFixture):
    assert main(["urdf", "wxai"]) == 0
    assert ElementTree.fromstring(capsys.readouterr().out).attrib["name"] == "wxai"


def test_the_command_prints_parameters_for_any_node(capsys: pytest.CaptureFixture):
    assert main(["parameters", "fr3"]) == 0
    told = yaml.safe_load(capsys.readouterr().out)["/**"]["ros__parameters"]
    assert {"robot_description", "robot_description_semantic"} <= set(told)


def test_the_command_knows_no_other_robot(capsys: pytest.CaptureFixture):
    assert main(["urdf", "wx"]) == 1
    assert "no robot named 'wx'" in capsys.readouterr().err


def test_the_command_writes_all_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("handiwork_app.moveit_config.__main__.PACKAGES", tmp_path)
    monkeypatch.setattr("handiwork_app.moveit_config.__main__.ROBOTS", {"wxai": robot("wxai")})
    assert main([]) == 0
    assert (tmp_path / "handiwork_wxai_moveit_config/config/wxai.srdf").is_file()
