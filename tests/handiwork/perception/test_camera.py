import numpy as np
import pytest

from handiwork.errors import WrongShape
from handiwork.perception.camera import Camera


def looking_down(height: float = 0.5) -> Camera:
    """Above base's origin, the image's right along base x, so its down is along -y."""
    frame = np.eye(4)
    frame[:3, :3] = np.diag([1.0, -1.0, -1.0])
    frame[2, 3] = height
    k = np.array([[600.0, 0, 320], [0, 500, 240], [0, 0, 1]])
    return Camera(k=k, width=641, height=481, base_from_optical=frame)


def test_the_point_below_the_camera_is_at_the_principal_point():
    np.testing.assert_allclose(looking_down().project(np.zeros(3)), [320, 240])


def test_a_point_is_seen_right_and_down_in_proportion_to_focal_length_over_depth():
    pixel = looking_down(0.5).project(np.array([0.1, -0.05, 0.25]))
    np.testing.assert_allclose(pixel, [320 + 600 * 0.1 / 0.25, 240 + 500 * 0.05 / 0.25])


def test_deprojection_undoes_projection():
    camera = looking_down()
    points = np.random.default_rng(0).uniform(-0.2, 0.2, (4, 5, 3))
    depth = 0.5 - points[..., 2]
    back = camera.deproject(camera.project(points), depth)
    np.testing.assert_allclose(back, points, atol=1e-12)


def test_a_point_behind_the_camera_has_no_image():
    assert np.isnan(looking_down(0.5).project(np.array([0.0, 0.0, 1.0]))).all()


def test_a_camera_without_a_place_is_refused():
    with pytest.raises(WrongShape, match="base_from_optical"):
        Camera(k=np.eye(3), width=2, height=2, base_from_optical=np.eye(3))
