"""A known object fitted to a thing: from many starts roughly, from one exactly.

Shapes: H poses (4, 4) [m], N points of a thing.
"""

from collections.abc import Callable

import numpy as np
from scipy.spatial import KDTree
from scipy.spatial.transform import Rotation

from handiwork.perception.camera import Camera
from handiwork.perception.find import Find, FinderConfig
from handiwork.perception.known_object import KnownObject, pose_difference
from handiwork.perception.object_starts import starts
from handiwork.perception.registration import Fit, Rest, improved, register
from handiwork.perception.sighting import Sighting
from handiwork.perception.surface import Surface
from handiwork.perception.visibility import Agreement, agreement, visible

FEW, MANY = 250, 800  # points of a thing that a search and an exact fit look at
SEARCH_SCALES = np.geomspace(0.02, 0.006, 8)  # [m]
EXACT_SCALES = np.array([[0.008, 0.006], [0.005, 0.005]])  # [m] what is visible is asked twice
TOLERANCE = 0.005  # [m] of a search
NUDGES = (-0.45, -0.22, 0.22, 0.45)  # [rad]
KEPT = 6  # poses of a search that are fitted exactly
SAME_PLACE, SAME_TURN = 0.008, 0.15  # [m], [rad] between poses that are one
NEIGHBOURS_AGREE = 6.0  # pixels whose depth errs together, in effect
EDGE_ERROR = 1.5  # [px] deviation of where an outline's pixel ends
OUTLINE_ERROR = 0.0006  # [m] deviation that all of an outline has in common


