"""A robot's own points, for every robot."""

import numpy as np
import pinocchio as pin
import pytest

from handiwork.perception.camera_mount import LinkPlaces
from handiwork.perception.robot_points import RobotPoints
from handiwork.planning import Attached, Sphere
from handiwork.robots.body import body_of
from handiwork.robots.kinematics import Kinematics
from handiwork.robots.registry import ROBOTS, robot


def middles(chosen, positions):
    """(N, 3) the middle of every body in base [m]."""
    body = body_of(chosen)
    data = pin.GeometryData(body.geometry)
    pin.updateGeometryPlacements(
        body.model, body.model.createData(), body.geometry, data, body.configuration(positions)
    )
    for shape in body.geometry.geometryObjects:
        shape.geometry.computeLocalAABB()
    return np.array(
        [
            place.act(np.array(shape.geometry.aabb_center))
            for place, shape in zip(data.oMg, body.geometry.geometryObjects, strict=True)
        ]
    )


@pytest.mark.parametrize("name", ["wxai", "fr3", "wx250s", "wxai_pair"])
def test_the_middle_of_every_body_is_the_robots_in_any_posture(name):
    chosen = robot(name)
    assert name in ROBOTS
    own = RobotPoints(chosen)
    draws = np.random.default_rng(0)
    for _ in range(5):
        posture = draws.uniform(chosen.lower, chosen.upper)
        inside = middles(chosen, posture)
        assert own.among(inside, posture).all()
        assert not own.among(inside + np.array([0, 0, 5.0]), posture).any()


def test_what_the_hand_holds_is_the_robots_too():
    chosen = robot("wxai")
    ball = Attached(
        name="ball",
        shape=Sphere(radius=0.03),
        link=chosen.tool_link,
        link_from_shape=chosen.link_from_tool @ _ahead(0.2),
    )
    place = Kinematics(chosen).tool(chosen.home) @ _ahead(0.2)
    points = place[:3, 3] + np.array([(0, 0, 0), (0, 0, 0.035), (0, 0, 0.09)])
    assert not RobotPoints(chosen).among(points, chosen.home).any()
    held = RobotPoints(chosen, [ball]).among(points, chosen.home)
    assert held.tolist() == [True, True, False]


def test_a_link_is_where_the_kinematics_put_the_tool():
    chosen = robot("fr3")
    place = LinkPlaces(chosen).base_from(chosen.tool_frame, chosen.home)
    np.testing.assert_allclose(place, Kinematics(chosen).tool(chosen.home), atol=1e-9)


def _ahead(metres):
    pose = np.eye(4)
    pose[2, 3] = metres
    return pose
