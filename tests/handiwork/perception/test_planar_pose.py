import numpy as np
import pytest

from handiwork.perception.planar_pose import pose_error


def test_an_error_is_the_distance_and_the_shorter_turn():
    distance, turn = pose_error(np.array([0.3, 0.4, 3.1]), np.array([0.0, 0.0, -3.1]))
    assert distance == pytest.approx(0.5)
    assert turn == pytest.approx(2 * np.pi - 6.2)
