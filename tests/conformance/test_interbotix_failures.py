"""The WidowX 250s behind a documented xs_sdk: what goes wrong is named, and cleared by hand."""

import time
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
import rclpy
from driver_failures import failure
from interbotix_process import NAMESPACE, started_interbotix_emulator
from rclpy.context import Context

from handiwork.control.arm_values import ArmCommand
from handiwork.control.joint_trajectory import JointSample
from handiwork.errors import DriverFailed
from handiwork_app.domain import hold_domain
from handiwork_ros.interbotix_driver import InterbotixConfig, InterbotixDriver
from handiwork_ros.interbotix_link import InterbotixLink
from handiwork_ros.interbotix_motors import ALL, ARM, SHADOWS
from handiwork_ros.interbotix_setup import Modes

CONFIG = InterbotixConfig(namespace=NAMESPACE, stale=1.5, watch=0.2)
SLEEP = (0.0, -1.8, 1.55, 0.0, 0.8, 0.0)  # [rad]
PROFILE = ("Profile_Velocity", "Profile_Acceleration")


@pytest.fixture(scope="module")
def domain():
    with hold_domain(None) as held:
        yield held


@contextmanager
def ros(domain):
    """A ROS context beside the suite's own."""
    made = Context()
    rclpy.init(context=made, domain_id=domain)
    yield made
    made.shutdown()


@pytest.fixture(scope="module")
def context(domain):
    with ros(domain) as made:
        yield made


@pytest.fixture(scope="module")
def emulator(domain):
    with started_interbotix_emulator(domain) as process:
        yield process


@pytest.fixture
def driver(emulator, context):
    say(emulator, "well")  # whatever a test before left
    driver = InterbotixDriver(CONFIG, context)
    yield driver
    driver.close()


@pytest.fixture(scope="module")
def link(emulator, context):
    """Another client of the same xs_sdk."""
    link = InterbotixLink(NAMESPACE, 10.0, 5.0, lambda message: None, context)
    yield link
    link.close()


def say(process, word):
    process.stdin.write(f"{word}\n")
    process.stdin.flush()
    assert process.stdout.readline() in (f"{word}\n", "")


def hold(driver, position, finger, seconds=0.0):
    """Command one place for so long; the last reading."""
    joints = JointSample.at_rest(position)
    command = ArmCommand(joints=joints, grippers=np.array([finger]), gripper_effort=np.array([5.0]))
    give_up = time.monotonic() + seconds
    driver.write(command)
    while time.monotonic() < give_up:
        time.sleep(0.01)
        driver.write(command)
    return driver.read()


def test_an_xs_sdk_that_does_not_run_is_not_there(context):
    driver = InterbotixDriver(replace(CONFIG, namespace="nobody", discovery=0.3), context)
    with pytest.raises(DriverFailed, match="/nobody: not there") as caught:
        driver.connect()
    assert caught.value.reason == "not there"
    driver.close()


def test_an_address_that_is_no_namespace_is_not_there(context):
    driver = InterbotixDriver(replace(CONFIG, namespace="192.168.1.2"), context)
    with pytest.raises(DriverFailed, match="namespace") as caught:
        driver.connect()
    assert caught.value.reason == "not there"


def test_another_arm_is_refused(driver, emulator):
    say(emulator, "other")
    with pytest.raises(DriverFailed, match="limits") as caught:
        driver.connect()
    assert caught.value.reason == "not there"


def test_an_arm_is_read_where_it_sleeps_and_stays_there(driver):
    driver.connect()
    reading = driver.read()
    np.testing.assert_allclose(reading.joints.position, SLEEP, atol=2e-3)
    finger = float(reading.grippers[0])
    assert 0.015 < finger < 0.037
    held = hold(driver, reading.joints.position, finger, 0.3)
    np.testing.assert_allclose(held.joints.position, reading.joints.position, atol=2e-3)
    assert held.grippers[0] == pytest.approx(finger, abs=5e-4)


def test_an_arm_that_was_let_go_is_taken_again(driver):
    driver.connect()
    driver.close()
    driver.connect()
    driver.read()


def test_the_time_profile_is_set_before_anything_is_commanded(driver, link):
    driver.connect()
    assert [list(link.get(ARM, name)) for name in PROFILE] == [[100] * 6, [25] * 6]
    assert link.info(ARM).profile_type == "time"


def test_a_gripper_in_pwm_mode_is_driven_to_a_position(emulator, context):
    driver = InterbotixDriver(replace(CONFIG, modes=Modes(gripper="pwm")), context)
    driver.connect()
    arm = driver.read().joints.position
    for finger in (0.026, 0.033, 0.018):
        assert hold(driver, arm, finger, 1.0).grippers[0] == pytest.approx(finger, abs=0.002)
    driver.close()


def test_an_overload_is_named_and_cleared_by_recovering(driver, emulator, link):
    driver.connect()
    say(emulator, "fault")
    error = failure(driver)
    assert error.reason == "fault"
    assert "torque is off on elbow (overload)" in str(error)
    with pytest.raises(DriverFailed, match="overload"):
        InterbotixDriver(replace(CONFIG, timeout=0.5), driver._context).connect()
    driver.recover()
    assert all(link.get(ALL, "Torque_Enable"))
    # The elbow lost its profile when it was rebooted.
    assert [list(link.get(ARM, name)) for name in PROFILE] == [[100] * 6, [25] * 6]
    awake = np.add(SLEEP, [0.05, 0.05, -0.05, 0.05, 0.05, 0.05])
    np.testing.assert_allclose(hold(driver, awake, 0.02, 1.0).joints.position, awake, atol=2e-3)


def test_torque_that_somebody_takes_off_is_a_fault(driver, emulator, link):
    driver.connect()
    say(emulator, "limp")
    error = failure(driver)
    assert error.reason == "fault"
    assert "torque is off on waist, shoulder" in str(error)
    driver.recover()
    assert all(all(link.get(motors, "Torque_Enable")) for motors in (ALL, *SHADOWS))


@pytest.mark.parametrize("word", ["silent", "unread"])
def test_joint_states_that_end_or_cannot_be_believed_are_a_lost_link(driver, emulator, word):
    driver.connect()
    say(emulator, word)
    assert failure(driver).reason == "link lost"
    say(emulator, "well")
    driver.recover()
    driver.read()


def test_an_xs_sdk_that_ends_is_a_lost_link():
    with (
        hold_domain(None) as domain,
        started_interbotix_emulator(domain) as emulator,
        ros(domain) as context,
    ):
        driver = InterbotixDriver(CONFIG, context)
        driver.connect()
        say(emulator, "quit")
        assert failure(driver).reason == "link lost"
        driver.close()
