"""The hand is told where a commanded way ends, once, from a thread of its own."""

import time
from dataclasses import dataclass, field

import pytest

from handiwork.drivers.franka_hand import FrankaHand, Grip


@dataclass
class Fingers:
    """Stands where it is sent, after a while; as franky's Gripper."""

    width: float = 0.04
    takes: float = 0.05  # [s]
    broken: bool = False
    calls: list = field(default_factory=list)

    @property
    def state(self):
        return Fingers(width=self.width)

    def move(self, width, speed):
        self._go(("move", width), width)

    def grasp(self, width, speed, force, inner, outer):
        assert inner > 0.08 and outer > 0.08  # a thing of any size
        self._go(("grasp", width, force), width)

    def _go(self, call, width):
        if self.broken:
            raise RuntimeError("the fingers are stuck")
        self.calls.append(call)
        time.sleep(self.takes)
        self.width = width


@pytest.fixture
def fingers():
    return Fingers()


@pytest.fixture
def hand(fingers):
    hand = FrankaHand(fingers, speed=0.1)
    yield hand
    hand.close()


def until(condition, patience=5.0):
    give_up = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.005)


def send_way(hand, start, end, force=70.0, seconds=0.2):
    ticks = round(seconds / 0.004)
    for tick in range(1, ticks + 1):
        hand.want(Grip(width=start + (end - start) * tick / ticks, force=force))
        time.sleep(0.004)


def test_of_a_way_only_its_end_is_sent(hand, fingers):
    send_way(hand, 0.04, 0.08)
    until(lambda: hand.width() == pytest.approx(0.08))
    assert fingers.calls[-1] == ("move", pytest.approx(0.08))
    assert len(fingers.calls) < 5  # of 50 ticks; one, unless the machine stalls on the way


def test_closing_is_a_grasp_with_the_force_that_is_asked_for(hand, fingers):
    hand.want(Grip(width=0.0, force=20.0))
    until(lambda: fingers.calls)
    assert fingers.calls == [("grasp", 0.0, 20.0)]


def test_another_force_is_another_grasp(hand, fingers):
    hand.want(Grip(width=0.0, force=20.0))
    until(lambda: fingers.width == 0.0)
    hand.want(Grip(width=0.0, force=40.0))
    until(lambda: len(fingers.calls) == 2)
    assert fingers.calls[-1] == ("grasp", 0.0, 40.0)


def test_an_open_hand_that_is_told_another_force_does_not_close(hand, fingers):
    hand.want(Grip(width=0.08, force=20.0))
    until(lambda: fingers.width == 0.08)
    hand.want(Grip(width=0.08, force=40.0))
    time.sleep(0.1)
    assert fingers.calls == [("move", 0.08)]


def test_a_hand_held_where_it_is_gets_no_goal(hand, fingers):
    hand.want(Grip(width=0.04, force=70.0))
    time.sleep(0.1)
    assert not fingers.calls


def test_what_goes_wrong_is_raised_at_the_next_reading(hand, fingers):
    fingers.broken = True
    hand.want(Grip(width=0.0, force=20.0))
    with pytest.raises(RuntimeError, match="stuck"):
        until(lambda: hand.width() < 0)
