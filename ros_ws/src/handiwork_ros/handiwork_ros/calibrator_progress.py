"""How far a calibration is, on /diagnostics and in the log."""

import numpy as np
from rclpy.impl.rcutils_logger import RcutilsLogger

from calibration.informative_session import Session
from calibration.views import View
from handiwork_ros.diagnostics import Diagnostics, Level


def tell_progress(
    session: Session, view: View, diagnostics: Diagnostics, logger: RcutilsLogger
) -> None:
    """After a view: how many there are, how sure the hand-eye is, how far off corners are."""
    std_mm = 1e3 * session.belief.std_m
    std_deg = float(np.degrees(session.belief.std_rad))
    diagnostics.measure("views", session.count)
    diagnostics.measure("predicted_std_mm", std_mm)
    diagnostics.measure("predicted_std_deg", std_deg)
    diagnostics.measure("residual_px", session.residual_px)
    diagnostics.report(Level.OK, "Taking views.")
    corners = 0 if view.detection is None else len(view.detection.ids)
    logger.info(
        f"{view.name}: {corners} corners; the hand-eye is known to {std_mm:.2f} mm, "
        f"{std_deg:.3f} deg; corners are {session.residual_px:.2f} px off"
    )
