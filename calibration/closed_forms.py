"""The camera's mounting in closed form, by OpenCV's five methods.

Source: Tsai and Lenz 1989, Park and Martin 1994, Horaud and Dornaika 1995, Andreff et al. 1999,
Daniilidis 1999, as cv2.calibrateHandEye has them.
"""

import cv2
import numpy as np

from calibration.sightings import Sightings
from handiwork.geometry import inverse, pose, rigid_fault

METHODS = {
    "tsai": cv2.CALIB_HAND_EYE_TSAI,
    "park": cv2.CALIB_HAND_EYE_PARK,
    "horaud": cv2.CALIB_HAND_EYE_HORAUD,
    "andreff": cv2.CALIB_HAND_EYE_ANDREFF,
    "daniilidis": cv2.CALIB_HAND_EYE_DANIILIDIS,
}


def closed_form(seen: Sightings, method: str) -> np.ndarray | None:
    """parent_from_camera (4, 4) by one of the methods; None where it finds none."""
    hands, boards = inverse(seen.parent_from_anchor), seen.camera_from_board
    said = cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # errors are None here
    try:
        turn, place = cv2.calibrateHandEye(
            list(hands[:, :3, :3]),
            list(hands[:, :3, 3]),
            list(boards[:, :3, :3]),
            list(boards[:, :3, 3]),
            method=METHODS[method],
        )
    except cv2.error:  # motions that the method cannot do with
        return None
    finally:
        cv2.utils.logging.setLogLevel(said)
    found = pose(np.asarray(turn), np.asarray(place).ravel())
    return found if rigid_fault(found) is None else None
