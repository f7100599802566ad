"""What a camera node is told. Where ours mean the same, names are realsense2_camera's.

Source: realsense2_camera 4.58, its README's list of parameters.
"""

from dataclasses import dataclass, field
from pathlib import Path

from handiwork.cameras.camera_loop import Patience
from handiwork.cameras.camera_settings import CameraSettings, SensorOption
from handiwork.cameras.pattern import Pattern
from handiwork.cameras.sources import Recording, Source, UsbCamera
from handiwork.cameras.video_mode import AS_OFFERED, USUAL, VideoMode, mode_from_text
from handiwork.errors import BadValue

AS_IT_IS = -1  # of an option: what the camera has, or the preset gives
MODE = "WIDTHxHEIGHTxRATE; zeros: a recording's own, of a camera 640x480x30"
COLOUR, DEPTH = "rgb_camera", "depth_module"


def _text(default: str, description: str, name: str | None = None) -> str:
    return field(default=default, metadata=_named(name, description))


def _switch(default: bool, description: str, name: str | None = None) -> bool:
    return field(default=default, metadata=_named(name, description))


def _option(name: str, description: str, maximum: int) -> int:
    told = {**_named(name, f"{description}; -1: as it is"), "minimum": AS_IT_IS}
    return field(default=AS_IT_IS, metadata={**told, "maximum": maximum})


def _number(default: float, description: str, minimum: float, maximum: float = 1e6) -> float:
    bounds = {"minimum": minimum, "maximum": maximum}
    return field(default=default, metadata={"description": description, **bounds})


def _named(name: str | None, description: str) -> dict[str, str]:
    return {"description": description, **({"name": name} if name else {})}


@dataclass(frozen=True, kw_only=True)
class CameraConfig:
    """Parameters of the node; dots stand in names where realsense2_camera has them."""

    serial_no: str = _text("", "of the camera, as '_123' or \"'123'\"; empty: the only one")
    rosbag_filename: str = _text("", "a .db3 recording instead of a camera")
    rosbag_loop: bool = _switch(False, "a recording that is over begins anew")
    test_pattern: bool = _switch(False, "a software device instead of a camera")
    camera_name: str = _text("camera", "what names of frames begin with")
    base_frame_id: str = _text("link", "the camera's own frame, after its name")
    publish_tf: bool = _switch(True, "tell the camera's own frames on /tf_static")
    enable_color: bool = _switch(True, "the colour stream")
    enable_depth: bool = _switch(True, "the depth stream")
    color_profile: str = _text("0x0x0", f"of colour, {MODE}", f"{COLOUR}.color_profile")
    depth_profile: str = _text("0x0x0", f"of depth, {MODE}", f"{DEPTH}.depth_profile")
    align_depth: bool = _switch(True, "offer depth on colour's pixels", "align_depth.enable")
    pointcloud: bool = _switch(False, "offer depth/color/points", "pointcloud.enable")
    spatial_filter: bool = _switch(False, "smooth depth within a frame", "spatial_filter.enable")
    temporal_filter: bool = _switch(False, "smooth depth over frames", "temporal_filter.enable")
    hole_filling_filter: bool = _switch(
        False, "fill holes from their neighbours", "hole_filling_filter.enable"
    )
    json_file_path: str = _text("", "a preset as the RealSense Viewer saves it")
    color_auto_exposure: int = _option(f"{COLOUR}.enable_auto_exposure", "1 on, 0 off", 1)
    color_exposure: int = _option(f"{COLOUR}.exposure", "of colour [100 us]", 10000)
    color_gain: int = _option(f"{COLOUR}.gain", "of colour", 4096)
    depth_auto_exposure: int = _option(f"{DEPTH}.enable_auto_exposure", "1 on, 0 off", 1)
    depth_exposure: int = _option(f"{DEPTH}.exposure", "of depth [us]", 200000)
    depth_gain: int = _option(f"{DEPTH}.gain", "of depth", 4096)
    visual_preset: int = _option(f"{DEPTH}.visual_preset", "number of a built-in preset", 100)
    emitter: int = _option(f"{DEPTH}.emitter_enabled", "1 projects dots, 0 does not", 2)
    laser_power: int = _option(f"{DEPTH}.laser_power", "of the projector [mW]", 1000)
    sync_mode: int = _option(
        f"{DEPTH}.inter_cam_sync_mode", "several cameras in step: 1 leads, 2 follows", 260
    )
    jpeg_quality: int = field(
        default=90, metadata={"description": "of compressed colour", "minimum": 1, "maximum": 100}
    )
    png_level: int = field(
        default=1,
        metadata={"description": "of compressed depth, 9 is smallest", "minimum": 0, "maximum": 9},
    )
    silence: float = _number(1.0, "of a stream, after which the camera is lost [s]", 0.1)
    retry_pause: float = _number(0.5, "before the first attempt to find it again [s]", 0.05)
    longest_retry_pause: float = _number(8.0, "to which pauses grow [s]", 0.05)
    autostart: bool = _switch(True, "configure and activate without being told")

    def __post_init__(self) -> None:
        if bool(self.serial_no) + bool(self.rosbag_filename) + self.test_pattern > 1:
            raise ValueError(
                "serial_no, rosbag_filename and test_pattern name three different cameras, want "
                "one of them at most."
            )
        self.modes()

    def modes(self) -> tuple[VideoMode, VideoMode]:
        """Of colour and of depth, enabled or not."""
        return (
            mode_from_text(self.color_profile, f"{COLOUR}.color_profile"),
            mode_from_text(self.depth_profile, f"{DEPTH}.depth_profile"),
        )


