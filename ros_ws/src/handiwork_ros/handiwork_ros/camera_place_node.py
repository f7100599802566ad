"""Tells of where a calibrated camera is, on /tf_static, from a calibration's file."""

from dataclasses import dataclass, field

from rclpy.clock import Clock, ClockType
from rclpy.node import Node

from calibration.result_reader import read_place
from handiwork.errors import HandiworkError
from handiwork_ros.calibrated_frame import CalibratedFrame
from handiwork_ros.diagnostics import Diagnostics, Level
from handiwork_ros.parameters import declared
from handiwork_ros.running import run

PERIOD = 0.2  # [s] between looks at whether the camera told of its frames


@dataclass(frozen=True, kw_only=True)
class CameraPlaceConfig:
    """Which calibration, and of which frames."""

    file: str = field(
        default="", metadata={"description": "the .yaml of handiwork calibrate hand_eye"}
    )
    parent_frame: str = field(
        default="", metadata={"description": "what the camera sits on; the file's if empty"}
    )
    child_frame: str = field(
        default="", metadata={"description": "frame to place; the first of the camera's if empty"}
    )
    wait: float = field(
        default=5.0,
        metadata={"description": "for the camera to tell of its own frames [s]", "minimum": 0.0},
    )


class CameraPlaceNode(Node):
    """Publishes /tf_static, once the camera told of its own frames, or `wait` is over."""

    def __init__(self, config: CameraPlaceConfig | None = None) -> None:
        super().__init__("camera_place")
        self._config = config = declared(self, config or CameraPlaceConfig())
        self._place = read_place(config.file)
        self._diagnostics = Diagnostics(self, "Waiting for the camera's own frames.")
        self._frame = CalibratedFrame(self)
        self._left = config.wait
        wall = Clock(clock_type=ClockType.STEADY_TIME)
        self.create_timer(PERIOD, self._on_look, clock=wall)

    def _on_look(self) -> None:
        if self._frame.told:
            self._watch()
            return
        self._left -= PERIOD
        if self._left > 0 and not self._frame.knows(self._place.child):
            return
        parent = self._config.parent_frame or self._place.parent
        try:
            self._frame.publish(
                parent, self._place.parent_from_camera, self._place.child, self._config.child_frame
            )
        except HandiworkError as error:
            self._diagnostics.report(Level.ERROR, str(error))
            return
        self._diagnostics.report(Level.OK, f"{self._frame.told['child']} sits on {parent}.")

    def _watch(self) -> None:
        other = self._frame.other_parent()
        if other is not None:
            self._diagnostics.report(
                Level.ERROR,
                f"{self._frame.told['child']} now hangs on {other} too, which came after "
                f"{self._config.wait:g} s. Start this node again, or with a longer wait.",
            )


def main(args: list[str] | None = None) -> None:
    """Run the node."""
    run("camera_place", CameraPlaceNode, args)


if __name__ == "__main__":
    main()
