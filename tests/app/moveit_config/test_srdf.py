"""An SRDF keeps srdfdom's rules, and leaves untested only what cannot touch.

pinocchio reads the SRDF and the URDF here on its own, and touches with the meshes themselves, as
MoveIt does, not with the hulls that our planner takes.
"""

from xml.etree import ElementTree

import numpy as np
import pinocchio as pin
import pytest
from generated_config import description_of, files_of
from touching_links import touching_of

from handiwork.robots.registry import robot

POSTURES = 200


def links_of(urdf):
    return {link.attrib["name"] for link in urdf.findall("link")}


def parents_of(urdf):
    """Child link -> its joint and parent link."""
    return {
        joint.find("child").attrib["link"]: (joint, joint.find("parent").attrib["link"])
        for joint in urdf.findall("joint")
    }


def chain(urdf, base, tip):
    """Joints from base to tip, and the links on the way."""
    joints, links, parents = [], [tip], parents_of(urdf)
    while links[0] != base:
        joint, parent = parents[links[0]]
        joints.insert(0, joint)
        links.insert(0, parent)
    return joints, links


def moving(joints):
    return [joint.attrib["name"] for joint in joints if joint.attrib["type"] != "fixed"]


def disabled(srdf):
    return {
        frozenset((pair.attrib["link1"], pair.attrib["link2"])): pair.attrib["reason"]
        for pair in srdf.findall("disable_collisions")
    }


def test_it_is_of_the_robot_of_the_urdf(named, urdf, srdf):
    assert urdf.attrib["name"] == srdf.attrib["name"] == named.name


def test_every_name_is_in_the_urdf(urdf, srdf):
    links, joints = links_of(urdf), {joint.attrib["name"] for joint in urdf.findall("joint")}
    for tag, attributes in {
        "group/chain": ("base_link", "tip_link"),
        "end_effector": ("parent_link",),
        "virtual_joint": ("child_link",),
        "disable_collisions": ("link1", "link2"),
    }.items():
        for element in srdf.findall(tag):
            assert {element.attrib[name] for name in attributes} <= links
    for element in [*srdf.findall("group/joint"), *srdf.findall("group_state/joint")]:
        assert element.attrib["name"] in joints


def test_a_group_is_the_joints_that_the_arm_server_moves(named, urdf, srdf):
    for group in named.groups:
        element = srdf.find(f"group[@name='{group.name}']")
        ends = element.find("chain")
        if ends is None:
            assert [joint.attrib["name"] for joint in element] == list(group.joints)
        else:
            joints, _ = chain(urdf, ends.attrib["base_link"], ends.attrib["tip_link"])
            assert moving(joints) == list(group.joints)


def test_it_stands_in_the_world_on_the_urdfs_root(urdf, srdf):
    """MoveIt skips a virtual joint whose child is not the root."""
    joint = srdf.find("virtual_joint").attrib
    assert (joint["parent_frame"], joint["type"]) == ("world", "fixed")
    assert joint["child_link"] in links_of(urdf) - set(parents_of(urdf))


def test_an_end_effector_hangs_on_a_link_of_its_arm(named, urdf, srdf):
    ends = srdf.findall("end_effector")
    assert len(ends) == sum(group.gripper is not None for group in named.groups)
    for end in ends:
        arm = srdf.find(f"group[@name='{end.attrib['parent_group']}']/chain")
        _, links = chain(urdf, arm.attrib["base_link"], arm.attrib["tip_link"])
        assert end.attrib["parent_link"] in links
        for finger in srdf.findall(f"group[@name='{end.attrib['group']}']/joint"):
            joint = urdf.find(f"joint[@name='{finger.attrib['name']}']")
            assert joint.find("parent").attrib["link"] == end.attrib["parent_link"]


def test_states_cover_their_groups_inside_the_limits(urdf, srdf):
    limits = {
        joint.attrib["name"]: joint.find("limit").attrib
        for joint in urdf.findall("joint")
        if joint.attrib["type"] != "fixed"
    }
    for state in srdf.findall("group_state"):
        group = srdf.find(f"group[@name='{state.attrib['group']}']")
        names = {joint.attrib["name"] for joint in state}
        if group.find("chain") is None:
            assert names == {joint.attrib["name"] for joint in group}
        for joint in state:
            limit, value = limits[joint.attrib["name"]], float(joint.attrib["value"])
            assert float(limit["lower"]) <= value <= float(limit["upper"])


