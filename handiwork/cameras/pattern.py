"""A test pattern: a software device of the SDK that shows moving stripes before a slanted wall.

It needs no camera, and its frames go the way of a camera's. Their stamps are the moments at which
they were due, in global time.

Source: librealsense 2.59, software_device: frames given to a sensor that streams arrive at whoever
opened it; it copies the pixels it is given.
"""

import threading
import time
from typing import Any

import numpy as np

from handiwork.cameras.sdk import realsense
from handiwork.cameras.video_mode import FORMATS, VideoMode

BYTES = {"color": 3, "depth": 2}  # of a pixel
SERIAL = "test-pattern"
PICTURES = 8  # different ones, shown in turn
BASELINE = 0.015  # [m] of the colour camera to the right of the depth camera, a D435i's
FOCAL_SHARE = 0.6  # focal length over width, a D435i's


class SoftwareCamera:
    """A device with a colour and a depth sensor, and what puts frames into it."""

    def __init__(self, mode: VideoMode, serial: str = SERIAL, usb: str = "3.2") -> None:
        rs = realsense()
        self.device, self.mode = rs.software_device(), mode
        for key, value in (("name", "Test pattern"), ("serial_number", serial)):
            self.device.register_info(getattr(rs.camera_info, key), value)
        self.device.register_info(rs.camera_info.usb_type_descriptor, usb)
        self._domain = rs.timestamp_domain.global_time
        sensors = {"depth": "Stereo Module", "color": "RGB Camera"}
        self.sensors = {kind: self.device.add_sensor(name) for kind, name in sensors.items()}
        self._profiles = {
            kind: sensor.add_video_stream(_stream(kind, index, mode))
            for index, (kind, sensor) in enumerate(self.sensors.items())
        }
        self.sensors["depth"].add_read_only_option(rs.option.depth_units, 0.001)
        beside = rs.extrinsics()
        beside.rotation, beside.translation = np.eye(3).ravel().tolist(), [-BASELINE, 0.0, 0.0]
        self._profiles["depth"].register_extrinsics_to(self._profiles["color"], beside)

    def show(self, kind: str, pixels: np.ndarray, number: int, taken: float) -> None:
        """A frame of that number, taken at `taken` [s]; nothing happens unless the sensor streams.

        pixels: (H, W, 3) uint8 of "color", (H, W) uint16 [mm] of "depth".
        """
        frame = realsense().software_video_frame()
        frame.pixels, frame.bpp = pixels, BYTES[kind]
        frame.stride = self.mode.width * frame.bpp
        frame.timestamp, frame.domain, frame.frame_number = 1e3 * taken, self._domain, number
        frame.profile = self._profiles[kind].as_video_stream_profile()
        if kind == "depth":
            frame.depth_units = 0.001
        self.sensors[kind].on_video_frame(frame)


class Pattern:
    """A source that shows the pattern at its rate from a thread of its own."""

    name, endless = "test pattern", False

    def __init__(self, mode: VideoMode) -> None:
        self._mode = mode
        self._pictures = pictures(mode)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def open(self) -> Any:
        """A new device that is shown frames from now on."""
        self.close()
        camera, self._stop = SoftwareCamera(self._mode), threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(camera, self._stop), name="test pattern", daemon=True
        )
        self._thread.start()
        return camera.device

    def close(self) -> None:
        """Show nothing more."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self, camera: SoftwareCamera, stop: threading.Event) -> None:
        start, number = time.time(), 0
        while not stop.wait(max(start + number * self._mode.period - time.time(), 0.0)):
            taken = start + number * self._mode.period
            colour, depth = self._pictures[number % PICTURES]
            camera.show("depth", depth, number, taken)
            camera.show("color", colour, number, taken)
            number += 1


def pictures(mode: VideoMode) -> list[tuple[np.ndarray, np.ndarray]]:
    """Colour (H, W, 3) uint8 and depth (H, W) uint16 [mm] of each picture of the pattern."""
    columns, rows = np.meshgrid(np.arange(mode.width), np.arange(mode.height))
    depth = (500 + columns + rows // 2).astype(np.uint16)
    shown = []
    for step in range(PICTURES):
        moved = columns + step * mode.width // PICTURES
        colour = np.stack([moved % 256, rows % 256, (moved // 32 % 2) * 255], axis=-1)
        shown.append((colour.astype(np.uint8), depth + np.uint16(10 * step)))
    return shown


def _stream(kind: str, index: int, mode: VideoMode) -> Any:
    rs = realsense()
    stream, optics = rs.video_stream(), rs.intrinsics()
    stream.type, stream.fmt = getattr(rs.stream, kind), getattr(rs.format, FORMATS[kind])
    stream.index, stream.uid, stream.bpp = 0, index, BYTES[kind]
    stream.width, stream.height, stream.fps = mode.width, mode.height, mode.rate
    optics.width, optics.height = mode.width, mode.height
    optics.fx = optics.fy = FOCAL_SHARE * mode.width
    optics.ppx, optics.ppy = mode.width / 2, mode.height / 2
    distortion = rs.distortion
    optics.model = distortion.inverse_brown_conrady if index else distortion.brown_conrady
    optics.coeffs = [0.0] * 5
    stream.intrinsics = optics
    return stream
