"""Push-T in the published environment.

Source: gym-pusht 0.1.8 (`gym_pusht/PushT-v0`): 300 steps of 0.1 s; an episode's score is the
maximum over its steps of min(coverage / 0.95, 1), which is the environment's reward.
"""

import os
from typing import Any

import numpy as np

from handiwork.data.push_t import observation

STEPS = 300
NAME = f"gym_pusht/PushT-v0, {STEPS} steps"


class GymPushT:
    """The published environment, drawn without a display.

    obs: "state" (corners and agent) or "image" (agent, and a picture from above).
    """

    def __init__(self, obs: str = "state") -> None:
        os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
        import gym_pusht  # noqa: F401, registers the environment
        import gymnasium

        self._pictured = obs == "image"
        self._environment: Any = gymnasium.make(
            "gym_pusht/PushT-v0", obs_type="state", render_mode="rgb_array"
        ).unwrapped
        self.reset(0)

    @property
    def over(self) -> bool:
        """Whether the block covers its mark, or the time is up."""
        return self.success or self._steps >= STEPS

    def reset(self, seed: int) -> dict[str, np.ndarray]:
        """The published start of a seed."""
        self._state, _ = self._environment.reset(seed=seed)
        self._steps, self.score, self.success = 0, 0.0, False
        return self.observe()

    def step(self, action: np.ndarray) -> None:
        """0.1 s towards a target (2,) [px], which is brought into the environment's plane."""
        target = np.clip(action, 0.0, 512.0).astype(np.float32)
        self._state, reward, self.success, *_ = self._environment.step(target)
        self.score = float(reward)
        self._steps += 1

    def observe(self) -> dict[str, np.ndarray]:
        """state (18,) [px]; or state (2,) [px] and image (1, 96, 96, 3) uint8."""
        agent, block = self._state[:2], self._state[2:]
        if not self._pictured:
            return {"state": observation(agent, block).astype(np.float32)}
        # What the environment gives as pixels, but only where it is looked at.
        image = self._environment._render()[None]
        return {"state": agent.astype(np.float32), "image": image}

    def picture(self) -> np.ndarray:
        """(680, 680, 3) uint8."""
        return self._environment.render()
