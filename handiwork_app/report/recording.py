"""A Rerun recording of a run: images, the T as seen and as it was, chunks, joints and coverage.

Open it with `rerun FILE`. All is on one timeline, the stack's clock.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import rerun as rr
import rerun.blueprint as rrb

from handiwork.tasks.push_t import GOAL_PX, TableSquare, transform
from handiwork_app.report.episodes import CommandLog, Episode

CLOCK = "stack"
RATE = 50.0  # [Hz] of commands kept; the plot of limits has them all
GREEN, ORANGE, GREY = [80, 220, 120], [255, 140, 30], [120, 120, 120]


def write_recording(path: Path, episodes: Sequence[Episode], commands: CommandLog) -> Path:
    """All episodes of a run in one .rrd file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    stream = rr.RecordingStream("handiwork")
    stream.save(path, default_blueprint=_layout())
    stream.log("table/goal", _outline(TableSquare().pose_to_base(GOAL_PX), GREY), static=True)
    for episode in episodes:
        _log_camera(stream, episode)
        _log_table(stream, episode)
    _log_commands(stream, commands)
    stream.flush()
    stream.disconnect()
    return path


def _layout() -> rrb.Blueprint:
    return rrb.Blueprint(
        rrb.Horizontal(
            rrb.Vertical(
                rrb.Spatial2DView(origin="camera", name="camera"),
                rrb.Spatial2DView(origin="table", name="table, base frame [m]"),
            ),
            rrb.Vertical(
                rrb.TimeSeriesView(origin="coverage", name="coverage"),
                rrb.TimeSeriesView(origin="commands", name="joint commands [rad]"),
            ),
        )
    )


def _log_camera(stream: rr.RecordingStream, episode: Episode) -> None:
    for index, time in enumerate(episode.image_time):
        stream.set_time(CLOCK, duration=float(time))
        jpeg = episode.jpeg(index).tobytes()
        stream.log("camera", rr.EncodedImage(contents=jpeg, media_type="image/jpeg"))


def _log_table(stream: rr.RecordingStream, episode: Episode) -> None:
    for time, pose in zip(episode.estimate_time, episode.estimate_pose, strict=True):
        stream.set_time(CLOCK, duration=float(time))
        stream.log("table/t_seen", _outline(pose, GREEN))
    truth = TableSquare().pose_to_base(episode.truth_block_px)
    rod = TableSquare().to_base(episode.truth_rod_px)
    for time, pose, tip in zip(episode.truth_time, truth, rod, strict=True):
        stream.set_time(CLOCK, duration=float(time))
        stream.log("table/t_true", _outline(pose, GREY))
        stream.log("table/rod", rr.Points2D([_seen_from_above(tip)], radii=0.0088))
    for time, rows in zip(episode.chunk_observed, episode.chunk_rows, strict=True):
        stream.set_time(CLOCK, duration=float(time))
        stream.log("table/chunk", rr.LineStrips2D([_seen_from_above(rows)], colors=[ORANGE]))
    if len(episode.truth_time):
        stream.send_columns(
            "coverage",
            [rr.TimeColumn(CLOCK, duration=episode.truth_time)],
            rr.Scalars.columns(scalars=episode.truth_coverage),
        )


def _log_commands(stream: rr.RecordingStream, commands: CommandLog) -> None:
    if len(commands.times) < 2:
        return
    period = float(np.median(np.diff(commands.times)))
    every = max(1, round(1 / (RATE * period)))
    times = [rr.TimeColumn(CLOCK, duration=commands.times[::every])]
    for name, positions in zip(commands.names, commands.positions.T, strict=True):
        columns = rr.Scalars.columns(scalars=positions[::every])
        stream.send_columns(f"commands/{name}", times, columns)


def _outline(pose: np.ndarray, colour: list[int]) -> rr.LineStrips2D:
    corners = _seen_from_above(transform(TableSquare().outline(), pose))
    return rr.LineStrips2D([np.vstack([corners, corners[:1]])], colors=[colour])


def _seen_from_above(points: np.ndarray) -> np.ndarray:
    """(..., 2) base x, y [m] -> picture right, down [m]: base x to the right, base y up."""
    return points * np.array([1.0, -1.0])
