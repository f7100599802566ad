"""A box that the tip of a tool must not leave."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """Where the tip of the tool may be: two corners of a box in the base frame, (x, y, z) [m]."""

    lower: tuple[float, float, float]
    upper: tuple[float, float, float]

    def __post_init__(self) -> None:
        if not all(low < high for low, high in zip(self.lower, self.upper, strict=True)):
            raise ValueError(f"lower must be below upper={self.upper}, got {self.lower}")
