"""`handiwork calibrate KIND --from FILE`: a calibration from a file, its figures and its files."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handiwork_app import calibrate_others as others
from handiwork_app.settings import BadSetting, Config

if TYPE_CHECKING:
    from calibration.result_files import Frames


def calibrate(config: Config) -> dict[str, Any]:
    """The figures of what `config.calibration` names, from `config.source`."""
    if config.auto:
        from handiwork_app.calibrate_auto import calibrate_auto

        return calibrate_auto(config)
    if not config.source:
        raise BadSetting(
            f"calibrate {config.calibration} lacks its input. Say --from FILE, or --auto; "
            "docs/calibration.md describes the file."
        )
    return CALIBRATIONS[config.calibration](config)


def calibrate_hand_eye(config: Config, frames: "Frames | None" = None) -> dict[str, Any]:
    """The camera on the hand, or beside the robot."""
    from calibration import result_files
    from calibration.hand_eye import hand_eye
    from calibration.report import write_report
    from calibration.views import load_views

    now, source, folder = datetime.now().astimezone(), Path(config.source), Path(config.folder)
    viewset = load_views(source)
    found = hand_eye(viewset)
    frames = frames or result_files.Frames()
    name = f"hand_eye_{now:%Y-%m-%d_%H-%M-%S}"
    content = result_files.hand_eye_as_object(found, frames, source, now)
    exported = result_files.easy_handeye_as_object(found, frames, name)
    page = write_report(viewset, found, f"Hand-eye of {source.name}", folder / f"{name}.html")
    return {
        **{key: content[key] for key in _HAND_EYE},
        "transform": found.transform.tolist(),
        "board": found.board.tolist(),
        "files": {
            "calibration": str(result_files.write_yaml(content, folder / f"{name}.yaml")),
            "easy_handeye2": str(result_files.write_yaml(exported, folder / f"{name}.calib")),
            "report": str(page),
        },
    }


_HAND_EYE = (
    "kind",
    "residual_mm_median",
    "residual_deg_median",
    "outliers",
    "left_out",
    "cross_validated_mm",
    "covariance",
    "residuals",
    "conditions",
)


CALIBRATIONS: dict[str, Callable[[Config], dict[str, Any]]] = {
    "hand_eye": calibrate_hand_eye,
    "robot_world": others.calibrate_robot_world,
    "time_offset": others.calibrate_time_offset,
    "intrinsics": others.calibrate_intrinsics,
    "cameras": others.calibrate_cameras,
    "camera_pair": others.calibrate_camera_pair,
    "joint_offsets": others.calibrate_joint_offsets,
}
