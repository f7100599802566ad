"""Values of the core to messages and back: pairs of pure functions, and the only place for them.

Quaternions are ordered x, y, z, w, as in geometry_msgs. Times are seconds of the stack's clock.
Shapes: N points, J joints, H rows, D names.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from builtin_interfaces.msg import Duration, Time
from control_msgs.action import FollowJointTrajectory
from control_msgs.msg import JointTolerance
from handiwork_msgs.msg import ActionChunk as ActionChunkMessage
from handiwork_msgs.msg import ChunkReport as ChunkReportMessage
from sensor_msgs.msg import JointState as JointStateMessage
from trajectory_msgs.msg import JointTrajectory as JointTrajectoryMessage
from trajectory_msgs.msg import JointTrajectoryPoint

from handiwork.chunk_reports import ChunkReport
from handiwork.chunks import ActionChunk, Space
from handiwork.control.joint_trajectory import JointSample, JointTrajectory
from handiwork.control.trajectory_request import (
    GoalRequest,
    Tolerance,
    TrajectoryPoint,
    TrajectoryRequest,
)
from handiwork.errors import RefusedChunk, UnknownName

SPACES: dict[int, Space] = {
    ActionChunkMessage.JOINT: "joint",
    ActionChunkMessage.POSE: "pose",
    ActionChunkMessage.TRACK: "track",
}


@dataclass(frozen=True, kw_only=True)
class JointState:
    """Where the joints were at `stamp` [s]: position (J,) [rad] and velocity (J,) [rad/s]."""

    stamp: float
    position: np.ndarray
    velocity: np.ndarray


def seconds_from_stamp(stamp: Time | Duration) -> float:
    """Seconds of a time or of a duration."""
    return stamp.sec + stamp.nanosec * 1e-9


def stamp_from_seconds(seconds: float) -> Time:
    """The time, rounded to the nanosecond."""
    whole, nanoseconds = divmod(round(seconds * 1e9), 1_000_000_000)
    return Time(sec=whole, nanosec=nanoseconds)


def duration_from_seconds(seconds: float) -> Duration:
    """The duration, rounded to the nanosecond."""
    whole, nanoseconds = divmod(round(seconds * 1e9), 1_000_000_000)
    return Duration(sec=whole, nanosec=nanoseconds)


def chunk_from_message(message: ActionChunkMessage) -> ActionChunk:
    """The chunk on the wire as a value.

    Raises:
        RefusedChunk: its rows are not whole, its space is unknown or its period is not positive.
    """
    sequence, width = message.sequence, len(message.names)
    if message.space not in SPACES:
        raise RefusedChunk(
            f"chunk {sequence} has space {message.space}, want one of {sorted(SPACES)}. "
            "Check that sender and receiver have the same handiwork_msgs."
        )
    if not width or not len(message.rows) or len(message.rows) % width:
        raise RefusedChunk(
            f"chunk {sequence} has {len(message.rows)} values for {width} names, want whole rows. "
            "Check the checkpoint of the policy."
        )
    period = seconds_from_stamp(message.period)
    if not period > 0:
        raise RefusedChunk(
            f"chunk {sequence} has a period of {period} s, want more than 0. Check the policy."
        )
    return ActionChunk(
        rows=np.asarray(message.rows, np.float32).reshape(-1, width),
        names=tuple(message.names),
        space=SPACES[message.space],
        frame=message.header.frame_id,
        start=seconds_from_stamp(message.header.stamp),
        period=period,
        observed=seconds_from_stamp(message.observed),
        sequence=sequence,
    )


def message_from_chunk(chunk: ActionChunk) -> ActionChunkMessage:
    """The chunk as it goes on the wire."""
    message = ActionChunkMessage()
    message.header.stamp = stamp_from_seconds(chunk.start)
    message.header.frame_id = chunk.frame
    message.period = duration_from_seconds(chunk.period)
    message.names = list(chunk.names)
    message.space = next(code for code, space in SPACES.items() if space == chunk.space)
    message.rows = array("f", np.ascontiguousarray(chunk.rows, np.float32).tobytes())
    message.observed = stamp_from_seconds(chunk.observed)
    message.sequence = chunk.sequence
    return message


def message_from_report(
    report: ChunkReport, now: float, chunk_to_trajectory: float
) -> ChunkReportMessage:
    """A report made at `now` [s]; chunk_to_trajectory [s] was measured in wall time by the node."""
    message = ChunkReportMessage(
        sequence=report.sequence,
        accepted=report.accepted,
        reason=report.reason,
        rows_skipped=report.rows_skipped,
        in_time=report.in_time,
        observed=stamp_from_seconds(report.observed),
        trajectory=stamp_from_seconds(now),
        observation_to_trajectory_s=now - report.observed,
        chunk_to_trajectory_s=chunk_to_trajectory,
        observation_to_switch_s=0.0 if report.switch is None else report.switch - report.observed,
    )
    message.header.stamp = message.trajectory
    return message


def request_from_message(message: JointTrajectoryMessage) -> TrajectoryRequest:
    """What a sender asks of the controller, whether or not it is well formed."""
    return TrajectoryRequest(
        names=tuple(message.joint_names),
        points=tuple(
            TrajectoryPoint(
                time_from_start=seconds_from_stamp(point.time_from_start),
                positions=tuple(point.positions),
                velocities=tuple(point.velocities),
                accelerations=tuple(point.accelerations),
                effort=tuple(point.effort),
            )
            for point in message.points
        ),
        stamp=seconds_from_stamp(message.header.stamp),
    )


def goal_from_message(message: FollowJointTrajectory.Goal) -> GoalRequest:
    """A goal with its tolerances by joint."""
    return GoalRequest(
        trajectory=request_from_message(message.trajectory),
        path_tolerance=_tolerances(message.path_tolerance),
        goal_tolerance=_tolerances(message.goal_tolerance),
        goal_time_tolerance=seconds_from_stamp(message.goal_time_tolerance),
    )


def message_from_trajectory(trajectory: JointTrajectory) -> JointTrajectoryMessage:
    """The trajectory as it goes on the wire; its stamp is the time of its first point."""
    start = float(trajectory.times[0])
    message = JointTrajectoryMessage(joint_names=list(trajectory.names))
    message.header.stamp = stamp_from_seconds(start)
    rows = zip(
        (trajectory.times - start).tolist(),
        trajectory.positions.tolist(),
        _given(trajectory.velocities, trajectory.times),
        _given(trajectory.accelerations, trajectory.times),
        strict=True,
    )
    message.points = [
        JointTrajectoryPoint(
            positions=position,
            velocities=velocity,
            accelerations=acceleration,
            time_from_start=duration_from_seconds(time),
        )
        for time, position, velocity, acceleration in rows
    ]
    return message


def point_from_sample(sample: JointSample) -> JointTrajectoryPoint:
    """One point of a controller's state or feedback."""
    return JointTrajectoryPoint(
        positions=sample.position.tolist(),
        velocities=sample.velocity.tolist(),
        accelerations=sample.acceleration.tolist(),
    )


