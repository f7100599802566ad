"""Everything an episode is judged by, from the graph into an `EpisodeLog`."""

from dataclasses import dataclass, field

import cv2
import numpy as np
from control_msgs.msg import JointTrajectoryControllerState
from diagnostic_msgs.msg import DiagnosticArray
from handiwork_msgs.msg import (
    ActionCandidates,
    ChunkReport,
    GroundTruth,
    LoopStatistics,
    ObjectPoses,
)
from rclpy.node import Node
from sensor_msgs.msg import CameraInfo, Image

from handiwork.robots.wxai import WXAI
from handiwork_ros.episode_log import EpisodeLog
from handiwork_ros.messages import chunk_from_message, seconds_from_stamp
from handiwork_ros.quality_of_service import IMAGE_READER, RELIABLE
from handiwork_ros.sight_messages import pixels_from_image, planar_from_object_pose
from handiwork_ros.static_frames import StaticFrames

IMAGE_PERIOD = 0.095  # [s] at most about 10 images per second are kept
JPEG_QUALITY = 85


@dataclass(kw_only=True)
class Heard:
    """The newest of what the evaluator waits for."""

    now: float = 0.0  # [s] stamp of the newest ground truth
    pose_stamp: float = 0.0  # [s] of the newest image in which the block was found
    states: dict[str, tuple[bytes, str]] = field(default_factory=dict)  # node -> level, sentence
    inference_p50_ms: float | None = None


class EpisodeRecorder:
    """Listens to the whole graph; keeps what comes while `log` is set."""

    def __init__(self, node: Node, record_frames: bool) -> None:
        self.log: EpisodeLog | None = None
        self.heard = Heard()
        self._frames = StaticFrames(node)
        self._info: CameraInfo | None = None
        listen = node.create_subscription
        listen(GroundTruth, "sim/ground_truth", self._on_truth, RELIABLE)
        listen(ObjectPoses, "object_poses", self._on_poses, RELIABLE)
        listen(ActionCandidates, "action_candidates", self._on_candidates, RELIABLE)
        listen(ChunkReport, "chunk_reports", self._on_report, RELIABLE)
        listen(
            JointTrajectoryControllerState,
            "arm_controller/controller_state",
            self._on_arm,
            RELIABLE,
        )
        listen(LoopStatistics, "sim/loop_statistics", self._on_loop, RELIABLE)
        listen(CameraInfo, "camera/color/camera_info", self._on_info, RELIABLE)
        listen(DiagnosticArray, "/diagnostics", self._on_diagnostics, RELIABLE)
        if record_frames:
            listen(Image, "camera/color/image_raw", self._on_image, IMAGE_READER)

    def begin(self, log: EpisodeLog) -> None:
        """Record into `log` from now on."""
        log.joint_names = WXAI.names
        if self._info is not None:
            log.camera_k = np.array(self._info.k).reshape(3, 3)
            log.camera_size = (self._info.width, self._info.height)
            place = self._frames.matrix(WXAI.base_frame, self._info.header.frame_id)
            if place is not None:
                log.camera_base_from_optical = place
        self.log = log

    def _on_truth(self, message: GroundTruth) -> None:
        stamp = self.heard.now = seconds_from_stamp(message.header.stamp)
        if self.log is not None:
            block, rod = np.array(message.block_px), np.array(message.rod_px)
            self.log.truth.append((stamp, block, rod, message.coverage))

    def _on_poses(self, message: ObjectPoses) -> None:
        stamp = seconds_from_stamp(message.header.stamp)
        for item in message.objects:
            self.heard.pose_stamp = stamp
            if self.log is not None:
                self.log.estimates.append((stamp, planar_from_object_pose(item), item.rms_m))

    def _on_candidates(self, message: ActionCandidates) -> None:
        if self.log is None or not message.chunks:
            return
        chunk = chunk_from_message(message.chunks[0])
        self.log.chunks.append(
            (chunk.sequence, chunk.start, chunk.period, chunk.observed, chunk.rows)
        )

    def _on_report(self, message: ChunkReport) -> None:
        if self.log is not None:
            self.log.reports.append(
                (
                    seconds_from_stamp(message.header.stamp),
                    message.sequence,
                    message.accepted,
                    message.in_time,
                    message.rows_skipped,
                    message.reason,
                    message.observation_to_trajectory_s,
                    message.chunk_to_trajectory_s,
                )
            )

    def _on_arm(self, message: JointTrajectoryControllerState) -> None:
        """The controller's feedback is what joint_states tells, at half the rate."""
        if self.log is not None:
            position = [
                message.feedback.positions[message.joint_names.index(name)] for name in WXAI.names
            ]
            self.log.joints.append((seconds_from_stamp(message.header.stamp), np.array(position)))

    def _on_loop(self, message: LoopStatistics) -> None:
        if self.log is not None:
            self.log.loop.append((message.rate_hz, message.jitter_p99_ms))

    def _on_info(self, message: CameraInfo) -> None:
        self._info = message

    def _on_image(self, message: Image) -> None:
        if self.log is None:
            return
        stamp = seconds_from_stamp(message.header.stamp)
        if self.log.images and stamp - self.log.images[-1][0] < IMAGE_PERIOD:
            return
        pixels = cv2.cvtColor(pixels_from_image(message), cv2.COLOR_RGB2BGR)
        _, jpeg = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
        self.log.images.append((stamp, jpeg.ravel()))

    def _on_diagnostics(self, message: DiagnosticArray) -> None:
        for status in message.status:
            self.heard.states[status.name] = (status.level, status.message)
            for item in status.values:
                if item.key == "inference_p50_ms":
                    self.heard.inference_p50_ms = float(item.value)
