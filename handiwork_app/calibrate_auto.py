"""`handiwork calibrate hand_eye --auto`: the arm takes the views itself, through ROS.

What comes of it is a file of views, as a person would give it by --from. In the simulation the
answer is known, so how far the result is from it is told too.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from calibration.hand_eye import hand_eye
from calibration.result_files import Frames
from calibration.views import load_views
from handiwork.geometry import change_between
from handiwork.robots.registry import robot
from handiwork.sim.calibration_rig import drawn_rig
from handiwork_app.calibrate import calibrate_hand_eye
from handiwork_app.calibration_rigs import size_of
from handiwork_app.look_calibration import write_calibration_recording
from handiwork_app.run import FailedRun, Interrupted, run_stack
from handiwork_app.settings import BadSetting, Config


def calibrate_auto(config: Config) -> dict[str, Any]:
    """The figures of a hand-eye whose views the arm has taken.

    Raises:
        BadSetting: something else was to be calibrated, or a file was given too.
        FailedRun, Interrupted: see `taken_views`.
    """
    if config.calibration != "hand_eye" or config.source:
        got = f"calibrate {config.calibration}" + (" --from" if config.source else "")
        raise BadSetting(f"--auto was said of {got}, want calibrate hand_eye and no --from.")
    views = taken_views(config)
    told = json.loads((views.parent / "session.json").read_text())
    figures = calibrate_hand_eye(replace(config, source=str(views)), _frames(config))
    truth = errors_to_truth(config, np.array(figures["transform"]))
    files = {
        **figures.pop("files"),
        "recording": str(_recorded(views)),
        "views": str(views),
        "log": f"{config.folder}/logs/stack.log",
    }
    return {
        **figures,
        **truth,
        "robot": config.robot.name,
        "views": told["views"],
        "predicted_std_mm": told["predicted_std_mm"],
        "predicted_std_deg": told["predicted_std_deg"],
        "residual_px": told["residual_px"],
        "static_transform": told["frames"],
        "files": files,
    }


def taken_views(config: Config) -> Path:
    """Run the stack until the calibrator is done; its views, a JSON file beside their pictures.

    Raises:
        FailedRun: a node died, or the calibrator could not go on; its sentence is in the log.
        Interrupted: Ctrl-C or SIGTERM came first.
    """
    outcome = run_stack(config)
    log = f"{config.folder}/logs/stack.log"
    if outcome.interrupted:
        raise Interrupted(f"{outcome.reason} before the calibration was done. The log is {log}.")
    if outcome.status:
        raise FailedRun(f"{_last_words(log) or outcome.reason} The log is {log}.")
    return Path(config.folder) / "views.json"


def errors_to_truth(config: Config, transform: np.ndarray) -> dict[str, Any]:
    """How far a result (4, 4) [m] is from the simulated rig's; nothing on a real one."""
    if config.hardware != "sim":
        return {}
    rig = drawn_rig(config.robot.name, config.kind, size_of(config.kind), config.seed)
    error = change_between(rig.mount_from_camera, transform)
    return {
        "error_mm": float(1e3 * np.linalg.norm(error[:3])),
        "error_deg": float(np.degrees(np.linalg.norm(error[3:]))),
    }


def _recorded(views: Path) -> Path:
    """What can be looked at in Rerun."""
    viewset = load_views(views)
    found = hand_eye(viewset, compare=False)
    return write_calibration_recording(views.with_name("calibration.rrd"), viewset, found)


def _frames(config: Config) -> Frames:
    chosen = robot(config.robot.name)
    return Frames(base=chosen.base_frame, gripper=chosen.tool_link)


def _last_words(log: str) -> str:
    """What the calibrator said last before it gave up; empty if it did not."""
    said = [line for line in Path(log).read_text().splitlines() if "[FATAL]" in line]
    return said[-1].rpartition("]: ")[2] if said else ""
