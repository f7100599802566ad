"""How a camera is to work: streams, filters, and options of its sensors."""

from dataclasses import dataclass
from typing import Any

from handiwork.cameras.sdk import information, realsense
from handiwork.cameras.video_mode import VideoMode
from handiwork.errors import BadValue


@dataclass(frozen=True, kw_only=True)
class SensorOption:
    """kind: the stream whose sensor has it; name: the SDK's, such as "exposure"."""

    kind: str
    name: str
    value: float


@dataclass(frozen=True, kw_only=True)
class CameraSettings:
    """None: the stream stays off. filters: among `processing.FILTERS`.

    preset: the text of a JSON file as the RealSense Viewer saves it; empty: none.
    """

    colour: VideoMode | None
    depth: VideoMode | None
    filters: tuple[str, ...] = ()
    options: tuple[SensorOption, ...] = ()
    preset: str = ""

    def __post_init__(self) -> None:
        if self.colour is None and self.depth is None:
            raise ValueError("neither colour nor depth is enabled, want one of them at least")

    @property
    def modes(self) -> dict[str, VideoMode]:
        """Of the enabled streams, by the SDK's names of their kinds."""
        modes = {"depth": self.depth, "color": self.colour}
        return {kind: mode for kind, mode in modes.items() if mode is not None}


def set_options(device: Any, sensors: dict[str, Any], settings: CameraSettings) -> None:
    """Preset first, then single options; stamps in global time where the device knows it.

    sensors: by kind of stream.

    Raises:
        BadValue: an option that the sensor does not have, or a value outside its range.
    """
    rs = realsense()
    if settings.preset:
        _load_preset(device, settings.preset)
    for sensor in sensors.values():
        if not device.is_playback() and sensor.supports(rs.option.global_time_enabled):
            sensor.set_option(rs.option.global_time_enabled, 1)
    for option in settings.options:
        _set(device, sensors, option)


def _set(device: Any, sensors: dict[str, Any], option: SensorOption) -> None:
    key, sensor = getattr(realsense().option, option.name), sensors.get(option.kind)
    name = information(device, "name") or "camera"
    if sensor is None:
        fix = f"Enable {option.kind}, or leave {option.name} as it is."
        raise BadValue(name, f"{option.kind} {option.name}", option.value, "unset", fix)
    fixed = device.is_playback() or not sensor.supports(key) or sensor.is_option_read_only(key)
    if fixed:
        fix = "Leave it out: this device cannot change it."
        raise BadValue(name, f"{option.kind} {option.name}", option.value, "unset", fix)
    bounds = sensor.get_option_range(key)
    if not bounds.min <= option.value <= bounds.max:
        want = f"{bounds.min:g} to {bounds.max:g}"
        raise BadValue(name, f"{option.kind} {option.name}", option.value, want, "Correct it.")
    sensor.set_option(key, option.value)


def _load_preset(device: Any, preset: str) -> None:
    try:
        realsense().rs400_advanced_mode(device).load_json(preset)
    except RuntimeError as error:
        name = information(device, "name") or "camera"
        fix = "Save it anew with the RealSense Viewer for this camera."
        raise BadValue(name, "json_file_path", str(error), "a preset it can load", fix) from error
