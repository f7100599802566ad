"""The simulated RGB-D camera: the world's state in, images out, named as realsense-ros names them.

It draws in a process of its own, so that rendering never holds up the arm's control loop.
"""

import os
from collections import deque
from dataclasses import dataclass, field, replace

import numpy as np
from handiwork_msgs.msg import SimulationFrame
from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from sensor_msgs.msg import CameraInfo, Image

from handiwork.sim.push_t_scene import SceneConfig
from handiwork.sim.push_t_world import PushTWorld
from handiwork.sim.rgbd import Rgbd, RgbdConfig
from handiwork_ros.diagnostics import Diagnostics, Level
from handiwork_ros.messages import seconds_from_stamp
from handiwork_ros.parameters import declared
from handiwork_ros.quality_of_service import IMAGE, NEWEST
from handiwork_ros.running import run
from handiwork_ros.sight_messages import image_from_pixels, message_from_camera
from handiwork_ros.stack_clock import StackClock

SCENE, NOISE = SceneConfig(), RgbdConfig()
TICK = 0.005  # [s] of wall time between looks at what waits to be sent


@dataclass(frozen=True, kw_only=True)
class SimCameraConfig:
    """Size, delay and noise of the images."""

    frame: str = field(
        default="camera_color_optical_frame", metadata={"description": "frame of the images"}
    )
    width: int = field(
        default=SCENE.camera.width, metadata={"description": "columns [px]", "minimum": 16}
    )
    height: int = field(
        default=SCENE.camera.height, metadata={"description": "rows [px]", "minimum": 16}
    )
    delay: float = field(
        default=0.02,
        metadata={"description": "from exposure to publication, at least [s]", "minimum": 0.0},
    )
    colour_noise: float = field(
        default=NOISE.colour_noise,
        metadata={"description": "standard deviation of colour, of 255", "minimum": 0.0},
    )
    axial_noise: float = field(
        default=NOISE.axial_noise,
        metadata={"description": "deviation of depth over its square [1/m]", "minimum": 0.0},
    )
    edge_dropout: float = field(
        default=NOISE.edge_dropout,
        metadata={"description": "share of edge pixels without depth", "minimum": 0, "maximum": 1},
    )
    noise_seed: int = field(default=NOISE.seed, metadata={"description": "seed of the noise"})
    silence: float = field(
        default=0.5,
        metadata={"description": "silence of the simulator that is reported [s]", "minimum": 0.05},
    )


class SimCameraNode(Node):
    """Draws each state it gets, the newest first, and publishes it when its delay is over.

    Subscribes: sim/frame (SimulationFrame). Publishes: camera/color/image_raw (rgb8),
    camera/aligned_depth_to_color/image_raw (16UC1, mm) and a camera_info beside each.
    """

    def __init__(self, config: SimCameraConfig | None = None) -> None:
        super().__init__("sim_camera")
        self._config = config = declared(self, config or SimCameraConfig())
        self._diagnostics = Diagnostics(self, "No frame yet. Check that the simulator runs.")
        self._time = StackClock(self)
        place = replace(SCENE.camera, width=config.width, height=config.height)
        self._world = PushTWorld(replace(SCENE, camera=place))
        self._camera = self._world.camera()
        self._rgbd = Rgbd(
            self._world,
            replace(
                NOISE,
                colour_noise=config.colour_noise,
                axial_noise=config.axial_noise,
                edge_dropout=config.edge_dropout,
                seed=config.noise_seed,
            ),
        )
        self._waiting: deque[tuple[float, Image, Image, CameraInfo]] = deque()
        self._heard: float | None = None
        self._closed = False
        self._colour = self.create_publisher(Image, "camera/color/image_raw", IMAGE)
        self._colour_info = self.create_publisher(CameraInfo, "camera/color/camera_info", IMAGE)
        depth = "camera/aligned_depth_to_color"
        self._depth = self.create_publisher(Image, f"{depth}/image_raw", IMAGE)
        self._depth_info = self.create_publisher(CameraInfo, f"{depth}/camera_info", IMAGE)
        self.create_subscription(SimulationFrame, "sim/frame", self._on_frame, NEWEST)
        wall = Clock(clock_type=ClockType.STEADY_TIME)
        self._send = self.create_timer(TICK, self._on_send, clock=wall)
        self._send.cancel()  # runs only while something waits
        self.create_timer(config.silence / 2, self._on_watch)

    def _on_frame(self, message: SimulationFrame) -> None:
        stamp = self._heard = seconds_from_stamp(message.header.stamp)
        self._world.set_qpos(np.array(message.qpos))
        rgb, depth = self._rgbd.render()
        frame = self._config.frame
        info = message_from_camera(self._camera, stamp, frame)
        colour = image_from_pixels(rgb, stamp, frame)
        self._waiting.append((stamp, colour, image_from_pixels(depth, stamp, frame), info))
        self._send.reset()
        self._on_send()
        self._diagnostics.report(Level.OK, "Seeing.")

    def _on_send(self) -> None:
        while self._waiting and self._time.now() - self._waiting[0][0] >= self._config.delay:
            stamp, colour, depth, info = self._waiting.popleft()
            self._colour_info.publish(info)
            self._depth_info.publish(info)
            self._colour.publish(colour)
            self._depth.publish(depth)
            self._diagnostics.measure(
                "exposure_to_publication_ms", 1e3 * (self._time.now() - stamp)
            )
        if not self._waiting:
            self._send.cancel()

    def _on_watch(self) -> None:
        if self._heard is not None and self._time.now() - self._heard > self._config.silence:
            self._diagnostics.report(
                Level.ERROR,
                f"no frame for {self._time.now() - self._heard:.2f} s. Check the simulator.",
            )

    def destroy_node(self) -> None:
        """Give the drawing context back."""
        if not self._closed:
            self._rgbd.close()
            self._closed = True
        super().destroy_node()


def main(args: list[str] | None = None) -> None:
    """Run the node."""
    os.environ.setdefault("LP_NUM_THREADS", "0")  # software OpenGL draws in this thread alone
    run("sim_camera", SimCameraNode, args)


if __name__ == "__main__":
    main()
