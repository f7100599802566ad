"""Find the T on the table in one RGB-D frame: colour, depth, and registration to its known shape.

A pose is said only where the picture supports it: the silhouette that the pose predicts must
agree with what is seen, enough of the contour must be seen, and no other pose may do as well.
"""

from dataclasses import dataclass, field

import numpy as np

from handiwork.errors import ObjectNotFound
from handiwork.perception.camera import Camera
from handiwork.perception.coarse_search import CoarseSearch
from handiwork.perception.colour_mask import Colour
from handiwork.perception.contour_registration import Registration, register
from handiwork.perception.planar_pose import PlanarPose, pose_error, wrapped
from handiwork.perception.prism import Prism
from handiwork.perception.table_view import Sighting, TableView
from handiwork.tasks.push_t import BLOCK_HEIGHT, TableSquare

NEIGHBOURHOOD = 12  # [px] around the block, in which its colour must be its own
BEYOND_DOUBT = 0.7  # share of the contour: with so much of it seen, no other pose fits
NEARLY_AS_GOOD = 0.03  # of agreement, by which two unlike poses cannot be told apart


@dataclass(frozen=True, kw_only=True)
class BlockFinderConfig:
    """What the block looks like and what a find must show; lengths on the table."""

    colour: tuple[float, ...] = field(
        default=(0.64, 0.08, 0.10),
        metadata={"description": "the block's red, green, blue as the camera shows it, 0 to 1"},
    )
    hue_tolerance: float = field(
        default=0.5, metadata={"description": "how far a pixel's hue may be off [rad]"}
    )
    height: float = field(
        default=BLOCK_HEIGHT, metadata={"description": "of the block's top above the table [m]"}
    )
    clearance: float = field(
        default=0.001, metadata={"description": "of its underside, which stands on feet [m]"}
    )
    height_tolerance: float = field(
        default=0.010, metadata={"description": "how far a measured height may be off [m]"}
    )
    margin: float = field(
        default=0.03, metadata={"description": "around the table square that is searched [m]"}
    )
    least_pixels: int = field(
        default=150, metadata={"description": "of the block's colour, to look further"}
    )
    least_coverage: float = field(
        default=0.20, metadata={"description": "share of the contour that must be seen"}
    )
    least_agreement: float = field(
        default=0.92, metadata={"description": "of predicted and seen silhouette, as IoU"}
    )
    most_rms: float = field(
        default=0.002, metadata={"description": "of edges about the outline [m]"}
    )
    most_deviation: float = field(
        default=0.003, metadata={"description": "standard deviation of x and of y [m]"}
    )
    most_turn_deviation: float = field(
        default=0.04, metadata={"description": "standard deviation of the angle [rad]"}
    )

    def __post_init__(self) -> None:
        if len(self.colour) != 3 or not all(0.0 <= part <= 1.0 for part in self.colour):
            raise ValueError(f"colour must be red, green, blue in [0, 1], got {self.colour}")
        for name in ("least_coverage", "least_agreement"):
            if not 0.0 < getattr(self, name) <= 1.0:
                raise ValueError(f"{name} must be in (0, 1], got {getattr(self, name)}")


@dataclass(frozen=True, kw_only=True, eq=False)
class _Find:
    registration: Registration
    agreement: float


