"""Weight decay shrinks the matrices of layers, and nothing else."""

import torch

from policies.denoisers import ChunkSizes, TransformerConfig, make_denoiser
from policies.training.config import TrainingConfig
from policies.training.optimiser import make_optimiser

CONFIG = TrainingConfig(learning_rate=0.1, weight_decay=0.5)


def test_without_a_gradient_only_matrices_of_layers_move():
    network = make_denoiser(
        TransformerConfig(width=8, layers=1, heads=2),
        ChunkSizes(predicted_steps=4, action_size=2, features=3),
    )
    with torch.no_grad():
        for item in network.parameters():
            item.fill_(1.0)
            item.grad = torch.zeros_like(item)
    make_optimiser([network], CONFIG).step()
    for name, item in network.named_parameters():
        place, vector = "places" in name, item.ndim < 2
        wanted = 1.0 if place or vector else 1.0 - 0.1 * 0.5
        torch.testing.assert_close(item.detach(), torch.full_like(item, wanted), msg=name)


def test_what_is_not_given_to_it_does_not_move():
    learns, rests = torch.nn.Linear(2, 2), torch.nn.Linear(2, 2)
    before = rests.weight.clone()
    (learns(rests(torch.ones(2))).sum()).backward()
    make_optimiser([learns], CONFIG).step()
    assert torch.equal(rests.weight, before)
