"""Likeness to a colour, on pixels mixed by hand."""

import numpy as np
import pytest

from handiwork.perception.colour_mask import EDGE, Colour

RED = Colour(rgb=(158, 20, 24), hue_tolerance=0.5)


def likeness(*pixel: float) -> int:
    return int(RED.likeness(np.array([[pixel]], np.uint8))[0, 0])


def test_the_colour_itself_is_alike_and_grey_is_not():
    assert likeness(158, 20, 24) > 250
    assert all(likeness(level, level, level) < 5 for level in (0, 60, 180, 255))


@pytest.mark.parametrize("pixel", [(60, 70, 170), (140, 200, 142), (200, 180, 40)])
def test_other_hues_are_not_alike_however_strong(pixel):
    assert likeness(*pixel) < EDGE


def test_a_shaded_side_is_still_alike():
    assert likeness(126, 16, 19) > EDGE


def test_mixing_in_more_of_the_table_never_makes_a_pixel_more_alike():
    block, table = np.array([158.0, 20.0, 24.0]), np.array([180.0, 178.0, 172.0])
    values = [likeness(*(share * table + (1 - share) * block)) for share in np.linspace(0, 1, 21)]
    assert values[0] > EDGE > values[-1]
    assert np.all(np.diff(values) <= 1)
    assert values[4] > EDGE > values[16]  # the edge is between a fifth and four fifths
