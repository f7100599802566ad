"""AdamW over what learns; only matrices decay."""

from collections.abc import Iterable

import torch
from torch import nn

from policies.training.config import TrainingConfig

WEIGHTS = ("weight", "in_proj_weight")  # what torch calls the matrices of its layers


def make_optimiser(modules: Iterable[nn.Module], config: TrainingConfig) -> torch.optim.AdamW:
    """Matrices of layers decay; to pull biases, norms and codes of places to zero means nothing."""
    decays: list[nn.Parameter] = []
    keeps: list[nn.Parameter] = []
    for learned in modules:
        for module in learned.modules():
            for name, item in module.named_parameters(recurse=False):
                code = isinstance(module, nn.Embedding)
                matrix = name in WEIGHTS and item.ndim >= 2 and not code
                (decays if matrix else keeps).append(item)
    groups = [{"params": decays}, {"params": keeps, "weight_decay": 0.0}]
    return torch.optim.AdamW(
        [group for group in groups if group["params"]],
        lr=config.learning_rate,
        betas=config.betas,
        weight_decay=config.weight_decay,
        fused=True,
    )
