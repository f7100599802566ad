"""Views that must be refused, each by a sentence that says what is wrong with them."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from calibration.hand_eye import hand_eye
from calibration.views import View, ViewSet, load_views, save_views
from handiwork.errors import BadValue
from handiwork.geometry import inverse, pose
from tests.calibration.rig import CAMERA, Noise, view_set

NOISE = Noise(pixels=0.3, metres=0.0003, radians=0.0005)
Change = Callable[[np.ndarray], np.ndarray]


def poses(change_hand: Change = np.copy, change_board: Change = np.copy) -> ViewSet:
    """Fifteen views by their poses, all changed alike."""
    viewset = view_set(noise=NOISE, corners=False)
    return replace(
        viewset, views=tuple(_changed(v, change_hand, change_board) for v in viewset.views)
    )


def _changed(view: View, change_hand: Change, change_board: Change) -> View:
    assert view.camera_from_board is not None
    return replace(
        view,
        base_from_gripper=change_hand(view.base_from_gripper),
        camera_from_board=change_board(view.camera_from_board),
    )


def scaled(factor: float) -> Change:
    return lambda matrix: pose(matrix[:3, :3], matrix[:3, 3] * factor)


def mirrored(matrix: np.ndarray) -> np.ndarray:
    mirror = np.diag([-1.0, 1.0, 1.0, 1.0])
    return mirror @ matrix @ mirror


def degrees_as_radians(matrix: np.ndarray) -> np.ndarray:
    vector = Rotation.from_matrix(matrix[:3, :3]).as_rotvec()
    return pose(Rotation.from_rotvec(np.degrees(vector)).as_matrix(), matrix[:3, 3])


def euler_degrees_as_radians(matrix: np.ndarray) -> np.ndarray:
    angles = Rotation.from_matrix(matrix[:3, :3]).as_euler("xyz", degrees=True)
    return pose(Rotation.from_euler("xyz", angles).as_matrix(), matrix[:3, 3])


@pytest.mark.parametrize(
    ("viewset", "words"),
    [
        (poses(change_hand=inverse), "base_from_gripper inverted"),
        (poses(change_board=inverse), "camera_from_board inverted"),
        (poses(inverse, inverse), "both base_from_gripper and camera_from_board inverted"),
        (poses(change_board=mirrored), "mirrored"),
        (poses(change_board=degrees_as_radians), "radians"),
        (poses(change_hand=degrees_as_radians), "radians"),
        (poses(change_board=euler_degrees_as_radians), "radians"),
        (poses(change_board=scaled(10)), "lengths times 0.1"),
        (poses(change_board=scaled(0.001)), "lengths times 1"),
        (poses(change_hand=scaled(0.001)), "metres"),
        (poses(change_board=scaled(1.1)), "square size"),
        (replace(poses(), kind="eye_to_hand"), "the kind is eye_in_hand"),
        (view_set(count=2), "want 3 or more"),
        (view_set(tilt=0.001, corners=False), "about its x or y axis"),
    ],
)
def test_views_are_refused_and_the_mistake_is_named(viewset: ViewSet, words: str) -> None:
    with pytest.raises(BadValue, match=words):
        hand_eye(viewset)


def test_turning_about_one_axis_names_another() -> None:
    viewset = view_set(noise=NOISE, corners=False)
    views = []
    for number, view in enumerate(viewset.views):
        hand = pose(Rotation.from_rotvec([0, 0, 0.1 * number]).as_matrix(), np.array([0.4, 0, 0.5]))
        views.append(replace(view, base_from_gripper=hand))
    with pytest.raises(BadValue, match="about its x or y axis"):
        hand_eye(replace(viewset, views=tuple(views)))


def test_unrelated_poses_and_pictures_are_refused() -> None:
    viewset = view_set(noise=NOISE)
    hands = [view.base_from_gripper for view in viewset.views]
    mixed = tuple(
        replace(view, base_from_gripper=hands[(3 * number + 4) % 15])
        for number, view in enumerate(viewset.views)
    )
    with pytest.raises(BadValue, match="agree"):
        hand_eye(replace(viewset, views=mixed))


def test_corners_numbered_in_mirrored_order_are_refused() -> None:
    viewset = view_set(count=8)
    assert viewset.board is not None
    columns = viewset.board.squares_x - 1
    views = []
    for view in viewset.views:
        assert view.detection is not None
        ids = view.detection.ids
        flipped = ids - ids % columns + columns - 1 - ids % columns
        views.append(replace(view, detection=replace(view.detection, ids=flipped)))
    with pytest.raises(BadValue, match="mirrored"):
        hand_eye(replace(viewset, views=tuple(views)))


def test_intrinsics_of_another_resolution_are_refused() -> None:
    half = CAMERA.k * np.array([[0.5], [0.5], [1.0]])
    viewset = view_set()
    without_size = tuple(
        replace(view, detection=replace(view.detection, size=None))
        for view in viewset.views
        if view.detection
    )
    wrong = replace(viewset, views=without_size, camera=replace(CAMERA, k=half))
    with pytest.raises(BadValue, match="resolution"):
        hand_eye(wrong)
    with pytest.raises(BadValue, match="of a 640x480 image"):
        replace(viewset, camera=replace(CAMERA, k=half, width=320, height=240))


def written(tmp_path: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    path = tmp_path / "views.json"
    save_views(view_set(count=4), path)
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))
    return path


def in_view(name: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda content: content["views"][1].update({name: value})


RIGID = np.eye(4)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda content: content.update(kind="eye_on_base"), "eye_in_hand or eye_to_hand"),
        (lambda content: content.pop("kind"), "kind is 'missing'"),
        (lambda content: content.pop("views"), "views is 'missing'"),
        (lambda content: content.pop("board"), "board is 'missing'"),
        (lambda content: content.update(views=[1]), "views"),
        (in_view("base_from_gripper", None), "missing"),
        (in_view("base_from_gripper", (2 * RIGID).tolist()), "last row"),
        (in_view("base_from_gripper", np.diag([2, 1, 1, 1]).tolist()), "scaled or skewed"),
        (in_view("base_from_gripper", np.diag([-1, 1, 1, 1]).tolist()), "mirrored"),
        (in_view("base_from_gripper", [float("nan")] * 16), "finite"),
        (in_view("base_from_gripper", [[1, 2], [3]]), "numbers"),
        (in_view("base_from_gripper", pose(np.eye(3), [457.0, 0, 9]).tolist()), "millimetres"),
        (in_view("base_from_gripper", pose(np.eye(3), [1, 2, 3]).T.tolist()), "Transpose"),
        (in_view("corners", {"ids": [1, 2], "pixels": [[3, 4]]}), "as many"),
        (in_view("corners", {"ids": [1], "pixels": [[700, 4]]}), "inside the camera's 640x480"),
        (in_view("corners", {"ids": [24], "pixels": [[70, 4]]}), "ids from 0 to 23"),
        (in_view("corners", None), "camera_from_board"),
    ],
)
def test_a_bad_file_is_refused_with_file_and_field(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], words: str
) -> None:
    path = written(tmp_path, change)
    with pytest.raises(BadValue, match=words) as refused:
        load_views(path)
    assert "views.json" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, lambda content: None)
    path.write_text(path.read_text()[:-100])
    with pytest.raises(BadValue, match="cut short"):
        load_views(path)
    with pytest.raises(BadValue, match="No such file"):
        load_views(tmp_path / "nothing.json")


def test_views_come_back_from_their_file(tmp_path: Path) -> None:
    path = tmp_path / "views.json"
    viewset = view_set("eye_to_hand", count=3)
    save_views(viewset, path)
    again = load_views(path)
    assert (again.kind, again.board) == (viewset.kind, viewset.board)
    for before, after in zip(viewset.views, again.views, strict=True):
        np.testing.assert_allclose(after.base_from_gripper, before.base_from_gripper, atol=1e-15)
        assert after.detection is not None and before.detection is not None
        np.testing.assert_array_equal(after.detection.corners, before.detection.corners)