def search(
    sighting: Sighting, wanted: KnownObject, points: np.ndarray, config: FinderConfig
) -> list[tuple[np.ndarray, int]]:
    """The most hopeful poses (4, 4), each unlike the others, with the number of its rest."""
    poses, rests = starts(wanted, sighting.table, sighting.camera, points)
    some = points[:: max(len(points) // FEW, 1)]
    fit = register(
        wanted.surface,
        wanted.field.near,
        some,
        poses,
        _rest(sighting, wanted, rests, config),
        SEARCH_SCALES,
        _noise(sighting, some, config),
    )
    return [(fit.poses[n], int(rests[n])) for n in _hopeful(fit, wanted, sighting)]


def fit_exactly(
    sighting: Sighting,
    wanted: KnownObject,
    points: np.ndarray,
    pose: np.ndarray,
    rest: int,
    config: FinderConfig,
) -> Find:
    """The pose (4, 4) registered to what the camera can see of the object from there."""
    some = points[:: max(len(points) // MANY, 1)]
    noise = _noise(sighting, some, config)
    standing = _rest(sighting, wanted, np.array([rest]), config)
    shown = _shown(wanted.surface, pose, sighting.camera)
    rough = improved(shown, _nearest(shown), some, pose[None], standing, EXACT_SCALES[0], noise)
    shown = _shown(wanted.surface, rough[0], sighting.camera)
    fit = register(shown, _nearest(shown), some, rough, standing, EXACT_SCALES[1], noise)
    pose = fit.poses[0]
    tolerance = 3 * noise + 0.002
    on = fit.distances[0] < tolerance
    rms = float(np.sqrt(np.mean(fit.distances[0][on] ** 2))) if on.any() else np.inf
    return Find(
        pose=pose,
        covariance=_covariance(fit, sighting.camera, max(noise, rms), len(points), len(some)),
        rms=rms,
        points=len(points),
        explained=float(on.mean()),
        agreement=_agreement(wanted.surface, pose, sighting, tolerance),
    )


def turned_a_little(sighting: Sighting, pose: np.ndarray) -> list[np.ndarray]:
    """A pose (4, 4) turned about the table's normal, either way: an honest fit comes back to it."""
    normal, turned = sighting.table.base_from_table[:3, 2], []
    for angle in NUDGES:
        nudged = pose.copy()
        nudged[:3, :3] = Rotation.from_rotvec(angle * normal).as_matrix() @ pose[:3, :3]
        turned.append(nudged)
    return turned


def nearest_rest(sighting: Sighting, wanted: KnownObject, pose: np.ndarray) -> int:
    """Number of the rest that a pose (4, 4) stands most like."""
    up = sighting.table.base_from_table[:3, 2] @ pose[:3, :3]
    return int((wanted.rests[:, 2, :3] @ up).argmax())


def alike(first: np.ndarray, second: np.ndarray, wanted: KnownObject) -> bool:
    """Whether two poses (4, 4) are one, for somebody who looks."""
    distance, turn = pose_difference(first, second, wanted.symmetries)
    return distance < SAME_PLACE and turn < SAME_TURN


def _hopeful(fit: Fit, wanted: KnownObject, sighting: Sighting) -> list[int]:
    """Numbers of the poses that fit best, each unlike the ones before it."""
    near = (1 / (1 + (fit.distances / TOLERANCE) ** 2)).mean(axis=1)
    best = np.argsort(-near, kind="stable")[: len(near) // 2]
    seen = [_agreement(wanted.sketch, fit.poses[n], sighting, 2 * TOLERANCE).share for n in best]
    kept: list[int] = []
    for number in best[np.argsort(-near[best] * seen, kind="stable")].tolist():
        if not any(alike(fit.poses[number], fit.poses[other], wanted) for other in kept):
            kept.append(number)
        if len(kept) == KEPT:
            break
    return kept


def _shown(surface: Surface, pose: np.ndarray, camera: Camera) -> Surface:
    kept = visible(surface, pose, camera)
    if not len(kept):
        return surface
    return Surface(points=surface.points[kept], normals=surface.normals[kept])


def _nearest(surface: Surface) -> Callable[[np.ndarray], np.ndarray]:
    tree = KDTree(surface.points)
    return lambda places: np.asarray(tree.query(places)[1])


def _agreement(
    surface: Surface, pose: np.ndarray, sighting: Sighting, tolerance: float
) -> Agreement:
    shown = _shown(surface, pose, sighting.camera).points
    places = shown @ pose[:3, :3].T + pose[:3, 3]
    return agreement(sighting.depth, sighting.camera, places, tolerance)


def _noise(sighting: Sighting, points: np.ndarray, config: FinderConfig) -> float:
    """Deviation of depth at the points (N, 3) [m]."""
    eye = sighting.camera.base_from_optical
    depth = float(np.median((points - eye[:3, 3]) @ eye[:3, 2]))
    return config.depth_noise * depth**2 + 0.0003  # and what millimetres cut off


def _rest(sighting: Sighting, wanted: KnownObject, rests: np.ndarray, config: FinderConfig) -> Rest:
    frame, stand = sighting.table.base_from_table, wanted.rests[rests]
    return Rest(
        table=frame[:3, 2],
        level=float(frame[:3, 2] @ frame[:3, 3]),
        up=stand[:, 2, :3],
        heights=stand[:, 2, 3],
        height_deviation=config.height_deviation,
        tilt_deviation=config.tilt_deviation,
    )


def _covariance(fit: Fit, camera: Camera, noise: float, points: int, used: int) -> np.ndarray:
    """(6, 6) in base, of a thing with so many points, of which some were used.

    Points along normals and the rest on the table tell most. Across the line of sight the outline
    tells the place too: a compact thing's is about 4 sqrt(points) pixels long, half of them across
    any direction.
    """
    pose = fit.poses[0]
    independent = min(points / used / NEIGHBOURS_AGREE, 1.0)  # share of those used
    information = fit.information[0] * independent / noise**2
    information += fit.rest_information[0] + 1e-3 * np.eye(6)
    towards = (pose[:3, 3] - camera.base_from_optical[:3, 3]) @ pose[:3, :3]
    distance = float(np.linalg.norm(towards))
    ray = towards / distance
    pixel = distance / camera.k[0, 0]  # [m]
    deviation = np.hypot(EDGE_ERROR * pixel / np.sqrt(2 * np.sqrt(points)), OUTLINE_ERROR)
    information[:3, :3] += (np.eye(3) - np.outer(ray, ray)) / deviation**2
    turned = np.zeros((6, 6))
    turned[:3, :3] = turned[3:, 3:] = pose[:3, :3]
    return turned @ np.linalg.inv(information) @ turned.T
