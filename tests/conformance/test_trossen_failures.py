"""The WidowX AI's driver on its maker's emulator: what goes wrong is named, and cleared by hand."""

import pytest
from arm_servers import free_loopback, started_trossen_emulator
from driver_failures import failure, hold, tell

from handiwork.drivers.trossen import TrossenConfig, TrossenDriver
from handiwork.errors import DriverFailed


@pytest.fixture(scope="module")
def emulator():
    with started_trossen_emulator(free_loopback()) as started:
        yield started


@pytest.fixture
def driver(emulator):
    driver = TrossenDriver(TrossenConfig(address=emulator[0], stale=0.5))
    yield driver
    driver.close()


def test_an_arm_that_does_not_answer_is_not_there():
    driver = TrossenDriver(TrossenConfig(address=free_loopback(), timeout=0.3))
    with pytest.raises(DriverFailed, match="not there") as caught:
        driver.connect()
    assert caught.value.reason == "not there"
    driver.close()


def test_an_arm_is_read_with_its_gripper_and_efforts(driver):
    driver.connect()
    reading = driver.read()
    assert reading.joints.position.shape == (6,)
    assert reading.effort is not None and reading.effort.shape == (6,)
    assert reading.grippers.shape == (1,)


def test_a_fault_is_named_and_cleared_by_recovering(driver, emulator):
    driver.connect()
    hold(driver, driver.read())
    tell(emulator[1], "fault")
    error = failure(driver)
    assert error.reason == "fault"
    driver.recover()
    hold(driver, driver.read())


def test_a_controller_that_goes_away_is_a_lost_link():
    with started_trossen_emulator(free_loopback()) as (address, process):
        driver = TrossenDriver(TrossenConfig(address=address, stale=0.5))
        driver.connect()
        hold(driver, driver.read())
        process.kill()
        assert failure(driver).reason == "link lost"
        driver.close()
