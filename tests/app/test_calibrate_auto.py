"""Live calibration from the command line: the stack it starts, and what it answers."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calibration.boards import CharucoBoard, Detection
from calibration.camera_model import Intrinsics
from calibration.hand_eye import hand_eye
from calibration.views import View, ViewSet
from handiwork.errors import HandiworkError
from handiwork.geometry import changed, inverse, pose_from_vector
from handiwork.sim.calibration_rig import drawn_rig
from handiwork_app.calibrate import calibrate
from handiwork_app.calibrate_auto import errors_to_truth
from handiwork_app.calibration_rigs import board_of, size_of
from handiwork_app.compose import compose
from handiwork_app.look_calibration import write_calibration_recording
from handiwork_app.words import load_config


def config(*words: str):
    named = load_config(["app=calibrate", "calibration=hand_eye", "folder=/f", *words])
    return replace(named, auto=True)


@pytest.mark.parametrize("kind", ["eye_in_hand", "eye_to_hand"])
def test_an_arm_that_calibrates_has_a_planner_a_camera_and_one_job(kind: str):
    stack = {p.name: p for p in compose(config("robot=fr3", f"kind={kind}", "seed=4"))}
    assert set(stack) == {"arm_server", "frames", "planner", "calibrator", "calibrator_camera"}
    assert [name for name, process in stack.items() if process.job] == ["calibrator"]
    told, seen = stack["calibrator"].parameters, stack["calibrator_camera"].parameters
    assert (told["mode"], told["folder"], told["kind"]) == ("auto", "/f", kind)
    assert len(told["camera_guess"]) == len(told["board_guess"]) == 6
    for name in ("robot", "kind", "seed", *board_of(kind)):
        assert told[name] == seen[name]  # what is looked for is what is there


def test_a_real_arm_looks_through_a_real_camera():
    stack = {p.name: p for p in compose(config("hardware=real", "camera=ours"))}
    assert stack["camera"].executable == "camera" and "calibrator_camera" not in stack
    assert stack["arm_server"].parameters["driver"] == "trossen"
    assert not any(process.parameters["use_sim_time"] for process in stack.values())


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["hardware=real"], "camera is none, want one that sees the board"),
        (["robot=g1"], "no rig for robot named 'g1'"),
        (["kind=eye_on_foot"], "no kind named 'eye_on_foot'"),
    ],
)
def test_what_cannot_be_composed_is_named(words: list[str], says: str):
    with pytest.raises(HandiworkError, match=says):
        compose(config(*words))


@pytest.mark.parametrize("words", [["calibration=intrinsics"], ["source=views.json"]])
def test_only_a_hand_eye_is_taken_live_and_only_without_a_file(words: list[str]):
    with pytest.raises(HandiworkError, match="want calibrate hand_eye and no --from"):
        calibrate(config(*words))


def test_the_error_is_that_of_the_rig_that_was_drawn():
    chosen = config("robot=fr3", "seed=3")
    truth = drawn_rig("fr3", "eye_in_hand", size_of("eye_in_hand"), 3).mount_from_camera
    assert errors_to_truth(chosen, truth) == {"error_mm": 0.0, "error_deg": pytest.approx(0.0)}
    off = changed(truth, np.array([3e-3, 0, 4e-3, 0, np.radians(0.2), 0]))
    told = errors_to_truth(chosen, off)
    assert told == {"error_mm": pytest.approx(5.0), "error_deg": pytest.approx(0.2)}
    assert errors_to_truth(replace(chosen, hardware="real"), truth) == {}


def views() -> ViewSet:
    """Exact ones of a made-up rig."""
    board = CharucoBoard(squares_x=7, squares_y=5, square_m=0.03, marker_m=0.022)
    k = np.array([[600.0, 0, 319.5], [0, 600, 239.5], [0, 0, 1]])
    camera = Intrinsics(width=640, height=480, k=k, d=np.zeros(5))
    gripper_from_camera = pose_from_vector(np.array([0.05, 0, 0.02, 0.1, 0, 0]))
    generator, taken = np.random.default_rng(0), []
    for number in range(6):
        turn = generator.uniform(-0.4, 0.4, 3)
        place = [-0.1 + generator.uniform(-0.02, 0.02), -0.07, generator.uniform(0.35, 0.5)]
        seen = pose_from_vector(np.array([*place, *turn]))
        points = board.points(np.arange(24)) @ seen[:3, :3].T + seen[:3, 3]
        pixels = camera.project(points)
        inside = np.flatnonzero(((pixels > 0) & (pixels < (639, 479))).all(axis=1))
        taken.append(
            View(
                name=f"view_{number}",
                base_from_gripper=inverse(seen) @ inverse(gripper_from_camera),
                detection=Detection(ids=inside, corners=pixels[inside], size=(640, 480)),
            )
        )
    return ViewSet(kind="eye_in_hand", views=tuple(taken), camera=camera, board=board)


def test_a_calibration_can_be_looked_at(tmp_path: Path):
    viewset = views()
    found = hand_eye(viewset, compare=False)
    file = write_calibration_recording(tmp_path / "calibration.rrd", viewset, found)
    words = [sys.executable, "-m", "rerun", "rrd", "print", str(file)]
    printed = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    for entity in ("/base/camera/picture/seen", "/base/board/corners", "/residual/mm"):
        assert entity in printed


def test_settings_of_the_calibrator_reach_it():
    stack = compose(config("nodes.calibrator.most=12"))
    assert {p.name: p for p in stack}["calibrator"].parameters["most"] == 12
    assert json.dumps(dict(stack[-1].parameters))  # plain values, for a parameters file
