"""Noise levels of streamed chunks: each chunk of a plan is cleaner than the one after it.

A plan of h chunks lives on N levels, from 0, the least noise, to N - 1, all noise; level -1 is
clean. A level is a place on the schedule of T training steps by a map that reaches its last one,
so N and T may differ. Level -1 has no such place: it never reaches a network.

Source: Hoeg et al., Streaming Diffusion Policy, arXiv:2406.04806, section 4; that the last level
must be all noise: Lin et al., arXiv:2305.08891, section 3.3 ("trailing").
Shapes: B batch, h chunks, N levels, T training steps.
"""

import torch
from diffusers import DDIMScheduler
from torch import Tensor, nn

from policies.samplers import SCHEDULE


class NoiseLevels(nn.Module):
    """The levels of h chunks: which of them are met, and how much signal each leaves."""

    timestep: Tensor  # (N,) int, of each level
    staggered: Tensor  # (h,) int, the levels at which the chunks wait for a call

    def __init__(self, chunks: int, levels: int, training_levels: int) -> None:
        """chunks: h. levels: N, divisible by h. training_levels: T >= N."""
        super().__init__()
        self.calls = levels // chunks  # of the network, from waiting to a clean first chunk
        timestep = torch.linspace(0, training_levels, levels + 1)[1:].round().long() - 1
        schedule = DDIMScheduler(num_train_timesteps=training_levels, beta_schedule=SCHEDULE)
        left = schedule.alphas_cumprod[timestep]
        self._signal: Tensor
        self.register_buffer("timestep", timestep, persistent=False)
        self.register_buffer("_signal", torch.cat([torch.ones(1), left]), persistent=False)
        waiting = torch.arange(1, chunks + 1) * self.calls - 1
        self.register_buffer("staggered", waiting, persistent=False)

    @property
    def last(self) -> int:
        """The level of pure noise, N - 1."""
        return len(self.timestep) - 1

    @property
    def pure(self) -> Tensor:
        """(h,) the levels of a plan that is all noise."""
        return torch.full_like(self.staggered, self.last)

    def signal(self, level: Tensor) -> Tensor:
        """Share of the signal's variance that is left at levels from -1 to N - 1, same shape."""
        return self._signal[level + 1]

    def draw(self, batch: int, even: float, generator: torch.Generator) -> Tensor:
        """Levels to learn, (B, h) on the CPU: those that acting meets, each as likely.

        even: share of the samples whose chunks all have one level, as when a plan begins.
        """
        is_even = torch.rand(batch, 1, generator=generator) < even
        one = torch.randint(len(self.timestep), (batch, 1), generator=generator)
        stage = torch.randint(self.calls, (batch, 1), generator=generator)
        return torch.where(is_even, one, self.staggered.cpu() - stage)
