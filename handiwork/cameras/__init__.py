"""RealSense cameras through their maker's SDK, without ROS: devices, recordings, a test pattern."""

from handiwork.cameras.camera import Camera as Camera
from handiwork.cameras.camera_loop import CameraLoop as CameraLoop
from handiwork.cameras.camera_settings import CameraSettings as CameraSettings
from handiwork.cameras.pattern import Pattern as Pattern
from handiwork.cameras.sight import Sight as Sight
from handiwork.cameras.sources import Recording as Recording
from handiwork.cameras.sources import UsbCamera as UsbCamera
from handiwork.cameras.video_mode import VideoMode as VideoMode
