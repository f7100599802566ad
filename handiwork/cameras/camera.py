"""An open camera: its streams run, and its frames come out as sights.

The SDK's threads put all frames into one queue of the SDK's, so none of them waits for Python, and
whoever reads the queue waits without holding the interpreter up.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from handiwork.cameras.camera_settings import CameraSettings, set_options
from handiwork.cameras.device_clock import DeviceClock
from handiwork.cameras.frame_count import FrameCount
from handiwork.cameras.frame_pairs import FramePairs
from handiwork.cameras.optics import Optics, optics_of, target_from_source
from handiwork.cameras.processing import Processing
from handiwork.cameras.sdk import failure_of, information, realsense
from handiwork.cameras.sight import Sight
from handiwork.cameras.video_mode import mode_of, offered
from handiwork.errors import CameraFailed

QUEUE = 32  # frames that may wait: half a second of two streams, as long as a stall may last
TEMPERATURES = ("asic_temperature", "projector_temperature")


class Camera:
    """A device that streams. Reading it belongs to one thread."""

    def __init__(
        self, device: Any, settings: CameraSettings, clock: Callable[[], float], wall: bool = True
    ) -> None:
        """Start it.

        clock: the stack's time [s]; wall: whether that is the system's.

        Raises:
            BadValue: a mode or an option that the device does not have.
            CameraFailed: the device is busy, or fails.
        """
        self.name = f"{information(device, 'name')} {information(device, 'serial_number')}".strip()
        self.usb = information(device, "usb_type_descriptor")
        self._device, self._clock, self._kinds = device, clock, tuple(settings.modes)
        self._global = wall and not device.is_playback()  # else global time is another day's
        found = {kind: offered(device, kind, mode) for kind, mode in settings.modes.items()}
        self._sensors = {kind: sensor for kind, (sensor, _) in found.items()}
        profiles = {kind: profile for kind, (_, profile) in found.items()}
        self.optics: dict[str, Optics] = {k: optics_of(each) for k, each in profiles.items()}
        self.colour_from_depth = None  # (4, 4) [m] between optical frames; None unless both run
        if len(profiles) == 2:
            self.colour_from_depth = target_from_source(profiles["depth"], profiles["color"])
        modes = {kind: mode_of(profile) for kind, profile in profiles.items()}
        self.rates = {kind: mode.rate for kind, mode in modes.items()}  # [Hz] of the device
        self._processing = Processing(settings.filters)
        self._tolerance = max(mode.period for mode in modes.values()) / 2
        self.counts = {kind: FrameCount() for kind in self._kinds}
        self._device_clock = DeviceClock()
        self._queue = realsense().frame_queue(QUEUE, keep_frames=True)
        self._profiles, self._running = profiles, []  # streams; open sensors
        try:
            set_options(device, self._sensors, settings)
            self._start()
        except RuntimeError as error:
            self.stop()
            raise failure_of(self.name, error) from error

    def _start(self) -> None:
        self._pairs = FramePairs(self._kinds, self._tolerance)
        by_sensor: dict[str, tuple[Any, list[Any]]] = {}
        for kind, sensor in self._sensors.items():
            name = sensor.get_info(realsense().camera_info.name)
            by_sensor.setdefault(name, (sensor, []))[1].append(self._profiles[kind])
        for sensor, profiles in by_sensor.values():
            sensor.open(profiles)
            self._running.append(sensor)
        playback = self._device.as_playback() if self._device.is_playback() else None
        if playback is not None:
            playback.pause()  # else the first sensor's frames come before the other is started
        for sensor in self._running:
            sensor.start(self._queue)
        if playback is not None:
            playback.resume()
        self._quiet = False  # whether no frame came when one was last waited for
        self._heard = dict.fromkeys(self._kinds, time.monotonic())

    def stop(self) -> None:
        """End the streams; a device that is gone needs no end."""
        for sensor in self._running:
            for end in (sensor.stop, sensor.close):
                with suppress(RuntimeError):  # never started, or unplugged
                    end()
        self._running = []

    def restart(self) -> None:
        """A recording that is over begins anew."""
        self.stop()
        self._start()

    def wait(self, patience: float) -> Sight | None:
        """The next sight; None if no frame completes one within `patience` [s].

        Raises:
            CameraFailed: a frame cannot be read.
        """
        there, frame = self._queue.try_wait_for_frame(round(1e3 * patience))
        self._quiet = not there
        if not there:
            return None
        arrival = self._clock()
        kind = frame.get_profile().stream_type().name
        taken = 1e-3 * frame.get_timestamp()
        self._heard[kind] = time.monotonic()
        self.counts[kind].add(frame.get_frame_number(), taken)
        found = self._pairs.add(kind, taken, frame)
        if found is None:
            return None
        oldest = min(found.values(), key=lambda item: item[0])
        return Sight(
            stamp=self._stamp(*oldest, arrival),
            arrival=arrival,
            frames={kind: each for kind, (_, each) in found.items()},
            processing=self._processing,
        )

    def _stamp(self, taken: float, frame: Any, arrival: float) -> float:
        """In the stack's time, which a device's global time is."""
        own = realsense().timestamp_domain.hardware_clock
        if self._global and frame.get_frame_timestamp_domain() != own:
            return taken
        return self._device_clock.stamp(taken, arrival)

    @property
    def over(self) -> bool:
        """Whether it was a recording and has shown all of it."""
        if not self._quiet or not self._device.is_playback():
            return False
        return self._device.as_playback().current_status() == realsense().playback_status.stopped

    def check(self, silence: float) -> None:
        """That every stream has shown a frame within `silence` [s].

        Raises:
            CameraFailed: one has not.
        """
        silent = {kind: time.monotonic() - heard for kind, heard in self._heard.items()}
        worst = max(silent, key=lambda kind: silent[kind])
        if silent[worst] > silence:
            what = f"no {worst} frame for {silent[worst]:.1f} s"
            fix = "Check its cable and power."
            raise CameraFailed(self.name, "lost", what, fix)

    @property
    def trouble(self) -> str:
        """What is wrong with frames that do come; empty: nothing."""
        return self._pairs.trouble

    def temperatures(self) -> dict[str, float]:
        """[degrees Celsius] by the SDK's names, where the device measures them."""
        found = {}
        for sensor in self._sensors.values():
            for name in TEMPERATURES:
                key = getattr(realsense().option, name)
                with suppress(RuntimeError):  # the camera is being unplugged
                    if not self._device.is_playback() and sensor.supports(key):
                        found[name] = float(sensor.get_option(key))
        return found
