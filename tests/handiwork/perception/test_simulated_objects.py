"""Known objects in simulated pictures with the camera's noise: found to millimetres, or refused."""

import numpy as np
import pytest

from handiwork.errors import ObjectNotFound, UnknownName, WrongShape
from handiwork.perception.cloud import CloudConfig, CloudMaker
from handiwork.perception.cloud_box import CloudBox
from handiwork.perception.collision_scene import collision_scene
from handiwork.perception.known_object import pose_difference
from handiwork.perception.known_objects import CUBE, LIBRARY, MUG, T_BLOCK
from handiwork.perception.object_finder import ObjectFinder
from handiwork.perception.object_tracker import ObjectTracker
from handiwork.perception.robot_points import RobotPoints
from handiwork.perception.sighting import look
from handiwork.planning import Planner, Scene, placed
from handiwork.sim.object_scene import ObjectScene, ObjectSceneConfig
from handiwork.sim.rgbd import Rgbd

BOX = CloudBox(low=(0.20, -0.35, -0.03), high=(0.80, 0.35, 0.30))
CAMERA_SIDE, ROBOT_SIDE = 0.0, np.pi  # where the mug's handle points


class Stage:
    """What the camera sees of things put somewhere."""

    def __init__(self):
        self.scene = ObjectScene(ObjectSceneConfig(objects=tuple(LIBRARY.values())))
        self.eyes, self.maker = Rgbd(self.scene), CloudMaker(CloudConfig(box=BOX))
        self.robot, self.home = RobotPoints(self.scene.config.robot), self.scene.config.robot.home

    def sighting(self, poses, posture=None):
        self.scene.show(poses, posture)
        rgb, depth = self.eyes.render()
        posture = self.home if posture is None else posture
        return look(self.maker, depth, self.scene.camera(), rgb, self.robot, posture)


@pytest.fixture(scope="module")
def stage():
    made = Stage()
    yield made
    made.eyes.close()


def at(thing, x, y, turn, rest=0):
    return placed(x, y, 0.0, turn) @ thing.rests[rest]


def three(seed):
    draws = np.random.default_rng(seed)
    turns = draws.uniform(-np.pi, np.pi, 3)
    return {
        "t_block": at(T_BLOCK, draws.uniform(0.40, 0.50), draws.uniform(-0.05, 0.05), turns[0]),
        "cube": at(CUBE, draws.uniform(0.38, 0.60), -0.2, turns[1]),
        "mug": at(MUG, draws.uniform(0.45, 0.60), 0.2, CAMERA_SIDE + turns[2] / 4, seed % 2),
    }


def test_all_three_are_found_to_millimetres(stage):
    for seed in range(2):
        truth = three(seed)
        seen = ObjectTracker(LIBRARY, list(LIBRARY)).see(stage.sighting(truth), 0.0)
        assert not seen.missing
        for name, pose in seen.found.items():
            far, turn = pose_difference(
                pose.base_from_object, truth[name], LIBRARY[name].symmetries
            )
            assert far < 0.004 and turn < np.radians(3), name


def test_a_mug_that_hides_its_handle_is_refused_not_guessed(stage):
    sighting = stage.sighting({"mug": at(MUG, 0.5, 0.0, ROBOT_SIDE)})
    seen = ObjectTracker(LIBRARY, ["mug"]).see(sighting, 0.0)
    assert not seen.found
    assert "undetermined" in seen.missing["mug"] or "two poses" in seen.missing["mug"]


def test_an_object_that_is_not_there_is_said_to_be_missing(stage):
    seen = ObjectTracker(LIBRARY, ["cube", "mug"]).see(
        stage.sighting({"cube": at(CUBE, 0.45, 0.1, 0.3)}), 0.0
    )
    assert list(seen.found) == ["cube"]
    assert "mug's colour" in seen.missing["mug"]


def test_one_object_is_not_taken_for_another(stage):
    for shown, asked in ((MUG, CUBE), (CUBE, T_BLOCK), (T_BLOCK, MUG)):
        sighting = stage.sighting({shown.name: at(shown, 0.45, 0.0, 0.4)})
        with pytest.raises(ObjectNotFound):
            ObjectFinder().find(sighting, 0, asked)


