import numpy as np
import pytest

from handiwork.errors import MissingModel, UnknownName, WrongShape
from handiwork.robots.group import Group, Tool
from handiwork.robots.model_file import ModelFile
from handiwork.robots.robot import Joint, Robot

LEG = Group(
    name="leg",
    joints=("hip", "knee"),
    base_link="base",
    tool=Tool(frame="tip", link="shin", link_from_tool=np.eye(4)),
)


def robot(**changes) -> Robot:
    fields = {
        "name": "one",
        "joints": (
            Joint(name="hip", lower=-1, upper=1, velocity=2, acceleration=3, jerk=4),
            Joint(name="knee", lower=0, upper=2, velocity=5, acceleration=6, jerk=7),
        ),
        "base_frame": "base",
        "groups": (LEG,),
        "home": np.zeros(2),
        "model": ModelFile(distribution="no-such-package", file="one.xml"),
        "source": "made up",
    }
    return Robot(**{**fields, **changes})


def test_columns_keep_the_order_of_the_joints():
    one = robot()
    assert one.names == ("hip", "knee")
    np.testing.assert_array_equal(one.lower, [-1, 0])
    np.testing.assert_array_equal(one.upper, [1, 2])
    np.testing.assert_array_equal(one.velocity, [2, 5])
    np.testing.assert_array_equal(one.acceleration, [3, 6])
    np.testing.assert_array_equal(one.jerk, [4, 7])


def test_a_model_whose_package_is_missing_is_refused_by_name():
    with pytest.raises(MissingModel, match=r"one\.xml.*pip install .*no-such-package"):
        robot().model_path()


def test_a_model_file_that_its_package_lacks_is_refused():
    model = ModelFile(distribution="trossen-arm-sim", file="trossen_arm_sim/assets/other.xml")
    with pytest.raises(MissingModel, match=r"other\.xml.*trossen-arm-sim"):
        robot(model=model).model_path()


def test_the_first_group_is_meant_where_none_is_named():
    assert robot().group() is robot().group("leg") is LEG
    assert robot().tool_frame == "tip" and robot().tool_link == "shin"


def test_an_unknown_group_is_refused_with_the_list():
    with pytest.raises(UnknownName, match=r"'wing'.*leg"):
        robot().group("wing")


def test_a_group_of_joints_that_the_robot_lacks_is_refused():
    with pytest.raises(UnknownName, match="toe"):
        robot(groups=(Group(name="foot", joints=("toe",), base_link="shin"),))


def test_a_home_of_the_wrong_size_is_refused():
    with pytest.raises(WrongShape, match="home"):
        robot(home=np.zeros(3))


@pytest.mark.parametrize("field", ["velocity", "acceleration", "jerk"])
def test_a_limit_that_allows_no_motion_is_refused(field):
    limits = {"velocity": 1.0, "acceleration": 1.0, "jerk": 1.0, field: 0.0}
    with pytest.raises(ValueError, match="positive"):
        Joint(name="hip", lower=-1, upper=1, **limits)


def test_crossed_position_limits_are_refused():
    with pytest.raises(ValueError, match="lower"):
        Joint(name="hip", lower=1, upper=-1, velocity=1, acceleration=1, jerk=1)
