"""A policy that knows two ways and forgets which it took, streamed to the executor: with the rows
that are followed meanwhile as a prefix it stays on its way, without them it turns back and forth.

Shapes: H predicted rows, R committed rows.
"""

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from handiwork.chunks import ActionChunk, ChunkRules
from handiwork.control.limits import Limits
from handiwork.control.sampling import sample, sample_all
from handiwork.executor import Executor
from handiwork.safety import audit
from handiwork.streaming.chunk_stream import ChunkStream, StreamConfig
from handiwork.streaming.stream_guard import StreamRules
from handiwork.tasks.push_t_execution import PUSH_T_EXECUTION
from tests.fakes import Gantry

PERIOD = 0.1
TICK = 0.002  # [s] between the commands that are looked at
REST = np.array([0.27, 0.0, 0.008])
LIMITS = Limits(
    names=("x_axis", "y_axis", "z_axis"),
    lower=np.full(3, -1.0),
    upper=np.full(3, 1.0),
    velocity=np.full(3, 2.0),
    acceleration=np.full(3, 20.0),
    jerk=np.full(3, 1000.0),
)


@dataclass
class TwoWays:
    """Targets on the left or on the right of the middle, by chance, unless rows are committed."""

    rng: np.random.Generator
    apart: float = 0.05  # [m] from the middle

    def propose(self, start, committed):
        """(H, 2) [m] rows due from `start` on."""
        times = start + PERIOD * np.arange(15)
        ways = [
            np.stack(
                [
                    REST[0] + 0.03 * np.sin(times),
                    side * self.apart * (0.6 + 0.4 * np.sin(2 * times)),
                ],
                axis=1,
            )
            for side in (-1, 1)
        ]
        if committed is None:
            return ways[self.rng.integers(2)]
        return min(ways, key=lambda way: np.abs(way[: len(committed)] - committed).max())


@dataclass
class Streamed:
    """What a run left: times and commands, and what each switch changed."""

    times: list[np.ndarray] = field(default_factory=list)
    commands: list[np.ndarray] = field(default_factory=list)
    position_steps: list[float] = field(default_factory=list)  # [m]
    velocity_steps: list[float] = field(default_factory=list)  # [m/s]
    plan_changes: list[float] = field(default_factory=list)  # [m] in what both plans say


def streamed(seed, real_time, slowest=0.12, chunks=10):
    """Images come each 0.1 s with a jitter; what is made of them takes up to `slowest` [s]."""
    rng = np.random.default_rng(seed)
    rules = StreamRules(longest_gap=9.0, largest_jump=9.0, period=PERIOD, unit="m")
    stream = ChunkStream(
        StreamConfig(
            period=PERIOD, now=0, executed_steps=8, sent_steps=11, rules=rules, real_time=real_time
        )
    )
    policy = TwoWays(rng)
    arm = Executor(PUSH_T_EXECUTION, ChunkRules(names=("x", "y"), space="pose"), Gantry(), LIMITS)
    run, running, told, rest = Streamed(), None, 0.0, REST
    for newest in PERIOD * np.arange(8 * chunks) + rng.uniform(0, 0.003, 8 * chunks):
        question = stream.question(newest)
        if question is None:
            continue
        stream.ask(question)
        [plan] = stream.answer(question, policy.propose(question.start, question.committed)[None])
        now = newest + rng.uniform(0.03, slowest)
        if running is not None:
            instants = np.arange(told, now, TICK)
            run.times.append(instants)
            run.commands.append(sample_all(running[0], instants)[0])
            rest = run.commands[-1][-1]
        chunk = chunk_of(plan, question.observed)
        output = arm.on_chunk(chunk, now, rest)
        assert output.report.accepted, output.report.reason
        stream.accepted(plan.sequence, output.report.switch - question.observed)
        if running is not None:
            compare(run, running, (output.trajectory, chunk), output.report.switch)
        running, told = (output.trajectory, chunk), now if running is None else instants[-1] + TICK
    return run


def chunk_of(plan, observed):
    """What an executor is sent."""
    return ActionChunk(
        rows=plan.rows.astype(np.float32),
        names=("x", "y"),
        space="pose",
        frame="base_link",
        start=plan.start,
        period=PERIOD,
        observed=observed,
        sequence=plan.sequence,
    )


def compare(run, old, new, switch):
    """What the arm would have done, against what it will do."""
    before, after = (sample(trajectory, switch) for trajectory, _ in (old, new))
    run.position_steps.append(np.abs(after.position - before.position).max())
    run.velocity_steps.append(np.abs(after.velocity - before.velocity).max())
    both = np.arange(switch, max(old[1].end, switch) + PERIOD, 0.01)
    there = [sample_all(trajectory, both)[0] for trajectory, _ in (old, new)]
    run.plan_changes.append(np.abs(there[1] - there[0]).max())


@hypothesis_settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.03, 0.35), st.booleans())
def test_whatever_the_chunks_say_switching_makes_no_step_in_position_or_velocity(
    seed, slowest, real_time
):
    run = streamed(seed, real_time, slowest, chunks=6)
    assert max(run.position_steps) < 1e-9
    assert max(run.velocity_steps) < 1e-9
    found = audit(np.concatenate(run.times), np.concatenate(run.commands), LIMITS)
    assert (found.violations, found.steps) == (0, 0), found


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_with_committed_rows_the_plan_hardly_changes_and_without_it_turns_round(seed):
    without = np.array(streamed(seed, real_time=False).plan_changes)
    with_them = np.array(streamed(seed, real_time=True).plan_changes)
    assert np.count_nonzero(without > 0.01) >= 3  # by chance: every second time
    assert with_them.max() < 0.001
