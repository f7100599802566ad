"""Where the tool is told to be -> what the joints are told: damped least squares, a step at a time.

The commanded joints are led by their own kinematics, not by the simulated arm, so that contact
forces never wind them up. The elbow stays in the arm's upright plane.

Source: Buss, Introduction to inverse kinematics with Jacobian transpose, pseudoinverse and damped
least squares methods, 2009, eq. 11; the null-space term is its section 7.
Shapes: a tool pose is (4,): x, y, z [m], yaw [rad] in base, the tool pointing straight down; at
yaw 0 the fingers stand apart along base y.
"""

# pyright: reportAttributeAccessIssue=false
# MuJoCo's names come from compiled modules without stubs.

import math
from functools import cache

import mujoco
import numpy as np

from handiwork.errors import Unreachable
from handiwork.sim.manipulation.fr3 import HOME, JOINTS, TOOL, fr3

DAMPING = 0.02
UPRIGHT_GAIN = 0.1  # share of the elbow's lean that is taken back per step
_DAMPED = DAMPING**2 * np.eye(6)
TOLERANCE = 1e-4  # [m], [rad] of a start pose
JOINT_SPEED = np.array([2.62, 2.62, 2.62, 2.62, 5.26, 4.18, 5.26])  # [rad/s] of the data sheet


class ToolServo:
    """Commanded joint positions that follow a tool pose."""

    def __init__(self) -> None:
        self._model = _arm()
        self._data = mujoco.MjData(self._model)
        self._site = self._model.site(TOOL).id
        self._jacobian = np.zeros((6, self._model.nv))
        self._lower, self._upper = self._model.jnt_range[:7].T
        self.joints = HOME.copy()  # (7,) [rad]

    def reset(self, pose: np.ndarray) -> np.ndarray:
        """The joints (7,) [rad] of a tool pose, found from the home position.

        Raises:
            Unreachable: no such joints were found.
        """
        self.joints = HOME.copy()
        for _ in range(100):
            if np.abs(self.error(pose)).max() < TOLERANCE:
                return self.joints
            self.follow(pose, duration=0.5)
        raise Unreachable(f"the tool cannot take the pose {np.round(pose, 3).tolist()}")

    def follow(self, pose: np.ndarray, duration: float) -> np.ndarray:
        """One step towards a tool pose less than half a turn away; joints (7,) [rad].

        No joint is faster than `JOINT_SPEED` or passes its limits.
        """
        error = self.error(pose)
        mujoco.mj_comPos(self._model, self._data)
        position, rotation = self._jacobian[:3], self._jacobian[3:]
        mujoco.mj_jacSite(self._model, self._data, position, rotation, self._site)
        jacobian = self._jacobian[:, :7]
        upright = -UPRIGHT_GAIN * self.joints[2]  # of joint 3 alone
        lacking = error - jacobian[:, 2] * upright
        step = jacobian.T @ np.linalg.solve(jacobian @ jacobian.T + _DAMPED, lacking)
        step[2] += upright
        step /= max(1.0, np.abs(step / (JOINT_SPEED * duration)).max())
        self.joints = np.minimum(np.maximum(self.joints + step, self._lower), self._upper)
        return self.joints

    def error(self, pose: np.ndarray) -> np.ndarray:
        """(6,) what the commanded joints lack to a tool pose: [m], then rotation vector [rad]."""
        self._data.qpos[:7] = self.joints
        mujoco.mj_kinematics(self._model, self._data)
        turned = self._data.site_xmat[self._site].reshape(3, 3)
        cos, sin = math.cos(pose[3]), math.sin(pose[3])
        wanted = np.array([[cos, sin, 0.0], [sin, -cos, 0.0], [0.0, 0.0, -1.0]])
        # Half the sum of the axes' cross products: the rotation vector where it is small.
        lacking = (wanted @ turned.T).ravel()
        error = np.empty(6)
        error[:3] = pose[:3] - self._data.site_xpos[self._site]
        error[3:] = (lacking[[7, 2, 3]] - lacking[[5, 6, 1]]) / 2
        return error


@cache
def _arm() -> mujoco.MjModel:
    model = fr3().compile()
    if tuple(model.joint(index).name for index in range(7)) != JOINTS:
        raise AssertionError("the arm's joints come first")
    return model
