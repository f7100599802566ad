"""Dead codes come back to where data is; use is counted per action."""

import math

import torch
from torch import nn

from policies.carp.usage import CodeUsage


def test_at_first_all_codes_are_taken_from_the_data():
    usage, codes = CodeUsage(2, 8, patience=3), nn.Parameter(torch.zeros(2, 8, 4))
    vectors = torch.randn(2, 50, 4)
    usage.revive(codes, vectors, torch.Generator().manual_seed(0))
    for action in range(2):
        same = codes[action].detach()[:, None] == vectors[action]  # (V, N, d)
        assert same.all(-1).any(-1).all()


def test_a_code_that_is_used_stays_and_one_that_is_not_is_moved_after_its_patience():
    usage, codes = CodeUsage(1, 2, patience=3), nn.Parameter(torch.zeros(1, 2, 4))
    usage.idle.zero_()
    vectors, generator = torch.ones(1, 5, 4), torch.Generator().manual_seed(0)
    for step in range(1, 5):
        usage.count(torch.zeros(1, 6, dtype=torch.long))
        usage.revive(codes, vectors, generator)
        assert bool(codes[0, 1].eq(1).all()) == (step == 4)
    assert codes[0, 0].eq(0).all()


def test_the_same_seed_moves_codes_alike():
    moved = []
    for _ in range(2):
        usage, codes = CodeUsage(1, 8, patience=3), nn.Parameter(torch.zeros(1, 8, 4))
        vectors = torch.arange(200.0).view(1, 50, 4)
        usage.revive(codes, vectors, torch.Generator().manual_seed(7))
        moved.append(codes.detach())
    torch.testing.assert_close(moved[0], moved[1], rtol=0, atol=0)


def test_perplexity_is_the_number_of_codes_that_share_the_work():
    usage = CodeUsage(2, 8, patience=3)
    ids = torch.stack([torch.arange(40) % 4, torch.zeros(40, dtype=torch.long)])
    for _ in range(600):
        usage.count(ids)
    torch.testing.assert_close(usage.perplexity, torch.tensor([4.0, 1.0]), atol=0.01, rtol=0)
    assert math.isclose(usage.alive[0].item(), 0.5) and math.isclose(usage.alive[1].item(), 1 / 8)
