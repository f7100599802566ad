"""A camera's thread: reads it while it is there, and waits for it while it is not.

Between two attempts it pauses, each time twice as long up to a bound, and begins again with the
shortest pause once frames came.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from handiwork.cameras.camera import Camera
from handiwork.cameras.camera_settings import CameraSettings
from handiwork.cameras.sdk import failure_of
from handiwork.cameras.sight import Sight
from handiwork.cameras.sources import Source
from handiwork.errors import BadValue, CameraFailed, HandiworkError

LOOK = 0.1  # [s] between looks at a camera that sends nothing


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long a stream may be silent, and the pauses between attempts to open a camera [s]."""

    silence: float = 1.0
    first_pause: float = 0.5
    longest_pause: float = 8.0


class CameraLoop:
    """Opens a source's camera and gives each sight to `on_sight`, in a thread of its own.

    camera: what is open now. failure: why nothing is. over: a recording has shown all.
    """

    def __init__(
        self,
        source: Source,
        settings: CameraSettings,
        clock: Callable[[], float],
        on_open: Callable[[Camera], object],
        on_sight: Callable[[Sight], object],
        patience: Patience | None = None,
        wall: bool = True,
    ) -> None:
        """clock: the stack's time [s]; wall: whether that is the system's."""
        self.camera: Camera | None = None
        self.failure: HandiworkError | None = None
        self.over = False
        self.reopened = 0
        self._source, self._settings, self._clock = source, settings, clock
        self._wall = wall
        self._on_open, self._on_sight = on_open, on_sight
        self._patience = patience or Patience()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def alive(self) -> bool:
        """Whether its thread runs."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Open the camera, or begin to wait for it.

        Raises:
            BadValue: the camera, or the recording, is there and cannot do what it was told.
        """
        self.stop()
        self._stop, self.over, self.failure = threading.Event(), False, None
        try:
            self._open()
        except CameraFailed as error:
            self.failure = error
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let go of the camera."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._close()

    def _run(self) -> None:
        pause = self._patience.first_pause
        while not self._stop.is_set() and not self.over:
            try:
                if self.camera is None:
                    self._open()
                    self.reopened += 1
                if self._read() is not None:
                    pause = self._patience.first_pause
            except (BadValue, CameraFailed) as error:
                self.failure = error
                self._close()
                self._stop.wait(pause)
                pause = min(2 * pause, self._patience.longest_pause)

    def _open(self) -> None:
        try:
            camera = Camera(self._source.open(), self._settings, self._clock, self._wall)
        except (BadValue, CameraFailed):
            self._source.close()
            raise
        except RuntimeError as error:  # the SDK's: unplugged while it was looked at
            self._source.close()
            raise failure_of(self._source.name, error) from error
        self._on_open(camera)
        self.camera = camera

    def _close(self) -> None:
        if self.camera is not None:
            self.camera.stop()
            self._source.close()
        self.camera = None

    def _read(self) -> Sight | None:
        camera = self.camera
        assert camera is not None  # it was opened
        try:
            sight = camera.wait(LOOK)
            if sight is not None:
                self.failure = None
                self._on_sight(sight)
        except RuntimeError as error:  # the SDK's: a frame that cannot be read or processed
            raise failure_of(camera.name, error) from error
        if sight is not None:
            return sight
        if not camera.over:
            camera.check(self._patience.silence)
        elif self._source.endless:
            camera.restart()
        else:
            self.over = True
        return None
