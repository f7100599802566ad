"""A trajectory as the bytes of trajectory_msgs/JointTrajectory, written at once.

Fifty points as message objects take over a millisecond to make and to serialise, and that is time
from a chunk to its trajectory. Here all points are one array of records.

Source: OMG DDS-XTYPES 1.3, section 7.4.3 (plain CDR, version 1, little endian): a number lies at a
multiple of its size, counted from behind the four bytes of the encapsulation header; a sequence is
its length (uint32) and its items; a string also counts the zero that ends it.
Shapes: N points, J joints.
"""

import struct

import numpy as np

from handiwork.control.joint_trajectory import JointTrajectory

_HEADER = b"\x00\x01\x00\x00"  # plain CDR, little endian
_BILLION = 1_000_000_000


def wire_from_trajectory(trajectory: JointTrajectory) -> bytes:
    """What a publisher of JointTrajectory sends as it is; the stamp is the time of the first point.

    Velocities and accelerations must be given at every point.
    """
    start = float(trajectory.times[0])
    seconds, nanoseconds = divmod(round(start * 1e9), _BILLION)
    body = bytearray(struct.pack("<iI", seconds, nanoseconds) + _string(""))
    body += struct.pack("<I", len(trajectory.names))
    for name in trajectory.names:
        body += _string(name)
    body += struct.pack("<I", len(trajectory.times))
    points = _points(trajectory, start).tobytes()
    if len(body) % 8:
        return _HEADER + bytes(body) + points
    # The first point alone begins at a multiple of eight: its numbers do not follow their count.
    return _HEADER + bytes(body) + points[:4] + b"\0\0\0\0" + points[4:]


def _points(trajectory: JointTrajectory, start: float) -> np.ndarray:
    """(N,) records, each beginning four bytes behind a multiple of eight."""
    joints = len(trajectory.names)
    numbers = ("<f8", (joints,))
    kind = np.dtype(
        [
            ("positions_count", "<u4"),
            ("positions", *numbers),
            ("velocities_count", "<u8"),  # the count and what fills up to a multiple of eight
            ("velocities", *numbers),
            ("accelerations_count", "<u8"),
            ("accelerations", *numbers),
            ("effort_count", "<u4"),
            ("seconds", "<i4"),
            ("nanoseconds", "<u4"),
        ]
    )
    points = np.zeros(len(trajectory.times), kind)
    for what in ("positions", "velocities", "accelerations"):
        points[f"{what}_count"] = joints
        points[what] = getattr(trajectory, what)
    since = np.rint((trajectory.times - start) * 1e9).astype(np.int64)
    points["seconds"], points["nanoseconds"] = np.divmod(since, _BILLION)
    return points


def _string(text: str) -> bytes:
    """With its length and its zero, filled up to a multiple of four."""
    raw = text.encode() + b"\0"
    return struct.pack("<I", len(raw)) + raw + b"\0" * (-len(raw) % 4)
