"""Words over scales: they add up, and each scale says the nearest thing to what is left."""

import pytest
import torch

from policies.carp import TokenizerConfig
from policies.carp.quantiser import ResidualQuantiser, averaging, cubic

CONFIG = TokenizerConfig(codes=32, code_size=4, channels=4)


def quantiser(config: TokenizerConfig = CONFIG, actions: int = 3) -> ResidualQuantiser:
    torch.manual_seed(0)
    made = ResidualQuantiser(config, actions)
    torch.nn.init.normal_(made.codes)
    return made


def test_the_words_of_all_scales_add_up_to_the_last_sum():
    made, features = quantiser(), torch.randn(5, 3, 4, 4)
    words = made.words(features)
    total = torch.stack([made.say(ids, scale) for scale, ids in enumerate(words.ids)]).sum(0)
    torch.testing.assert_close(total, words.sums[-1])
    assert [tuple(ids.shape) for ids in words.ids] == [(5, 3, scale) for scale in (1, 2, 3, 4)]


def test_a_sum_of_codes_is_said_without_loss_where_nothing_smooths():
    made = quantiser(TokenizerConfig(scales=(4,), codes=32, code_size=4))
    smooth = made.smooth[0]
    assert isinstance(smooth, torch.nn.Conv1d) and smooth.bias is not None
    torch.nn.init.dirac_(smooth.weight, groups=3)
    torch.nn.init.zeros_(smooth.bias)
    ids = torch.randint(32, (5, 3, 4))
    words = made.words(made.say(ids, 0))
    torch.testing.assert_close(words.ids[0], ids)
    torch.testing.assert_close(words.sums[0], made.say(ids, 0))


def test_the_code_that_is_chosen_is_the_nearest_of_its_own_action():
    made, features = quantiser(), torch.randn(5, 3, 4, 2)
    chosen = made.nearest(features)
    for action in range(3):
        points = features[:, action].transpose(1, 2).flatten(0, 1)  # (5 * 2, 4)
        expected = torch.cdist(points, made.codes[action]).argmin(-1)
        torch.testing.assert_close(chosen[:, action].flatten(), expected)


def test_actions_do_not_touch_each_other():
    made, features = quantiser(), torch.randn(5, 3, 4, 4)
    other = features.clone()
    other[:, 1] += 1.0
    before, after = made.words(features).sums[-1], made.words(other).sums[-1]
    torch.testing.assert_close(before[:, [0, 2]], after[:, [0, 2]])
    assert not torch.allclose(before[:, 1], after[:, 1])


def test_an_exchanged_word_is_mended_by_the_next_scales():
    """The nearest word is still the lesson, and what follows is about what was really said."""
    made, features = quantiser(), torch.randn(5, 3, 4, 4)
    exchanged = [torch.full((5, 3, s), k == 0) for k, s in enumerate(CONFIG.scales)]
    plain, mended = made.words(features), made.words(features, exchanged)
    torch.testing.assert_close(mended.ids[0], plain.ids[0])
    torch.testing.assert_close(mended.sums[0], made.say(plain.ids[0][[1, 0, 3, 2, 4]], 0))
    left = made.coarsen(features - mended.sums[0], 1)
    torch.testing.assert_close(mended.ids[1], made.nearest(left))


@pytest.mark.parametrize(("steps", "fewer"), [(4, 1), (4, 2), (4, 3), (4, 4), (8, 3)])
def test_means_over_stretches_keep_constants(steps: int, fewer: int):
    torch.testing.assert_close(averaging(steps, fewer).sum(-1), torch.ones(fewer))
    torch.testing.assert_close(cubic(fewer, steps).sum(-1), torch.ones(steps))


def test_means_over_halves():
    expected = torch.tensor([[0.5, 0.5, 0.0, 0.0], [0.0, 0.0, 0.5, 0.5]])
    torch.testing.assert_close(averaging(4, 2), expected)
