"""The window rule shared by all policies: which steps a policy sees, predicts and executes.

A window of H steps starts up to O - 1 steps before an episode and ends up to E - 1 steps after
it; steps outside repeat the first or the last one. The last observed step and row O - 1 of the
predicted actions share a time, "now"; rows O - 1 to O - 1 + E - 1 are executed.

Source: Chi et al., Diffusion Policy, arXiv:2303.04137, section 2.2 and its published sampler.
Shapes: T steps of data, N windows, O observed, H predicted, E executed steps, D observation
size, A action size.
"""

from dataclasses import dataclass

import numpy as np

from handiwork.errors import WrongShape


@dataclass(frozen=True, kw_only=True)
class Horizon:
    """How many steps a policy observes, predicts and executes."""

    observed_steps: int = 2  # O
    predicted_steps: int = 16  # H
    executed_steps: int = 8  # E

    def __post_init__(self) -> None:
        if min(self.observed_steps, self.executed_steps) < 1 or self.spare_steps < 0:
            raise ValueError(
                "predicted_steps must be >= observed_steps - 1 + executed_steps, all >= 1, got "
                f"{self.predicted_steps}, {self.observed_steps}, {self.executed_steps}"
            )

    @property
    def now(self) -> int:
        """Row of the predicted actions that is due at the last observation."""
        return self.observed_steps - 1

    @property
    def spare_steps(self) -> int:
        """Predicted rows after the executed ones."""
        return self.predicted_steps - self.now - self.executed_steps


def windows(
    observations: np.ndarray, actions: np.ndarray, episode_ends: np.ndarray, horizon: Horizon
) -> tuple[np.ndarray, np.ndarray]:
    """Cut episodes into windows.

    Args:
        observations: (T, D). actions: (T, A). episode_ends: (episodes,) exclusive ends, rising.
        horizon: the sizes.

    Returns:
        observed (N, O, D) and predicted (N, H, A).
    """
    if len(observations) != len(actions) or episode_ends[-1] != len(actions):
        raise WrongShape("actions", actions.shape, f"({len(observations)}, A), as the episodes say")
    rows = window_rows(episode_ends, horizon)
    return observations[rows[:, : horizon.observed_steps]], actions[rows]


def window_rows(episode_ends: np.ndarray, horizon: Horizon, first: int = 0) -> np.ndarray:
    """The steps of every window, (N, H), of the episodes that begin at step `first`."""
    steps = np.arange(horizon.predicted_steps)
    rows = []
    for start, end in zip((first, *episode_ends[:-1]), episode_ends, strict=True):
        last = end - horizon.predicted_steps + horizon.executed_steps - 1
        first_steps = np.arange(start - horizon.now, max(last, start - horizon.now) + 1)
        rows.append(np.clip(first_steps[:, None] + steps, start, end - 1))  # (n, H)
    return np.concatenate(rows)
