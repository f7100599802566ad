"""The place of a camera from a result file, for whoever publishes or uses it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from calibration.fields import read_field, read_pose
from handiwork.errors import BadValue


@dataclass(frozen=True, kw_only=True, eq=False)
class CameraPlace:
    """parent_from_camera: (4, 4) [m] of the camera's optical frame `child`."""

    parent: str
    child: str
    parent_from_camera: np.ndarray


def read_place(path: Path | str) -> CameraPlace:
    """What `handiwork calibrate hand_eye` found.

    Raises:
        BadValue: no such file, or not what it wrote.
    """
    where = str(path)
    fix = "Give the .yaml file that `handiwork calibrate hand_eye` wrote."
    try:
        content: Any = yaml.safe_load(Path(path).read_text())
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadValue(where, "the file", str(error), "YAML text", fix) from error
    if not isinstance(content, dict) or content.get("calibration") != "hand_eye":
        got = content.get("calibration") if isinstance(content, dict) else type(content).__name__
        raise BadValue(where, "calibration", got, "hand_eye", fix)
    transform = read_field(where, content, "transform")
    parent, child = (
        str(read_field(where, transform, name, "transform."))
        for name in ("parent_frame", "child_frame")
    )
    matrix = read_field(where, transform, "matrix_row_major", "transform.")
    return CameraPlace(
        parent=parent,
        child=child,
        parent_from_camera=read_pose(where, "transform.matrix_row_major", matrix),
    )
