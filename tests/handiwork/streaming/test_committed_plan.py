import numpy as np
import pytest

from handiwork.streaming.committed_plan import CommittedPlan, Plan

EARLY = 0.005


def plan(start=10.0, sequence=1, rows=11):
    return Plan(
        rows=np.arange(2.0 * rows).reshape(rows, 2) + 100 * sequence,
        start=start,
        period=0.1,
        sequence=sequence,
    )


def following(*plans):
    followed = CommittedPlan()
    for sent in plans:
        followed.send(sent)
        followed.take(sent.sequence)
    return followed


def test_nothing_is_committed_before_the_executor_took_a_plan():
    followed = CommittedPlan()
    followed.send(plan())
    assert followed.committed(10.8, 2) is None
    followed.take(1)
    assert followed.committed(10.8, 2) is not None


def test_committed_rows_are_those_due_from_the_new_start_on():
    rows = following(plan()).committed(10.8, 2)
    np.testing.assert_array_equal(rows, plan().rows[8:10])


def test_no_more_rows_are_committed_than_the_plan_has_left():
    np.testing.assert_array_equal(following(plan()).committed(10.9, 7), plan().rows[9:])
    assert following(plan()).committed(11.1, 7) is None


def test_a_delay_of_no_rows_commits_nothing():
    assert following(plan()).committed(10.8, 0) is None


@pytest.mark.parametrize(
    ("newest", "due"),
    [(10.8, 10.8), (10.84, 10.8), (10.899, 10.9), (10.893, 10.8), (11.0, 11.0)],
)
def test_the_next_plan_starts_when_a_row_of_this_one_is_due(newest, due):
    assert following(plan()).due(newest, EARLY) == pytest.approx(due)


def test_when_the_plan_has_run_out_the_next_one_starts_at_its_observation():
    assert following(plan()).due(11.234, EARLY) == 11.234
    assert CommittedPlan().due(11.234, EARLY) == 11.234


def test_a_refused_plan_leaves_the_one_before_in_force():
    followed = following(plan())
    followed.send(plan(10.8, 2))
    followed.refuse(2, stopped=False)
    np.testing.assert_array_equal(followed.committed(10.9, 1), plan().rows[9:10])


def test_when_the_arm_stopped_nothing_is_followed():
    followed = following(plan())
    followed.refuse(2, stopped=True)
    assert followed.committed(10.9, 1) is None


def test_the_newest_plan_taken_is_followed_even_if_another_candidate_was_sent_first():
    followed = CommittedPlan()
    candidates = [plan(10.0, 1), plan(10.0, 2), plan(10.0, 3)]
    for candidate in candidates:
        followed.send(candidate)
    followed.take(2)
    np.testing.assert_array_equal(followed.committed(10.0, 1), candidates[1].rows[:1])


def test_a_chunk_of_somebody_else_replaces_ours():
    followed = following(plan())
    followed.take(77)
    assert followed.committed(10.8, 1) is None


def test_what_is_handed_out_cannot_change_the_plan():
    followed = following(plan())
    followed.committed(10.0, 3)[:] = -1
    np.testing.assert_array_equal(followed.committed(10.0, 3), plan().rows[:3])
