"""Frames of a device come out whole, in order, as they went in; so do those of a recording."""

import time

import numpy as np
import pytest

pytest.importorskip("pyrealsense2", reason="the RealSense SDK is not installed")

from handiwork.cameras.camera import Camera
from handiwork.cameras.camera_loop import CameraLoop, Patience
from handiwork.cameras.camera_settings import CameraSettings
from handiwork.cameras.pattern import BASELINE, SoftwareCamera, pictures
from handiwork.cameras.sources import Recording
from handiwork.errors import CameraFailed
from tests.handiwork.cameras.recordings import FIRST, FRAMES, MODE, record
from tests.handiwork.cameras.sockets import Socket

SETTINGS = CameraSettings(colour=MODE, depth=MODE)
COLOUR, DEPTH = pictures(MODE)[0]


def test_pixels_stamp_and_optics_are_those_of_the_device():
    shown = SoftwareCamera(MODE)
    camera = Camera(shown.device, SETTINGS, time.time)
    for kind, pixels in (("depth", DEPTH), ("color", COLOUR)):
        shown.show(kind, pixels, 1, 1234.5)
    while (sight := camera.wait(1.0)) is None:
        pass
    np.testing.assert_array_equal(sight.colour, COLOUR)
    np.testing.assert_array_equal(sight.depth, DEPTH)
    assert sight.stamp == pytest.approx(1234.5, abs=1e-6)  # global time is the stack's
    assert camera.optics["color"].k[0, 2] == MODE.width / 2
    camera.stop()


def test_frames_wait_while_nobody_reads_for_half_a_second():
    shown = SoftwareCamera(MODE)
    camera = Camera(shown.device, SETTINGS, time.time)
    numbers = range(1, 16)
    for number in numbers:
        shown.show("depth", DEPTH, number, number * MODE.period)
        shown.show("color", COLOUR, number, number * MODE.period)
    sights = [sight for _ in range(2 * len(numbers)) if (sight := camera.wait(1.0))]
    assert [sight.stamp for sight in sights] == pytest.approx([n * MODE.period for n in numbers])
    camera.stop()


def test_on_another_clock_than_the_systems_a_stamp_is_of_that_clock():
    shown = SoftwareCamera(MODE)
    camera = Camera(shown.device, SETTINGS, lambda: 7.0, wall=False)
    for kind, pixels in (("depth", DEPTH), ("color", COLOUR)):
        shown.show(kind, pixels, 1, 1234.5)
    while (sight := camera.wait(1.0)) is None:
        pass
    assert sight.stamp == 7.0
    camera.stop()


def test_depth_is_seen_from_the_colour_camera():
    """A wall at 1 m moves by focal length x baseline / distance, to the left."""
    shown, wall = SoftwareCamera(MODE), np.full_like(DEPTH, 1000)
    wall[:, :80] = 500
    camera = Camera(shown.device, SETTINGS, time.time)
    for kind, pixels in (("depth", wall), ("color", COLOUR)):
        shown.show(kind, pixels, 1, 1.0)
    while (sight := camera.wait(1.0)) is None:
        pass
    row = sight.aligned[60]
    focal = camera.optics["depth"].k[0, 0]
    edge = int(np.argmax(row == 1000))
    assert edge == pytest.approx(80 - focal * BASELINE / 1.0, abs=3)
    assert row[10] == 500 and row[120] == 1000
    points = sight.points[60 * MODE.width + 120]
    np.testing.assert_allclose(points, [(120 - 80) / focal, 0.0, 1.0], atol=1e-3)
    camera.stop()


def test_filters_fill_holes():
    shown, holed = SoftwareCamera(MODE), DEPTH.copy()
    holed[50:53, 70:73] = 0
    settings = CameraSettings(colour=None, depth=MODE, filters=("hole_filling", "spatial"))
    camera = Camera(shown.device, settings, time.time)
    shown.show("depth", holed, 1, 1.0)
    sight = camera.wait(1.0)
    assert sight is not None and sight.depth[50:53, 70:73].min() > 400
    camera.stop()


