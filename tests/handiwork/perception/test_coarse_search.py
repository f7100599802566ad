"""The coarse search's candidates, before any refinement."""

import numpy as np
import pytest
from table_picture import HEIGHT, TEE, camera_over_table, picture

from handiwork.perception.coarse_search import CoarseSearch
from handiwork.perception.colour_mask import Colour
from handiwork.perception.planar_pose import pose_error
from handiwork.perception.prism import Prism
from handiwork.perception.table_view import TableView

CAMERA = camera_over_table()
LOW, SIDE = np.array([0.09, -0.18]), 0.36
VIEW = TableView(CAMERA, LOW, LOW + SIDE, HEIGHT, 0.01)
SEARCH = CoarseSearch(VIEW, Prism(outline=TEE, height=HEIGHT), LOW, SIDE)
RED = Colour(rgb=(158, 20, 24), hue_tolerance=0.5)


@pytest.mark.parametrize("angle", np.arange(-3.0, 3.1, 1.5))
def test_the_best_candidate_is_within_a_cell_and_an_angle_step_of_the_truth(angle):
    pose = np.array([0.28, 0.03, angle])
    best = SEARCH.candidates(VIEW.look(*picture(CAMERA, pose), RED), most=4, least=0.3)[0]
    distance, turn = pose_error(best, pose)
    assert distance < 2 * 0.004
    assert turn < np.radians(10.0)


def test_an_empty_table_has_no_candidates():
    sighting = VIEW.look(*picture(CAMERA, None), RED)
    assert SEARCH.candidates(sighting, most=4, least=0.05).shape == (0, 3)
