"""What reaches a generator from outside: rows that are already promised to the robot."""

import numpy as np
import pytest
import torch

from handiwork.errors import BadValue, WrongShape
from policies.acting import ActingPolicy
from policies.generator import eager
from tests.policies.runtime import generators as make


@pytest.fixture
def acting() -> ActingPolicy:
    policy = make.diffusion(make.MLP, make.KEYPOINTS)
    acting = ActingPolicy(policy, make.SPEC, eager(policy), torch.device("cpu"))
    acting.reset(seed=0)
    return acting


def test_no_committed_rows_are_as_good_as_none_at_all(acting: ActingPolicy):
    seen = make.observation()
    free = acting.propose(seen)
    acting.reset(seed=0)
    np.testing.assert_array_equal(acting.propose(seen, committed=np.zeros((0, 0))), free)


@pytest.mark.parametrize(
    ("rows", "error"),
    [(np.zeros((2, 3)), WrongShape), (np.full((2, 2), np.nan), BadValue)],
    ids=["another width", "not finite"],
)
def test_committed_rows_that_cannot_be_are_refused(
    acting: ActingPolicy, rows: np.ndarray, error: type[Exception]
):
    with pytest.raises(error, match="committed"):
        acting.propose(make.observation(), committed=rows)
