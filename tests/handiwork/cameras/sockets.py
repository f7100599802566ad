"""A USB port whose camera can be unplugged."""

import threading
import time
from typing import Any

from handiwork.cameras.pattern import PICTURES, SoftwareCamera, pictures
from handiwork.errors import CameraFailed
from tests.handiwork.cameras.recordings import MODE


class Socket:
    """Unplugged, its camera is listed no more and sends nothing, as the SDK documents it."""

    name, endless = "camera 7", False

    def __init__(self, usb: str = "3.2", apart: float = 0.0) -> None:
        """apart: how much later than depth colour says it was taken [s]."""
        self.plugged, self._usb, self._apart = True, usb, apart
        self.attempts: list[float] = []  # when somebody asked for the camera [s]
        self._pictures = pictures(MODE)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def open(self) -> Any:
        self.attempts.append(time.monotonic())
        if not self.plugged:
            raise CameraFailed(self.name, "not there", "no camera has this serial number", "Plug.")
        camera, self._stop = SoftwareCamera(MODE, "7", self._usb), threading.Event()
        self._thread = threading.Thread(target=self._run, args=(camera, self._stop), daemon=True)
        self._thread.start()
        return camera.device

    def close(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self, camera: SoftwareCamera, stop: threading.Event) -> None:
        number = 0
        while not stop.wait(MODE.period):
            if self.plugged:
                now, number = time.time(), number + 1
                colour, depth = self._pictures[number % PICTURES]
                camera.show("depth", depth, number, now)
                camera.show("color", colour, number, now + self._apart)
