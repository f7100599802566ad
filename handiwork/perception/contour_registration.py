"""Lay a block's outline onto its picture: move it until its contour runs along the seen edges.

From each visible point of the contour we look along its normal for the nearest place where block
turns into table, and solve for the pose that brings all points there. An edge against anything
else than table (the arm, the rod, a hole in the depth) may be theirs and not the block's: it is
left out, so hidden parts of the contour count neither way.

Source: Harris & Stennett, RAPID, BMVC 1990 (search along normals); Drummond & Cipolla, IEEE PAMI
24(7), 2002 (robust iterated least squares). Ours moves in the plane of the table only.
Shapes: S contour points, K places along each normal.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from handiwork.perception.colour_mask import EDGE
from handiwork.perception.prism import Prism, place, turn
from handiwork.perception.table_view import Sighting, TableView

STEP = 0.5  # [px] between places along a normal
BEYOND = np.arange(2.0, 7.0)  # [px] outside an edge, where table must be seen
RADII = (12.0, 7.0, 4.0, 3.0)  # [px] search to either side, iteration by iteration
FEWEST_EDGES = 8
SMALLEST_NOISE = 0.25  # [px] of an edge; pixels of one edge err together
_SCALE = np.array([1.0, 1.0, 30.0])  # 1 m and 30 rad weigh alike for a block of some 60 mm


@dataclass(frozen=True, kw_only=True, eq=False)
class Contour:
    """The part of a block's contour that a camera could see, were nothing in the way."""

    pixels: np.ndarray  # (S, 2) where it is in the window
    normals: np.ndarray  # (S, 2) outward, unit length
    slopes: np.ndarray  # (S, 3) how far it moves along the normal with the pose [px per m, rad]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Step:
    """One iteration of the least squares, over E edges."""

    step: np.ndarray  # (3,) of the pose
    left: np.ndarray  # (E,) what it leaves of the distances [px]
    slopes: np.ndarray  # (E, 3)
    weights: np.ndarray  # (E,)
    information: np.ndarray  # (3, 3)
    looked_for: int  # contour points, with an edge or without


@dataclass(frozen=True, kw_only=True, eq=False)
class Registration:
    """A pose that fits the edges, and how well."""

    pose: np.ndarray  # (3,) x, y [m], angle [rad]
    rms: float  # [m] on the table, of the edges that were used
    inliers: int  # edges used
    share: float  # of the contour's points that an edge was found for
    covariance: np.ndarray  # (3, 3) of x, y, angle


def register(
    sighting: Sighting, view: TableView, prism: Prism, start: np.ndarray
) -> Registration | None:
    """Move the block from `start` (3,) onto its edges; None where too few edges are seen."""
    pose, last = np.array(start, float), None
    for radius in RADII:
        contour = visible_contour(view, prism, pose)
        last = _solved(contour, *find_edges(sighting, contour, radius), radius)
        if last is None:
            return None
        pose = pose + last.step
    return None if last is None else _registration(pose, last)


def visible_contour(view: TableView, prism: Prism, pose: np.ndarray) -> Contour:
    """The block's contour against the table, as it would look at pose (3,).

    A side that faces the camera ends at its foot, one that faces away at the top edge.
    """
    local, outward = prism.samples
    points, outward = place(local, pose), turn(outward, pose[2])
    faces_camera = np.sum(outward * (view.position[:2] - points), axis=1) > 0.0
    edge = np.column_stack([points, np.where(faces_camera, prism.clearance, prism.height)])
    pixels, by_point = view.project_with_slope(edge)
    along = np.einsum("sij,sj->si", by_point[..., :2], turn(outward, np.pi / 2))
    normals = np.stack([along[:, 1], -along[:, 0]], axis=1)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    away = np.einsum("si,sij,sj->s", normals, by_point[..., :2], outward)
    normals *= np.sign(away)[:, None]
    by_plane = np.einsum("si,sij->sj", normals, by_point[..., :2])
    by_angle = np.sum(by_plane * turn(points - pose[:2], np.pi / 2), axis=1)
    free = ~view.holds(view.fill(prism.faces(pose)), pixels + 2.0 * normals)
    slopes = np.column_stack([by_plane, by_angle])
    return Contour(pixels=pixels[free], normals=normals[free], slopes=slopes[free])


