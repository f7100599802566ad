"""What a denoiser must fit: the chunk, the condition, and how many noise levels it is told."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ChunkSizes:
    """Sizes from outside the network."""

    predicted_steps: int  # H
    action_size: int  # A
    features: int  # F, of the observation
    levels: int = 1  # of noise: one for the whole chunk, or one for each of its equal parts
