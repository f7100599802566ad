"""A pose that was fitted, what speaks for it, and what must: the tests that may refuse it."""

from dataclasses import dataclass, field

import numpy as np

from handiwork.perception.object_pose import ObjectPose
from handiwork.perception.visibility import Agreement


@dataclass(frozen=True, kw_only=True)
class FinderConfig:
    """What a find must show."""

    depth_noise: float = field(
        default=0.0045, metadata={"description": "deviation of depth over its square [1/m]"}
    )
    height_deviation: float = field(
        default=0.001, metadata={"description": "of an object's rest above the table [m]"}
    )
    tilt_deviation: float = field(
        default=0.01, metadata={"description": "of an object that rests on the table [rad]"}
    )
    least_points: int = field(
        default=120, metadata={"description": "of a thing, to look for an object in it"}
    )
    least_explained: float = field(
        default=0.85, metadata={"description": "share of a thing's points that lie on the object"}
    )
    least_agreement: float = field(
        default=0.955, metadata={"description": "share of its surface that is not looked through"}
    )
    most_covered: float = field(
        default=0.5, metadata={"description": "share of its surface that is hidden"}
    )
    most_deviation: float = field(
        default=0.004, metadata={"description": "standard deviation in any direction [m]"}
    )
    most_turn_deviation: float = field(
        default=0.06, metadata={"description": "standard deviation about any axis [rad]"}
    )
    rival: float = field(
        default=0.012, metadata={"description": "of the score, by which two poses are told apart"}
    )

    def __post_init__(self) -> None:
        for name in ("least_explained", "least_agreement", "most_covered"):
            if not 0.0 < getattr(self, name) <= 1.0:
                raise ValueError(f"{name} must be in (0, 1], got {getattr(self, name)}")
        if min(self.depth_noise, self.height_deviation, self.tilt_deviation) <= 0:
            raise ValueError(f"noise and deviations must be above 0, got {self}")


@dataclass(frozen=True, kw_only=True, eq=False)
class Find:
    """pose: (4, 4) base_from_object [m]; covariance: (6, 6) as of `ObjectPose`."""

    pose: np.ndarray
    covariance: np.ndarray
    rms: float  # [m]
    points: int
    explained: float
    agreement: Agreement

    @property
    def score(self) -> float:
        """Of 1: points on the object times surface not looked through."""
        return self.explained * self.agreement.share

    def said(self, name: str) -> ObjectPose:
        """The same for others."""
        return ObjectPose(
            name=name,
            base_from_object=self.pose,
            covariance=self.covariance,
            rms=self.rms,
            points=self.points,
            explained=self.explained,
            agreement=self.agreement.share,
            covered=self.agreement.covered,
        )


def fault(name: str, find: Find, config: FinderConfig) -> str | None:
    """Why a find does not count, as one sentence; None where it does."""
    return _unlike(name, find, config) or _unsure(name, find, config)


def _unlike(name: str, find: Find, config: FinderConfig) -> str | None:
    """What is seen does not look like the object."""
    if find.explained < config.least_explained:
        return (
            f"{100 * find.explained:.0f} % of the thing's points lie on the {name}, want "
            f"{100 * config.least_explained:.0f} %. Part what touches it, or check its mesh."
        )
    if find.agreement.share < config.least_agreement:
        return (
            f"the camera sees through {100 * (1 - find.agreement.share):.0f} % of where the "
            f"{name} would be, want {100 * (1 - config.least_agreement):.1f} % at most. "
            "Check what the thing is."
        )
    if find.agreement.covered > config.most_covered:
        return (
            f"{100 * find.agreement.covered:.0f} % of the {name} is hidden, want "
            f"{100 * config.most_covered:.0f} % at most. Uncover it."
        )
    return None


def _unsure(name: str, find: Find, config: FinderConfig) -> str | None:
    """What is seen does not hold the pose."""
    deviation = np.sqrt(np.diag(find.covariance))
    if deviation[:3].max() > config.most_deviation:
        return (
            f"the {name}'s place is known to {1e3 * deviation[:3].max():.1f} mm only, want "
            f"{1e3 * config.most_deviation:.1f} mm. Uncover more of it."
        )
    if deviation[3:].max() > config.most_turn_deviation:
        axis = "xyz"[int(deviation[3:].argmax())]
        return (
            f"the {name}'s turn about {axis} is undetermined: known to "
            f"{np.degrees(deviation[3:].max()):.0f} deg only, want "
            f"{np.degrees(config.most_turn_deviation):.0f} deg. Show what tells it."
        )
    return None
