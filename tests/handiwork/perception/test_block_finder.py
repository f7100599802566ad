"""The T's pose from pictures whose truth is known by construction."""

import dataclasses

import numpy as np
import pytest
from table_picture import CLEARANCE, HEIGHT, TEE, Plate, Rod, camera_over_table, picture

from handiwork.errors import ObjectNotFound, WrongShape
from handiwork.perception.block_finder import BlockFinder, BlockFinderConfig
from handiwork.perception.camera import Camera
from handiwork.perception.planar_pose import PlanarPose, pose_error

CAMERA = camera_over_table()
CONFIG = BlockFinderConfig(colour=(0.62, 0.08, 0.09), height=HEIGHT, clearance=CLEARANCE)
FINDER = BlockFinder(CONFIG, CAMERA)
POSES = np.array(
    [
        (0.27, 0.0, 0.3),
        (0.33, -0.08, 2.2),
        (0.20, 0.09, -1.9),
        (0.30, 0.05, -0.8),
        (0.25, -0.06, 3.1),
    ]
)


def assert_near(found: PlanarPose, truth: np.ndarray, millimetres: float, degrees: float) -> None:
    distance, turn = pose_error(found.vector, truth)
    assert 1e3 * distance < millimetres
    assert np.degrees(turn) < degrees


@pytest.mark.parametrize("pose", POSES)
def test_a_clear_view_gives_the_pose_without_a_guess(pose):
    assert_near(FINDER.find(*picture(CAMERA, pose)), pose, 0.5, 0.3)


@pytest.mark.parametrize("pose", POSES[:3])
def test_noise_of_colour_and_depth_costs_little(pose):
    seen = picture(CAMERA, pose, colour_noise=4.0, depth_noise=0.002)
    assert_near(FINDER.find(*seen), pose, 1.0, 0.5)


def test_moving_camera_and_block_alike_moves_nothing_between_them():
    moved = np.eye(4)
    angle = 0.4
    moved[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    centre = np.array([0.27, 0.0])
    moved[:2, 3] = centre - moved[:2, :2] @ centre  # about the middle of the table square
    camera = dataclasses.replace(CAMERA, base_from_optical=moved @ CAMERA.base_from_optical)
    pose = POSES[3]
    turned = np.array([*(moved[:2, :2] @ pose[:2] + moved[:2, 3]), pose[2] + angle])
    found = BlockFinder(CONFIG, camera).find(*picture(camera, turned))
    assert_near(found, turned, 0.5, 0.3)


@pytest.mark.parametrize("behind", [0.5, -0.5])
def test_a_rod_that_touches_the_block_is_not_taken_for_it(behind):
    pose = np.array([0.27, 0.0, 0.0])
    rod = Rod(x=0.27 + 0.01, y=0.0088 if behind < 0 else -0.0176 - 0.0088)
    assert_near(FINDER.find(*picture(CAMERA, pose, rod=rod)), pose, 1.0, 0.6)


@pytest.mark.parametrize(
    ("low", "high"), [((0.33, -0.16), (0.40, -0.01)), ((0.385, -0.2), (0.45, 0.2))]
)
def test_a_block_half_hidden_is_still_found(low, high):
    pose = np.array([0.27, 0.0, 0.3])
    seen = picture(CAMERA, pose, plate=Plate(low=low, high=high, height=0.1))
    found = FINDER.find(*seen)
    assert found.coverage < 0.9
    assert_near(found, pose, 5.0, 3.0)


def test_what_is_hidden_makes_the_pose_less_sure():
    pose = np.array([0.27, 0.0, 0.3])
    clear = FINDER.find(*picture(CAMERA, pose))
    plate = Plate(low=(0.385, -0.2), high=(0.45, 0.2), height=0.1)
    hidden = FINDER.find(*picture(CAMERA, pose, plate=plate))
    assert hidden.inliers < clear.inliers
    assert np.all(np.diag(hidden.covariance) > np.diag(clear.covariance))


def test_the_previous_pose_leads_to_the_same_answer():
    pose = POSES[0]
    seen = picture(CAMERA, pose)
    near = dataclasses.replace(FINDER.find(*seen), x=pose[0] + 0.006, y=pose[1] - 0.004)
    assert_near(FINDER.find(*seen, previous=near), pose, 0.5, 0.3)


def test_a_previous_pose_far_off_does_not_mislead():
    far = FINDER.find(*picture(CAMERA, POSES[1]))
    assert_near(FINDER.find(*picture(CAMERA, POSES[2]), previous=far), POSES[2], 0.5, 0.3)


def test_an_empty_table_is_said_to_be_empty():
    with pytest.raises(ObjectNotFound, match="0 px of the block's colour in view"):
        FINDER.find(*picture(CAMERA, None))


def test_a_block_almost_hidden_is_not_guessed():
    plate = Plate(low=(0.20, -0.2), high=(0.40, 0.07), height=0.06)
    with pytest.raises(ObjectNotFound, match=r"contour|shape|fit"):
        FINDER.find(*picture(CAMERA, np.array([0.27, 0.06, -1.57]), plate=plate))


def rectangle(length: float, width: float) -> np.ndarray:
    return np.array([(0.0, 0.0), (length, 0.0), (length, width), (0.0, width)])


UNIT = TEE[1, 0] / 2  # width of bar and stem [m]
OTHER_SHAPES = {
    "square": rectangle(0.06, 0.06),
    "bar": rectangle(0.12, 0.018),
    "large": rectangle(0.15, 0.12),
    "ell": UNIT * np.array([(-2, 0), (2, 0), (2, -4), (1, -4), (1, -1), (-2, -1)]),
    "filled_tee": TEE[:6],
    "large_tee": 1.25 * TEE,
}


@pytest.mark.parametrize("name", OTHER_SHAPES)
def test_another_shape_of_the_same_colour_is_refused(name):
    with pytest.raises(ObjectNotFound):
        FINDER.find(*picture(CAMERA, np.array([0.25, 0.0, 0.5]), outline=OTHER_SHAPES[name]))


def test_a_flat_picture_of_the_block_is_refused():
    flat = picture(CAMERA, POSES[0], height=0.0002)
    with pytest.raises(ObjectNotFound, match=r"height|shape"):
        FINDER.find(*flat)


def test_every_angle_is_told_from_its_opposite():
    for angle in np.linspace(-3.0, 3.0, 5):
        pose = np.array([0.26, 0.02, angle])
        assert_near(FINDER.find(*picture(CAMERA, pose)), pose, 0.6, 0.4)


def test_an_image_of_another_size_is_refused_by_name():
    rgb, depth = picture(CAMERA, POSES[0])
    with pytest.raises(WrongShape, match="depth has shape"):
        FINDER.find(rgb, depth[:240])
    with pytest.raises(WrongShape, match="rgb has shape"):
        FINDER.find(rgb[:240], depth)


def test_a_camera_that_looks_away_is_refused():
    frame = CAMERA.base_from_optical @ np.diag([1.0, -1.0, -1.0, 1.0])
    away = Camera(k=CAMERA.k, width=640, height=480, base_from_optical=frame)
    with pytest.raises(ValueError, match="behind the camera"):
        BlockFinder(CONFIG, away)


def test_a_grey_block_cannot_be_asked_for():
    with pytest.raises(ValueError, match="saturated"):
        BlockFinder(dataclasses.replace(CONFIG, colour=(0.5, 0.5, 0.5)), CAMERA)
