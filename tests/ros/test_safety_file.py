"""What a safety file says reaches the gate, and what is wrong in it is named."""

import numpy as np
import pytest

from handiwork.errors import BadValue
from handiwork.robots.kinematics import Kinematics
from handiwork.robots.wxai import WXAI
from handiwork.safety import Ball, KeepIn, KeepOut, Workspace
from handiwork_ros.arm_parts import watches_of
from handiwork_ros.safety_file import read_surroundings

TOOL = WXAI.tool_frame


def written(tmp_path, text):
    path = tmp_path / "safety.yaml"
    path.write_text(text)
    return str(path)


def test_everything_in_the_file_is_read(tmp_path):
    path = written(
        tmp_path,
        f"""
margins: {{slow: 0.05, stop: 0.01}}
things:
  table: {{lower: [-1, -1, -0.1], upper: [1, 1, -0.05]}}
  post: {{centre: [0.4, 0.3, 0.2], radius: 0.05}}
keep_in: [{{point: {TOOL}, lower: [0, -1, 0], upper: [1, 1, 1]}}]
keep_out: [{{point: {TOOL}, centre: [0.3, 0, 0], radius: 0.1}}]
""",
    )
    found = read_surroundings(path, (TOOL,))
    assert (found.margins.slow, found.margins.stop) == (0.05, 0.01)
    assert found.things["post"] == Ball(centre=(0.4, 0.3, 0.2), radius=0.05)
    assert isinstance(found.things["table"], Workspace)
    assert [type(volume) for volume in found.volumes] == [KeepIn, KeepOut]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[", "content is .* want a YAML file"),
        ("walls: {}", "section is 'walls', want one of"),
        ("margins: {slow: 0.01, stop: 0.02}", "slow > stop > 0"),
        ("margins: {fast: 1}", "want slow and stop"),
        ("things: {a: {lower: [0, 0, 0], upper: [1, 1]}}", r"things\.a\.upper is \[1, 1\]"),
        ("things: {a: {lower: [0, 0, 0], upper: [-1, 1, 1]}}", "things.a is .*lower must be below"),
        ("things: {a: {centre: [0, 0, 0], radius: x}}", r"things\.a\.radius is 'x', want a number"),
        ("keep_in: [{point: elbow, lower: [0, 0, 0], upper: [1, 1, 1]}]", r"point is 'elbow'"),
        ("keep_out: {}", r"keep_out is \{\}, want a list"),
    ],
)
def test_what_is_wrong_is_named_with_its_field(tmp_path, text, says):
    with pytest.raises(BadValue, match=says):
        read_surroundings(written(tmp_path, text), (TOOL,))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadValue, match="safety_file"):
        read_surroundings(str(tmp_path / "none.yaml"), (TOOL,))


def test_the_gate_watches_the_robot_things_and_volumes(tmp_path):
    tool = Kinematics(WXAI).tool(WXAI.home)[:3, 3]
    edge = tool + np.array([0.013, 1, 1])
    path = written(
        tmp_path,
        f"""
things: {{ball: {{centre: {(tool - np.array([0, 0, 0.1])).tolist()}, radius: 0.05}}}}
keep_in:
  - {{point: {TOOL}, lower: {(tool - 0.5).tolist()}, upper: {edge.tolist()}}}
""",
    )
    alone = watches_of(WXAI, "", self_collision=True)
    among = {watch.name: watch for watch in watches_of(WXAI, path, self_collision=True)}
    assert all(watch.share(watch.distance(WXAI.home)) == 1.0 for watch in alone)
    edge = among["the edge of a volume"]
    assert edge.distance(WXAI.home) == pytest.approx(0.013)
    assert 0 < edge.share(edge.distance(WXAI.home)) < 1
    swept = np.linspace(-0.6, 0.6, 13)
    near = among["a thing"]
    shoulder = np.eye(6)[1]
    distances = [near.distance(WXAI.home + move * shoulder) for move in swept]
    assert min(distances) < 0.005  # a swing of the shoulder meets the ball


def test_without_self_collision_only_volumes_are_watched():
    assert watches_of(WXAI, "", self_collision=False) == []
