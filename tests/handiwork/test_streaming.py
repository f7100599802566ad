"""The executor and the controller together, with a wire between them that takes its time."""

import numpy as np
import pytest

from handiwork.chunks import ActionChunk, ChunkRules
from handiwork.control.joint_trajectory import JointSample
from handiwork.control.limits import Limits
from handiwork.control.trajectory_controller import ControllerConfig, TrajectoryController
from handiwork.control.trajectory_request import TrajectoryPoint, TrajectoryRequest
from handiwork.executor import Executor
from handiwork.robots.kinematics import Kinematics, pointing_down
from handiwork.robots.wxai import WXAI
from handiwork.safety import audit
from handiwork.tasks.push_t_execution import PUSH_T_EXECUTION

TICK = 0.004  # [s] of the controller
LIMITS = Limits.of(WXAI)


def over_the_wire(trajectory):
    """A message keeps whole nanoseconds."""
    points = [
        TrajectoryPoint(
            time_from_start=round(1e9 * (time - trajectory.start)) * 1e-9,
            positions=tuple(trajectory.positions[index]),
            velocities=tuple(trajectory.velocities[index]),
            accelerations=tuple(trajectory.accelerations[index]),
        )
        for index, time in enumerate(trajectory.times)
    ]
    stamp = round(1e9 * trajectory.start) * 1e-9
    return TrajectoryRequest(names=trajectory.names, points=tuple(points), stamp=stamp)


def commanded(seed, jump, chunks=25):
    """Every command of a controller to which chunks are streamed, and how many were accepted.

    Chunks come each 0.1 s with a jitter, now and then not at all; trajectories take up to 25 ms.
    """
    rng = np.random.default_rng(seed)
    kinematics = Kinematics(WXAI)
    home = kinematics.inverse(pointing_down(np.array([[0.27, 0.0, 0.008]]))[0], WXAI.home)
    rules = ChunkRules(names=("x", "y"), space="pose")
    arm = Executor(PUSH_T_EXECUTION, rules, kinematics, LIMITS)
    controller = TrajectoryController(ControllerConfig(joints=WXAI.names), home)
    steps = rng.normal(0, jump, (chunks + 20, 2))
    targets = np.clip(np.array([0.27, 0.0]) + np.cumsum(steps, axis=0), [0.13, -0.14], [0.41, 0.14])
    arrivals = 10 + 0.1 * np.arange(chunks) + rng.uniform(0.05, 0.09, chunks)
    arrivals = {
        k: time for k, time in enumerate(arrivals) if rng.random() > 0.1 and k not in (9, 10)
    }
    on_the_wire, log = [], []
    for now in np.arange(10.0, 10 + 0.1 * chunks + 3.0, TICK):
        for k in [k for k, time in arrivals.items() if time <= now]:
            arrived = arrivals.pop(k)
            chunk = ActionChunk(
                rows=targets[k : k + 15],
                names=("x", "y"),
                space="pose",
                frame="base_link",
                start=10 + 0.1 * k,
                period=0.1,
                observed=10 + 0.1 * k - 0.05,
                sequence=k,
            )
            sent = arm.on_chunk(chunk, arrived, controller.reference.position).trajectory
            if sent is not None:
                on_the_wire.append((arrived + rng.uniform(0.002, 0.025), over_the_wire(sent)))
        lags = JointSample.at_rest(controller.reference.position - 0.01)
        while on_the_wire and on_the_wire[0][0] <= now:
            controller.follow(on_the_wire.pop(0)[1], now, lags)
        log.append((now, controller.command(now, lags).position))
    times, positions = zip(*log, strict=True)
    return np.array(times), np.array(positions), arm


@pytest.mark.parametrize(("seed", "jump"), [(0, 0.01), (1, 0.02), (2, 0.05)])
def test_what_reaches_the_arm_has_no_violation_and_no_step(seed, jump):
    times, positions, arm = commanded(seed, jump)
    found = audit(times, positions, LIMITS)
    assert (found.violations, found.steps) == (0, 0), found
    assert found.worst[1] > 0.05  # it did move
    assert arm.accepted > 15
    np.testing.assert_array_equal(positions[-1], positions[-100])  # and came to rest
