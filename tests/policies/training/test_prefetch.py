"""Batches come in their order, ahead of their time; what goes wrong in the thread is seen."""

import threading
import time

import pytest

from policies.training.prefetch import AHEAD, Prefetcher


def test_all_steps_come_once_and_in_order():
    batches = Prefetcher(lambda step: step * step, 3, 20)
    assert [batches.take() for _ in range(17)] == [step * step for step in range(3, 20)]
    batches.close()


def test_batches_are_made_before_they_are_wanted_but_not_too_many():
    made, all_made = [], threading.Event()

    def make(step: int) -> int:
        made.append(step)
        if len(made) == AHEAD:
            all_made.set()
        return step

    batches = Prefetcher(make, 0, 100)
    assert all_made.wait(10)
    time.sleep(0.05)
    assert made == list(range(AHEAD))
    batches.close()


def test_the_wait_for_a_slow_source_is_measured():
    batches = Prefetcher(lambda step: time.sleep(0.05), 0, 3)
    for _ in range(3):
        batches.take()
    assert batches.waited >= 0.12
    batches.close()


def test_an_error_in_the_thread_is_raised_where_the_batch_is_taken():
    def make(step: int) -> int:
        raise OSError("the disk is gone")

    batches = Prefetcher(make, 0, 1)
    with pytest.raises(OSError, match="the disk is gone"):
        batches.take()
    batches.close()
