"""Where a camera's device comes from: a USB port, or a recording. A test pattern is a third.

All give the same kind of thing, a device of the SDK with sensors to open, so that all that follows
is one path.
"""

from pathlib import Path
from typing import Any, Protocol

from handiwork.cameras.sdk import information, realsense
from handiwork.errors import BadValue, CameraFailed


class Source(Protocol):
    """Something to take a device from, again after it was lost."""

    name: str
    endless: bool  # after its last frame it begins anew

    def open(self) -> Any:
        """The device, which nobody may have open elsewhere.

        Raises:
            CameraFailed: it is not there now. BadValue: it never will be, as things are said.
        """
        ...

    def close(self) -> None:
        """Give back what belongs to the source."""
        ...


class Context(Protocol):
    """What lists devices: pyrealsense2.context."""

    def query_devices(self) -> Any:
        """Those that are plugged in now."""
        ...


class UsbCamera:
    """The camera of a serial number; empty: the only one there is."""

    endless = False

    def __init__(self, serial: str, context: Context | None = None) -> None:
        self._serial = serial.lstrip("_")  # realsense2_camera's launch files want '_123'
        self._context = context
        self.name = f"camera {self._serial}".strip()

    def open(self) -> Any:
        """The device with that serial number."""
        if self._context is None:
            self._context = realsense().context()
        there = {
            information(device, "serial_number"): device for device in self._context.query_devices()
        }
        listed = ", ".join(sorted(there)) or "none"
        if self._serial and self._serial not in there:
            fix = f"Plugged in now: {listed}. Check the cable and serial_no."
            raise CameraFailed(self.name, "not there", "no camera has this serial number", fix)
        if not there:
            fix = "Check the cable, and that the user may open it (librealsense's udev rules)."
            raise CameraFailed(self.name, "not there", "no RealSense camera is plugged in", fix)
        if not self._serial and len(there) > 1:
            want = f"one of {listed}"
            raise BadValue(self.name, "serial_no", "", want, "Say which of the cameras.")
        return there[self._serial or next(iter(there))]

    def close(self) -> None:
        """Nothing is left."""


class Recording:
    """A .db3 file as the SDK records it, at the pace at which it was recorded."""

    def __init__(self, path: str, loop: bool) -> None:
        self._path = Path(path)
        self.name, self.endless = f"recording {path}", loop

    def open(self) -> Any:
        """The recording as a device."""
        if not self._path.is_file():
            raise BadValue(self.name, "file", "nothing", "a .db3 recording", "Check the path.")
        if self._path.suffix != ".db3":
            fix = "Convert a .bag with pyrealsense2.context().convert_bag_to_db3(FROM, TO)."
            raise BadValue(self.name, "ending", self._path.suffix, "'.db3'", fix)
        try:
            device = realsense().context().load_device(str(self._path))
            sensors = device.query_sensors()
        except RuntimeError as error:
            fix = "It is cut short or of another program: record it again."
            raise BadValue(self.name, "content", str(error), "a whole recording", fix) from error
        if not any(sensor.get_stream_profiles() for sensor in sensors):
            fix = "It is cut short: record it again."
            raise BadValue(self.name, "streams", "none", "depth or colour", fix)
        return device

    def close(self) -> None:
        """Nothing is left."""