class Kept:
    """What a loop gives, and what it says meanwhile."""

    def __init__(self, source, patience=None, settings=SETTINGS):
        self.sights = []
        self.loop = CameraLoop(source, settings, time.time, lambda _: None, self.keep, patience)

    def keep(self, sight):
        self.sights.append((sight.stamp, sight.arrival, sight.depth[0, 0], sight.colour[0, 0, 0]))

    def until(self, condition, patience=5.0):
        deadline = time.monotonic() + patience
        while not condition() and time.monotonic() < deadline:
            time.sleep(0.01)
        return condition()


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    return record(tmp_path_factory.mktemp("recordings") / "small.db3")


def played_once(recording):
    kept = Kept(Recording(str(recording), loop=False))
    kept.loop.start()
    assert kept.until(lambda: kept.loop.over)
    kept.loop.stop()
    return kept


def played(recording):
    """From beginning to end; again where the machine stalled and the SDK left frames out."""
    for _ in range(3):
        kept = played_once(recording)
        if len(kept.sights) == FRAMES:
            break
    return kept


def test_a_recording_is_played_whole_at_its_pace_in_the_time_of_today(recording):
    begun = time.time()
    kept = played(recording)
    stamps, arrivals = np.array([times for *times, _, _ in kept.sights]).T
    assert len(stamps) == FRAMES
    assert begun <= stamps[0] and stamps[-1] <= time.time()
    offsets = stamps - FIRST - MODE.period * np.arange(FRAMES)
    soonest = np.minimum.accumulate(arrivals - FIRST - MODE.period * np.arange(FRAMES))
    np.testing.assert_allclose(offsets, soonest, atol=1e-5)  # the offset is that of the promptest
    assert [depth for _, _, depth, _ in kept.sights] == [500 + 10 * (n % 8) for n in range(FRAMES)]


def test_a_recording_that_loops_begins_anew(recording):
    kept = Kept(Recording(str(recording), loop=True))
    kept.loop.start()
    assert kept.until(lambda: len(kept.sights) > FRAMES + 5)
    kept.loop.stop()
    stamps = [stamp for stamp, *_ in kept.sights]
    assert (np.diff(stamps) > 0).all()
    assert kept.loop.reopened == 0


def test_an_unplugged_camera_is_said_waited_for_with_growing_pauses_and_taken_up_again():
    socket = Socket()
    kept = Kept(socket, Patience(silence=0.3, first_pause=0.1, longest_pause=0.4))
    kept.loop.start()
    assert kept.until(lambda: len(kept.sights) > 3)
    assert kept.loop.failure is None
    socket.plugged = False
    assert kept.until(lambda: kept.loop.failure is not None)
    assert "lost: no" in str(kept.loop.failure)
    assert kept.until(lambda: len(socket.attempts) >= 5)
    pauses = np.diff(socket.attempts[1:5])
    assert (pauses >= [0.19, 0.39, 0.39]).all()  # doubled up to the bound
    assert kept.loop.failure.reason == "not there"
    socket.plugged, before = True, len(kept.sights)
    assert kept.until(lambda: len(kept.sights) > before + 3)
    assert kept.loop.failure is None
    kept.loop.stop()
    assert (np.diff([stamp for stamp, *_ in kept.sights]) > 0).all()


def test_a_stream_that_falls_silent_beside_one_that_does_not_is_a_lost_camera():
    shown = SoftwareCamera(MODE)
    camera = Camera(shown.device, SETTINGS, time.time)
    time.sleep(0.1)
    shown.show("depth", DEPTH, 1, time.time())
    assert camera.wait(1.0) is None
    with pytest.raises(CameraFailed, match="lost: no color frame for"):
        camera.check(0.05)
    camera.stop()
