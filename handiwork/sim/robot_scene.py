"""Any robot as a MuJoCo model that is commanded by joint positions.

Bodies are the robot's own model, MJCF or URDF, several arms on one base where it is an assembly.
Weight is compensated, as the makers' controllers do. Servos of the model are kept; joints without
one get a servo whose stiffness fits the inertia that it moves. Nothing is drawn and nothing
touches: this is a robot to drive, not a scene to look at.

Source: the servo is a critically damped spring with the time constant of `SERVO`: of the robots
here the WidowX AI's model brings servos of its own.
"""

# pyright: reportAttributeAccessIssue=false
# MuJoCo's names come from compiled modules without stubs.

from xml.etree import ElementTree

import mujoco
import numpy as np

from handiwork.robots.model_file import Assembly, ModelFile
from handiwork.robots.robot import Robot
from handiwork.robots.urdf import urdf_text

SERVO = 80.0  # [1/s] natural frequency of the servos that are added
ARMATURE = 0.01  # [kg m^2], [kg] the least inertia of a motor as its joint feels it
_COMPILER = {"fusestatic": "false", "balanceinertia": "true", "discardvisual": "true"}


def build_robot(robot: Robot, timestep: float) -> mujoco.MjModel:
    """The compiled model; every commanded joint and finger has a servo named after it."""
    spec = _spec(robot.model)
    spec.option.timestep = timestep
    spec.option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    for body in spec.bodies:
        body.gravcomp = 1.0
    for joint in spec.joints:
        joint.armature = max(joint.armature, ARMATURE)
    _add_servos(spec, robot)
    return spec.compile()


def _spec(model: ModelFile | Assembly) -> mujoco.MjSpec:
    if isinstance(model, Assembly):
        return _assembled(model)
    if model.is_mjcf:
        return _without_shapes(mujoco.MjSpec.from_file(str(model.path())))
    return mujoco.MjSpec.from_string(_urdf_without_shapes(model))


def _assembled(assembly: Assembly) -> mujoco.MjSpec:
    whole = mujoco.MjSpec()
    whole.option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST  # as build_robot sets it
    for mount in assembly.mounts:
        turn = np.empty(4)
        mujoco.mju_mat2Quat(turn, mount.base_from_mount[:3, :3].reshape(9))
        frame = whole.worldbody.add_frame(pos=mount.base_from_mount[:3, 3], quat=turn)
        whole.attach(_spec(mount.robot.model), prefix=mount.prefix, frame=frame)
    return whole


def _without_shapes(spec: mujoco.MjSpec) -> mujoco.MjSpec:
    """Bodies keep their inertia, which the file gives; meshes need not be read."""
    for geom in list(spec.geoms):
        spec.delete(geom)
    for mesh in list(spec.meshes):
        spec.delete(mesh)
    return spec


def _urdf_without_shapes(model: ModelFile) -> str:
    root = ElementTree.fromstring(urdf_text(model))
    for link in root.findall("link"):
        for shape in [*link.findall("visual"), *link.findall("collision")]:
            link.remove(shape)
    extension = ElementTree.SubElement(root, "mujoco")
    ElementTree.SubElement(extension, "compiler", _COMPILER)
    return ElementTree.tostring(root, encoding="unicode")


def _add_servos(spec: mujoco.MjSpec, robot: Robot) -> None:
    """For joints that the file gives none; a finger that is tied to another needs none."""
    driven = {actuator.target for actuator in spec.actuators}
    driven |= {equality.name1 for equality in spec.equalities}
    fingers = [
        name for group in robot.groups if group.gripper is not None for name in group.gripper.joints
    ]
    lacking = [name for name in (*robot.names, *fingers) if name not in driven]
    if not lacking:
        return
    model = spec.compile()
    data = mujoco.MjData(model)
    for name, position in zip(robot.names, robot.home, strict=True):
        data.qpos[model.joint(name).qposadr[0]] = position
    mujoco.mj_forward(model, data)
    inertia = np.zeros((model.nv, model.nv))
    mujoco.mj_fullM(model, data, inertia)
    for name in lacking:
        moved = float(inertia[(column := model.joint(name).dofadr[0]), column])
        servo = spec.add_actuator(name=name, target=name, trntype=mujoco.mjtTrn.mjTRN_JOINT)
        servo.set_to_position(kp=moved * SERVO**2, kv=2 * moved * SERVO)