class BlockFinder:
    """Looks for the T through one fixed camera. Keeps nothing from frame to frame."""

    def __init__(
        self, config: BlockFinderConfig, camera: Camera, square: TableSquare | None = None
    ) -> None:
        self._config = config
        square = square or TableSquare()
        low = np.array([square.x_min, square.y_max - square.side]) - config.margin
        side = square.side + 2 * config.margin
        red, green, blue = (round(255 * part) for part in config.colour)
        self._colour = Colour(rgb=(red, green, blue), hue_tolerance=config.hue_tolerance)
        self._prism = Prism(
            outline=square.outline(), height=config.height, clearance=config.clearance
        )
        self._view = TableView(camera, low, low + side, config.height, config.height_tolerance)
        self._search = CoarseSearch(self._view, self._prism, low, side)

    def find(
        self, rgb: np.ndarray, depth: np.ndarray, previous: PlanarPose | None = None
    ) -> PlanarPose:
        """The block's pose in one frame.

        Args:
            rgb: (H, W, 3) uint8.
            depth: (H, W) uint16 [mm] aligned to rgb, 0 where unknown.
            previous: where the block was a moment ago; tried first.

        Raises:
            ObjectNotFound: the frame does not show the block well enough; the message says why.
        """
        sighting = self._view.look(rgb, depth, self._colour)
        count = int(np.count_nonzero(sighting.block))
        if count < self._config.least_pixels:
            raise ObjectNotFound(
                f"{count} px of the block's colour in view, want {self._config.least_pixels} or "
                "more. Bring the block into view, or check the colour in the config."
            )
        if previous is not None:
            find = self._fit(sighting, previous.vector)
            if find is not None and self._fault(find) is None:
                return _pose(find.registration)
        return self._anywhere(sighting)

    def _anywhere(self, sighting: Sighting) -> PlanarPose:
        """The block's pose with nothing known beforehand."""
        fits: list[_Find] = []
        for start in self._search.candidates(sighting, most=8, least=0.04):
            if any(_near(start, fit.registration.pose) for fit in fits):
                continue
            find = self._fit(sighting, start)
            if find is None:
                continue
            if self._fault(find) is None and find.registration.share > BEYOND_DOUBT:
                return _pose(find.registration)
            fits.append(find)
        if not fits:
            raise ObjectNotFound(
                "no patch of the block's colour at the height of its top face has enough of its "
                "shape. Check that the block lies flat and is not hidden."
            )
        best = max(fits, key=lambda find: find.agreement)
        fault = self._fault(best)
        if fault is not None:
            raise ObjectNotFound(fault)
        for other in fits:
            distance, turn = pose_error(other.registration.pose, best.registration.pose)
            alike = distance < 0.01 and turn < 0.2
            rivals = other.agreement > best.agreement - NEARLY_AS_GOOD and not alike
            if rivals and self._fault(other) is None:
                raise ObjectNotFound(
                    f"two poses, {1e3 * distance:.0f} mm and {np.degrees(turn):.0f} deg apart, fit "
                    "what is seen of the block. Uncover more of it."
                )
        return _pose(best.registration)

    def _fit(self, sighting: Sighting, start: np.ndarray) -> _Find | None:
        registration = register(sighting, self._view, self._prism, start)
        if registration is None:
            return None
        return _Find(
            registration=registration, agreement=self._agreement(sighting, registration.pose)
        )

    def _agreement(self, sighting: Sighting, pose: np.ndarray) -> float:
        """Intersection over union of predicted and seen silhouette, hidden pixels left out.

        The top face counts as seen only at the block's height, so that a picture of the block, or
        a block on the block, is not the block.
        """
        faces = self._prism.faces(pose)
        silhouette = self._view.fill(faces)
        rows = np.flatnonzero(silhouette.any(axis=1))
        columns = np.flatnonzero(silhouette.any(axis=0))
        if not len(rows):
            return 0.0
        near = (
            slice(max(rows[0] - NEIGHBOURHOOD, 0), rows[-1] + NEIGHBOURHOOD),
            slice(max(columns[0] - NEIGHBOURHOOD, 0), columns[-1] + NEIGHBOURHOOD),
        )
        silhouette, block = silhouette[near], sighting.block[near]
        missing = np.count_nonzero(silhouette & sighting.table[near])
        surplus = np.count_nonzero(block & ~silhouette)
        common = np.count_nonzero(silhouette & block)
        top = self._view.fill(faces[:1])[near] & block
        wrong_height = np.count_nonzero(top & sighting.known[near] & ~sighting.top[near])
        return (common - wrong_height) / max(common + missing + surplus, 1)

    def _fault(self, find: _Find) -> str | None:
        """Why a find does not count, as one sentence; None where it does."""
        config, registration = self._config, find.registration
        deviation = np.sqrt(np.diag(registration.covariance))
        if find.agreement < config.least_agreement:
            return (
                f"what is seen of the block's colour agrees to {find.agreement:.2f} with its "
                f"shape, want {config.least_agreement}. Remove what has its colour, or uncover it."
            )
        if registration.share < config.least_coverage:
            return (
                f"{100 * registration.share:.0f} % of the block's contour is seen, want "
                f"{100 * config.least_coverage:.0f} %. Uncover it or bring it into view."
            )
        if registration.rms > config.most_rms:
            return (
                f"the block's edges lie {1e3 * registration.rms:.1f} mm from its outline, want "
                f"{1e3 * config.most_rms:.1f} mm. Check its shape and the camera's calibration."
            )
        if deviation[:2].max() > config.most_deviation or deviation[2] > config.most_turn_deviation:
            return (
                f"the block's pose is known to {1e3 * deviation[:2].max():.1f} mm and "
                f"{np.degrees(deviation[2]):.1f} deg only. Uncover more of its contour."
            )
        return None


def _near(start: np.ndarray, pose: np.ndarray) -> bool:
    """A start (3,) from where a fit would lead to the pose (3,) again."""
    distance, turn = pose_error(start, pose)
    return distance < 0.025 and turn < 0.5


def _pose(registration: Registration) -> PlanarPose:
    x, y, angle = registration.pose
    return PlanarPose(
        x=float(x),
        y=float(y),
        angle=wrapped(float(angle)),
        rms=registration.rms,
        inliers=registration.inliers,
        coverage=registration.share,
        covariance=registration.covariance,
    )
