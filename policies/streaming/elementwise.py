"""One step from noise towards actions where every element has a noise level of its own.

With one level for all elements this is what diffusers' schedulers do.

Source: DDPM: Ho et al., arXiv:2006.11239, eqs. 6 and 7, the variance being the posterior's; DDIM:
Song et al., arXiv:2010.02502, eq. 12 with sigma = 0; velocity: Salimans & Ho, arXiv:2202.00512.
Shapes: any; a signal, the share of variance that is not noise, broadcasts to the elements.
"""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from policies.samplers import Prediction


def add_noise(clean: Tensor, noise: Tensor, signal: Tensor) -> Tensor:
    """Clean numbers with noise at the level of `signal`."""
    return signal.sqrt() * clean + (1 - signal).sqrt() * noise


def answer_wanted(prediction: Prediction, clean: Tensor, noise: Tensor, signal: Tensor) -> Tensor:
    """What the network should say of `add_noise(clean, noise, signal)`."""
    match prediction:
        case "epsilon":
            return noise
        case "sample":
            return clean
        case "v_prediction":
            return signal.sqrt() * noise - (1 - signal).sqrt() * clean


@dataclass(frozen=True, kw_only=True)
class ElementwiseSampler:
    """How an answer of the network takes every element to a cleaner level of its own."""

    rule: Literal["ddim", "ddpm"]
    prediction: Prediction
    clip: float  # clean estimates are kept within +-clip

    def step(
        self,
        answer: Tensor,
        noisy: Tensor,
        signal: Tensor,
        cleaner: Tensor,
        generator: torch.Generator,
    ) -> tuple[Tensor, Tensor]:
        """From the level of `signal` to that of `cleaner`, 1 for clean.

        Returns:
            the numbers at the cleaner level, and the estimate of the clean ones.
        """
        clean, noise = self.split(answer, noisy, signal)
        clean = clean.clamp(-self.clip, self.clip)
        if self.rule == "ddim":
            return add_noise(clean, noise, cleaner), clean
        kept = signal / cleaner
        of_clean = cleaner.sqrt() * (1 - kept) / (1 - signal)
        of_noisy = kept.sqrt() * (1 - cleaner) / (1 - signal)
        spread = ((1 - cleaner) / (1 - signal) * (1 - kept)).sqrt()
        fresh = torch.randn(noisy.shape, generator=generator).to(noisy.device)
        return of_clean * clean + of_noisy * noisy + spread * fresh, clean

    def split(self, answer: Tensor, noisy: Tensor, signal: Tensor) -> tuple[Tensor, Tensor]:
        """The clean numbers and the noise that the network's answer takes `noisy` to be made of."""
        root, rest = signal.sqrt(), (1 - signal).sqrt()
        match self.prediction:
            case "epsilon":
                return (noisy - rest * answer) / root, answer
            case "sample":
                return answer, (noisy - root * answer) / rest
            case "v_prediction":
                return root * noisy - rest * answer, root * answer + rest * noisy
