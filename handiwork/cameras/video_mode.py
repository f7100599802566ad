"""Size and rate of a stream, as it is asked for and as a camera offers it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from handiwork.cameras.sdk import information, realsense
from handiwork.errors import BadValue

FORMATS = {"color": "rgb8", "depth": "z16"}


@dataclass(frozen=True, kw_only=True, order=True)
class VideoMode:
    """Columns and rows [px], frames per second."""

    width: int
    height: int
    rate: int

    @property
    def period(self) -> float:
        """Between two frames [s]."""
        return 1 / self.rate

    def __str__(self) -> str:
        return f"{self.width}x{self.height}x{self.rate}"


USUAL = VideoMode(width=640, height=480, rate=30)
AS_OFFERED = VideoMode(width=0, height=0, rate=0)  # the usual one, or the only one there is


def mode_from_text(text: str, parameter: str) -> VideoMode:
    """'640x480x30' or '640,480,30', as realsense2_camera writes profiles; '0,0,0': AS_OFFERED.

    Raises:
        ValueError: it is neither.
    """
    match = re.fullmatch(r"\s*(\d+)\s*[x,]\s*(\d+)\s*[x,]\s*(\d+)\s*", text)
    if match is not None:
        width, height, rate = (int(number) for number in match.groups())
        mode = VideoMode(width=width, height=height, rate=rate)
        if mode == AS_OFFERED or 0 not in (width, height, rate):
            return mode
    raise ValueError(f"parameter {parameter!r} is {text!r}, want WIDTHxHEIGHTxRATE.")


def offered(device: Any, kind: str, mode: VideoMode) -> tuple[Any, Any]:
    """The sensor and the stream profile of a device that give this mode.

    kind: "color" (rgb8) or "depth" (z16).

    Raises:
        BadValue: the device offers other modes, which the message lists.
    """
    found = list(_profiles(device, kind))
    modes = sorted({mode_of(profile) for _, profile in found})
    if mode == AS_OFFERED:
        mode = modes[0] if len(modes) == 1 else USUAL
    for sensor, profile in found:
        if mode_of(profile) == mode:
            return sensor, profile
    name = f"{information(device, 'name')} {information(device, 'serial_number')}".strip()
    listed = ", ".join(map(str, modes)) or "none"
    raise BadValue(name, f"{kind} profile", str(mode), f"one of {listed}", _advice(device))


def mode_of(profile: Any) -> VideoMode:
    """Of a video stream."""
    video = profile.as_video_stream_profile()
    return VideoMode(width=video.width(), height=video.height(), rate=video.fps())


def _advice(device: Any) -> str:
    usb = information(device, "usb_type_descriptor")
    if usb.startswith("2"):
        return f"It is on USB {usb}, which is too slow for more: use a USB 3 port and cable."
    return "Ask for one of these."


def _profiles(device: Any, kind: str) -> Iterable[tuple[Any, Any]]:
    rs = realsense()
    stream, form = getattr(rs.stream, kind), getattr(rs.format, FORMATS[kind])
    for sensor in device.query_sensors():
        for profile in sensor.get_stream_profiles():
            if profile.stream_type() == stream and profile.format() == form:
                yield sensor, profile
