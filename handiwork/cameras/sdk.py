"""The RealSense SDK, imported only where a camera is used, and what its errors mean.

Source: librealsense 2.59 raises RuntimeError for everything; the kernel's "busy" is errno 16 of
VIDIOC_S_FMT, in the error's text.
"""

from typing import Any

from handiwork.errors import CameraFailed

BUSY = ("errno=16", "resource busy", "already opened", "is streaming")


def realsense() -> Any:
    """The module pyrealsense2.

    Raises:
        CameraFailed: it is not installed, or a library that it needs is not.
    """
    try:
        import pyrealsense2
    except ImportError as error:
        what = f"the RealSense SDK cannot be loaded ({error})"
        fix = "pip install pyrealsense2, and install libusb-1.0-0."
        raise CameraFailed("camera", "not there", what, fix) from error
    return pyrealsense2


def failure_of(camera: str, error: RuntimeError) -> CameraFailed:
    """What the SDK said, in one sentence with what to do."""
    said = str(error).rstrip(".")
    if any(word in said.lower() for word in BUSY):
        fix = "End the other program, or give it another serial_no."
        return CameraFailed(camera, "busy", f"another program has it ({said})", fix)
    return CameraFailed(camera, "fault", said, "Unplug it and plug it in again.")


def information(device: Any, name: str) -> str:
    """What a device says about itself, such as its "serial_number"; empty where it does not."""
    key = getattr(realsense().camera_info, name)
    return device.get_info(key) if device.supports(key) else ""
