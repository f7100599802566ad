"""Following the T through pictures in time."""

import numpy as np
import pytest
from table_picture import CLEARANCE, HEIGHT, Plate, camera_over_table, picture

from handiwork.errors import ObjectNotFound
from handiwork.perception.block_finder import BlockFinderConfig
from handiwork.perception.block_tracker import BlockTracker
from handiwork.perception.planar_pose import pose_error

CAMERA = camera_over_table()
CONFIG = BlockFinderConfig(colour=(0.62, 0.08, 0.09), height=HEIGHT, clearance=CLEARANCE)


def test_a_moving_block_is_followed():
    tracker = BlockTracker(CONFIG, CAMERA)
    for step in range(4):
        pose = np.array([0.22 + 0.008 * step, 0.004 * step, 0.1 * step])
        distance, turn = pose_error(
            tracker.estimate(*picture(CAMERA, pose), 0.03 * step).vector, pose
        )
        assert distance < 0.5e-3
        assert turn < np.radians(0.3)


def test_a_block_lost_and_put_elsewhere_is_found_again():
    tracker = BlockTracker(CONFIG, CAMERA)
    tracker.estimate(*picture(CAMERA, np.array([0.22, 0.0, 0.0])), 0.0)
    with pytest.raises(ObjectNotFound):
        tracker.estimate(*picture(CAMERA, None), 0.03)
    elsewhere = np.array([0.33, -0.05, 2.0])
    found = tracker.estimate(*picture(CAMERA, elsewhere), 0.06)
    assert pose_error(found.vector, elsewhere)[0] < 0.5e-3


def test_memory_tells_two_poses_apart_that_one_picture_does_not():
    """Only a square end is in view, which could be the stem's or the bar's."""
    pose = np.array([0.277, -0.038, 2.107])
    plate = Plate(low=(0.15, -0.0277), high=(0.45, 0.25), height=0.1)
    partly = picture(CAMERA, pose, plate=plate)
    with pytest.raises(ObjectNotFound, match=r"two poses, .* fit what is seen"):
        BlockTracker(CONFIG, CAMERA).estimate(*partly, 0.0)
    tracker = BlockTracker(CONFIG, CAMERA)
    tracker.estimate(*picture(CAMERA, pose), 0.0)
    distance, turn = pose_error(tracker.estimate(*partly, 0.03).vector, pose)
    assert distance < 5e-3
    assert turn < np.radians(3.0)
    with pytest.raises(ObjectNotFound):
        tracker.estimate(*partly, 10.0)  # too long ago to say anything