def test_pinocchio_reads_home_as_the_robots(named, description, srdf_text):
    model = pin.buildModelFromXML(description)
    pin.loadReferenceConfigurationsFromXML(model, srdf_text)
    home = model.referenceConfigurations["home"]
    for group in named.groups[:1]:
        got = [home[model.joints[model.getJointId(name)].idx_q] for name in group.joints]
        np.testing.assert_allclose(got, named.home[named.columns(group)], atol=1e-9)


def test_pinocchio_takes_out_exactly_the_disabled_pairs(description, srdf_text, srdf):
    touching = touching_of(description)
    touching.look_at(None)
    geometry = touching.geometry.copy()
    pin.removeCollisionPairsFromXML(touching.model, geometry, srdf_text)
    left = {touching.names(pair) for pair in geometry.collisionPairs}
    before = {touching.names(pair) for pair in touching.geometry.collisionPairs}
    assert left == before - set(disabled(srdf))


def test_at_home_nothing_that_is_tested_touches(named, description, srdf):
    touching = touching_of(description)
    touching.look_at(None)
    positions = dict(zip(named.names, named.home, strict=True))
    for group in named.groups:
        if group.gripper is not None:
            positions |= group.gripper.positions(group.gripper.upper)
    assert not touching.at(touching.configuration(positions)) - set(disabled(srdf))


def test_what_never_touches_does_not_touch_in_random_postures(named, description, srdf):
    """Other postures than those in which nearness was looked for."""
    touching, generator = touching_of(description), np.random.default_rng(7)
    touching.look_at({pair for pair, reason in disabled(srdf).items() if reason == "Never"})
    for _ in range(POSTURES):
        assert not touching.at(touching.random(named, generator))


def test_adjacent_pairs_are_on_one_joint_or_on_neighbouring_ones(urdf, srdf):
    parents = parents_of(urdf)

    def body(link):
        """The link that a link is fixed to, and the one that this one moves on."""
        while link in parents and parents[link][0].attrib["type"] in ("fixed", "prismatic"):
            link = parents[link][1]
        return link

    def below(link):
        return body(parents[link][1]) if link in parents else None

    for pair, reason in disabled(srdf).items():
        if reason == "Adjacent":
            first, second = map(body, pair)
            assert first in (second, below(second)) or second == below(first)


@pytest.mark.parametrize(
    ("name", "pair", "moved"),
    [
        (
            "fr3",
            {"fr3_hand", "fr3_link0"},
            {
                "fr3_joint2": 0.41,
                "fr3_joint4": -3.04,
                "fr3_joint6": 1.63,
                "fr3_joint7": 2.22,
            },
        ),
        (
            "g1",
            {"left_rubber_hand", "right_rubber_hand"},
            {
                "left_shoulder_yaw_joint": -0.6,
                "left_elbow_joint": 0.3,
                "right_shoulder_yaw_joint": 0.6,
                "right_elbow_joint": 0.3,
            },
        ),
        ("wxai", {"base_link", "link_6"}, {"joint_1": 2.69, "joint_2": 0.63, "joint_3": -1.57}),
        (
            "wxai_pair",
            {"right_base_link", "right_link_6"},
            {"right_joint_1": 2.69, "right_joint_2": 0.63, "right_joint_3": -1.57},
        ),
        (
            "wxai_pair",
            {"left_link_6", "right_link_6"},
            {
                "left_joint_1": 1.7,
                "left_joint_2": 1.1,
                "left_joint_3": -0.25,
                "right_joint_1": 1.7,
                "right_joint_2": 1.1,
                "right_joint_3": -0.25,
            },
        ),
    ],
)
def test_what_can_touch_is_tested(name, pair, moved):
    """Folded onto the base, hand against hand, arm against arm."""
    named = robot(name)
    touching = touching_of(description_of(named))
    touching.look_at({frozenset(pair)})
    positions = {**dict(zip(named.names, named.home, strict=True)), **moved}
    assert touching.at(touching.configuration(positions))
    srdf = ElementTree.fromstring(files_of(named)[f"config/{name}.srdf"])
    assert frozenset(pair) not in disabled(srdf)