def sample_from_point(point: JointTrajectoryPoint) -> JointSample:
    """The same back."""
    return JointSample(
        position=np.array(point.positions),
        velocity=np.array(point.velocities),
        acceleration=np.array(point.accelerations),
    )


def joint_state_from_message(message: JointStateMessage, names: Sequence[str]) -> JointState:
    """The joints called `names`, in that order; others in the message are left aside.

    Raises:
        UnknownName: the message lacks one of the joints.
    """
    column = {name: index for index, name in enumerate(message.name)}
    for name in names:
        if name not in column:
            raise UnknownName("joint", name, column, "Check which robot sends joint_states.")
    order = [column[name] for name in names]
    position = np.array(message.position)[order]
    velocity = np.array(message.velocity)[order] if message.velocity else np.zeros(len(order))
    return JointState(
        stamp=seconds_from_stamp(message.header.stamp), position=position, velocity=velocity
    )


def message_from_joint_state(
    state: JointState, names: Sequence[str], frame: str
) -> JointStateMessage:
    """The joints as a driver would publish them."""
    message = JointStateMessage(
        name=list(names), position=state.position.tolist(), velocity=state.velocity.tolist()
    )
    message.header.stamp = stamp_from_seconds(state.stamp)
    message.header.frame_id = frame
    return message


def _given(rows: np.ndarray | None, times: np.ndarray) -> list[list[float]]:
    """A row for every point; a row of NaN means that this point does not give it."""
    if rows is None:
        return [[]] * len(times)
    values = rows.tolist()
    for index in np.flatnonzero(np.isnan(rows).any(axis=1)):
        values[index] = []
    return values


def _tolerances(messages: Sequence[JointTolerance]) -> dict[str, Tolerance]:
    return {
        message.name: Tolerance(
            position=message.position,
            velocity=message.velocity,
            acceleration=message.acceleration,
        )
        for message in messages
    }
