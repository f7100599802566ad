"""A calibration as files: one dated YAML with all there is to know of it, and easy_handeye2's form.

Source: easy_handeye2's .calib files, YAML of `parameters` and `transform`, as its publisher reads
them (github.com/marcoesposito1988/easy_handeye2).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy.spatial.transform import Rotation

from calibration.hand_eye import HandEye

QUATERNION = ("x", "y", "z", "w")


@dataclass(frozen=True, kw_only=True)
class Frames:
    """Names for tf2. camera: the optical frame, in which the board was seen."""

    base: str = "base"
    gripper: str = "gripper"
    camera: str = "camera_color_optical_frame"
    board: str = "calibration_board"


def transform_as_object(transform: np.ndarray, parent: str, child: str) -> dict[str, Any]:
    """A transform (4, 4) `parent_from_child`, with its frames named."""
    x, y, z = (float(value) for value in transform[:3, 3])
    turn = Rotation.from_matrix(transform[:3, :3]).as_quat(canonical=True)
    return {
        "parent_frame": parent,
        "child_frame": child,
        "translation_m": {"x": x, "y": y, "z": z},
        "rotation_quaternion_xyzw": dict(zip(QUATERNION, turn.tolist(), strict=True)),
        "matrix_row_major": transform.tolist(),
    }


def hand_eye_as_object(
    found: HandEye, frames: Frames, source: Path, now: datetime
) -> dict[str, Any]:
    """All there is to know of a hand-eye calibration."""
    in_hand = found.kind == "eye_in_hand"
    parent, anchor = (frames.gripper, frames.base) if in_hand else (frames.base, frames.gripper)
    residuals = [
        {"view": one.name, "mm": one.mm, "deg": one.deg, "px": one.px, "outlier": one.outlier}
        for one in found.residuals
    ]
    return {
        "calibration": "hand_eye",
        "kind": found.kind,
        "date": now.isoformat(timespec="seconds"),
        "transform": transform_as_object(found.transform, parent, frames.camera),
        "covariance_of": "x, y, z [m], then a rotation vector [rad], in the parent frame",
        "covariance": found.covariance.tolist(),
        "board": transform_as_object(found.board, anchor, frames.board),
        "board_covariance": found.board_covariance.tolist(),
        "residual_mm_median": found.residual_mm_median,
        "residual_deg_median": found.residual_deg_median,
        "cross_validated_mm": found.cross_validated_mm,
        "residuals": residuals,
        "outliers": list(found.outliers),
        "left_out": dict(found.left_out),
        "conditions": conditions(found),
        "inputs": {"file": source.name, "sha256": digest(source)},
    }


def conditions(found: HandEye) -> dict[str, Any]:
    """What the result rests on."""
    return {
        "views": len(found.residuals) - len(found.outliers),
        "refinement": found.refinement,
        "turned_across_main_axis_deg": float(np.degrees(found.turning.across)),
        "main_axis": found.turning.main_axis.tolist(),
        "distance_scale": found.scale[0],
        "distance_scale_deviation": found.scale[1],
        "cross_validated_mm_of": dict(found.compared_mm),
    }


def easy_handeye_as_object(found: HandEye, frames: Frames, name: str) -> dict[str, Any]:
    """What easy_handeye2's publisher reads from NAME.calib."""
    in_hand = found.kind == "eye_in_hand"
    x, y, z = (float(value) for value in found.transform[:3, 3])
    turn = Rotation.from_matrix(found.transform[:3, :3]).as_quat(canonical=True)
    return {
        "parameters": {
            "name": name,
            "calibration_type": "eye_in_hand" if in_hand else "eye_on_base",
            "robot_base_frame": frames.base,
            "robot_effector_frame": frames.gripper,
            "tracking_base_frame": frames.camera,
            "tracking_marker_frame": frames.board,
            "freehand_robot_movement": True,
        },
        "transform": {
            "translation": {"x": x, "y": y, "z": z},
            "rotation": dict(zip(QUATERNION, turn.tolist(), strict=True)),
        },
    }


def write_yaml(content: Mapping[str, Any], path: Path) -> Path:
    """Writes an object; makes the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(dict(content), sort_keys=False, default_flow_style=None))
    return path


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
