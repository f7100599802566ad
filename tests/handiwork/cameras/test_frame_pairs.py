"""Colour and depth of one moment make a pair; kinds that never meet are named out of step."""

from handiwork.cameras.frame_count import FrameCount
from handiwork.cameras.frame_pairs import PATIENCE, FramePairs

PERIOD = 1 / 30


def pairs():
    return FramePairs(("depth", "color"), PERIOD / 2)


def test_frames_pair_whichever_comes_first_and_however_late():
    found, kinds = [], pairs()
    for step in range(12):
        found.append(kinds.add("depth", step * PERIOD, f"depth {step}"))
        if step >= 2:  # colour is two frames late, and taken 4 ms after depth
            found.append(kinds.add("color", (step - 2) * PERIOD + 0.004, f"color {step - 2}"))
    told = [{kind: item[1] for kind, item in each.items()} for each in found if each]
    assert told == [{"color": f"color {n}", "depth": f"depth {n}"} for n in range(10)]


def test_a_frame_whose_partner_was_lost_stays_alone():
    kinds = pairs()
    assert kinds.add("depth", 0.0, None) is None
    assert kinds.add("color", PERIOD, None) is None
    assert kinds.add("depth", PERIOD, None) is not None
    assert kinds.add("color", 0.0, None) is None  # its partner is set aside


def test_one_kind_alone_needs_no_partner():
    assert FramePairs(("color",), PERIOD / 2).add("color", 1.0, "it") == {"color": (1.0, "it")}


def test_images_of_three_cameras_make_a_set_when_the_last_one_comes():
    cameras, found = FramePairs(("left", "right", "hand"), 0.01), []
    for step in range(3):
        for name, later in (("hand", 0.004), ("left", 0.0), ("right", -0.003)):
            found.append(cameras.add(name, step * PERIOD + later, step))
    sets = [{frame for _, frame in each.values()} for each in found if each]
    assert sets == [{0}, {1}, {2}]


def test_kinds_out_of_step_are_said_with_how_far_and_no_more_once_they_meet():
    kinds = pairs()
    for step in range(PATIENCE):
        assert not kinds.trouble
        assert kinds.add("depth", step * PERIOD, None) is None
        assert kinds.add("color", 0.4 + step * PERIOD, None) is None
    assert "depth and color are out of step" in kinds.trouble
    assert "400.0 ms apart" in kinds.trouble
    kinds.add("depth", 5.0, None)
    kinds.add("color", 5.0, None)
    assert not kinds.trouble


def test_gaps_in_the_numbers_are_lost_frames_and_counting_anew_is_not():
    count = FrameCount()
    for number in (7, 8, 11, 12, 0, 1):
        count.add(number, number * PERIOD)
    assert (count.received, count.lost) == (6, 2)
    assert abs(count.rate - 30) < 1e-6
