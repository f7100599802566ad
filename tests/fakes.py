"""Small real stand-ins, for tests that need a part to behave in a known way."""

from collections.abc import Mapping

import numpy as np
from scipy.spatial.transform import Rotation

from handiwork.errors import Unreachable
from handiwork.tasks.push_t import PLANE_PX
from policies.windows import Horizon


class PushesTowardsTheBlock:
    """A policy that needs no training: it drives the rod towards the block's first corner."""

    horizon = Horizon(observed_steps=2, predicted_steps=16, executed_steps=8)

    def reset(self, seed: int = 0) -> None:
        """There is nothing to forget."""

    def forget(self, stream: int) -> None:
        """There is nothing to forget."""

    def propose(
        self,
        observation: Mapping[str, np.ndarray],
        count: int = 1,
        committed: np.ndarray | None = None,
    ) -> np.ndarray:
        """State (2, 18) [px] -> (count, 16, 2) [px]: a straight line that takes the whole chunk."""
        state = observation["state"]
        rod, corner = state[-1, 16:], state[-1, :2]
        share = np.linspace(0, 1, self.horizon.predicted_steps)[:, None]
        line = np.clip(rod + share * (corner - rod), 0, PLANE_PX)
        return np.repeat(line[None], count, axis=0)


class RemembersForgetting(PushesTowardsTheBlock):
    """Knows which streams were begun anew."""

    def __init__(self) -> None:
        self.forgotten: list[int] = []

    def forget(self, stream: int) -> None:
        """Note it."""
        self.forgotten.append(stream)


class ProposesNothingFinite(PushesTowardsTheBlock):
    """A policy whose network has blown up."""

    def propose(
        self,
        observation: Mapping[str, np.ndarray],
        count: int = 1,
        committed: np.ndarray | None = None,
    ) -> np.ndarray:
        """Not a number, everywhere."""
        return np.full_like(super().propose(observation, count), np.nan)


class Gantry:
    """An arm whose three joints are its tool's x, y, z, so that every answer is known."""

    def __init__(self, reach: float = 10.0) -> None:
        self.reach = reach

    def tool(self, positions: np.ndarray) -> np.ndarray:
        """(3,) -> base_from_tool (4, 4)."""
        pose = np.diag([1.0, -1.0, -1.0, 1.0])
        pose[:3, 3] = positions
        return pose

    def follow_path(self, poses: np.ndarray, seed: np.ndarray) -> np.ndarray:
        """(N, 4, 4) -> (N, 3); nothing beyond x = `reach` can be reached."""
        if poses[:, 0, 3].max() > self.reach:
            raise Unreachable(f"the gantry ends at x = {self.reach} m. Ask for less.")
        return poses[:, :3, 3].copy()


class GantryWithWrist:
    """An arm whose joints are its tool's x, y, z and turns about z, y, x: every answer is known."""

    def tool(self, positions: np.ndarray) -> np.ndarray:
        """(6,) -> base_from_tool (4, 4)."""
        pose = np.eye(4)
        pose[:3, 3] = positions[:3]
        pose[:3, :3] = Rotation.from_euler("ZYX", positions[3:]).as_matrix()
        return pose

    def follow_path(self, poses: np.ndarray, seed: np.ndarray) -> np.ndarray:
        """(N, 4, 4) -> (N, 6)."""
        turns = Rotation.from_matrix(poses[:, :3, :3]).as_euler("ZYX")
        return np.hstack([poses[:, :3, 3], turns])
