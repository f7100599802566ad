"""Acting pass by pass says what the transformer learned to say of all scales at once."""

import torch

from policies.carp.choice import drawn, likeliest
from policies.carp.planner import Planner
from policies.carp.transformer import block_causal
from tests.policies.carp.small import ACTIONS, policy


def test_logits_with_cached_keys_equal_those_of_one_masked_pass():
    made = policy()
    features = torch.randn(4, made.encoder.size)
    planner = Planner(made.tokenizer, made.transformer, 5)
    with torch.no_grad():
        _, words, logits = planner.plan(features, torch.rand(4, 4))
        quantiser, said, coarser = made.tokenizer.quantiser, torch.zeros(()), []
        for scale in range(3):
            ids = words[:, made.transformer.rows(scale)].transpose(1, 2)
            said = said + quantiser.say(ids, scale)
            coarser.append(quantiser.coarsen(said, scale + 1))
        taught = made.transformer(features, coarser)
    torch.testing.assert_close(taught, logits, atol=1e-5, rtol=0)


def test_the_lesson_of_a_chunk_is_what_the_planner_says_when_it_has_learned_it():
    """Words go through the order scale, time, action and back: an oracle's words make the chunk."""
    made = policy(corruption=0.0)
    chunk = torch.randn(4, 16, ACTIONS)
    ids, _ = made.lesson(chunk, torch.Generator())
    said = torch.zeros(())
    for scale in range(4):
        rows = made.transformer.rows(scale)
        said = said + made.tokenizer.quantiser.say(ids[:, rows].transpose(1, 2), scale)
    words = made.tokenizer.words(chunk)
    torch.testing.assert_close(said, words.sums[-1])
    start = 0
    for scale, size in enumerate((1, 2, 3, 4)):
        for time in range(size):
            for action in range(ACTIONS):
                place = start + time * ACTIONS + action
                assert torch.equal(ids.flatten(1)[:, place], words.ids[scale][:, action, time])
        start += size * ACTIONS


def test_a_token_sees_its_own_and_coarser_scales_only():
    mask = block_causal((1, 2), 2)  # two tokens, then four
    assert (mask[:2, :2] == 0).all() and (mask[2:] == 0).all()
    assert mask[:2, 2:].isneginf().all()


def test_a_finer_word_does_not_change_what_is_said_of_coarser_scales():
    made = policy()
    features = torch.randn(2, made.encoder.size)
    coarser = [torch.randn(2, ACTIONS, 4, size) for size in (2, 3, 4)]
    with torch.no_grad():
        before = made.transformer(features, coarser)
        coarser[2] = coarser[2] + 1.0
        after = made.transformer(features, coarser)
    torch.testing.assert_close(before[:, :6], after[:, :6])
    assert not torch.allclose(before[:, 6:], after[:, 6:])


def test_drawing_among_one_takes_the_likeliest():
    logits = torch.randn(5, 3, 2, 7)
    assert torch.equal(drawn(logits, 1, torch.rand(5)), likeliest(logits))


def test_codes_are_drawn_as_often_as_they_are_likely():
    """Exact: the draws cover [0, 1) evenly, so shares are the probabilities."""
    share = torch.tensor([0.1, 0.5, 0.15, 0.25])
    even = (torch.arange(1000) + 0.5) / 1000
    ids = drawn(share.log().expand(1000, 1, 1, 4), 4, even)
    torch.testing.assert_close(torch.bincount(ids.flatten()) / 1000, share, atol=1e-3, rtol=0)
    best = drawn(share.log().expand(1000, 1, 1, 4), 2, even)  # 0.5 and 0.25 of the two likeliest
    expected = torch.tensor([0.0, 2 / 3, 0.0, 1 / 3])
    torch.testing.assert_close(
        torch.bincount(best.flatten(), minlength=4) / 1000, expected, atol=2e-3, rtol=0
    )


def test_two_ways_to_go_are_not_mixed_across_actions():
    """Codes 0, 2 are one way and 3, 1 the other: x and y always take the same."""
    logits = torch.full((200, 1, 2, 4), -20.0)
    for action, (one, other) in enumerate([(0, 3), (2, 1)]):
        logits[..., action, one], logits[..., action, other] = 0.6, 0.4
    x, y = drawn(logits, 4, torch.rand(200)).squeeze(1).T
    assert 0 < (x == 0).sum() < 200
    assert torch.equal(x == 0, y == 2) and torch.equal(x == 3, y == 1)
