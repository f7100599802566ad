import numpy as np
import pytest

from handiwork.errors import NotObserved, OutOfOrder, WrongShape
from handiwork.observation import StampedBuffer


def ramp(stamps, capacity=100):
    """A buffer in which the vector at time t is (t, -2 t)."""
    buffer = StampedBuffer(2, capacity)
    for stamp in stamps:
        buffer.add(stamp, np.array([stamp, -2 * stamp]))
    return buffer


@pytest.mark.parametrize("stamp", [1.0, 1.1, 1.25, 2.0])
def test_a_ramp_is_read_back_exactly_at_any_time(stamp):
    np.testing.assert_allclose(ramp([1.0, 1.1, 1.5, 2.0]).at(stamp), [stamp, -2 * stamp])


@pytest.mark.parametrize("stamp", [0.9, 2.1])
def test_a_time_outside_the_observed_is_refused(stamp):
    with pytest.raises(NotObserved, match=r"want 1\.000 to 2\.000 s"):
        ramp([1.0, 2.0]).at(stamp)


def test_an_empty_buffer_says_that_nothing_was_observed():
    for read in (lambda b: b.at(1.0), lambda b: b.window(1.0, 2, 0.1, 0.5)):
        with pytest.raises(NotObserved, match="nothing was observed yet"):
            read(StampedBuffer(2, 10))


@pytest.mark.parametrize("late", [0.5, 1.0])
def test_an_out_of_order_stamp_is_refused_and_not_kept(late):
    buffer = ramp([0.0, 1.0])
    with pytest.raises(OutOfOrder, match=r"came after 1\.0"):
        buffer.add(late, np.zeros(2))
    assert len(buffer) == 2
    np.testing.assert_allclose(buffer.at(0.5), [0.5, -1.0])


def test_values_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="finite"):
        ramp([0.0]).add(1.0, np.array([np.nan, 0.0]))


def test_a_vector_of_another_size_is_refused():
    with pytest.raises(WrongShape, match="vector"):
        ramp([0.0]).add(1.0, np.zeros(3))


def test_only_the_newest_are_kept():
    buffer = ramp(np.arange(10.0), capacity=4)
    assert len(buffer) == 4
    with pytest.raises(NotObserved):
        buffer.at(5.5)


def test_an_angle_goes_the_short_way_round():
    buffer = StampedBuffer(2, 10, angular=np.array([False, True]))
    buffer.add(0.0, np.array([3.0, 3.0]))
    buffer.add(1.0, np.array([-3.0, -3.0]))
    between = buffer.at(0.5)
    assert between[0] == pytest.approx(0.0)
    assert np.cos(between[1]) == pytest.approx(-1.0)


def test_a_window_ends_at_the_asked_time_and_steps_back_by_the_period():
    window = ramp(np.arange(0.0, 2.0, 0.03)).window(1.0, 4, 0.1, 0.5)
    np.testing.assert_allclose(window[:, 0], [0.7, 0.8, 0.9, 1.0])


def test_the_newest_vector_stands_for_times_after_it():
    window = ramp([0.0, 0.5, 1.0]).window(1.05, 3, 0.1, 0.2)
    np.testing.assert_allclose(window[:, 0], [0.85, 0.95, 1.0])


def test_eyes_that_are_too_old_are_refused():
    with pytest.raises(NotObserved, match=r"0\.300 s old, want at most 0\.2 s"):
        ramp([0.0, 0.5, 1.0]).window(1.3, 2, 0.1, 0.2)


def test_a_window_that_is_not_filled_yet_is_refused():
    with pytest.raises(NotObserved, match="for 4 steps"):
        ramp([0.9, 1.0]).window(1.0, 4, 0.1, 0.2)


def test_a_recording_replayed_gives_the_windows_that_live_reading_gave():
    """Live: read after each arrival. Replayed: all there from the start."""
    rng = np.random.default_rng(0)
    stamps = np.cumsum(rng.uniform(0.02, 0.05, 60))
    vectors = rng.normal(size=(60, 2))
    live, seen = StampedBuffer(2, 100), []
    for stamp, vector in zip(stamps, vectors, strict=True):
        live.add(stamp, vector)
        if stamp > 0.4:
            seen.append(live.window(stamp, 3, 0.1, 0.1))
    replayed = [live.window(stamp, 3, 0.1, 0.1) for stamp in stamps if stamp > 0.4]
    np.testing.assert_array_equal(seen, replayed)


def test_clearing_forgets_everything():
    buffer = ramp([0.0, 1.0])
    buffer.clear()
    assert buffer.newest is None
    buffer.add(0.5, np.zeros(2))


def test_a_mask_of_another_size_is_refused():
    with pytest.raises(WrongShape, match="angular"):
        StampedBuffer(2, 10, angular=np.array([True]))
