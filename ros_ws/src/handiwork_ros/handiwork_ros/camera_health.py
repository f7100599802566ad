"""What a camera says about itself on /diagnostics."""

from handiwork.cameras.camera import Camera
from handiwork.cameras.camera_loop import CameraLoop
from handiwork_ros.diagnostics import Diagnostics, Level

SLOW = 0.9  # share of the rate below which to warn
OLD = 1.0  # [s] between a stamp and its arrival, from which on two clocks disagree


def report_health(diagnostics: Diagnostics, loop: CameraLoop, age: float, name: str) -> None:
    """The loop's state, and the figures that go with it.

    age: of the newest sight's stamp when it came [s]; name: of the source.
    """
    camera = loop.camera
    diagnostics.measure("reopened", str(loop.reopened))
    if camera is not None:
        _measure(diagnostics, camera, age)
    diagnostics.report(*_verdict(loop, camera, age, name))


def _measure(diagnostics: Diagnostics, camera: Camera, age: float) -> None:
    for kind, count in camera.counts.items():
        diagnostics.measure(f"{kind}_rate_hz", count.rate)
        diagnostics.measure(f"{kind}_frames", str(count.received))
        diagnostics.measure(f"{kind}_frames_dropped", str(count.lost))
    for part, degrees in camera.temperatures().items():
        diagnostics.measure(f"{part}_c", degrees)
    diagnostics.measure("stamp_to_arrival_ms", 1e3 * age)


def _verdict(loop: CameraLoop, camera: Camera | None, age: float, name: str) -> tuple[Level, str]:
    if loop.over:
        return Level.OK, f"{name} is over."
    if not loop.alive:
        return Level.ERROR, f"{name}: its thread ended, for the reason in the log. Start it anew."
    if loop.failure is not None:
        return Level.ERROR, str(loop.failure)
    if camera is None or not any(count.received for count in camera.counts.values()):
        return Level.OK, f"{name}: no frame yet."
    if camera.trouble:
        return Level.ERROR, f"{camera.name}: {camera.trouble}"
    if abs(age) > OLD:
        what = f"{camera.name}: stamps are {age:.1f} s old when they come"
        return Level.WARN, f"{what}. Check the computer's load and its clock."
    return _pace(camera)


def _pace(camera: Camera) -> tuple[Level, str]:
    if camera.usb.startswith("2"):
        what = f"{camera.name} is on USB {camera.usb}, which loses frames"
        return Level.WARN, f"{what}. Use a USB 3 port and cable."
    for kind, count in camera.counts.items():
        if 0 < count.rate < SLOW * camera.rates[kind]:
            what = f"{camera.name}: {kind} comes at {count.rate:.1f} Hz, want {camera.rates[kind]}"
            return Level.WARN, f"{what}. In the dark, automatic exposure takes longer."
    return Level.OK, f"{camera.name} sees."
