"""How a stereo depth camera errs: in disparity, at edges, and where it finds no match.

A stereo camera measures disparity, focal x baseline / depth, with an error that is the same at
every distance and in steps that are; in depth both grow with the square of the distance.

Source: Grunnet-Jepsen et al., Subpixel linearity improvement for Intel RealSense D400, revision
1.3 (disparity in steps of 1/32 px); Intel, Best-known methods for tuning D400 depth cameras (error
as subpixel x depth^2 / (focal x baseline), 0.08 px being usual). The D435i has 50 mm of baseline
and, at 640 columns, 385 px of focal length. Nguyen et al., 3DIMPVT 2012 (depth at an edge belongs
to a place 0.8 px off, on the Kinect; taken here for one pixel). The shares of lost pixels are
choices that look like the camera's pictures, not measurements.
Shapes: H, W rows and columns.
"""

from dataclasses import dataclass

import numpy as np

FOCAL_BASELINE = 385.0 * 0.050  # [px m]


@dataclass(frozen=True, kw_only=True)
class StereoNoise:
    """One number for each way to err."""

    axial_noise: float = 0.0042  # [1/m] standard deviation of depth, over its square
    disparity_step: float = 1 / 32  # [px] between two disparities; 0: any
    edge_jump: float = 0.010  # [m] between neighbours, from which they are an edge
    edge_dropout: float = 0.5  # share of an edge's pixels without depth
    lateral_noise: int = 1  # [px] how far off the depth of an edge's pixel may be taken
    hole_rate: float = 0.0002  # share of pixels about which a hole opens
    hole_radius: int = 1  # [px]
    nearest: float = 0.20  # [m] of depth that the camera can measure
    farthest: float = 2.0  # [m]

    def __post_init__(self) -> None:
        for name in ("edge_dropout", "hole_rate"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{name} must be in [0, 1], got {getattr(self, name)}")
        if min(self.axial_noise, self.disparity_step, self.lateral_noise, self.hole_radius) < 0:
            raise ValueError(f"noise, steps and radii must be 0 or more, got {self}")
        if not 0.0 < self.nearest < self.farthest:
            raise ValueError(f"nearest must be above 0 and below farthest={self.farthest}")


class NoisyDepth:
    """Spoils pictures of one size. Its numbers are drawn in advance: fresh ones for every picture
    would cost more than the picture.
    """

    def __init__(
        self, config: StereoNoise, height: int, width: int, generator: np.random.Generator
    ) -> None:
        self._config, self._generator = config, generator
        self._shape = (height, width)
        # In steps of disparity; without steps, in parts so fine that they do not show.
        step = config.disparity_step or 1e-4
        self._steps = np.float32(FOCAL_BASELINE / step)  # [m] of depth times steps
        deviation = config.axial_noise * FOCAL_BASELINE / step
        stock = generator.standard_normal(2 * height * width, dtype=np.float32)
        self._noise = stock * np.float32(deviation)
        self._work = np.empty(self._shape, np.float32)

    def spoil(self, depth: np.ndarray) -> np.ndarray:
        """Depth (H, W) float32 [m] -> (H, W) uint16 [mm], 0 unknown."""
        config = self._config
        edge = np.flatnonzero(self._edges(depth))
        disparity = np.divide(self._steps, depth, out=self._work)
        start = self._generator.integers(len(self._noise) - depth.size)
        disparity += self._noise[start : start + depth.size].reshape(self._shape)
        np.rint(disparity, out=disparity)
        np.maximum(disparity, 1, out=disparity)
        np.divide(1e3 * self._steps, disparity, out=disparity)
        disparity += 0.5  # so that cutting rounds
        np.minimum(disparity, 65535, out=disparity)
        millimetres = disparity.astype(np.uint16)
        millimetres[(depth < config.nearest) | (depth > config.farthest)] = 0
        self._fray(millimetres, edge)
        self._pierce(millimetres)
        return millimetres

    def _fray(self, millimetres: np.ndarray, edge: np.ndarray) -> None:
        """Pixels of an edge (E,) take a neighbour's depth, or none."""
        config, (height, width) = self._config, self._shape
        reach = config.lateral_noise
        if reach:
            off = self._generator.integers(-reach, reach + 1, (2, len(edge)))
            row = np.clip(edge // width + off[0], 0, height - 1)
            column = np.clip(edge % width + off[1], 0, width - 1)
            millimetres.ravel()[edge] = millimetres[row, column]
        lost = self._generator.random(len(edge)) < config.edge_dropout
        millimetres.ravel()[edge[lost]] = 0

    def _pierce(self, millimetres: np.ndarray) -> None:
        """Holes anywhere, where the camera finds no match."""
        (height, width), radius = self._shape, self._config.hole_radius
        count = self._generator.poisson(self._config.hole_rate * height * width)
        middles = self._generator.integers(0, (height, width), (count, 2)).tolist()
        for row, column in middles:
            rows = slice(max(row - radius, 0), row + radius + 1)
            millimetres[rows, max(column - radius, 0) : column + radius + 1] = 0

    def _edges(self, depth: np.ndarray) -> np.ndarray:
        """(H, W) bool: pixels on either side of a jump in depth."""
        jump, edges = self._config.edge_jump, np.zeros(depth.shape, bool)
        down = np.subtract(depth[1:], depth[:-1], out=self._work[1:])
        jumps = np.abs(down, out=down) > jump
        edges[1:] |= jumps
        edges[:-1] |= jumps
        across = np.subtract(depth[:, 1:], depth[:, :-1], out=self._work[:, 1:])
        jumps = np.abs(across, out=across) > jump
        edges[:, 1:] |= jumps
        edges[:, :-1] |= jumps
        return edges
