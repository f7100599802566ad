"""A tiny CARP policy for tests."""

import dataclasses

import numpy as np
import torch

from policies.carp import CarpConfig, CarpPolicy, TokenizerConfig, TransformerConfig
from policies.encoders import StateConfig
from policies.generator import InterfaceConfig
from policies.normaliser import Normaliser
from policies.windows import Horizon

CONFIG = CarpConfig(
    interface=InterfaceConfig(
        state_size=3,
        encoder=StateConfig(state_size=3),
        relative_to=(0, 1, -1),
        horizon=Horizon(observed_steps=2, predicted_steps=16, executed_steps=8),
    ),
    tokenizer=TokenizerConfig(codes=24, code_size=4, channels=4, patience=20),
    transformer=TransformerConfig(
        width=16, depth=2, heads=2, inner_width=32, condition_width=16, condition_blocks=1
    ),
)
ACTIONS = CONFIG.interface.action_size


def policy(**changes: object) -> CarpPolicy:
    """With random weights, of a spread that makes its codes and logits differ."""
    torch.manual_seed(0)
    config = dataclasses.replace(CONFIG, **changes)  # type: ignore[arg-type]
    made = CarpPolicy(
        config,
        Normaliser(np.full(3, 0.5), np.zeros(3)),
        Normaliser(np.full((16, ACTIONS), 0.5), np.tile([0.1, -0.2, 0.0], (16, 1))),
    )
    with torch.no_grad():
        made.tokenizer.quantiser.codes.normal_()
        made.transformer.head.normal_()
        for parameter in made.transformer.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
    return made.eval()
