"""The part of the world that a cloud is taken from, and the cells that it is divided into."""

from dataclasses import dataclass, field

import numpy as np

MOST_CELLS = 50_000_000  # of a dense grid, one byte and four more for each


@dataclass(frozen=True, kw_only=True)
class CloudBox:
    """A box along the axes of the robot's base, and the edge of its cells."""

    low: tuple[float, ...] = field(
        default=(0.05, -0.35, -0.03), metadata={"description": "corner x, y, z in base [m]"}
    )
    high: tuple[float, ...] = field(
        default=(0.65, 0.35, 0.40), metadata={"description": "opposite corner in base [m]"}
    )
    cell: float = field(
        default=0.005, metadata={"description": "edge of a voxel [m]", "minimum": 0.0005}
    )

    def __post_init__(self) -> None:
        if len(self.low) != 3 or len(self.high) != 3:
            raise ValueError(f"low and high must be x, y, z, got {self.low} and {self.high}")
        if not np.isfinite([*self.low, *self.high, self.cell]).all() or self.cell <= 0:
            raise ValueError(f"low, high and cell must be numbers, cell above 0, got {self}")
        if not np.all(np.less(self.low, self.high)):
            raise ValueError(f"low must be below high on every axis, got {self.low}, {self.high}")
        if np.prod(self.counts.astype(float)) > MOST_CELLS:
            raise ValueError(
                f"a box with {self.counts.tolist()} cells is too fine, want {MOST_CELLS} at most: "
                "a smaller box or larger cells"
            )

    @property
    def counts(self) -> np.ndarray:
        """(3,) cells along x, y, z; the last ones may reach beyond `high`."""
        return np.ceil(np.subtract(self.high, self.low) / self.cell - 1e-9).astype(int)

    @property
    def corners(self) -> np.ndarray:
        """(8, 3) in base [m]."""
        x, y, z = zip(self.low, self.high, strict=True)
        return np.array(np.meshgrid(x, y, z)).reshape(3, 8).T
