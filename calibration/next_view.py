"""Which view to take next: the one after which the hand-eye is known best.

Every posture that the arm can take is judged by what its view would add to the information, and the
least weighted trace of the hand-eye's covariance wins (A-optimal, in units of what is wanted). So
far only the hand-eye counts; the board's place is a nuisance that the inverse takes account of.

Source: Atkinson et al., Optimum Experimental Designs, 2007 (A-optimality, one view at a time).
Shapes: K joints of the arm, C corners of the board.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from calibration.camera_model import Intrinsics
from calibration.informative_belief import Belief, Noise, information_of
from calibration.informative_postures import Arm, Framing, Posture, drawn_postures
from calibration.informative_projection import mount_from_holder
from handiwork.errors import Unreachable


@dataclass(frozen=True, kw_only=True)
class NextViewConfig:
    """When enough is known, and how a view is looked for.

    wanted_m, wanted_rad: standard deviations of the hand-eye that are good enough.
    fewest, most: views of a calibration. tries: views that are drawn for each choice.
    """

    wanted_m: float = 0.0003
    wanted_rad: float = math.radians(0.05)
    fewest: int = 10
    most: int = 20
    tries: int = 300
    framing: Framing = field(default_factory=Framing)
    noise: Noise = field(default_factory=Noise)
    seed: int = 0

    def __post_init__(self) -> None:
        if not 3 <= self.fewest <= self.most:
            raise ValueError(f"fewest must be in [3, most={self.most}], got {self.fewest}")
        if min(self.wanted_m, self.wanted_rad) <= 0 or self.tries < 1:
            raise ValueError("wanted_m, wanted_rad and tries must be positive")


@dataclass(frozen=True, kw_only=True, eq=False)
class NextView:
    """A posture, and the standard deviations [m], [rad] that are predicted after its view."""

    posture: Posture
    std_m: float
    std_rad: float


def enough(belief: Belief, views: int, config: NextViewConfig) -> bool:
    """Whether no further view is needed, or none is allowed."""
    if views >= config.most:
        return True
    known = belief.std_m <= config.wanted_m and belief.std_rad <= config.wanted_rad
    return known and views >= config.fewest


def next_views(
    belief: Belief,
    kind: str,
    points: np.ndarray,
    camera: Intrinsics,
    arm: Arm,
    start: np.ndarray,
    taken: int,
    config: NextViewConfig,
) -> list[NextView]:
    """Views that the arm can take from anywhere, the most informative first.

    points: (C, 3) corners of the board in its frame [m]. start: (K,) [rad] where the arm is.
    taken: how many were asked for before; another number draws other views.

    Raises:
        Unreachable: no drawn view can be taken.
    """
    generator = np.random.default_rng([config.seed, taken])
    drawn = drawn_postures(
        belief, kind, points, camera, config.framing, arm, start, config.tries, generator
    )
    judged = [_judged(belief, kind, posture, points, camera, config) for posture in drawn]
    if not judged:
        raise Unreachable(
            f"{arm.kinematics.robot.name} can take none of {config.tries} views of the board as it "
            "is believed to lie. Put the board where the arm sees it, or give a better guess."
        )
    return sorted(judged, key=lambda view: _cost(view, config))


def _judged(
    belief: Belief,
    kind: str,
    posture: Posture,
    points: np.ndarray,
    camera: Intrinsics,
    config: NextViewConfig,
) -> NextView:
    related = mount_from_holder(kind, posture.base_from_gripper)
    added = information_of(belief, related, points, float(camera.k[0, 0]), config.noise)
    after = Belief(
        mount_from_camera=belief.mount_from_camera,
        holder_from_board=belief.holder_from_board,
        information=belief.information + added,
    )
    return NextView(posture=posture, std_m=after.std_m, std_rad=after.std_rad)


def _cost(view: NextView, config: NextViewConfig) -> float:
    return (view.std_m / config.wanted_m) ** 2 + (view.std_rad / config.wanted_rad) ** 2
