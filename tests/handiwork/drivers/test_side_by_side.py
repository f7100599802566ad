"""Two arms as one robot: values keep their arm, and what one raises ends both."""

import numpy as np
import pytest

from handiwork.control.arm_values import ArmCommand
from handiwork.control.joint_trajectory import JointSample
from handiwork.drivers.side_by_side import SideBySide
from handiwork.drivers.trossen import TrossenConfig, TrossenDriver
from handiwork.errors import DriverFailed
from handiwork.robots.wxai import WXAI
from handiwork.robots.wxai_pair import WXAI_PAIR
from handiwork.sim.sim_driver import SimDriver


@pytest.fixture
def arms():
    return SimDriver(WXAI), SimDriver(WXAI)


@pytest.fixture
def pair(arms):
    pair = SideBySide(WXAI_PAIR, arms)
    pair.connect()
    yield pair
    pair.close()


def test_it_has_the_names_and_grippers_of_the_whole_robot(pair):
    assert pair.names == WXAI_PAIR.names
    assert pair.grippers == ("left_arm", "right_arm")
    assert pair.rate == 250.0


def test_each_arm_gets_its_own_share(pair, arms):
    here = pair.read()
    wanted = here.joints.position.copy()
    wanted[7] += 0.3  # the second joint of the right arm
    grippers = np.array([0.01, 0.03])
    for _ in range(500):
        command = ArmCommand(
            joints=JointSample.at_rest(wanted), grippers=grippers, gripper_effort=np.full(2, 5.0)
        )
        pair.write(command)
        after = pair.read()
    np.testing.assert_allclose(after.joints.position, wanted, atol=0.02)
    np.testing.assert_allclose(after.grippers, grippers, atol=0.003)
    left, right = (arm.read().joints.position for arm in arms)
    assert abs(left[1] - here.joints.position[1]) < 0.02
    assert abs(right[1] - wanted[7]) < 0.02


def test_one_arm_that_is_not_there_leaves_none_connected(arms):
    absent = TrossenDriver(TrossenConfig(address="127.0.0.99", timeout=0.2))
    closed = []
    present = SimDriver(WXAI)
    present.close = lambda: closed.append(True)
    with pytest.raises(DriverFailed, match=r"127\.0\.0\.99"):
        SideBySide(WXAI_PAIR, [present, absent]).connect()
    assert closed


def test_drivers_of_another_robot_are_refused(arms):
    with pytest.raises(ValueError, match="6 joints, wxai_pair 12"):
        SideBySide(WXAI_PAIR, arms[:1])
