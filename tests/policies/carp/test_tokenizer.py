"""The tokenizer: actions apart, dead dimensions harmless, codes in use after a short training."""

import torch

from policies.carp import TokenizerConfig
from policies.carp.tokenizer import ActionTokenizer

CONFIG = TokenizerConfig(codes=24, code_size=4, channels=8, patience=20)


def chunks(count: int, generator: torch.Generator) -> torch.Tensor:
    """(B, 16, 3): to the left or to the right by some way, how fast it ends, and nothing at all."""
    side = torch.randint(2, (count, 1), generator=generator) * 2.0 - 1
    far, bend = torch.rand(2, count, 1, generator=generator)
    time = torch.linspace(0, 1, 16)
    return torch.stack([side * (0.5 + far) * time, time ** (1 + 2 * bend), 0 * time * far], dim=-1)


def trained(steps: int) -> tuple[ActionTokenizer, list[float]]:
    torch.manual_seed(0)
    tokenizer, generator = ActionTokenizer(CONFIG, 3), torch.Generator().manual_seed(0)
    optimiser = torch.optim.AdamW(tokenizer.parameters(), lr=3e-3)
    losses = []
    for _ in range(steps):
        loss = tokenizer.loss(chunks(32, generator), generator)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return tokenizer.eval(), losses


def test_a_short_training_uses_the_codes_and_keeps_both_ways():
    """Left and right stay apart, also for an action that is always the same."""
    tokenizer, _ = trained(100)
    perplexity = tokenizer.usage.perplexity
    assert (perplexity[:2] > 6).all() and (tokenizer.usage.alive[:2] > 0.9).all()
    chunk = chunks(256, torch.Generator().manual_seed(1))
    with torch.no_grad():
        back = tokenizer.decode(tokenizer.words(chunk).sums[-1])
    variance = chunk[..., :2].var(0).mean((0, 1))
    assert (back - chunk)[..., :2].square().mean() < 0.05 * variance
    assert (back - chunk)[..., 2].abs().max() < 0.1
    assert (back[:, -1, 0].sign() == chunk[:, -1, 0].sign()).all()


def test_actions_do_not_touch_each_other():
    torch.manual_seed(0)
    tokenizer = ActionTokenizer(CONFIG, 3).eval()
    torch.nn.init.normal_(tokenizer.quantiser.codes)
    chunk = torch.randn(4, 16, 3)
    other = chunk.clone()
    other[..., 1] += 1.0
    with torch.no_grad():
        before, after = (tokenizer.decode(tokenizer.words(x).sums[-1]) for x in (chunk, other))
    torch.testing.assert_close(before[..., [0, 2]], after[..., [0, 2]])
    assert not torch.allclose(before[..., 1], after[..., 1])


def test_the_gradient_passes_the_choice_of_codes():
    torch.manual_seed(0)
    tokenizer = ActionTokenizer(CONFIG, 3).eval()
    tokenizer.loss(torch.randn(4, 16, 3), torch.Generator()).backward()
    for name, parameter in tokenizer.named_parameters():
        assert parameter.grad is not None and parameter.grad.isfinite().all(), name
    first = tokenizer.encoder[0]
    assert isinstance(first, torch.nn.Conv1d) and first.weight.grad is not None
    assert first.weight.grad.abs().sum() > 0


def test_validation_moves_no_code():
    torch.manual_seed(0)
    tokenizer = ActionTokenizer(CONFIG, 3).eval()
    before = tokenizer.state_dict()
    before = {name: value.clone() for name, value in before.items()}
    tokenizer.loss(torch.randn(4, 16, 3), torch.Generator())
    for name, value in tokenizer.state_dict().items():
        torch.testing.assert_close(value, before[name], rtol=0, atol=0)


def test_two_trainings_are_alike_bit_for_bit():
    _, first = trained(5)
    _, second = trained(5)
    assert first == second
