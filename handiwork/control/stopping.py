"""Stop joints as soon as their limits of acceleration and jerk allow.

Source: Berscheid & Kröger, Jerk-limited Real-time Trajectory Generation with Arbitrary Target
States, arXiv:2105.04830 (ruckig).
Shapes: N points, J joints.
"""

import numpy as np
import ruckig

from handiwork.control.joint_trajectory import JointSample
from handiwork.control.limits import Limits

_JERK_SHARE, _ACCELERATION_SHARE = 0.9, 0.99  # room for instants that are put together below
_SAME_INSTANT = 1e-5  # [s] pieces of jerk shorter than this are joined to their neighbour
_AT_REST = 1e-4  # [s] a stop shorter than this is none


def stopping(state: JointSample, limits: Limits) -> tuple[np.ndarray, np.ndarray]:
    """From a moving state to rest: times after it (N,) [s] and states (3, N, J) there.

    Each point is where the jerk of some joint changes, so pieces between points have constant jerk.
    """
    joints = len(state.position)
    want = ruckig.InputParameter(joints)
    want.control_interface = ruckig.ControlInterface.Velocity
    want.synchronization = ruckig.Synchronization.No
    want.current_position = state.position.tolist()
    want.current_velocity = state.velocity.tolist()
    want.current_acceleration = state.acceleration.tolist()
    want.target_velocity = want.target_acceleration = [0.0] * joints
    want.max_acceleration = (_ACCELERATION_SHARE * limits.acceleration).tolist()
    want.max_jerk = (_JERK_SHARE * limits.jerk).tolist()
    path = ruckig.Trajectory(joints)
    ruckig.Ruckig(joints).calculate(want, path)
    times = _instants(path)
    states = np.array([path.at_time(time) for time in times])  # (N, 3, J)
    states[0] = state.position, state.velocity, state.acceleration
    states[-1, 1:] = 0.0
    return times, states.swapaxes(0, 1)


def _instants(path: ruckig.Trajectory) -> np.ndarray:
    """Every time at which a jerk changes, from 0 to the end."""
    ends = [0.0, path.duration]
    for profile in path.profiles[0]:
        brake = np.cumsum(profile.brake.t)
        ends.extend(brake)
        ends.extend(brake[-1] + np.cumsum(profile.t))
    times = np.unique(np.clip(ends, 0.0, path.duration))
    if path.duration < _AT_REST:
        return times[:1]
    kept = [0.0]
    for time in times[:-1]:
        if min(time - kept[-1], times[-1] - time) > _SAME_INSTANT:
            kept.append(time)
    return np.array([*kept, times[-1]])
