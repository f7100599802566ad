"""Streams of an acting policy: each keeps its own plan."""

import dataclasses

import numpy as np

from policies.acting import ActingPolicy
from policies.spec import PUSH_T
from policies.streaming import StreamingConfig
from tests.policies.streaming.track import CONFIG, policy, state_at


def acting(config: StreamingConfig = CONFIG) -> ActingPolicy:
    return ActingPolicy(policy(config), PUSH_T)


def test_forgetting_a_stream_leaves_the_others_their_plans():
    kept, forgot = acting(), acting()
    first, second = ({"state": state_at(time, 3).numpy()} for time in (0, 4))
    kept.propose_batch(first)
    forgot.propose_batch(first)
    forgot.forget(1)
    ours, theirs = kept.propose_batch(second), forgot.propose_batch(second)
    np.testing.assert_array_equal(ours[[0, 2]], theirs[[0, 2]])
    assert np.abs(ours[1] - theirs[1]).max() > 1e-3


def test_streams_keep_their_plans_when_others_end():
    made = acting(dataclasses.replace(CONFIG, primer="denoise"))
    made.propose_batch({"state": state_at(0, 3).numpy()}, [0, 1, 2])
    calls = []
    made._compute = {
        **made._compute,
        "denoise": lambda *inputs: calls.append(inputs) or made.policy.denoiser(*inputs),
    }
    made.propose_batch({"state": state_at(4, 2).numpy()}, [2, 0])
    assert [len(noisy) for noisy, _, _ in calls] == [2, 2]  # no plan began


def test_candidates_differ_and_a_seed_brings_them_back():
    made, observed = acting(), {"state": state_at(0)[0].numpy()}
    runs = []
    for _ in range(2):
        made.reset(7)
        runs.append([made.propose(observed, count=3) for _ in range(3)])
    np.testing.assert_array_equal(runs[0], runs[1])
    assert np.abs(np.diff(runs[0][-1], axis=0)).max(axis=(1, 2)).min() > 1e-3
