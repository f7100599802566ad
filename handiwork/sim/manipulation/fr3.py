"""The Franka Research 3 with its hand as a MuJoCo model that is fast to step and to draw.

What is drawn are the maker's collision hulls. What touches are four boxes on the fingers and one
for the hand; the arm itself touches nothing, since the tool always points down from above.

Source: fr3.xml and meshes of the PyPI package franky-sim 1.0.4 (Apache-2.0), which takes them from
franka_description. The servo gains of the arm are that file's. The hand's actuator there squeezes
with 1 N per centimetre; here each finger has a servo that squeezes like the real hand, up to 70 N.
"""

# pyright: reportAttributeAccessIssue=false
# MuJoCo's names come from compiled modules without stubs.

from importlib import resources

import mujoco
import numpy as np

JOINTS = tuple(f"fr3_joint{index}" for index in range(1, 8))
FINGERS = ("finger_joint1", "finger_joint2")
TOOL = "tool"
TOOL_DEPTH = 0.1034  # [m] from the hand's frame to the middle of the finger pads
PAD_TIP = 0.0095  # [m] from there to the fingertips
MAX_OPENING = 0.08  # [m] between the pads
# Tool pointing down at about x 0.45 m, y 0, z 0.25 m, fingers apart along y.
HOME = np.array([0.0, -0.25, 0.0, -2.35, 0.0, 2.1, np.pi / 4])

# Contact bits: geoms meet if one's type is among the other's affinities.
TABLE, THING, GRIPPER = 1, 2, 4

# Of each finger: [N/m], [N s/m], [N], and the motor's inertia as a mass [kg].
_GRIP_STIFFNESS, _GRIP_DAMPING, _GRIP_FORCE, _GRIP_INERTIA = 4000.0, 200.0, 70.0, 0.5
_SHELL, _DARK = [0.92, 0.92, 0.93, 1.0], [0.22, 0.22, 0.24, 1.0]


def fr3() -> mujoco.MjSpec:
    """The arm on the origin with a site `tool` between the fingertips, gravity compensated."""
    folder = resources.files("franky_sim") / "assets"
    spec = mujoco.MjSpec.from_file(str(folder / "fr3.xml"))
    spec.meshdir = str(folder / "meshes")
    _keep_the_hulls(spec)
    _servo_each_finger(spec)
    spec.body("hand").add_site(name=TOOL, pos=[0, 0, TOOL_DEPTH])
    for body in spec.bodies:
        body.gravcomp = 1.0
    for joint in spec.joints:
        joint.frictionloss = 0.0  # the real arm's controller makes up for it as well
        # With bounded torques the stiff servos swing; speeds and what is held are small here.
        joint.actfrclimited = mujoco.mjtLimited.mjLIMITED_FALSE
    return spec


def _keep_the_hulls(spec: mujoco.MjSpec) -> None:
    for geom in list(spec.geoms):
        if geom.type != mujoco.mjtGeom.mjGEOM_MESH or geom.classname.name == "visual":
            spec.delete(geom)
            continue
        geom.contype, geom.conaffinity, geom.group = 0, 0, 2
        on_hand = geom.meshname in ("hand_coll", "finger_0", "link7_coll")
        geom.rgba = _DARK if on_hand else _SHELL
    drawn = {geom.meshname for geom in spec.geoms}
    for mesh in list(spec.meshes):
        if mesh.name not in drawn:
            spec.delete(mesh)
    _add_box(spec.body("hand"), [0.03, 0.10, 0.033], [0, 0, 0.033])
    for side in ("left_finger", "right_finger"):
        finger = spec.body(side)
        _add_box(finger, [0.010, 0.009, 0.017], [0, 0.014, 0.017])
        pad = _add_box(finger, [0.009, 0.004, 0.010], [0, 0.004, 0.044])
        pad.friction, pad.condim, pad.priority = [1.2, 0.02, 0.0001], 4, 1
        pad.solref, pad.solimp = [0.005, 1.0], [0.95, 0.99, 0.001, 0.5, 2.0]  # rubber, not foam


def _servo_each_finger(spec: mujoco.MjSpec) -> None:
    spec.delete(spec.actuator("hand"))
    spec.delete(spec.tendon("split"))
    for name in FINGERS:
        joint = spec.joint(name)
        joint.armature = _GRIP_INERTIA
        servo = spec.add_actuator(name=name, target=name, trntype=mujoco.mjtTrn.mjTRN_JOINT)
        servo.set_to_position(kp=_GRIP_STIFFNESS, kv=_GRIP_DAMPING)
        servo.forcerange = [-_GRIP_FORCE, _GRIP_FORCE]
        servo.ctrlrange = [0.0, MAX_OPENING / 2]


def _add_box(body: mujoco.MjsBody, size: list[float], pos: list[float]) -> mujoco.MjsGeom:
    """A box that touches and is not drawn."""
    return body.add_geom(
        type=mujoco.mjtGeom.mjGEOM_BOX,
        size=size,
        pos=pos,
        group=3,
        mass=0,
        contype=GRIPPER,
        conaffinity=TABLE | THING,
    )
