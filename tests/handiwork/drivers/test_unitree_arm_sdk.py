"""What is sent to a G1 and what its state says, without a wire."""

import re

import numpy as np
import pytest

from handiwork.control.joint_trajectory import JointSample
from handiwork.drivers.unitree import SERVED, Network, UnitreeConfig, network_at
from handiwork.drivers.unitree.arm_sdk import COMMANDED, STIFFNESS, arm_command
from handiwork.drivers.unitree.feed_forward import FeedForward
from handiwork.drivers.unitree.layout import LOW_CMD, LOW_STATE
from handiwork.drivers.unitree.reading import motor_fault, reading_of
from handiwork.errors import BadValue
from handiwork.robots.dynamics import Gravity
from handiwork.robots.g1 import G1


def state(mode_machine=5):
    message = LOW_STATE.blank()
    message["mode_pr"], message["mode_machine"] = 1, mode_machine
    return message


def sample():
    numbers = np.arange(29.0)
    return JointSample(numbers, numbers + 100, np.zeros(29))


def test_arms_and_waist_are_served_and_commanded_and_no_leg():
    served = [name for group in SERVED.groups for name in group.joints]
    assert sorted(served) == sorted(G1.names[COMMANDED])
    assert len(served) == 17 and not any("hip" in name or "knee" in name for name in served)
    assert SERVED.names == G1.names


def test_a_command_holds_what_is_asked_of_arms_and_waist_and_nothing_else():
    command = arm_command(state(), sample(), np.full(29, 2.0), 0.25)
    motors = command["motor_cmd"]
    np.testing.assert_array_equal(motors["q"][12:29], np.arange(12, 29))
    np.testing.assert_array_equal(motors["dq"][12:29], np.arange(112, 129))
    np.testing.assert_array_equal(motors["tau"][12:29], 2.0)
    assert (motors["kp"][12:29] > 0).all() and (motors["kd"][12:29] > 0).all()
    assert motors["q"][29] == 0.25
    legs_and_places_without_a_motor = np.r_[0:12, 30:35]
    for name in motors.dtype.names:
        assert not motors[name][legs_and_places_without_a_motor].any(), name
    assert not motors["kp"][29]


def test_a_command_is_sealed_and_in_the_modes_of_the_robot():
    command = arm_command(state(mode_machine=6), sample(), np.zeros(29), 1.0)
    assert LOW_CMD.is_sealed(command)
    assert command["mode_pr"] == 1 and command["mode_machine"] == 6


SHORT = JointSample.at_rest(G1.home - 0.01)  # where a motion ended


def test_wrists_are_softest_and_both_arms_alike():
    kp = arm_command(state(), sample(), np.zeros(29), 1.0)["motor_cmd"]["kp"]
    np.testing.assert_array_equal(kp[15:22], kp[22:29])
    assert kp[12] > kp[15] > kp[19]


def test_a_lasting_error_is_made_up_for_up_to_20_mrad_of_the_spring():
    weight = Gravity(G1)
    forward = FeedForward(weight, 0.004)
    wanted = JointSample.at_rest(G1.home)
    for _ in range(500):
        torques = forward.step(wanted, SHORT)
    lacking = torques - weight.torques(G1.home)
    np.testing.assert_allclose(lacking, 0.02 * STIFFNESS, atol=1e-9)
    assert not lacking[:12].any()


def test_one_arm_in_motion_does_not_let_go_of_the_other():
    forward = FeedForward(Gravity(G1), 0.004)
    for _ in range(500):
        settled = forward.step(JointSample.at_rest(G1.home), SHORT)
    velocity = np.zeros(29)
    velocity[15:22] = 0.1
    for _ in range(500):
        moving = JointSample(G1.home, velocity, np.zeros(29))
        torques = forward.step(moving, SHORT)
    np.testing.assert_allclose(torques[22:], settled[22:], atol=1e-9)
    assert (settled[15:22] - torques[15:22] > 0.9 * 0.02 * STIFFNESS[15:22]).all()


def test_a_reading_has_all_joints_in_order():
    message = state()
    message["motor_state"]["q"] = np.arange(35)
    message["motor_state"]["tau_est"][28] = 3.0
    reading = reading_of(message)
    np.testing.assert_array_equal(reading.joints.position, np.arange(29))
    assert reading.effort is not None and reading.effort[-1] == 3.0


@pytest.mark.parametrize(
    ("joint", "code", "said"),
    [
        (15, 0x200, r"left_shoulder_pitch_joint reports a hot winding \(0x200\)"),
        (3, 0x5, r"left_knee_joint reports overcurrent and lasting overvoltage \(0x5\)"),
        (28, 0x100000, r"right_wrist_yaw_joint reports an error \(0x100000\)"),
    ],
)
def test_a_motor_that_is_not_well_is_named_with_its_flags(joint, code, said):
    message = state()
    message["motor_state"]["motorstate"][joint] = code
    fault = motor_fault(message)
    assert fault is not None
    assert re.fullmatch(said, fault)


def test_what_lies_in_places_without_a_motor_is_no_fault():
    message = state()
    message["motor_state"]["motorstate"][29:] = 1
    assert motor_fault(message) is None


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("", Network()),
        ("eth0", Network(interface="eth0")),
        ("192.168.123.222", Network(interface="192.168.123.222")),
        ("lo:17", Network(interface="lo", domain=17)),
    ],
)
def test_an_address_is_an_interface_and_a_domain(address, network):
    assert network_at(address) == network


@pytest.mark.parametrize("address", ["lo:", "lo:233", "lo:x", 'lo"/>', "http://lo"])
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(BadValue, match="address"):
        network_at(address)


@pytest.mark.parametrize("rate", [49.0, 251.0])
def test_the_rate_stays_within_what_the_robot_takes(rate):
    with pytest.raises(ValueError, match="from 50 to 250"):
        UnitreeConfig(rate=rate)
