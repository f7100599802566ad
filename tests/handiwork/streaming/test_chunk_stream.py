import dataclasses

import numpy as np
import pytest

from handiwork.streaming.chunk_stream import ChunkStream, StreamConfig
from handiwork.streaming.stream_guard import StreamRules

RULES = StreamRules(longest_gap=1.6, largest_jump=100.0, period=0.1, unit="px")
CONFIG = StreamConfig(period=0.1, now=1, executed_steps=8, sent_steps=11, rules=RULES)
PREDICTED = np.arange(32.0).reshape(1, 16, 2)


def planned(stream, newest, predicted=PREDICTED, delay=0.15):
    """One round: asked, answered, taken by the executor; the question and the plan."""
    question = stream.question(newest)
    stream.ask(question)
    [plan, *_] = stream.answer(question, predicted)
    stream.accepted(plan.sequence, delay)
    return question, plan


def test_the_first_chunk_starts_at_its_observation_with_all_rows_open():
    question, plan = planned(ChunkStream(CONFIG), 10.03)
    assert (question.start, question.observed, question.committed) == (10.03, 10.03, None)
    np.testing.assert_array_equal(plan.rows, PREDICTED[0, 1:12])
    assert plan.start == 10.03


def test_the_next_chunk_is_asked_for_when_the_executed_steps_have_passed():
    stream = ChunkStream(CONFIG)
    planned(stream, 10.0)
    assert stream.question(10.7) is None
    assert stream.question(10.79) is None
    assert stream.question(10.797).start == pytest.approx(10.8)  # an early stamp
    assert stream.question(10.797).observed == 10.797  # is not looked ahead of
    assert stream.question(10.8) is not None


def test_rows_that_come_into_force_meanwhile_are_committed_and_sent_unchanged():
    stream = ChunkStream(CONFIG)
    _, first = planned(stream, 10.0, delay=0.15)
    other = PREDICTED + 1000
    question, second = planned(stream, 10.8, other)
    np.testing.assert_array_equal(question.committed, first.rows[8:10])  # 0.15 s is two rows
    np.testing.assert_array_equal(second.rows[:2], first.rows[8:10])
    np.testing.assert_array_equal(second.rows[2:], other[0, 3:12])


def test_rows_stay_due_when_they_were_due_also_if_the_camera_has_another_phase():
    stream = ChunkStream(CONFIG)
    _, first = planned(stream, 10.0)
    question, second = planned(stream, 10.833)
    assert question.start == pytest.approx(10.8)
    assert question.observed == question.start  # an observation of that time, between two images
    assert (second.start - first.start) / 0.1 == pytest.approx(8)


def test_the_measured_delay_decides_how_many_rows_are_committed():
    stream = ChunkStream(CONFIG)
    planned(stream, 10.0, delay=0.05)
    assert stream.delay == pytest.approx(0.05)
    assert len(stream.question(10.8).committed) == 1
    stream = ChunkStream(CONFIG)
    planned(stream, 10.0, delay=0.7)
    assert len(stream.question(10.8).committed) == 3  # all that is left


def test_some_row_is_always_open():
    stream = ChunkStream(dataclasses.replace(CONFIG, executed_steps=1, sent_steps=4))
    planned(stream, 10.0, delay=3.0)
    assert len(stream.question(10.1).committed) == 3


def test_without_real_time_chunking_all_is_open_and_starts_at_the_observation():
    stream = ChunkStream(dataclasses.replace(CONFIG, real_time=False))
    planned(stream, 10.0)
    question, plan = planned(stream, 10.833)
    assert (question.start, question.committed) == (10.833, None)
    np.testing.assert_array_equal(plan.rows, PREDICTED[0, 1:12])


def test_after_the_rows_ran_out_nothing_is_committed():
    stream = ChunkStream(CONFIG)
    planned(stream, 10.0)
    question = stream.question(11.25)
    assert (question.start, question.committed) == (11.25, None)


def test_a_chunk_that_no_executor_answered_for_commits_nothing():
    stream = ChunkStream(CONFIG)
    question = stream.question(10.0)
    stream.ask(question)
    stream.answer(question, PREDICTED)
    assert stream.question(10.8).committed is None


def test_candidates_get_numbers_of_their_own_and_the_same_committed_rows():
    stream = ChunkStream(CONFIG)
    _, first = planned(stream, 10.0)
    question = stream.question(10.8)
    stream.ask(question)
    plans = stream.answer(question, np.random.default_rng(0).normal(size=(3, 16, 2)))
    assert [plan.sequence for plan in plans] == [2, 3, 4]
    for plan in plans:
        np.testing.assert_array_equal(plan.rows[:2], first.rows[8:10])


def test_a_run_that_begins_is_asked_for_at_once_and_remembers_nothing():
    stream = ChunkStream(CONFIG)
    planned(stream, 10.0)
    stream.begin("run 2 began")
    question = stream.question(10.1)
    assert question.committed is None
    assert stream.ask(question) == "run 2 began"
    assert stream.ask(question) is None


def test_the_policy_is_told_to_forget_what_the_executor_refused():
    stream = ChunkStream(CONFIG)
    planned(stream, 10.0)
    stream.ask(stream.question(10.8))
    stream.refused(2, stopped=False)
    question = stream.question(11.6)
    assert "chunk 2 was refused" in stream.ask(question)


def test_a_jump_between_two_questions_is_noticed():
    stream = ChunkStream(CONFIG)
    planned(stream, 10.0)
    for step in range(9):
        stream.observe(10.0 + 0.1 * step, np.array([0.0, 300.0 if step > 4 else 0.0]))
    assert "jumped by 300 px" in stream.ask(stream.question(10.8))
