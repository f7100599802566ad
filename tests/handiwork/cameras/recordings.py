"""A small recording, made as the SDK makes them: by its recorder, of a software camera."""

import time
from pathlib import Path

import pyrealsense2 as rs

from handiwork.cameras.pattern import PICTURES, SoftwareCamera, pictures
from handiwork.cameras.video_mode import VideoMode

MODE = VideoMode(width=160, height=120, rate=30)
FRAMES = 15
FIRST = 5000.0  # [s] device time of the first frame: of another day


def record(path: Path) -> Path:
    """FRAMES frames of the pattern in step, at their pace: a recording keeps the time between, and
    what a stall of the machine put together is left out whenever it is played. So it is made anew.
    """
    for _ in range(5):
        path.unlink(missing_ok=True)
        if _record(path) < MODE.period / 2:
            break
    return path


def _record(path: Path) -> float:
    """By how much a frame was late at most [s]."""
    camera = SoftwareCamera(MODE, serial="recorded")
    recorder = rs.recorder(str(path), camera.device)
    queue = rs.frame_queue(2 * FRAMES)
    sensors = recorder.query_sensors()
    for sensor in sensors:
        sensor.open(sensor.get_stream_profiles())
        sensor.start(queue)
    shown, begun, late = pictures(MODE), time.monotonic(), 0.0
    for number in range(FRAMES):
        time.sleep(max(begun + number * MODE.period - time.monotonic(), 0.0))
        colour, depth = shown[number % PICTURES]
        taken = FIRST + number * MODE.period
        camera.show("depth", depth, number, taken)
        camera.show("color", colour, number, taken)
        late = max(late, time.monotonic() - begun - number * MODE.period)
    for sensor in sensors:
        sensor.stop()
        sensor.close()
    return late
