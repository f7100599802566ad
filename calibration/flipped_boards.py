"""Boards whose corners suit two poses, tilted either way, and which the wrong one was taken of.

Source: Schweighofer and Pinz, Robust Pose Estimation from a Planar Target, IEEE PAMI 28(12), 2006.
"""

from dataclasses import replace

import numpy as np

from calibration.consensus import Consensus
from calibration.reprojection import reprojection_errors
from calibration.sightings import Sightings
from handiwork.geometry import inverse

NEAR = 2.0  # times the farthest inlier's distance of corners


def looked_again(seen: Sightings, found: Consensus) -> tuple[Sightings, Consensus]:
    """Sightings whose outliers are sought again near where the others say their boards are.

    Those whose corners are there, about as near as the inliers' are, are inliers.
    """
    if seen.board is None or seen.camera is None or found.inliers.all():
        return seen, found
    mounting = found.mounting
    predicted = (
        inverse(mounting.parent_from_camera) @ seen.parent_from_anchor @ mounting.anchor_from_board
    )
    poses = seen.camera_from_board.copy()
    for number in np.flatnonzero(~found.inliers):
        poses[number] = seen.board.pose_near(
            predicted[number], seen.detections[number], seen.camera.k, seen.camera.d
        )
    errors = reprojection_errors(seen, mounting.parent_from_camera, mounting.anchor_from_board)
    there = errors <= NEAR * errors[found.inliers].max()
    inliers = found.inliers | there
    kept = np.where(inliers[:, None, None], poses, seen.camera_from_board)
    return replace(seen, camera_from_board=kept), replace(found, inliers=inliers)
