import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handiwork.control.joint_trajectory import JointSample
from handiwork.control.sampling import sample
from handiwork.errors import RefusedCommand, WrongShape
from handiwork.safety import Gate, GateConfig, GateRecord, GateState, audit
from tests.handiwork.safety.arm import HOME, LIMITS, wandering

TICK = 0.002
CONFIG = GateConfig(period=TICK)
REST = JointSample.at_rest(HOME)


class Loop:
    """An arm server's loop round a gate; the arm is where it was told to be."""

    def __init__(self, **parts):
        self.records: list[GateRecord] = []
        self.gate = Gate(LIMITS, CONFIG, HOME, record=self.records.append, **parts)
        self.now = 5.0
        self.start = None

    def enable(self, measured=None):
        self.gate.enable(self.gate.position if measured is None else measured, self.now, self.now)

    def tick(self, wanted, length=TICK, **told):
        self.now += length
        measured = told.get("measured", self.gate.position)
        return self.gate.step(wanted, measured, told.get("measured_at", self.now), self.now)

    def swing(self):
        """A lawful motion that is always about to go on."""
        self.start = self.start or self.now
        angle = 2.0 * (self.now + TICK - self.start)
        sine, cosine = np.sin(angle), np.cos(angle)
        size = np.array([0.3, 0.2, 0.1])
        blend = min(angle, 1.0)  # the first half second is pursued
        return JointSample(HOME + blend * size * sine, 2 * size * cosine, -4 * size * sine)

    def move(self, ticks=300):
        for _ in range(ticks):
            self.tick(self.swing())
        assert self.gate.state is GateState.ENABLED
        assert np.abs(self.records[-1].sent.velocity).max() > 0.05

    def positions(self):
        return np.array([record.sent.position for record in self.records])


def moving():
    loop = Loop()
    loop.enable()
    loop.move()
    return loop


def rested(loop, wanted=None, ticks=400):
    """Goes on asking; what is sent comes to rest within the limits and stays there."""
    for _ in range(ticks):
        loop.tick(loop.swing() if wanted is None else wanted)
    positions = loop.positions()
    still = positions[-200:]
    np.testing.assert_array_equal(still, np.broadcast_to(still[0], still.shape))
    times = 5.0 + TICK * np.arange(len(positions))
    assert audit(times, positions, LIMITS).violations == 0
    return loop


def test_nothing_moves_before_it_is_enabled():
    loop = Loop()
    for _ in range(10):
        sent = loop.tick(JointSample.at_rest(HOME + 0.01))
        np.testing.assert_array_equal(sent.position, HOME)
        assert (sent.state, sent.reason) == (GateState.DISABLED, "the arm has not been enabled")


def test_a_lawful_trajectory_leaves_as_it_was_asked():
    trajectory = wandering(np.random.default_rng(3))
    gate = Gate(LIMITS, CONFIG, trajectory.positions[0])
    gate.enable(trajectory.positions[0], 0.0, 0.0)
    for now in np.arange(TICK, trajectory.end + 0.1, TICK):
        wanted = sample(trajectory, now)
        sent = gate.step(wanted, gate.position, now, now)
        assert sent.reason is None
        for what in ("position", "velocity", "acceleration"):
            np.testing.assert_array_equal(getattr(sent, what), getattr(wanted, what))


