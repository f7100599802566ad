"""Committed rows stay as they are, and what follows them goes on from there."""

import pytest
import torch

from handiwork.errors import WrongShape
from policies.carp.joining import join

CHUNK = torch.linspace(0, 1, 16)[None, :, None].expand(2, 16, 2)


def test_nothing_committed_changes_nothing():
    assert torch.equal(join(CHUNK, torch.zeros(2, 0, 2), 1, 8), CHUNK)


def test_committed_rows_are_exact_and_rows_far_after_them_are_the_policys_own():
    committed = torch.randn(2, 3, 2)
    joined = join(CHUNK, committed, 1, 4)
    assert torch.equal(joined[:, 1:4], committed)
    assert torch.equal(joined[:, :1], CHUNK[:, :1])
    torch.testing.assert_close(joined[:, 7:], CHUNK[:, 7:])


def test_the_first_row_after_the_committed_ones_steps_as_the_policy_does():
    """An offset that is the same in all committed rows is let go slowly: no jump at the join."""
    committed = CHUNK[:, 1:4] + 0.5
    steps = join(CHUNK, committed, 1, 8).diff(dim=1)
    own = CHUNK.diff(dim=1)
    jump = (steps - own)[:, 3]  # from the last committed row to the next
    assert jump.abs().max() < 0.5 * 0.04  # 1 - cos: (1 - cos(pi / 8)) / 2 of the offset
    assert (steps - own)[:, 3:11].sum(1) == pytest.approx(-0.5, abs=1e-5)


def test_a_chunk_that_agrees_with_the_committed_rows_is_left_alone():
    torch.testing.assert_close(join(CHUNK, CHUNK[:, 1:5], 1, 8), CHUNK)


def test_more_committed_rows_than_the_chunk_has_are_refused():
    with pytest.raises(WrongShape, match=r"committed.*at most 15 rows"):
        join(CHUNK, torch.zeros(2, 16, 2), 1, 8)


def test_all_rows_may_be_committed():
    committed = torch.randn(2, 15, 2)
    assert torch.equal(join(CHUNK, committed, 1, 8)[:, 1:], committed)
