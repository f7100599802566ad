"""A smooth path through postures that lie close together, such as those of a straight tool motion.

Source: de Boor, A Practical Guide to Splines, ch. IV (the cubic spline); Farin, Curves and Surfaces
for CAGD, ch. 4 and 6 (Hermite to Bezier, raising the degree).
Shapes: N postures, G joints.
"""

import numpy as np
from scipy.interpolate import CubicSpline

from handiwork.planning.rounded_path import RoundedPath


def splined(path: np.ndarray) -> RoundedPath:
    """The natural cubic spline through postures (N, G) [rad], no two of them alike in a row."""
    lengths = np.abs(np.diff(path, axis=0)).max(1)
    spline = CubicSpline(np.concatenate([[0.0], np.cumsum(lengths)]), path, bc_type="natural")
    slopes = spline(spline.x, 1)  # (N, G)
    third = lengths[:, None] / 3
    cubic = [path[:-1], path[:-1] + third * slopes[:-1], path[1:] - third * slopes[1:], path[1:]]
    controls = np.stack(cubic, axis=1)  # (N - 1, 4, G)
    return RoundedPath(_raised(_raised(controls)), lengths)


def _raised(controls: np.ndarray) -> np.ndarray:
    """The same curves with one more control point each."""
    count = controls.shape[1]
    shares = (np.arange(1, count) / count)[:, None]
    inner = shares * controls[:, :-1] + (1 - shares) * controls[:, 1:]
    return np.concatenate([controls[:, :1], inner, controls[:, -1:]], axis=1)
