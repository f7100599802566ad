"""The moving average of weights follows the published decay."""

import torch
from torch import nn

from policies.ema import MovingAverage


def test_the_first_update_copies_and_later_ones_lag():
    module = nn.Linear(1, 1, bias=False)
    average = MovingAverage(module)
    weights = [1.0, 2.0, 5.0]
    expected = 0.0
    for updates, weight in enumerate(weights):
        nn.init.constant_(module.weight, weight)
        average.update()
        decay = 1 - (1 + updates) ** -0.75  # 0 at the first update
        expected = decay * expected + (1 - decay) * weight
        torch.testing.assert_close(average.module.weight.item(), expected)


def test_the_average_is_frozen_and_apart_from_the_module():
    module = nn.Linear(2, 2)
    average = MovingAverage(module)
    assert not any(item.requires_grad for item in average.module.parameters())
    nn.init.zeros_(module.weight)
    assert average.module.weight.abs().sum() > 0
