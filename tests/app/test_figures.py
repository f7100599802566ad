"""Figures of a run say what its files hold."""

import numpy as np
import pytest
from episode_files import arrays

from handiwork.tasks.push_t import TableSquare
from handiwork_app.report.episodes import CommandLog, Episode
from handiwork_app.report.figures import figures, interval, pose_errors, refusals


def episode(**changed: object) -> Episode:
    return Episode(**arrays(**changed))


def test_a_perfect_camera_has_no_pose_error() -> None:
    distance, turn = pose_errors(episode(), TableSquare())
    assert len(distance) == 21
    np.testing.assert_allclose(distance, 0, atol=1e-12)
    np.testing.assert_allclose(turn, 0, atol=1e-12)


def test_a_pose_error_is_measured_where_the_t_was_at_the_image_s_stamp() -> None:
    whole = episode()
    between = whole.truth_time[:-1] + 0.05
    middle = (whole.estimate_pose[1:] + whole.estimate_pose[:-1]) / 2
    shifted = middle + np.array([0.003, 0.004, np.radians(2.0)])
    distance, turn = pose_errors(
        episode(estimate_time=between, estimate_pose=shifted), TableSquare()
    )
    np.testing.assert_allclose(distance, 0.005, atol=1e-9)
    np.testing.assert_allclose(np.degrees(turn), 2.0, atol=1e-6)


def test_an_angle_error_across_the_turn_is_small() -> None:
    whole = episode()
    block = whole.truth_block_px.copy()
    block[:, 2] = np.linspace(np.pi - 0.1, np.pi + 0.1, len(block))
    seen = TableSquare().pose_to_base(block)
    seen[:, 2] = (seen[:, 2] + np.pi) % (2 * np.pi) - np.pi  # as a node reports it
    _, turn = pose_errors(episode(truth_block_px=block, estimate_pose=seen), TableSquare())
    np.testing.assert_allclose(turn, 0, atol=1e-9)


def test_a_refused_chunk_is_not_in_time_and_its_latency_does_not_count() -> None:
    whole = episode()
    accepted = np.ones(21, bool)
    accepted[3] = False
    late = whole.report_observation_to_trajectory_s.copy()
    late[3] = 99.0
    found = figures([episode(report_accepted=accepted, report_observation_to_trajectory_s=late)])
    assert found["chunks_refused"] == 1
    assert found["chunks_in_time_rate"] == pytest.approx(20 / 21)
    assert found["camera_to_trajectory_p95_ms"] < 71
    assert found["chunk_to_trajectory_p95_ms"] == pytest.approx(4.0)


def test_scores_are_those_of_the_benchmark() -> None:
    won = np.linspace(0, 0.97, 21)
    found = figures([episode(), episode(truth_coverage=won)])
    assert found["score_per_episode"] == pytest.approx([0.9 / 0.95, 1.0])
    assert found["success_rate"] == 0.5
    assert found["score_mean"] == pytest.approx((0.9 / 0.95 + 1.0) / 2)


def test_the_interval_is_students() -> None:
    # Mean 0.5, standard deviation 0.1, n = 4: t(0.975, 3) = 3.182 in any table of Student's t.
    values = np.array([0.5 - 0.0866025, 0.5 - 0.0866025, 0.5 + 0.0866025, 0.5 + 0.0866025])
    assert interval(values) == pytest.approx([0.5 - 0.1591, 0.5 + 0.1591], abs=1e-4)
    assert interval(np.array([0.5])) is None


def test_an_episode_in_which_nothing_came_scores_nothing() -> None:
    empty = {
        name: np.asarray(value)[:0]
        for name, value in arrays().items()
        if name.startswith(("truth", "estimate", "report", "loop"))
    }
    found = figures([episode(**empty)])
    assert found["score_mean"] == 0.0 and found["chunks_in_time_rate"] == 0.0
    assert found["pose_error_median_mm"] is None and found["controller_rate_hz"] is None


def test_reasons_are_counted_whatever_their_numbers() -> None:
    reasons = np.array(["chunk 3 ended 0.2 s ago", "chunk 9 ended 0.4 s ago", *[""] * 19])
    accepted = np.array([False, False, *[True] * 19])
    found = refusals([episode(report_reason=reasons, report_accepted=accepted)])
    assert found == {"chunk N ended N s ago": 2}


def test_a_command_log_is_cut_where_the_arm_was_put_back() -> None:
    times = np.arange(10.0)
    log = CommandLog(
        names=np.array(["a"]), times=times, positions=times[:, None], resets=np.array([4.0, 8.0])
    )
    assert [list(times[part]) for part in log.stretches()] == [[0, 1, 2, 3, 4], [5, 6, 7, 8], [9]]