def source_of(config: CameraConfig) -> Source:
    """Where the camera comes from."""
    if config.rosbag_filename:
        return Recording(config.rosbag_filename, config.rosbag_loop)
    if config.test_pattern:
        mode = config.modes()[0]
        return Pattern(USUAL if mode == AS_OFFERED else mode)
    return UsbCamera(config.serial_no)


def settings_of(config: CameraConfig) -> CameraSettings:
    """How the camera is to work.

    Raises:
        BadValue: the preset's file cannot be read.
    """
    colour, depth = config.modes()
    filters = {
        "spatial": config.spatial_filter,
        "temporal": config.temporal_filter,
        "hole_filling": config.hole_filling_filter,
    }
    return CameraSettings(
        colour=colour if config.enable_color else None,
        depth=depth if config.enable_depth else None,
        filters=tuple(name for name, wanted in filters.items() if wanted),
        options=_options(config),
        preset=_preset(config.json_file_path),
    )


def patience_of(config: CameraConfig) -> Patience:
    """How long to wait for what."""
    return Patience(
        silence=config.silence,
        first_pause=config.retry_pause,
        longest_pause=config.longest_retry_pause,
    )


def _options(config: CameraConfig) -> tuple[SensorOption, ...]:
    """Automatic exposure first: it forbids an exposure."""
    asked = (
        ("depth", "inter_cam_sync_mode", config.sync_mode),
        ("depth", "visual_preset", config.visual_preset),
        ("color", "enable_auto_exposure", config.color_auto_exposure),
        ("color", "exposure", config.color_exposure),
        ("color", "gain", config.color_gain),
        ("depth", "enable_auto_exposure", config.depth_auto_exposure),
        ("depth", "exposure", config.depth_exposure),
        ("depth", "gain", config.depth_gain),
        ("depth", "emitter_enabled", config.emitter),
        ("depth", "laser_power", config.laser_power),
    )
    return tuple(
        SensorOption(kind=kind, name=name, value=value)
        for kind, name, value in asked
        if value != AS_IT_IS
    )


def _preset(path: str) -> str:
    if not path:
        return ""
    try:
        return Path(path).read_text()
    except (OSError, UnicodeDecodeError) as error:
        fix = "Check the path."
        raise BadValue("camera", "json_file_path", path, "a JSON file", fix) from error
