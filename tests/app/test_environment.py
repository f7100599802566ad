"""The environment of ROS processes: ours ahead of theirs, nobody's settings overridden."""

import os
from pathlib import Path

from handiwork_app.environment import ROOT, WORKSPACE, ros_environment


def test_our_workspace_comes_first_and_their_entries_stay():
    environment = ros_environment({"AMENT_PREFIX_PATH": "/their/ws", "PYTHONPATH": "/their/python"})
    prefixes = environment["AMENT_PREFIX_PATH"].split(os.pathsep)
    assert prefixes[0] == str(WORKSPACE / "install")
    assert prefixes[-1] == "/their/ws"
    assert environment["PYTHONPATH"].startswith(str(ROOT))
    assert environment["PYTHONPATH"].endswith("/their/python")


def test_a_sourced_system_ros_keeps_its_entries_untouched():
    theirs = {
        "ROS_DISTRO": "jazzy",
        "AMENT_PREFIX_PATH": "/opt/ros/jazzy",
        "LD_LIBRARY_PATH": "/opt/ros/jazzy/lib",
        "PATH": "/opt/ros/jazzy/bin:/usr/bin",
        "PYTHONPATH": "/opt/ros/jazzy/lib/python3.12/site-packages",
        "RMW_IMPLEMENTATION": "rmw_cyclonedds_cpp",
    }
    assert ros_environment(theirs).items() >= theirs.items()


def test_settings_that_somebody_made_stay():
    chosen = {
        "MUJOCO_GL": "osmesa",
        "ROS_AUTOMATIC_DISCOVERY_RANGE": "SUBNET",
        "ROS_DOMAIN_ID": "7",
    }
    assert ros_environment(chosen).items() >= chosen.items()


def test_peers_stay_on_this_machine_unless_told():
    assert ros_environment({})["ROS_AUTOMATIC_DISCOVERY_RANGE"] == "LOCALHOST"


def test_images_get_shared_memory_that_holds_them():
    profile = ros_environment({})["FASTDDS_DEFAULT_PROFILES_FILE"]
    assert f"<segment_size>{32 * 2**20}</segment_size>" in Path(profile).read_text()


def test_applying_it_twice_changes_nothing():
    once = ros_environment({"PATH": "/usr/bin", "LD_LIBRARY_PATH": "/cuda"})
    assert ros_environment(once) == once
