"""What cannot be opened is said in one sentence, with what there is instead."""

import sys
import time

import pytest

pytest.importorskip("pyrealsense2", reason="the RealSense SDK is not installed")

import pyrealsense2 as rs

from handiwork.cameras.camera import Camera
from handiwork.cameras.camera_settings import CameraSettings, SensorOption
from handiwork.cameras.pattern import SoftwareCamera
from handiwork.cameras.sdk import information
from handiwork.cameras.sources import Recording, UsbCamera
from handiwork.cameras.video_mode import AS_OFFERED, VideoMode, mode_from_text
from handiwork.errors import BadValue, CameraFailed
from tests.handiwork.cameras.recordings import MODE, record

SETTINGS = CameraSettings(colour=MODE, depth=MODE)


class Ports:
    """What is plugged in, as pyrealsense2.context tells it."""

    def __init__(self, *cameras):
        self.cameras = list(cameras)

    def query_devices(self):
        return [camera.device for camera in self.cameras]


def opened(device, settings=SETTINGS):
    return Camera(device, settings, time.time)


def test_a_camera_that_is_not_there_is_said_with_those_that_are():
    ports = Ports(SoftwareCamera(MODE, "111"), SoftwareCamera(MODE, "222"))
    with pytest.raises(CameraFailed, match=r"333.*not there.*Plugged in now: 111, 222"):
        UsbCamera("333", ports).open()


def test_one_of_several_cameras_has_to_be_named():
    ports = Ports(SoftwareCamera(MODE, "111"), SoftwareCamera(MODE, "222"))
    with pytest.raises(BadValue, match="one of 111, 222"):
        UsbCamera("", ports).open()
    opened_one = UsbCamera("_222", ports).open()
    assert information(opened_one, "serial_number") == "222"


def test_no_camera_at_all_is_said():
    with pytest.raises(CameraFailed, match="no RealSense camera is plugged in"):
        UsbCamera("", Ports()).open()


def test_a_machine_without_the_sdk_is_told_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyrealsense2", None)  # as Python keeps what it cannot import
    with pytest.raises(CameraFailed, match=r"SDK cannot be loaded.*pip install pyrealsense2"):
        UsbCamera("").open()


def test_a_busy_camera_is_said():
    camera = SoftwareCamera(MODE)
    first = opened(camera.device)
    with pytest.raises(CameraFailed, match="busy: another program has it") as failed:
        opened(camera.device)
    assert failed.value.reason == "busy"
    first.stop()


def test_a_mode_that_is_not_offered_lists_those_that_are_and_blames_usb_2():
    more = VideoMode(width=1920, height=1080, rate=30)
    wanted = CameraSettings(colour=more, depth=MODE)
    with pytest.raises(BadValue, match=r"color profile is '1920x1080x30', want one of 160x120x30"):
        opened(SoftwareCamera(MODE).device, wanted)
    with pytest.raises(BadValue, match=r"USB 2\.1, which is too slow"):
        opened(SoftwareCamera(MODE, usb="2.1").device, wanted)


def test_an_option_that_the_camera_lacks_is_refused():
    option = SensorOption(kind="depth", name="laser_power", value=150)
    settings = CameraSettings(colour=MODE, depth=MODE, options=(option,))
    with pytest.raises(BadValue, match="depth laser_power is 150"):
        opened(SoftwareCamera(MODE).device, settings)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("absent.db3", None, "want a .db3 recording"),
        ("old.bag", b"#ROSBAG V2.0", "convert_bag_to_db3"),
        ("text.db3", b"not a database" * 100, "of another program"),
        ("empty.db3", b"", "cut short"),
    ],
)
def test_what_is_no_recording_is_said(tmp_path, name, content, said):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(BadValue, match=said):
        Recording(str(tmp_path / name), loop=False).open()


def test_a_recording_cut_short_is_said(tmp_path):
    path = record(tmp_path / "whole.db3")
    whole = path.read_bytes()
    for share in (0.3, 0.9):
        short = tmp_path / f"short{share}.db3"
        short.write_bytes(whole[: int(share * len(whole))])
        with pytest.raises(BadValue, match="cut short"):
            Recording(str(short), loop=False).open()


@pytest.mark.parametrize("text", ["640x480", "640x480x", "640x0x30", "big"])
def test_a_mode_has_three_numbers(text):
    with pytest.raises(ValueError, match="want WIDTHxHEIGHTxRATE"):
        mode_from_text(text, "rgb_camera.color_profile")


def test_a_mode_is_written_with_commas_too():
    assert mode_from_text("160, 120, 30", "it") == MODE


def test_a_recording_is_played_in_its_own_mode_unless_another_is_asked_for(tmp_path):
    device = Recording(str(record(tmp_path / "small.db3")), loop=False).open()
    camera = opened(device, CameraSettings(colour=AS_OFFERED, depth=AS_OFFERED))
    assert camera.rates == {"color": 30, "depth": 30}
    assert (camera.optics["color"].width, camera.optics["color"].height) == (160, 120)
    camera.stop()
    usual = VideoMode(width=640, height=480, rate=30)
    with pytest.raises(BadValue, match="want one of 160x120x30"):
        opened(device, CameraSettings(colour=usual, depth=AS_OFFERED))


def test_intrinsics_of_another_resolution_are_refused():
    stream, optics, device = rs.video_stream(), rs.intrinsics(), rs.software_device()
    stream.type, stream.fmt, stream.uid, stream.bpp = rs.stream.depth, rs.format.z16, 0, 2
    stream.width, stream.height, stream.fps = MODE.width, MODE.height, MODE.rate
    optics.width, optics.height = 1280, 720
    stream.intrinsics = optics
    device.add_sensor("Stereo Module").add_video_stream(stream)
    with pytest.raises(BadValue, match="intrinsics is '1280x720', want those of 160x120"):
        opened(device, CameraSettings(colour=None, depth=MODE))
