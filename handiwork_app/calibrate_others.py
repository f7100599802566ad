"""Calibrations of cameras and joints other than hand-eye: figures, and one dated YAML each."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from handiwork_app.settings import Config


def calibrate_time_offset(config: Config) -> dict[str, Any]:
    """How much is to be added to the camera's stamps to have the hand's."""
    from calibration.time_offset import time_offset
    from calibration.trajectories import load_paths

    found = time_offset(load_paths(config.source))
    figures = {
        "offset_s": found.offset_s,
        "correlated_s": found.correlated_s,
        "deviation_s": found.deviation_s,
        "correlation": found.correlation,
        "transform": found.transform.tolist(),
        "covariance": found.covariance.tolist(),
        "residual_mm_median": found.residual_mm_median,
        "residual_deg_median": found.residual_deg_median,
        "residual_mm_rms": found.rms_mm,
        "poses_compared": found.compared,
        "poses_left_out": found.outliers,
    }
    return _written(config, figures, "offset_s is to be added to the camera's stamps")


def calibrate_robot_world(config: Config) -> dict[str, Any]:
    """Where the robot's base is against a board that stands still, seen from the hand."""
    from calibration.hand_eye import hand_eye
    from calibration.views import load_views
    from handiwork.errors import BadValue

    viewset = load_views(config.source)
    if viewset.kind != "eye_in_hand":
        fix = "With a camera that stands still, calibrate hand_eye gives base_from_camera."
        raise BadValue(config.source, "kind", viewset.kind, "eye_in_hand", fix)
    found = hand_eye(viewset)
    figures = {
        "transform": found.board.tolist(),
        "covariance": found.board_covariance.tolist(),
        "residual_mm_median": found.residual_mm_median,
        "residual_deg_median": found.residual_deg_median,
        "outliers": list(found.outliers),
        "left_out": dict(found.left_out),
        "cross_validated_mm": found.cross_validated_mm,
        "residuals": [{"view": one.name, "mm": one.mm, "deg": one.deg} for one in found.residuals],
    }
    return _written(config, figures, "transform is base_from_board, row by row [m]")


def calibrate_camera_pair(config: Config) -> dict[str, Any]:
    """Where the second camera is in the first's frame."""
    from calibration.camera_pair import camera_pair, load_shared_views

    views = load_shared_views(config.source)
    found = camera_pair(views)
    fits = np.array([name not in found.outliers for name in views.names])
    rows = zip(views.names, found.residual_mm.tolist(), found.residual_deg.tolist(), strict=True)
    figures = {
        "transform": found.transform.tolist(),
        "covariance": found.covariance.tolist(),
        "residual_mm_median": float(np.median(found.residual_mm[fits])),
        "residual_deg_median": float(np.median(found.residual_deg[fits])),
        "outliers": list(found.outliers),
        "cross_validated_mm": found.cross_validated_mm,
        "residuals": [{"view": name, "mm": mm, "deg": deg} for name, mm, deg in rows],
    }
    return _written(config, figures, "transform is first_from_second, row by row [m]")


def calibrate_cameras(config: Config) -> dict[str, Any]:
    """Several cameras to one base, from a folder with one file of views for each."""
    from calibration.cameras_to_base import cameras_to_base, load_cameras

    found = cameras_to_base(load_cameras(config.source))
    cameras = {
        name: {
            "transform": one.transform.tolist(),
            "covariance": one.covariance.tolist(),
            "residual_mm_median": one.alone.residual_mm_median,
            "residual_deg_median": one.alone.residual_deg_median,
            "cross_validated_mm": one.alone.cross_validated_mm,
            "outliers": list(one.alone.outliers),
            "board_mm": one.board_mm,
            "board_deg": one.board_deg,
        }
        for name, one in found.cameras.items()
    }
    figures = {
        "cameras": cameras,
        "board": found.board.tolist(),
        "board_covariance": found.board_covariance.tolist(),
    }
    return _written(config, figures, "transforms are base_from_camera, board gripper_from_board")


def calibrate_joint_offsets(config: Config) -> dict[str, Any]:
    """What is to be added to what the joints' encoders say."""
    from calibration.joint_offsets import joint_offsets
    from calibration.joint_views import load_joint_views

    views = load_joint_views(config.source)
    found = joint_offsets(views)
    fits = np.array([name not in found.outliers for name in views.names])
    rows = zip(views.names, found.residual_mm.tolist(), found.residual_deg.tolist(), strict=True)
    deviations = np.sqrt(np.diag(found.covariance)).tolist()
    figures = {
        "offsets_rad": dict(zip(found.joints, found.offsets.tolist(), strict=True)),
        "deviations_rad": dict(zip(found.joints, deviations, strict=True)),
        "covariance": found.covariance.tolist(),
        "unseen": list(found.unseen),
        "transform": found.transform.tolist(),
        "residual_mm_median": float(np.median(found.residual_mm[fits])),
        "residual_deg_median": float(np.median(found.residual_deg[fits])),
        "outliers": list(found.outliers),
        "cross_validated_mm": found.after_mm,
        "cross_validated_mm_without": found.before_mm,
        "residuals": [{"view": name, "mm": mm, "deg": deg} for name, mm, deg in rows],
    }
    return _written(config, figures, "offsets_rad are to be added to what the encoders say")


def calibrate_intrinsics(config: Config) -> dict[str, Any]:
    """How a camera projects, from a folder of pictures and board.json."""
    from calibration.boards import read_board
    from calibration.camera_info import camera_info_as_object
    from calibration.fields import read_object
    from calibration.intrinsics import calibrate_intrinsics as calibrate
    from calibration.intrinsics import detections_of
    from calibration.result_files import write_yaml

    source = Path(config.source)
    board = read_board(str(source / "board.json"), read_object(source / "board.json"))
    found = calibrate(config.source, detections_of(source, board), board)
    figures = {
        "camera": found.camera.as_object(),
        "deviations": np.sqrt(np.diag(found.covariance)).tolist(),
        "covariance": found.covariance.tolist(),
        "residual_px_median": found.residual_px_median,
        "residual_px": found.residual_px,
        "cross_validated_px": found.cross_validated_px,
        "outliers": list(found.outliers),
        "left_out": found.left_out,
        "coverage": found.coverage,
    }
    answer = _written(config, figures, "camera: k, d as plumb_bob; deviations of fx fy cx cy d")
    info = camera_info_as_object(found.camera, source.name)
    path = write_yaml(info, Path(config.folder) / "camera_info.yaml")
    return {**answer, "files": {**answer["files"], "camera_info": str(path)}}


def _written(config: Config, figures: Mapping[str, Any], meaning: str) -> dict[str, Any]:
    """The figures, with the name of the dated file that holds them too."""
    from calibration.result_files import digest, write_yaml

    now, source = datetime.now().astimezone(), Path(config.source)
    files = [source] if source.is_file() else sorted(file for file in source.glob("*"))
    content = {
        "calibration": config.calibration,
        "date": now.isoformat(timespec="seconds"),
        "meaning": meaning,
        **figures,
        "inputs": {file.name: digest(file) for file in files if file.is_file()},
    }
    path = Path(config.folder) / f"{config.calibration}_{now:%Y-%m-%d_%H-%M-%S}.yaml"
    return {**figures, "files": {"calibration": str(write_yaml(content, path))}}