def find_edges(
    sighting: Sighting, contour: Contour, radius: float
) -> tuple[np.ndarray, np.ndarray]:
    """The nearest edge from block to table along each normal.

    Returns:
        its distance, (S,) [px], outward positive, and whether there is one within the radius,
        (S,) bool.
    """
    offsets = np.arange(-radius, radius + STEP, STEP)
    likeness = _along(sighting.likeness, contour, offsets[None], cv2.INTER_LINEAR)
    likeness = likeness.astype(np.float32)
    inner, outer = likeness[:, :-1], likeness[:, 1:]
    falls = (inner >= EDGE) & (outer < EDGE)
    if not len(falls):
        return np.zeros(0), np.zeros(0, bool)
    nearest = np.where(falls, np.abs(offsets[:-1] + STEP / 2), np.inf).argmin(axis=1)
    row = np.arange(len(falls))
    before, after = inner[row, nearest], outer[row, nearest]
    found = falls[row, nearest]
    share = np.where(found, (before - EDGE) / np.maximum(before - after, 1e-3), 0.0)
    distances = offsets[nearest] + STEP * share
    beyond = distances[:, None] + BEYOND
    table = _along(sighting.table.view(np.uint8), contour, beyond, cv2.INTER_NEAREST)
    return distances, found & (np.count_nonzero(table, axis=1) >= 2)


def _solved(
    contour: Contour, distances: np.ndarray, found: np.ndarray, radius: float
) -> _Step | None:
    """The step that brings the contour onto the found edges; None where they do not fix it."""
    if np.count_nonzero(found) < FEWEST_EDGES:
        return None
    slopes, distances = contour.slopes[found], distances[found]
    weights = _weights(distances, radius)
    information = (slopes * weights[:, None]).T @ slopes
    spread = np.linalg.eigvalsh(information * np.outer(_SCALE, _SCALE))
    if spread[0] < 1e-6 * spread[2]:
        return None
    step = np.linalg.solve(information, slopes.T @ (weights * distances))
    return _Step(
        step=step,
        left=distances - slopes @ step,
        slopes=slopes,
        weights=weights,
        information=information,
        looked_for=len(found),
    )


def _registration(pose: np.ndarray, last: _Step) -> Registration:
    """The pose with what the last iteration says of it."""
    used = last.weights > 0.1
    left = last.left[used]
    scale = np.linalg.norm(last.slopes[used, :2], axis=1)  # [px/m]
    noise = max(float(np.sqrt(np.mean(left**2))), SMALLEST_NOISE)
    return Registration(
        pose=pose,
        rms=float(np.sqrt(np.mean((left / scale) ** 2))),
        inliers=int(np.count_nonzero(used)),
        share=float(np.count_nonzero(used) / last.looked_for),
        covariance=noise**2 * np.linalg.inv(last.information),
    )


def _along(
    image: np.ndarray, contour: Contour, offsets: np.ndarray, interpolation: int
) -> np.ndarray:
    """The image's values at offsets (S or 1, K) [px] along each normal, (S, K); 0 outside."""
    places = contour.pixels[:, None] + offsets[..., None] * contour.normals[:, None]
    x, y = places[..., 0].astype(np.float32), places[..., 1].astype(np.float32)
    return cv2.remap(image, x, y, interpolation)


def _weights(distances: np.ndarray, radius: float) -> np.ndarray:
    """Tukey's biweight about zero, (S,): 0 from the radius on, or from 4 robust deviations on."""
    middle = np.median(distances)
    spread = 1.4826 * np.median(np.abs(distances - middle))
    limit = min(max(4.0 * spread + abs(middle), 2.0), radius + STEP)
    return np.clip(1.0 - (distances / limit) ** 2, 0.0, None) ** 2
