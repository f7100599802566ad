"""What lies on the table: loose things and fixed scenery, made of boxes and cylinders.

Shapes: a pose is (4,): x, y, z [m], yaw [rad] in base; z is that of a thing's own frame.
"""

# pyright: reportAttributeAccessIssue=false
# MuJoCo's names come from compiled modules without stubs.

from dataclasses import dataclass

import mujoco
import numpy as np

from handiwork.sim.manipulation.fr3 import GRIPPER, TABLE, THING

Triple = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A box of a thing: half sizes and middle in the thing's frame [m]."""

    half: Triple
    middle: Triple = (0.0, 0.0, 0.0)
    colour: Triple = (0.8, 0.8, 0.8)


@dataclass(frozen=True, kw_only=True)
class Thing:
    """A loose body.

    mass: [kg]. rest: height of its frame above what it lies on [m].
    fold: how many turns about z it looks the same after; its yaw is told up to those.
    """

    name: str
    parts: tuple[Part, ...]
    mass: float
    rest: float
    fold: int

    def canonical(self, yaw: float) -> float:
        """The yaw in (-pi/fold, pi/fold] that looks the same."""
        turn = 2 * np.pi / self.fold
        return -((-yaw + turn / 2) % turn - turn / 2)


@dataclass(frozen=True, kw_only=True)
class Scenery:
    """A fixed body. place: of its frame in base [m]."""

    name: str
    place: Triple
    parts: tuple[Part, ...]


def add_thing(spec: mujoco.MjSpec, thing: Thing) -> None:
    """A free body named as the thing."""
    body = spec.worldbody.add_body(name=thing.name)
    body.add_freejoint(name=thing.name)
    volumes = np.array([np.prod(part.half) for part in thing.parts])
    for part, share in zip(thing.parts, volumes / volumes.sum(), strict=True):
        geom = _add_box(body, part)
        geom.mass = thing.mass * share
        geom.contype, geom.conaffinity = THING, TABLE | THING | GRIPPER


def add_scenery(spec: mujoco.MjSpec, scenery: Scenery) -> None:
    """A fixed body, touched like the table."""
    body = spec.worldbody.add_body(name=scenery.name, pos=scenery.place)
    for part in scenery.parts:
        geom = _add_box(body, part)
        geom.contype, geom.conaffinity = TABLE, THING | GRIPPER


def _add_box(body: mujoco.MjsBody, part: Part) -> mujoco.MjsGeom:
    return body.add_geom(
        type=mujoco.mjtGeom.mjGEOM_BOX,
        size=part.half,
        pos=part.middle,
        rgba=[*part.colour, 1],
        group=1,
        friction=[0.8, 0.01, 0.0001],
    )
