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
    """FRAMES frames of the pattern in step, at their pace: a recording keeps the time between."""
    camera = SoftwareCamera(MODE, serial="recorded")
    recorder = rs.recorder(str(path), camera.device)
    queue = rs.frame_queue(2 * FRAMES)
    sensors = recorder.query_sensors()
    for sensor in sensors:
        sensor.open(sensor.get_stream_profiles())
        sensor.start(queue)
    shown, begun = pictures(MODE), time.monotonic()
    for number in range(FRAMES):
        time.sleep(max(begun + number * MODE.period - time.monotonic(), 0.0))
        colour, depth = shown[number % PICTURES]
        taken = FIRST + number * MODE.period
        camera.show("depth", depth, number, taken)
        camera.show("color", colour, number, taken)
    for sensor in sensors:
        sensor.stop()
        sensor.close()
    return path
