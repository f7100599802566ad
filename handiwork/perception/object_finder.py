"""Find known objects among the things on a table: search, registration, and tests that may refuse.

A pose is said only where the picture supports it: what is seen of the thing must lie on the
object, the object's visible surface must not be looked through, its pose must be held in every
direction, and no other pose may do as well.
"""

import numpy as np

from handiwork.errors import ObjectNotFound
from handiwork.perception.find import Find, FinderConfig, fault
from handiwork.perception.known_object import KnownObject, pose_difference
from handiwork.perception.object_fit import (
    alike,
    fit_exactly,
    nearest_rest,
    search,
    turned_a_little,
)
from handiwork.perception.object_pose import ObjectPose
from handiwork.perception.sighting import Sighting


class ObjectFinder:
    """Looks for one object at a time in a sighting. Keeps nothing from picture to picture."""

    def __init__(self, config: FinderConfig | None = None) -> None:
        self._config = config or FinderConfig()

    def find(
        self, sighting: Sighting, thing: int, wanted: KnownObject, last: np.ndarray | None = None
    ) -> ObjectPose:
        """The object's pose, if a thing of the sighting is it.

        last: (4, 4) where it was a moment ago; tried first.

        Raises:
            ObjectNotFound: the thing is not it, or does not show enough; the message says why.
        """
        points = sighting.points_of(thing)
        if len(points) < self._config.least_points:
            raise ObjectNotFound(
                f"{len(points)} px of the {wanted.name} in view, want {self._config.least_points}. "
                "Bring it closer, or uncover it."
            )
        if last is not None:
            rest = nearest_rest(sighting, wanted, last)
            find = fit_exactly(sighting, wanted, points, last, rest, self._config)
            if fault(wanted.name, find, self._config) is None:
                return find.said(wanted.name)
        finds = [
            fit_exactly(sighting, wanted, points, pose, rest, self._config)
            for pose, rest in search(sighting, wanted, points, self._config)
        ]
        best = max(finds, key=lambda find: find.score)
        rest = nearest_rest(sighting, wanted, best.pose)
        finds += [
            fit_exactly(sighting, wanted, points, pose, rest, self._config)
            for pose in turned_a_little(sighting, best.pose)
        ]
        return self._best(finds, wanted).said(wanted.name)

    def _best(self, finds: list[Find], wanted: KnownObject) -> Find:
        best = max(finds, key=lambda find: find.score)
        reason = fault(wanted.name, best, self._config)
        if reason is not None:
            raise ObjectNotFound(reason)
        for other in finds:
            rivals = other.score > best.score - self._config.rival
            if rivals and not alike(other.pose, best.pose, wanted):
                distance, turn = pose_difference(other.pose, best.pose, wanted.symmetries)
                raise ObjectNotFound(
                    f"two poses, {1e3 * distance:.0f} mm and {np.degrees(turn):.0f} deg apart, fit "
                    f"what is seen of the {wanted.name}. Show more of it."
                )
        return best
