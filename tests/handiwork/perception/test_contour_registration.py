"""The contour's geometry against finite differences and against a filled silhouette."""

import numpy as np
import pytest
from table_picture import HEIGHT, TEE, camera_over_table

from handiwork.perception.contour_registration import visible_contour
from handiwork.perception.prism import Prism, place
from handiwork.perception.table_view import TableView

CAMERA = camera_over_table()
VIEW = TableView(CAMERA, np.array([0.09, -0.18]), np.array([0.45, 0.18]), HEIGHT, 0.01)
POSE = np.array([0.27, 0.02, 0.7])


def test_slopes_are_the_finite_differences_of_the_contour():
    bump = Prism(outline=TEE, height=HEIGHT)
    contour = visible_contour(VIEW, bump, POSE)
    for axis in range(3):
        step = np.zeros(3)
        step[axis] = 1e-6
        ahead, behind = (visible_contour(VIEW, bump, POSE + sign * step) for sign in (1, -1))
        moved = np.sum((ahead.pixels - behind.pixels) * contour.normals, axis=1) / 2e-6
        np.testing.assert_allclose(contour.slopes[:, axis], moved, atol=0.05)


@pytest.mark.parametrize("angle", [-2.5, -1.0, 0.0, 1.3, 3.0])
def test_the_contour_runs_along_the_rim_of_the_silhouette(angle):
    prism = Prism(outline=TEE, height=HEIGHT)
    pose = np.array([0.27, 0.0, angle])
    contour = visible_contour(VIEW, prism, pose)
    silhouette = VIEW.fill(prism.faces(pose))
    assert len(contour.pixels) > 60
    assert VIEW.holds(silhouette, contour.pixels - 1.5 * contour.normals).all()
    assert not VIEW.holds(silhouette, contour.pixels + 1.5 * contour.normals).any()


def test_the_outline_may_run_either_way_round():
    points, outward = Prism(outline=TEE, height=HEIGHT).samples
    back_points, back_outward = Prism(outline=TEE[::-1], height=HEIGHT).samples
    for normals, samples in ((outward, points), (back_outward, back_points)):
        assert np.all(np.hypot(*normals.T) == pytest.approx(1.0))
        middle_of_bar = np.array([0.0, -0.0088])
        ends = np.abs(samples[:, 0]) > 0.034  # the bar's two short ends
        assert np.all(np.sum(normals[ends] * (samples[ends] - middle_of_bar), axis=1) > 0)


def test_placing_turns_first_and_then_moves():
    placed = place(np.array([[1.0, 0.0]]), np.array([2.0, 3.0, np.pi / 2]))
    np.testing.assert_allclose(placed, [[2.0, 4.0]], atol=1e-12)