def test_two_things_that_touch_are_refused(stage):
    poses = {"cube": at(CUBE, 0.45, 0.0, 0.0), "t_block": at(T_BLOCK, 0.495, 0.02, 0.2)}
    with pytest.raises(ObjectNotFound, match="lie on the cube"):
        ObjectFinder().find(stage.sighting(poses), 0, CUBE)


def test_a_cube_that_moves_is_followed(stage):
    tracker = ObjectTracker(LIBRARY, ["cube"])
    for step in range(5):
        truth = at(CUBE, 0.45 + 0.01 * step, 0.0, 0.2 + 0.05 * step)
        seen = tracker.see(stage.sighting({"cube": truth}), step / 10)
        far, turn = pose_difference(seen.found["cube"].base_from_object, truth, CUBE.symmetries)
        assert far < 0.004 and turn < np.radians(3)
    assert tracker.see(stage.sighting({}), 0.5).missing
    back = at(CUBE, 0.6, 0.2, -0.5)
    assert tracker.see(stage.sighting({"cube": back}), 0.6).found


def test_the_arms_own_points_are_its_own_and_the_tables_are_not(stage):
    draws = np.random.default_rng(0)
    posture = stage.home + draws.uniform(-0.2, 0.2, len(stage.home))
    stage.scene.show({"cube": at(CUBE, 0.5, 0.2, 0.0)}, posture)
    clean = stage.eyes.render_clean()[1].copy()
    depth = np.rint(clean * 1e3).astype(np.uint16)
    without = without_arm(stage)
    camera = stage.scene.camera()
    pixels = np.stack(np.meshgrid(np.arange(camera.width), np.arange(camera.height)), -1)
    points = camera.deproject(pixels.reshape(-1, 2), depth.ravel() * 1e-3)
    arm = (np.abs(clean - without) > 0.005).ravel()
    own = stage.robot.among(points, posture)
    near = points[:, 0] > 0.0  # of the table, not of the room behind
    assert arm.sum() > 3000
    assert own[arm & near].all()
    assert own[~arm & near].mean() < 0.005  # what the arm is just above
    assert not own[np.linalg.norm(points - (0.5, 0.2, 0.025), axis=1) < 0.05].any()


def without_arm(stage):
    """Depth of the same picture with the arm turned away, out of the table's part of it."""
    turned = stage.home.copy()
    turned[0] = np.pi * 0.9
    stage.scene.show({"cube": at(CUBE, 0.5, 0.2, 0.0)}, turned)
    return stage.eyes.render_clean()[1].copy()


def test_what_is_seen_is_a_scene_that_the_planner_takes(stage):
    truth = three(1)
    sighting = stage.sighting(truth)
    seen = ObjectTracker(LIBRARY, ["cube", "t_block"]).see(sighting, 0.0)
    scene = collision_scene(sighting, seen, LIBRARY)
    assert set(scene.names) == {"table", "cube", "t_block", "thing_0"}
    mug = scene.obstacles[scene.names.index("thing_0")]
    off = mug.base_from_shape[:3, 3] - truth["mug"][:3, 3]
    assert np.linalg.norm(off[:2]) < 0.04
    arm = stage.scene.config.robot
    alone = Scene(obstacles=tuple(thing for thing in scene.obstacles if thing.name != "table"))
    path = Planner(arm, alone).path(arm.home, arm.home + 0.05, seconds=5.0)
    np.testing.assert_allclose(path[-1], arm.home + 0.05)


def test_colour_that_does_not_lie_on_the_depth_is_refused(stage):
    stage.scene.show({})
    rgb, depth = stage.eyes.render()
    with pytest.raises(WrongShape, match="aligned to the depth"):
        look(stage.maker, depth, stage.scene.camera(), rgb[::2, ::2])


def test_an_object_outside_of_the_library_is_refused():
    with pytest.raises(UnknownName, match="Add its mesh to the library"):
        ObjectTracker(LIBRARY, ["teapot"])
