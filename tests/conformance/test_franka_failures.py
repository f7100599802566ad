"""The Franka's driver on franky-sim: what goes wrong is named, and cleared by hand."""

import time

import numpy as np
import pytest
from arm_servers import free_loopback, started_franka_emulator
from driver_failures import failure, hold, tell

from handiwork.drivers.franka import FrankaConfig, FrankaDriver
from handiwork.errors import DriverFailed
from handiwork.robots.fr3 import FR3
from handiwork.robots.panda import PANDA


@pytest.fixture(scope="module")
def emulator():
    with started_franka_emulator(free_loopback()) as started:
        yield started


@pytest.fixture
def driver(emulator):
    driver = FrankaDriver(FR3, FrankaConfig(address=emulator[0], stale=0.5))
    yield driver
    driver.close()


def test_an_arm_that_does_not_answer_is_not_there():
    driver = FrankaDriver(FR3, FrankaConfig(address=free_loopback()))
    with pytest.raises(DriverFailed, match="not there") as caught:
        driver.connect()
    assert caught.value.reason == "not there"
    driver.close()


@pytest.mark.parametrize("robot", [FR3, PANDA], ids=lambda robot: robot.name)
def test_an_arm_is_read_with_its_hand_and_torques(emulator, robot):
    driver = FrankaDriver(robot, FrankaConfig(address=emulator[0]))
    assert driver.names == robot.names
    driver.connect()
    reading = driver.read()
    assert reading.joints.position.shape == (7,)
    assert reading.effort is not None and reading.effort.shape == (7,)
    assert 0 <= reading.grippers[0] <= 0.04
    driver.close()


def test_an_arm_that_nobody_writes_to_stays_where_it_is(driver):
    driver.connect()
    start = driver.read().joints.position
    time.sleep(0.3)
    np.testing.assert_allclose(driver.read().joints.position, start, atol=0.002)


def test_a_reflex_is_named_and_cleared_by_recovering(driver, emulator):
    driver.connect()
    hold(driver, driver.read())
    tell(emulator[1], "fault")
    error = failure(driver)
    assert error.reason == "fault"
    assert "cartesian_reflex" in str(error)
    driver.recover()
    hold(driver, driver.read())


def test_a_reflex_from_before_is_told_and_not_cleared_by_connecting(driver, emulator):
    tell(emulator[1], "fault")
    time.sleep(0.2)
    with pytest.raises(DriverFailed, match="cartesian_reflex") as caught:
        driver.connect()
    assert caught.value.reason == "fault"
    driver.recover()
    driver.read()


def test_a_robot_that_goes_away_is_a_lost_link():
    with started_franka_emulator(free_loopback()) as (address, process):
        driver = FrankaDriver(FR3, FrankaConfig(address=address, stale=0.5))
        driver.connect()
        hold(driver, driver.read())
        process.kill()
        assert failure(driver).reason == "link lost"
        driver.close()
