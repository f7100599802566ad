"""Gravity against energy: the torque is the slope of the potential."""

import mujoco
import numpy as np
import pinocchio as pin
import pytest

from handiwork.robots.body import body_of
from handiwork.robots.dynamics import Gravity
from handiwork.robots.registry import robot


@pytest.mark.parametrize("name", ["wx250s", "fr3", "g1", "wxai_pair"])
def test_torques_are_the_slope_of_the_potential_energy(name: str):
    one, body, gravity = robot(name), body_of(robot(name)), Gravity(robot(name))
    data = body.model.createData()

    def energy(positions: np.ndarray) -> float:
        return pin.computePotentialEnergy(body.model, data, body.configuration(positions))

    positions = np.random.default_rng(0).uniform(one.lower, one.upper)
    step = 1e-5 * np.eye(len(one.joints))
    slope = [(energy(positions + row) - energy(positions - row)) / 2e-5 for row in step]
    np.testing.assert_allclose(gravity.torques(positions), slope, atol=1e-5)


def test_the_wxai_is_as_heavy_as_mujoco_finds_it():
    wxai = robot("wxai")
    model = mujoco.MjModel.from_xml_path(str(wxai.model_path()))
    model.body_gravcomp[:] = 0
    data = mujoco.MjData(model)
    positions = np.random.default_rng(1).uniform(wxai.lower, wxai.upper)
    for name, position in zip(wxai.names, positions, strict=True):
        data.joint(name).qpos[0] = position
    for name, position in wxai.group().gripper.positions(0.044).items():
        data.joint(name).qpos[0] = position
    mujoco.mj_forward(model, data)
    want = [data.qfrc_bias[model.joint(name).dofadr[0]] for name in wxai.names]
    np.testing.assert_allclose(Gravity(wxai).torques(positions), want, atol=1e-4)


def test_a_vertical_axis_carries_no_weight():
    assert Gravity(robot("fr3")).torques(robot("fr3").home)[0] == pytest.approx(0, abs=1e-9)
