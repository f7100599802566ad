"""How the servos' time profile answers a stream of commands, and the ramp chosen for it."""

import numpy as np
import pytest
from interbotix_servos import Servo

from handiwork_ros.interbotix_setup import Modes

PERIOD = 0.01  # [s] between commands
COUNT = 2 * np.pi / 4096  # [rad]


def servo(span, ramp):
    made = Servo(0, 4095, 0.0)
    made.registers |= {
        "Torque_Enable": 1,
        "Profile_Velocity": span,
        "Profile_Acceleration": ramp,
    }
    return made


def streamed(span, ramp, goals):
    """Where the servo is when each of the goals is sent [rad]."""
    made, path = servo(span, ramp), []
    for tick, goal in enumerate(goals):
        path.append(made.state(tick * PERIOD)[0])
        made.aim(goal, tick * PERIOD)
    return np.array(path)


def test_one_command_takes_the_span():
    made = servo(100, 25)
    made.aim(1.0, 0.0)
    assert made.state(0.05)[0] == pytest.approx(0.5, abs=COUNT)
    assert made.state(0.09)[0] < 0.99
    assert made.state(0.1)[0] == pytest.approx(1.0, abs=COUNT)


def test_as_delivered_an_arm_is_two_seconds_behind():
    ramp = 0.2 * PERIOD * np.arange(1400)  # 0.2 rad/s
    path = streamed(2000, 300, ramp)
    assert (ramp[-1] - path[-1]) / 0.2 == pytest.approx(1.85, abs=0.02)


def test_the_ramp_that_was_chosen_does_not_overshoot_and_the_longest_one_does():
    step = np.ones(100)
    modes = Modes()
    assert streamed(modes.span, modes.ramp, step).max() < 1 + COUNT
    assert streamed(modes.span, modes.span // 2, step).max() == pytest.approx(1.03, abs=0.01)


def test_a_stream_of_commands_is_followed_90_ms_behind():
    ramp = 0.5 * PERIOD * np.arange(300)
    path = streamed(Modes().span, Modes().ramp, ramp)
    assert (ramp[-1] - path[-1]) / 0.5 == pytest.approx(0.09, abs=0.01)


def test_a_ramp_longer_than_half_of_the_span_is_refused():
    with pytest.raises(ValueError, match="half of span=100"):
        Modes(span=100, ramp=51)
