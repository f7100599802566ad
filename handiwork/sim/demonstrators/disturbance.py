"""What is done to a demonstrator's targets, so that its recoveries are in the data.

The executed target is the intended one plus noise that lasts; what is recorded is the intended one.

Source: Laskey et al., DART: Noise injection for robust imitation learning, arXiv:1703.09327.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True)
class DisturbanceConfig:
    """How strong. Each number of an action: tool x, y, z [m], yaw [rad], opening [m]."""

    spread: tuple[float, ...] = (0.006, 0.006, 0.004, 0.05, 0.0015)  # standard deviation
    memory: float = 0.8  # share of the noise that is left after a period
    push_rate: float = 0.012  # pushes per period
    push: tuple[float, ...] = (0.03, 0.03, 0.015, 0.2, 0.0)  # the most that one moves the target
    push_periods: int = 4  # that one lasts


class Disturbance:
    """Noise of one episode."""

    def __init__(self, config: DisturbanceConfig, generator: np.random.Generator) -> None:
        self._config = config
        self._generator = generator
        self._noise = np.zeros(5)
        self._push, self._left = np.zeros(5), 0

    def executed(self, intended: np.ndarray, care: float) -> np.ndarray:
        """The target (5,) that is carried out instead. care: share of the noise, in 0..1."""
        config, draw = self._config, self._generator
        fresh = np.sqrt(1 - config.memory**2) * np.array(config.spread)
        self._noise = config.memory * self._noise + fresh * draw.standard_normal(5)
        if self._left == 0 and draw.random() < config.push_rate:
            self._push = np.array(config.push) * draw.uniform(-1, 1, 5)
            self._left = config.push_periods
        push = self._push if self._left else np.zeros(5)
        self._left = max(self._left - 1, 0)
        return intended + care * (self._noise + push)
