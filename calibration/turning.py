"""Whether the hand turned enough for the camera's mounting to be seen, and about what it should.

The part of the mounting's place along an axis about which the hand did all its turning is in no
view: there are no two views that would differ by it. Source: Tsai and Lenz, IEEE Trans. Robotics
and Automation 5(3), 1989, section IV.
Shapes: N views; P pairs of them.
"""

from dataclasses import dataclass

import numpy as np

from calibration.sightings import Sightings
from handiwork.errors import BadValue
from handiwork.geometry import inverse, rotation_vector

LEAST_TURN = np.radians(4.0)  # root mean square, about what is across the main axis
WANTED_TURN = np.radians(15.0)  # from which turning about more no longer helps much


@dataclass(frozen=True, kw_only=True, eq=False)
class Turning:
    """How the camera's parent turned against the board's anchor, over all pairs of views.

    main_axis: (3,) in the parent's frame, about which it turned the most alone.
    across: root mean square turn about anything else [rad].
    """

    main_axis: np.ndarray
    across: float

    @property
    def advice(self) -> str:
        """About which of the parent's axes to turn more."""
        letters = "xyz"
        order = np.argsort(np.abs(self.main_axis))
        axis = ", ".join(f"{part:+.2f}" for part in self.main_axis)
        first, second = sorted(letters[number] for number in order[:2])
        return (
            f"It turned mostly about ({axis}); turn it also about its {first} or {second} axis, "
            "by 20 degrees or more."
        )


def turning(seen: Sightings) -> Turning:
    """How the views turned."""
    first, second = np.triu_indices(len(seen), 1)
    poses = seen.parent_from_anchor
    turns = (poses[first] @ inverse(poses[second]))[:, :3, :3]  # (P, 3, 3)
    shifts = np.eye(3) - turns
    information = np.einsum("pij,pik->jk", shifts, shifts) / len(turns)
    _, axes = np.linalg.eigh(information)
    axis = axes[:, 0] * np.sign(axes[np.argmax(np.abs(axes[:, 0])), 0])
    vectors = rotation_vector(turns)
    across = vectors - np.outer(vectors @ axis, axis)
    return Turning(main_axis=axis, across=float(np.sqrt((across**2).sum(axis=1).mean())))


def check_turning(source: str, parent: str, seen: Sightings) -> Turning:
    """How the views turned.

    Raises:
        BadValue: about one axis only, or not at all; the message names an axis to add.
    """
    found = turning(seen)
    if found.across < LEAST_TURN:
        got = f"across its main axis by {np.degrees(found.across):.1f} degrees"
        want = f"turned about two axes, by {np.degrees(LEAST_TURN):.0f} degrees or more"
        raise BadValue(source, f"the turning of the {parent}", got, want, found.advice)
    return found
