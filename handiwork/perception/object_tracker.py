"""Follow known objects from picture to picture: where one was last is where to look first.

Shapes: poses (4, 4) [m].
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from handiwork.errors import ObjectNotFound
from handiwork.perception.colour_mask import EDGE, Colour
from handiwork.perception.find import FinderConfig
from handiwork.perception.known_object import KnownObject, known
from handiwork.perception.object_finder import ObjectFinder
from handiwork.perception.object_pose import ObjectPose
from handiwork.perception.sighting import Sighting

MEMORY = 0.5  # [s] after which a pose no longer says where to look
HUE_TOLERANCE = 0.5  # [rad]
OF_ITS_COLOUR = 0.4  # share of a thing's pixels, from which it may be the object


@dataclass(frozen=True, kw_only=True, eq=False)
class Seen:
    """found: objects with poses. missing: why each of the others was not found, a sentence.
    thing_of: which thing of the sighting each found object is.
    """

    found: Mapping[str, ObjectPose]
    missing: Mapping[str, str]
    thing_of: Mapping[str, int]


class ObjectTracker:
    """A finder that remembers. An object that is not seen is said so, and searched for anew."""

    def __init__(
        self,
        library: Mapping[str, KnownObject],
        names: Sequence[str],
        config: FinderConfig | None = None,
    ) -> None:
        """Raises:
        UnknownName: an object that is not in the library.
        """
        self._wanted = [known(library, name) for name in names]
        self._finder = ObjectFinder(config)
        self._last: dict[str, tuple[float, np.ndarray]] = {}

    def see(self, sighting: Sighting, now: float) -> Seen:
        """All objects in the sighting of `now` [s]."""
        found: dict[str, ObjectPose] = {}
        missing: dict[str, str] = {}
        thing_of: dict[str, int] = {}
        for wanted in self._wanted:
            try:
                thing, pose = self._one(sighting, wanted, now, set(thing_of.values()))
            except ObjectNotFound as error:
                missing[wanted.name] = str(error)
                self._last.pop(wanted.name, None)
                continue
            found[wanted.name], thing_of[wanted.name] = pose, thing
            self._last[wanted.name] = (now, pose.base_from_object)
        return Seen(found=found, missing=missing, thing_of=thing_of)

    def _one(
        self, sighting: Sighting, wanted: KnownObject, now: float, taken: set[int]
    ) -> tuple[int, ObjectPose]:
        things = [thing for thing in _candidates(sighting, wanted) if thing not in taken]
        if not things:
            raise ObjectNotFound(
                f"nothing of the {wanted.name}'s colour stands on the table. "
                "Bring it into view, or check its colour in the library."
            )
        when, last = self._last.get(wanted.name, (-np.inf, None))
        reasons = []
        for thing in things:
            try:
                recent = last if 0 <= now - when <= MEMORY else None
                return thing, self._finder.find(sighting, thing, wanted, recent)
            except ObjectNotFound as error:
                reasons.append(error)
        raise reasons[0]


def _candidates(sighting: Sighting, wanted: KnownObject) -> list[int]:
    """Things of the object's colour, most of it first; all of them, where there is no colour."""
    red, green, blue = (round(255 * part) for part in wanted.colour)
    colour = Colour(rgb=(red, green, blue), hue_tolerance=HUE_TOLERANCE)
    alike: dict[int, int] = {}
    for thing in range(sighting.things):
        pixels = sighting.colour_of(thing)
        if pixels is None:
            alike[thing] = -thing
        elif len(pixels):
            hits = np.count_nonzero(colour.likeness(pixels[:, None]) >= EDGE // 2)
            if hits > OF_ITS_COLOUR * len(pixels):
                alike[thing] = int(hits)
    return sorted(alike, key=lambda thing: -alike[thing])
