"""Demonstrations as windows that are gathered when wanted: nothing but their places is in memory.

Shapes: T steps, N windows, B batch, O observed, H predicted steps, D state size, A action size.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from handiwork.data.demonstrations import Demonstrations
from handiwork.errors import BadValue
from policies.windows import Horizon, window_rows


@dataclass(frozen=True)
class Batch:
    """Some windows: what is observed, by name (B, O, ...), and actions (B, H, A)."""

    observed: Mapping[str, np.ndarray]
    actions: np.ndarray


@dataclass(frozen=True, kw_only=True)
class WindowData:
    """Windows into arrays, which may be memory-mapped.

    observed: by name (T, ...). actions: (T, A). rows: (N, H) the steps of each window.
    """

    observed: Mapping[str, np.ndarray]
    actions: np.ndarray
    rows: np.ndarray
    observed_steps: int

    def __len__(self) -> int:
        return len(self.rows)

    def batch(self, index: np.ndarray) -> Batch:
        """Copies of the windows of these numbers (B,)."""
        rows = self.rows[index]
        seen = rows[:, : self.observed_steps]
        return Batch(
            {name: array[seen] for name, array in self.observed.items()}, self.actions[rows]
        )


def split(
    data: Demonstrations, held_out: int, horizon: Horizon, inputs: tuple[str, ...]
) -> tuple[WindowData, WindowData]:
    """Windows to learn from, and those of the last `held_out` episodes; they share the arrays.

    inputs: names of what is observed.

    Raises:
        BadValue: the data does not hold an input, or has too few episodes.
    """
    ends = data.episode_ends
    if not 1 <= held_out < len(ends):
        raise BadValue(
            data.place,
            "number of episodes",
            len(ends),
            f"more than the {held_out} that are held out",
            "Record more, or lower training.validation_episodes.",
        )
    for name in inputs:
        if name not in data.arrays:
            raise BadValue(
                data.place, "obs", data.obs, f"data with {name}", "Choose another policy.encoder."
            )
    first = int(ends[-held_out - 1])
    parts = (window_rows(ends[:-held_out], horizon), window_rows(ends[-held_out:], horizon, first))
    learned, held = (
        WindowData(
            observed={name: data.arrays[name] for name in ("state", *inputs)},
            actions=data.arrays["action"],
            rows=rows,
            observed_steps=horizon.observed_steps,
        )
        for rows in parts
    )
    return learned, held