NAN = JointSample(HOME * np.nan, np.zeros(3), np.zeros(3))
FAULTS = {
    "not finite": (lambda loop: loop.tick(NAN), "the command is not finite"),
    "other joints": (
        lambda loop: loop.tick(JointSample.at_rest(np.zeros(2))),
        "the command has other joints",
    ),
    "old state": (
        lambda loop: loop.tick(loop.swing(), measured_at=loop.now - 0.2),
        "the measured state is 0.20. s old",
    ),
    "blind": (
        lambda loop: loop.tick(loop.swing(), measured=HOME * np.nan),
        "the measured state is not finite",
    ),
    "clock back": (lambda loop: loop.tick(loop.swing(), -0.5), "the clock went back by 0.500 s"),
    "clock ahead": (lambda loop: loop.tick(loop.swing(), 0.5), "jumped ahead by 0.500 s"),
    "e-stop": (lambda loop: loop.gate.press_emergency_stop(), "the emergency stop is pressed"),
    "driver": (lambda loop: loop.gate.stop("the link dropped"), "the link dropped"),
    "disable": (lambda loop: loop.gate.disable(), "the arm was disabled"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_stops_the_arm_inside_the_limits_and_is_named(name):
    fault, said = FAULTS[name]
    loop = moving()
    fault(loop)
    rested(loop)
    assert loop.gate.state is (GateState.DISABLED if name == "disable" else GateState.STOPPED)
    assert re.search(said, loop.gate.reason)
    assert loop.records[-1].sent.reason == loop.gate.reason


def test_commands_that_break_off_in_mid_motion_stop_the_arm():
    loop = moving()
    for _ in range(300):
        loop.tick(None)
    assert "broke off in mid-motion, 0.1" in loop.gate.reason
    assert loop.gate.state is GateState.STOPPED


def test_commands_that_end_at_rest_are_no_fault():
    loop = Loop()
    loop.enable()
    loop.tick(REST)
    for _ in range(300):
        loop.tick(None)
    assert loop.gate.state is GateState.ENABLED
    assert loop.records[-1].sent.reason is None


def test_between_the_commands_of_a_slow_stream_it_goes_on_at_their_velocity():
    loop = Loop()
    loop.enable()
    for step in range(600):
        now = step * TICK
        due = JointSample(HOME + np.array([0.2 * now, 0, 0]), np.array([0.2, 0, 0]), np.zeros(3))
        loop.tick(due if step % 10 == 0 else None)
    assert loop.gate.state is GateState.ENABLED
    assert loop.positions()[-1, 0] == pytest.approx(0.2 * 599 * TICK, abs=1e-3)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=4, deadline=None)
def test_after_a_stop_nothing_moves_whatever_is_asked_until_it_is_enabled(seed):
    draws = np.random.default_rng(seed)
    loop = moving()
    loop.gate.stop("somebody said so")
    for _ in range(400):
        place = draws.uniform(LIMITS.lower, LIMITS.upper)
        loop.tick(JointSample.at_rest(place) if draws.random() < 0.9 else None)
    held = loop.positions()[-200:]
    assert (held == held[0]).all()
    loop.enable()
    loop.tick(JointSample.at_rest(loop.gate.position))
    assert loop.gate.state is GateState.ENABLED


def test_after_an_enable_what_is_wanted_elsewhere_is_not_followed_until_it_comes_near():
    loop = moving()
    loop.gate.stop("somebody said so")
    rested(loop)
    loop.enable()
    held = loop.gate.position
    for _ in range(100):
        sent = loop.tick(JointSample.at_rest(held + np.array([0.0, 0.5, 0.0])))
    np.testing.assert_array_equal(sent.position, held)
    assert "lift is wanted 0.500 rad from where the arm was enabled" in sent.reason
    for _ in range(200):
        sent = loop.tick(JointSample.at_rest(held + np.array([0.0, 0.03, 0.0])))
    np.testing.assert_allclose(sent.position, held + np.array([0.0, 0.03, 0.0]))
    assert sent.reason is None


def test_an_arm_that_was_moved_by_hand_goes_on_from_there_and_a_sagging_one_does_not_jump():
    loop = Loop()
    loop.enable(HOME + 0.01)
    np.testing.assert_array_equal(loop.gate.position, HOME)
    loop.gate.disable()
    loop.tick(REST)
    loop.enable(HOME + 0.3)
    np.testing.assert_array_equal(loop.gate.position, HOME + 0.3)


def test_an_emergency_stop_holds_until_it_is_released_and_then_until_it_is_enabled():
    loop = moving()
    loop.gate.press_emergency_stop()
    rested(loop)
    with pytest.raises(RefusedCommand, match=r"emergency stop is pressed.*Release it first"):
        loop.enable()
    loop.gate.release_emergency_stop()
    assert loop.gate.state is GateState.STOPPED
    loop.enable()
    assert (loop.gate.state, loop.gate.reason) == (GateState.ENABLED, "")


def test_an_arm_that_still_stops_is_not_enabled():
    loop = moving()
    loop.gate.stop("somebody said so")
    loop.tick(loop.swing())
    with pytest.raises(RefusedCommand, match="still stops, since somebody said so"):
        loop.enable()


def test_an_arm_that_nobody_sees_is_not_enabled():
    loop = Loop()
    with pytest.raises(RefusedCommand, match="not finite"):
        loop.enable(HOME * np.nan)
    with pytest.raises(RefusedCommand, match=r"1\.000 s old"):
        loop.gate.enable(HOME, loop.now - 1.0, loop.now)


def test_the_first_reason_of_a_stop_stands():
    loop = moving()
    loop.gate.stop("first")
    loop.gate.stop("second")
    loop.tick(NAN)
    assert loop.gate.reason == "first"


def test_every_tick_is_recorded_with_what_was_asked_and_what_left():
    loop = Loop()
    loop.enable()
    near = JointSample.at_rest(HOME + 0.02)
    sent = loop.tick(near)
    loop.tick(None)
    first, second = loop.records
    assert first.asked is near and first.sent is sent and first.time == loop.now - TICK
    assert "rad from where it is wanted" in first.sent.reason
    assert second.asked is None


def test_a_position_of_other_joints_and_a_config_without_sense_are_refused():
    with pytest.raises(WrongShape, match="position"):
        Gate(LIMITS, CONFIG, np.zeros(2))
    with pytest.raises(ValueError, match="positive"):
        replace(CONFIG, near=0.0)
    with pytest.raises(ValueError, match="above period"):
        replace(CONFIG, period=0.2)
