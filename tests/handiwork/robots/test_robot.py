import numpy as np
import pytest

from handiwork.errors import UnknownName, WrongShape
from handiwork.robots.robot import Joint, Robot
from handiwork.robots.widowx_ai import WIDOWX_AI


def robot(**changes) -> Robot:
    fields = {
        "name": "one",
        "joints": (
            Joint(name="hip", lower=-1, upper=1, velocity=2, acceleration=3, jerk=4),
            Joint(name="knee", lower=0, upper=2, velocity=5, acceleration=6, jerk=7),
        ),
        "base_frame": "base",
        "tool_frame": "tip",
        "tool_link": "shin",
        "link_from_tool": np.eye(4),
        "home": np.zeros(2),
        "model_package": "no_such_package",
        "model_file": "one.xml",
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
    with pytest.raises(UnknownName, match="no_such_package"):
        robot().model_path()


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


def test_the_widowx_model_is_installed_and_its_home_is_inside_its_limits():
    assert WIDOWX_AI.model_path().is_file()
    assert np.all(WIDOWX_AI.home > WIDOWX_AI.lower)
    assert np.all(WIDOWX_AI.home < WIDOWX_AI.upper)
