"""The bench can fail, and does not where the gate stands."""

import json

import numpy as np
import pytest

from handiwork.control.limits import Limits
from handiwork.robots.registry import robot
from handiwork.safety import Gate
from handiwork_app.bench.gate_sequence import Sequence
from handiwork_app.bench_gate import PERIODS, audited
from handiwork_app.cli import main

ARM = robot("wxai")
LIMITS = Limits.of(ARM)


def played(seed, **how):
    return audited(Sequence(LIMITS, ARM.home, PERIODS["wxai"], seed, **how).run(), LIMITS)


def test_without_the_gate_the_same_sequences_break_limits_and_with_it_none_is_broken():
    for seed in range(6):
        assert played(seed).violations == 0
        assert played(seed).moved == 0
    without = [played(seed, gated=False) for seed in range(6)]
    assert sum(found.violations for found in without) > 100
    assert np.max([found.worst for found in without], axis=0)[1:].min() > 2


def test_an_arm_that_does_not_obey_a_stop_is_found():
    class Deaf(Gate):
        """A gate that lets everything through once it was enabled."""

        def step(self, wanted, measured, measured_at, now):
            sent = super().step(wanted, measured, measured_at, now)
            if wanted is not None:
                sent.position[:] = wanted.position[0]
            return sent

    sequence = Sequence(LIMITS, ARM.home, PERIODS["wxai"], 1)
    sequence._gate.__class__ = Deaf
    assert sequence.run().moved > 0


def test_a_sequence_is_the_same_every_time_and_another_for_another_seed():
    first, again, other = (
        Sequence(LIMITS, ARM.home, 0.005, seed).run().stretches[0][1] for seed in (3, 3, 4)
    )
    np.testing.assert_array_equal(first, again)
    assert len(first) != len(other) or (first != other).any()


def test_sequences_meet_every_kind_of_bad_chunk_and_stops():
    refused, stops = set(), 0
    for seed in range(20):
        found = played(seed)
        refused |= set(found.refused)
        stops += found.stops
    assert {"not_finite", "stale", "past", "spec", "ahead", "order", "trajectory"} <= refused
    assert stops > 20


def test_the_command_answers_with_its_figures(tmp_path):
    where = tmp_path / "gate.json"
    words = ["robot=wxai", "sequences=3", f"folder={tmp_path}", "--json", str(where)]
    assert main(["bench", "gate", *words]) == 0
    answer = json.loads(where.read_text())
    assert (answer["sequences"], answer["limit_violations"], answer["motion_after_stop"]) == (
        3,
        0,
        0,
    )
    assert answer["refused"] == sum(answer["refused_by_kind"].values())
    assert 0 < answer["step_p50_us"] <= answer["step_p99_us"]
    assert all(0 < share < 1.01 for share in answer["worst_share"].values())


@pytest.mark.parametrize("words", [["sequences=0"], ["robot=spot"]])
def test_no_sequences_or_no_such_robot_are_refused(words, tmp_path, capsys):
    assert main(["bench", "gate", *words, f"folder={tmp_path}"]) == 1
    assert "Say for example" in " ".join(capsys.readouterr().err.split())
