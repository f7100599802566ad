"""Stamps of a device with a clock of its own: the device's steps, none of the journey's jitter."""

import numpy as np

from handiwork.cameras.device_clock import DRIFT, DeviceClock

PERIOD = 1 / 30


def stamps_of(device, arrival):
    clock = DeviceClock()
    return np.array([clock.stamp(*pair) for pair in zip(device, arrival, strict=True)])


def test_late_frames_do_not_show_in_the_stamps():
    device = 77.0 + PERIOD * np.arange(300)
    late = np.random.default_rng(0).exponential(0.01, 300)
    late[0] = 0.0
    stamps = stamps_of(device, 1000.0 + device + late)
    np.testing.assert_allclose(np.diff(stamps), PERIOD, atol=DRIFT * PERIOD + 1e-9)
    np.testing.assert_allclose(stamps, 1000.0 + device, atol=1e-3)


def test_no_frame_is_stamped_after_it_came():
    device = PERIOD * np.arange(300)
    arrival = 50.0 + device + np.random.default_rng(1).exponential(0.01, 300)
    assert (stamps_of(device, arrival) <= arrival + 1e-9).all()


def test_stamps_follow_a_clock_that_drifts_and_always_increase():
    device = PERIOD * np.arange(9000)  # five minutes
    for drift in (-5e-5, 5e-5):
        true = 50.0 + device * (1 + drift)
        stamps = stamps_of(device, true + np.random.default_rng(2).exponential(0.003, 9000))
        assert (np.diff(stamps) > 0).all()
        assert np.abs(stamps - true)[300:].max() < 2e-3


def test_a_recording_that_begins_anew_is_mapped_anew_and_time_goes_on():
    once = 5000.0 + PERIOD * np.arange(30)
    device = np.concatenate([once, once])
    arrival = 100.0 + PERIOD * np.arange(60)
    arrival[30:] += 0.2  # the time it takes to wind back
    np.testing.assert_allclose(stamps_of(device, arrival), arrival, atol=1e-6)


def test_a_host_clock_that_is_set_is_followed():
    device = PERIOD * np.arange(60)
    for step in (-3600.0, 3600.0):
        arrival = 4000.0 + device
        arrival[30:] += step
        np.testing.assert_allclose(stamps_of(device, arrival), arrival, atol=1e-6)
