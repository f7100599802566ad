"""Layouts name only topics that our nodes, or the robot's description, really have."""

import json
import re
from pathlib import Path

import pytest
import yaml

from handiwork_app.environment import WORKSPACE
from handiwork_app.look_foxglove import SHIPPED, foxglove_layout
from handiwork_app.words import load_config

SOURCES = WORKSPACE / "src/handiwork_ros/handiwork_ros"
CAMERA = ("color", "aligned_depth_to_color", "depth/color")
ELSEWHERE = {"robot_description"}  # of robot_state_publisher


def ours() -> set[str]:
    """Topics and services below a robot's namespace, as the nodes' sources spell them."""
    words: set[str] = set()
    for file in SOURCES.glob("*.py"):
        words |= set(re.findall(r'"((?:~/|camera/)?[a-z_]+(?:/[a-z_]+)*)"', file.read_text()))
    calibrator = {f"calibrator/{word[2:]}" for word in words if word.startswith("~/")}
    camera = {f"camera/{word[2:]}" for word in words if word.startswith("~/")}
    images = {f"camera/{stream}/{end}" for stream in CAMERA for end in ("image_raw", "camera_info")}
    return words | calibrator | camera | images | ELSEWHERE


def values(tree, keys: set[str]):
    """All values of these keys, anywhere in a tree."""
    if isinstance(tree, dict):
        for key, item in tree.items():
            if key in keys and isinstance(item, str):
                yield item
            yield from values(item, keys)
    elif isinstance(tree, list):
        for item in tree:
            yield from values(item, keys)


def test_rviz_s_topics_are_ours():
    layout = yaml.safe_load(Path(SHIPPED.with_name("handiwork.rviz")).read_text())
    displays = layout["Visualization Manager"]["Displays"]
    found = [
        t["Value"] for d in displays for t in (d.get("Topic"), d.get("Description Topic")) if t
    ]
    assert len(found) >= 5
    assert set(found) <= ours()


def test_foxglove_s_topics_are_ours_and_every_panel_is_set_up():
    layout = json.loads(SHIPPED.read_text())
    panels = layout["configById"]
    named = set(values(panels, {"imageTopic", "calibrationTopic", "serviceName", "topic"}))
    named |= set(panels["3D!space"]["topics"])
    assert len(named) >= 8
    assert {name.removeprefix("/widowx/") for name in named} <= ours()
    shown = set(values(layout["layout"], {"first", "second"}))
    assert shown == set(panels)


@pytest.mark.parametrize("name", ["fr3", "wx250s"])
def test_the_layout_of_another_robot_has_its_names(name: str):
    config = load_config(["app=arm", f"robot={name}"])
    text = json.dumps(foxglove_layout(config))
    assert f"/{config.robot.namespace}/camera/color/image_raw" in text
    assert ("/widowx/" in text) == (config.robot.namespace == "widowx")
    assert '"base_link"' not in text
