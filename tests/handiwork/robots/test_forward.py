"""Where pinocchio puts links, against libraries and arithmetic that share no code with it."""

from xml.etree import ElementTree

import mujoco
import numpy as np
import pinocchio as pin
import pytest

from handiwork.robots.body import body_of
from handiwork.robots.kinematics import Kinematics
from handiwork.robots.registry import robot
from handiwork.robots.urdf import urdf_text

ARMS = [
    ("wx250s", "arm"),
    ("fr3", "arm"),
    ("panda", "arm"),
    ("g1", "left_arm"),
    ("g1", "right_arm"),
]


def random_positions(name: str, count: int) -> np.ndarray:
    one = robot(name)
    return np.random.default_rng(1).uniform(one.lower, one.upper, (count, len(one.joints)))


def test_links_of_a_pair_are_where_mujoco_puts_them():
    """MuJoCo reads one arm's file; its base is moved to the mount by hand."""
    pair, spec = robot("wxai_pair"), mujoco.MjSpec()
    spec.option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST  # the arm's own
    for mount in pair.model.mounts:
        quaternion = pin.SE3ToXYZQUAT(pin.SE3(mount.base_from_mount))[3:]  # x, y, z, w
        frame = spec.worldbody.add_frame(
            pos=mount.base_from_mount[:3, 3], quat=np.roll(quaternion, 1)
        )
        spec.attach(
            mujoco.MjSpec.from_file(str(mount.robot.model_path())), frame=frame, prefix=mount.prefix
        )
    model, body = spec.compile(), body_of(pair)
    data, ours = mujoco.MjData(model), body.model.createData()
    for positions in random_positions("wxai_pair", 10):
        for name, position in zip(pair.names, positions, strict=True):
            data.joint(name).qpos[0] = position
        mujoco.mj_kinematics(model, data)
        pin.framesForwardKinematics(body.model, ours, body.configuration(positions))
        for link in ("left_link_3", "left_link_6", "right_link_6"):
            placed = ours.oMf[body.model.getFrameId(link)]
            np.testing.assert_allclose(placed.translation, data.body(link).xpos, atol=1e-6)
            np.testing.assert_allclose(
                placed.rotation, data.body(link).xmat.reshape(3, 3), atol=1e-6
            )


@pytest.mark.parametrize(("name", "group"), ARMS)
def test_the_tool_is_where_the_urdf_s_chain_puts_it(name: str, group: str):
    one = robot(name)
    kinematics = Kinematics(one, group)
    tool = kinematics.group.tool
    columns = one.columns(kinematics.group)
    for positions in random_positions(name, 5):
        all_positions = one.home.copy()
        all_positions[columns] = positions[columns]
        link = multiplied(name, tool.link, dict(zip(one.names, all_positions, strict=True)))
        np.testing.assert_allclose(
            kinematics.tool(positions[columns]), link @ tool.link_from_tool, atol=1e-9
        )


def multiplied(name: str, link: str, positions: dict[str, float]) -> np.ndarray:
    """(4, 4) base_from_link: the origins and axes of the URDF, one after the other."""
    joints = ElementTree.fromstring(urdf_text(robot(name).model)).findall("joint")
    above = {joint.find("child").attrib["link"]: joint for joint in joints}
    placed = np.eye(4)
    while link != robot(name).base_frame:
        joint = above[link]
        placed = origin(joint) @ turn(joint, positions.get(joint.attrib["name"], 0.0)) @ placed
        link = joint.find("parent").attrib["link"]
    return placed


def origin(joint: ElementTree.Element) -> np.ndarray:
    found = joint.find("origin")
    attributes = {} if found is None else found.attrib
    roll, pitch, yaw = map(float, attributes.get("rpy", "0 0 0").split())
    placed = about([0, 0, 1], yaw) @ about([0, 1, 0], pitch) @ about([1, 0, 0], roll)
    placed[:3, 3] = [float(part) for part in attributes.get("xyz", "0 0 0").split()]
    return placed


def turn(joint: ElementTree.Element, angle: float) -> np.ndarray:
    if joint.attrib["type"] != "revolute":
        return np.eye(4)
    return about([float(part) for part in joint.find("axis").attrib["xyz"].split()], angle)


def about(axis: list[float], angle: float) -> np.ndarray:
    """(4, 4) Rodrigues' formula."""
    x, y, z = np.array(axis) / np.linalg.norm(axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    placed = np.eye(4)
    placed[:3, :3] += np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
    return placed
