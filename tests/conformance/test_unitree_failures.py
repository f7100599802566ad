"""The G1's driver on the emulator: what goes wrong is named, and nothing lets the arms fall."""

import time

import numpy as np
import pytest
from arm_servers import started_unitree_emulator
from driver_failures import failure, tell

from handiwork.control.arm_values import ArmCommand
from handiwork.control.joint_trajectory import JointSample
from handiwork.drivers.unitree import Network, UnitreeConfig, UnitreeDriver, network_at
from handiwork.drivers.unitree.arm_sdk import arm_command
from handiwork.drivers.unitree.reading import reading_of
from handiwork.errors import BadValue, DriverFailed
from handiwork.robots.g1 import G1
from handiwork.robots.registry import robot
from handiwork_app.domain import hold_domain
from handiwork_ros.arm_drivers import wiring

FADE = 0.3  # [s]
SHOULDER = G1.names.index("left_shoulder_pitch_joint")


@pytest.fixture(scope="module")
def emulator():
    with started_unitree_emulator() as started:
        yield started


@pytest.fixture
def driver(emulator):
    tell(emulator[1], "well")  # whatever a test before left
    driver = driver_at(emulator)
    yield driver
    driver.close()


def driver_at(emulator):
    config = UnitreeConfig(network=network_at(emulator[0]), stale=0.5, fade=FADE)
    return UnitreeDriver(config)


def aim(driver, positions, seconds):
    """Read and write as the loop does, for so long; what is measured in the end."""
    command = ArmCommand(
        joints=JointSample.at_rest(positions), grippers=np.zeros(0), gripper_effort=np.zeros(0)
    )
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        driver.read()
        driver.write(command)
        time.sleep(1 / driver.rate)
    return driver.read().joints.position


def test_a_robot_that_does_not_answer_is_not_there():
    with hold_domain(None) as domain:
        network = Network(interface="lo", domain=domain)
        driver = UnitreeDriver(UnitreeConfig(network=network, timeout=0.3))
        with pytest.raises(DriverFailed, match="rt/lowstate") as caught:
            driver.connect()
    assert caught.value.reason == "not there"
    driver.close()


def test_an_interface_that_is_not_there_is_named():
    driver = UnitreeDriver(UnitreeConfig(network=Network(interface="nowhere0", domain=7)))
    with pytest.raises(DriverFailed, match=r"nowhere0.*does not start") as caught:
        driver.connect()
    assert caught.value.reason == "not there"


def test_the_arm_server_serves_arms_and_waist_of_a_g1_and_no_other_robot():
    wired = wiring("unitree", robot("g1"), "lo:7", 0.1)
    assert wired.served is not None
    assert [group.name for group in wired.served.groups] == ["left_arm", "right_arm", "waist"]
    with pytest.raises(BadValue, match="robot is 'fr3', want g1"):
        wiring("unitree", robot("fr3"), "lo:7", 0.1)


def test_connecting_and_letting_go_move_nothing(driver):
    driver.connect()
    held = driver.read().joints.position
    np.testing.assert_allclose(held, G1.home, atol=0.002)
    driver.close()
    driver.connect()
    np.testing.assert_allclose(driver.read().joints.position, held, atol=0.002)


def test_all_joints_are_read_and_the_legs_are_not_commanded(driver):
    driver.connect()
    reading = driver.read()
    assert reading.joints.position.shape == reading.effort.shape == (29,)
    assert reading.grippers.shape == (0,)
    arrived = aim(driver, G1.home + 0.05, seconds=1.5)
    np.testing.assert_allclose(arrived[:12], G1.home[:12], atol=0.002)
    np.testing.assert_allclose(arrived[15:], G1.home[15:] + 0.05, atol=0.01)


def test_an_arm_that_was_moved_is_given_back_slowly(driver):
    driver.connect()
    away = G1.home.copy()
    away[SHOULDER] += 0.1
    aim(driver, away, seconds=1.0)
    began = time.monotonic()
    driver.close()
    assert time.monotonic() - began > FADE


def test_a_fault_is_named_and_ends_when_the_motor_is_well(driver, emulator):
    driver.connect()
    tell(emulator[1], "fault")
    error = failure(driver)
    assert error.reason == "fault"
    assert "left_elbow_joint reports a hot winding" in str(error)
    with pytest.raises(DriverFailed, match="hot winding"):
        driver.recover()
    tell(emulator[1], "well")
    time.sleep(0.1)
    driver.recover()
    np.testing.assert_allclose(aim(driver, G1.home, seconds=0.1), G1.home, atol=0.01)


def test_a_state_with_a_wrong_checksum_is_a_fault(driver, emulator):
    driver.connect()
    tell(emulator[1], "corrupt")
    error = failure(driver)
    assert error.reason == "fault" and "checksum" in str(error)
    tell(emulator[1], "well")
    time.sleep(0.1)
    driver.recover()


def test_a_command_with_a_wrong_checksum_moves_nothing(emulator):
    from handiwork.drivers.unitree.link import UnitreeLink

    away = JointSample.at_rest(G1.home + 0.3)
    link = UnitreeLink(network_at(emulator[0]))
    while link.newest_state() is None or not link.is_heard:
        time.sleep(0.01)
    for _ in range(50):
        command = arm_command(link.newest_state(), away, np.zeros(29), 1.0)
        command["crc"] ^= 1
        link.send(command)
        time.sleep(0.004)
    arrived = reading_of(link.newest_state()).joints.position
    link.close()
    np.testing.assert_allclose(arrived, G1.home, atol=0.002)


def test_a_robot_that_falls_silent_is_a_lost_link_and_keeps_its_arms_up(driver, emulator):
    driver.connect()
    away = G1.home.copy()
    away[SHOULDER] += 0.1
    aim(driver, away, seconds=1.0)
    tell(emulator[1], "silent")
    assert failure(driver).reason == "link lost"
    tell(emulator[1], "well")
    time.sleep(0.5)
    driver.recover()
    assert driver.read().joints.position[SHOULDER] == pytest.approx(away[SHOULDER], abs=0.005)


def test_a_robot_that_goes_away_is_a_lost_link():
    with started_unitree_emulator() as emulator:
        driver = driver_at(emulator)
        driver.connect()
        emulator[1].kill()
        assert failure(driver).reason == "link lost"
        driver.close()
