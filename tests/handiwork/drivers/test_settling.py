"""A joint with dry friction on a soft spring: at rest the error goes, and the torque is bounded."""

import numpy as np
import pytest

from handiwork.control.joint_trajectory import JointSample
from handiwork.drivers.settling import Settling

PERIOD, STIFFNESS, DAMPING, INERTIA = 0.004, 600.0, 30.0, 1.0
MOST = 2.0  # [Nm]
HELD = JointSample.at_rest(np.zeros(1))


def at(position):
    return JointSample.at_rest(np.array([position]))


def settled(friction, ticks=500):
    """Where a joint ends [rad] that begins 3 mrad short and sticks below `friction` [Nm]."""
    settling = Settling(np.array([STIFFNESS]), np.array([MOST]), PERIOD)
    position, speed = -0.003, 0.0
    for _ in range(ticks):
        measured = JointSample(np.array([position]), np.array([speed]), np.zeros(1))
        torque = settling.step(HELD, measured)[0]
        for _ in range(20):
            step = PERIOD / 20
            pull = torque - STIFFNESS * position - DAMPING * speed
            if speed == 0.0 and abs(pull) < friction:
                continue
            new = speed + step / INERTIA * (pull - friction * np.sign(speed or pull))
            speed = 0.0 if new * speed < 0 else new
            position += step * speed
    return position


def test_friction_leaves_no_error():
    assert abs(settled(friction=1.2)) < 0.0006


def test_it_leans_on_nothing_harder_than_it_may():
    settling = Settling(np.array([STIFFNESS]), np.array([MOST]), PERIOD)
    torques = [settling.step(HELD, at(0.1))[0] for _ in range(500)]
    assert min(torques) == -MOST


def test_it_fades_while_the_arm_is_told_to_move():
    settling = Settling(np.array([STIFFNESS]), np.array([MOST]), PERIOD)
    settling.step(HELD, at(-0.01))
    moving = JointSample(np.zeros(1), np.ones(1), np.zeros(1))
    torques = [settling.step(moving, at(-0.01))[0] for _ in range(250)]
    assert torques[0] > 0
    assert torques[-1] == pytest.approx(0.0, abs=0.02 * torques[0])


def test_an_arm_that_is_near_enough_is_left_alone():
    settling = Settling(np.array([STIFFNESS]), np.array([MOST]), PERIOD)
    assert settling.step(HELD, at(4e-4))[0] == 0.0
