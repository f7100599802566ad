import numpy as np

from handiwork.robots.wxai import WXAI
from handiwork.sim.coarse_mesh import coarsen, read_stl

LINK = WXAI.model_path().parent / "link_6.stl"


def test_a_coarse_surface_has_fewer_triangles_and_stays_within_a_cell():
    vertices, triangles = read_stl(LINK)
    cell = 0.004
    coarse, fewer = coarsen(vertices, triangles, cell)
    assert len(fewer) < len(triangles)
    distances = np.linalg.norm(vertices[:, None] - coarse[None], axis=2).min(axis=1)
    assert distances.max() <= np.sqrt(3) * cell


def test_no_triangle_that_stays_is_a_line_or_a_twin():
    _, triangles = coarsen(*read_stl(LINK), 0.004)
    corners = np.sort(triangles, axis=1)
    assert np.all(np.diff(corners, axis=1) > 0)
    assert len(np.unique(corners, axis=0)) == len(corners)


def test_a_cell_below_the_detail_changes_nothing():
    vertices, triangles = read_stl(LINK)
    fine, same = coarsen(vertices, triangles, 1e-7)
    assert len(fine) == len(vertices)
    assert len(same) == len(triangles)
