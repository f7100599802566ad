"""Views of a still board by a camera on the hand, with the joints as they were read.

Shapes: N views, K joints of the arm.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from calibration.fields import read_field, read_numbers, read_object, read_pose
from handiwork.errors import BadValue
from handiwork.robots.kinematics import Kinematics
from handiwork.robots.registry import robot

_BEYOND = 0.1  # [rad] beyond its limits that a joint may be read


@dataclass(frozen=True, kw_only=True, eq=False)
class JointViews:
    """joints: (N, K) as read [rad]. camera_from_board: (N, 4, 4), of a camera on the hand [m]."""

    kinematics: Kinematics
    names: tuple[str, ...]
    joints: np.ndarray
    camera_from_board: np.ndarray
    source: str = "the views"


def load_joint_views(path: Path | str) -> JointViews:
    """From a JSON with `robot`, and `views` of `joints` [rad] and `camera_from_board`."""
    where, content = str(path), read_object(path)
    kinematics = Kinematics(robot(str(read_field(where, content, "robot"))), content.get("group"))
    listed: list[Any] = read_field(where, content, "views")
    rows, boards = [], []
    for number, item in enumerate(listed):
        at = f"views[{number}]"
        joints = read_field(where, item, "joints", f"{at}.")
        rows.append(_joints(where, f"{at}.joints", joints, kinematics))
        board = read_field(where, item, "camera_from_board", f"{at}.")
        boards.append(read_pose(where, f"{at}.camera_from_board", board))
    return JointViews(
        kinematics=kinematics,
        names=tuple(str(item.get("name", f"view_{i:02d}")) for i, item in enumerate(listed)),
        joints=np.array(rows),
        camera_from_board=np.array(boards).reshape(-1, 4, 4),
        source=where,
    )


def _joints(where: str, at: str, value: Any, kinematics: Kinematics) -> np.ndarray:
    read, robot_ = read_numbers(where, at, value), kinematics.robot
    names = kinematics.group.joints
    if read.shape != (len(names),):
        fix = "Give the arm's joints alone, in its order."
        raise BadValue(where, at, f"of shape {read.shape}", f"{len(names)} numbers", fix)
    columns = robot_.columns(kinematics.group)
    low, high = robot_.lower[columns] - _BEYOND, robot_.upper[columns] + _BEYOND
    outside = np.flatnonzero((read < low) | (read > high))
    if len(outside):
        worst = int(outside[0])
        want = f"within the limits of {names[worst]}, {low[worst]:.2f} to {high[worst]:.2f} rad"
        fix = "Give radians: if these are degrees, multiply by pi/180."
        raise BadValue(where, at, float(read[worst]), want, fix)
    return read
