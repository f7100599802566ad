"""The camera node: a RealSense camera, a recording of one, or a test pattern, on the wire.

A lifecycle node. Configured, the camera runs; active, it publishes; cleaned up, it lets go of the
camera. It brings itself up unless `autostart` is false. A camera that is not there, or that is
unplugged, is waited for; what no cable can mend leaves the node unconfigured with the reason.
"""

import sys
from collections.abc import Callable

import cv2
from rclpy.clock import Clock, ClockType
from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn

from handiwork.cameras.camera import Camera
from handiwork.cameras.camera_loop import CameraLoop
from handiwork.cameras.sight import Sight
from handiwork.cameras.sources import Source
from handiwork.errors import HandiworkError
from handiwork_ros.camera_config import CameraConfig, patience_of, settings_of, source_of
from handiwork_ros.camera_health import report_health
from handiwork_ros.camera_publishers import CameraPublishers
from handiwork_ros.diagnostics import Diagnostics, Level
from handiwork_ros.parameters import declared
from handiwork_ros.running import run
from handiwork_ros.stack_clock import StackClock

SUCCESS, FAILURE = TransitionCallbackReturn.SUCCESS, TransitionCallbackReturn.FAILURE
WATCH_PERIOD = 0.25  # [s] between looks at the camera's state


class CameraNode(LifecycleNode):
    """Publishes, below its own name: color/image_raw (rgb8), depth/image_rect_raw and
    aligned_depth_to_color/image_raw (16UC1, mm), each with camera_info and compressed,
    depth/color/points where asked for, extrinsics/depth_to_color; and /tf_static.
    """

    def __init__(self, config: CameraConfig | None = None, source: Source | None = None) -> None:
        """source: instead of the one that the config names."""
        super().__init__("camera")
        self._let_go: Callable[[], None] = lambda: None
        self._config = config = declared(self, config or CameraConfig())
        self._diagnostics = Diagnostics(self, "Not configured.")
        self._source = source or source_of(config)
        self._topics = CameraPublishers(self, config)
        self._time = StackClock(self)
        self._loop = CameraLoop(
            self._source,
            settings_of(config),
            self._time.now,
            self._on_open,
            self._on_sight,
            patience_of(config),
            wall=not self.get_parameter("use_sim_time").value,
        )
        self._let_go = self._loop.stop
        self._active = self._configured = False
        self._age = 0.0  # [s] of the newest stamp when its frame came
        wall = Clock(clock_type=ClockType.STEADY_TIME)
        self.create_timer(WATCH_PERIOD, self._on_watch, clock=wall)
        if config.autostart and self.trigger_configure() == SUCCESS:
            self.trigger_activate()

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Open the camera, or begin to wait for it."""
        try:
            self._loop.start()
        except HandiworkError as error:
            self._diagnostics.report(Level.ERROR, str(error))
            return FAILURE
        self._configured = True
        return super().on_configure(state)

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Publish."""
        self._active = True
        return super().on_activate(state)

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Look on, but publish nothing."""
        self._active = False
        return super().on_deactivate(state)

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Let go of the camera."""
        self._end()
        self._diagnostics.report(Level.OK, "Not configured.")
        return super().on_cleanup(state)

    def on_shutdown(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Let go of the camera."""
        self._end()
        return super().on_shutdown(state)

    def destroy_node(self) -> None:
        """Stop the loop, then all else."""
        self._let_go()
        super().destroy_node()

    def _end(self) -> None:
        self._active = self._configured = False
        self._loop.stop()

    def _on_open(self, camera: Camera) -> None:
        self._topics.begin(camera, self._time.now())

    def _on_sight(self, sight: Sight) -> None:
        """In the loop's thread."""
        self._age = sight.arrival - sight.stamp
        if self._active:
            self._topics.publish(sight)

    def _on_watch(self) -> None:
        if self._configured:
            report_health(self._diagnostics, self._loop, self._age, self._source.name)


def main(args: list[str] | None = None) -> None:
    """Run the node."""
    # The camera's thread gets the interpreter within 0.2 ms of asking, not within 5 ms.
    sys.setswitchinterval(0.0002)
    cv2.setNumThreads(1)  # an image a time is encoded faster than threads are woken
    run("camera", CameraNode, args)


if __name__ == "__main__":
    main()
