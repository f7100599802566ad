"""What is known of a hand-eye while it is taken, and which view is asked for next."""

import numpy as np
import pytest

from calibration.boards import CharucoBoard, Detection
from calibration.camera_model import Intrinsics
from calibration.informative_belief import Belief, Noise, Sight, guessed, information_of, learned
from calibration.informative_postures import Arm, Framing, in_image
from calibration.informative_projection import mount_from_holder, projected
from calibration.informative_session import Session
from calibration.next_view import NextViewConfig, enough, next_views
from handiwork.errors import BadValue, ObjectNotFound, Unreachable
from handiwork.geometry import change_between, changed, inverse, pose_from_vector
from handiwork.planning import Planner, Scene
from handiwork.robots.kinematics import Kinematics
from handiwork.robots.pose_inverse import PoseInverseConfig
from handiwork.robots.registry import robot
from handiwork.sim.calibration_rig import drawn_rig, measured_rig

BOARD = CharucoBoard(squares_x=7, squares_y=5, square_m=0.03, marker_m=0.022)
SIZE = (0.21, 0.15)
POINTS = BOARD.points(np.arange(BOARD.corner_count))
FOCAL = 615.0
K = np.array([[FOCAL, 0, 319.5], [0, FOCAL, 239.5], [0, 0, 1]])
CAMERA = Intrinsics(width=640, height=480, k=K, d=np.zeros(5))
TRUE = drawn_rig("fr3", "eye_in_hand", SIZE, 0)
ROUGH = measured_rig("fr3", "eye_in_hand", SIZE)
GUESS = guessed(ROUGH.mount_from_camera, ROUGH.holder_from_board, 0.02, 0.1)
NOISE = Noise()


def config(**changes) -> NextViewConfig:
    return NextViewConfig(**{"tries": 60, **changes})


@pytest.fixture(scope="module")
def arm() -> Arm:
    fr3 = robot("fr3")
    search = PoseInverseConfig(restarts=4, postures=2048)
    return Arm(Kinematics(fr3, pose_config=search), Planner(fr3, Scene()))


def grippers(count: int, seed: int) -> np.ndarray:
    """(count, 4, 4) random poses of the gripper that look at the board anyhow."""
    generator = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        change = np.concatenate([generator.normal(0, 0.05, 3), generator.normal(0, 0.35, 3)])
        view = changed(pose_from_vector(np.array([-0.1, -0.07, 0.4, 0, 0, 0])), change)
        found.append(TRUE.holder_from_board @ inverse(view) @ inverse(TRUE.mount_from_camera))
    return np.array(found)


def sight(base_from_gripper: np.ndarray, generator: np.random.Generator | None = None) -> Sight:
    """Of the true rig, with noise of corners and arm where a generator is given."""
    moved = base_from_gripper
    corner = np.zeros((len(POINTS), 2))
    related = mount_from_holder("eye_in_hand", moved)
    if generator is not None:
        corner = generator.normal(0, NOISE.corner_px / FOCAL, corner.shape)
        spread = np.repeat([NOISE.arm_m, NOISE.arm_rad], 3)
        related = changed(related, generator.normal(0, spread))
    rays, _, _ = projected(TRUE.mount_from_camera, TRUE.holder_from_board, related, POINTS)
    said = mount_from_holder("eye_in_hand", base_from_gripper)
    return Sight(mount_from_holder=said, points=POINTS, rays=rays + corner)


def test_slopes_are_those_of_finite_differences():
    related = mount_from_holder("eye_in_hand", grippers(1, 3)[0])
    places = [TRUE.mount_from_camera, TRUE.holder_from_board, related]
    _, by_change, by_arm = projected(*places, POINTS)
    slopes = np.hstack([by_change, by_arm])
    for column in range(18):
        which, step = column // 6, 1e-6 * np.eye(6)[column % 6]
        ends = []
        for sign in (1, -1):
            moved = list(places)
            moved[which] = changed(places[which], sign * step)
            ends.append(projected(*moved, POINTS)[0].ravel())
        np.testing.assert_allclose((ends[0] - ends[1]) / 2e-6, slopes[:, column], atol=1e-5)


def test_exact_views_lead_to_the_truth_from_a_rough_guess():
    # Nearly nothing is left of the guess.
    loose = guessed(GUESS.mount_from_camera, GUESS.holder_from_board, 10.0, 10.0)
    found = learned(loose, [sight(one) for one in grippers(6, 0)], FOCAL, NOISE)
    error = change_between(TRUE.mount_from_camera, found.mount_from_camera)
    assert np.abs(error).max() < 1e-6


def test_errors_are_as_large_as_the_belief_says():
    """The squared error in the covariance's own measure is 6 in the mean: of 6 numbers each."""
    squares = []
    for seed in range(40):
        generator = np.random.default_rng(seed)
        sights = [sight(one, generator) for one in grippers(8, seed)]
        found = learned(GUESS, sights, FOCAL, NOISE)
        error = change_between(found.mount_from_camera, TRUE.mount_from_camera)
        squares.append(error @ np.linalg.solve(found.covariance[:6, :6], error))
    assert 4.5 < np.mean(squares) < 7.5  # five of its own deviations, 0.55, either way at most


def test_one_view_in_which_the_arm_slipped_hardly_counts():
    clean = [sight(one) for one in grippers(9, 1)]
    slipped = Sight(
        mount_from_holder=changed(clean[0].mount_from_holder, np.array([0.03, 0, 0, 0, 0.1, 0])),
        points=POINTS,
        rays=clean[0].rays,
    )
    found = learned(GUESS, [slipped, *clean[1:]], FOCAL, NOISE)
    error = change_between(TRUE.mount_from_camera, found.mount_from_camera)
    assert np.linalg.norm(error[:3]) < 0.002 and np.linalg.norm(error[3:]) < 0.004


def test_many_corners_of_one_view_cannot_make_up_for_few_views():
    """With an arm that errs, a view with endless corners is worth at most the arm's precision."""
    related = mount_from_holder("eye_in_hand", grippers(1, 0)[0])
    dense = np.tile(POINTS, (20, 1))
    few = information_of(GUESS, related, POINTS, FOCAL, NOISE)
    many = information_of(GUESS, related, dense, FOCAL, NOISE)
    assert np.trace(many[:3, :3]) < 3 * np.trace(few[:3, :3])
    assert np.trace(many[:3, :3]) < 3 * NOISE.arm_m**-2


def test_views_are_sorted_by_what_they_teach_and_show_the_whole_board(arm: Arm):
    belief = learned(GUESS, [sight(one) for one in grippers(3, 0)], FOCAL, NOISE)
    home = robot("fr3").home
    found = next_views(belief, "eye_in_hand", POINTS, CAMERA, arm, home, 1, config())
    assert len(found) > 5
    stds = np.array([[view.std_m / 0.0003, view.std_rad / np.radians(0.05)] for view in found])
    costs = (stds**2).sum(axis=1)
    assert (np.diff(costs) >= 0).all() and costs[0] < 0.8 * costs[-1]
    for view in found:
        gripper = view.posture.base_from_gripper
        np.testing.assert_allclose(arm.gripper(view.posture.positions), gripper, atol=1e-4)
        assert arm.planner.checker.free(view.posture.positions)
        related = mount_from_holder("eye_in_hand", gripper)
        assert in_image(belief, related, POINTS, CAMERA, Framing())


def test_what_is_predicted_for_a_view_is_what_it_brings(arm: Arm):
    sights = [sight(one) for one in grippers(4, 0)]
    belief = learned(GUESS, sights, FOCAL, NOISE)
    best, *_ = next_views(
        belief, "eye_in_hand", POINTS, CAMERA, arm, robot("fr3").home, 1, config()
    )
    after = learned(GUESS, [*sights, sight(best.posture.base_from_gripper)], FOCAL, NOISE)
    assert best.std_m == pytest.approx(after.std_m, rel=0.05)
    assert best.std_rad == pytest.approx(after.std_rad, rel=0.05)


def test_equal_seeds_ask_for_equal_views_and_each_choice_draws_anew(arm: Arm):
    def asked(seed: int, taken: int) -> np.ndarray:
        found = next_views(
            GUESS,
            "eye_in_hand",
            POINTS,
            CAMERA,
            arm,
            robot("fr3").home,
            taken,
            config(seed=seed),
        )
        return found[0].posture.positions

    np.testing.assert_array_equal(asked(0, 1), asked(0, 1))
    assert np.abs(asked(0, 1) - asked(0, 2)).max() > 1e-3
    assert np.abs(asked(0, 1) - asked(1, 1)).max() > 1e-3


def test_a_board_out_of_reach_is_said_to_be(arm: Arm):
    far = guessed(TRUE.mount_from_camera, pose_from_vector(np.array([5.0, 0, 0, 3.1, 0, 0])), 1, 1)
    with pytest.raises(Unreachable, match="none of 20 views of the board"):
        next_views(far, "eye_in_hand", POINTS, CAMERA, arm, robot("fr3").home, 1, config(tries=20))


def test_an_arm_is_kept_from_where_the_gate_would_stop_it(arm: Arm):
    home = robot("fr3").home
    folded = home.copy()
    folded[3] = robot("fr3").lower[3]  # the forearm on the upper arm
    folded[5] = robot("fr3").lower[5]
    assert arm.clear(home[None])
    assert not arm.clear(np.linspace(home, folded, 20))


def test_it_ends_when_enough_is_known_but_not_before_the_fewest_nor_after_the_most():
    known = Belief(
        mount_from_camera=np.eye(4),
        holder_from_board=np.eye(4),
        information=np.diag(np.full(12, 1e10)),
    )
    settings = config(fewest=5, most=8)
    assert not enough(known, 4, settings)
    assert enough(known, 5, settings)
    assert not enough(GUESS, 7, settings)
    assert enough(GUESS, 8, settings)


def session() -> Session:
    return Session("eye_in_hand", BOARD, CAMERA, GUESS, config(), fewest_corners=8)


def detection(gripper: np.ndarray, corners: int = 24, width: int = 640) -> Detection:
    points = POINTS @ TRUE.camera_from_board(gripper)[:3, :3].T
    pixels = CAMERA.project(points + TRUE.camera_from_board(gripper)[:3, 3])
    inside = np.flatnonzero(((pixels > 0) & (pixels < (639, 479))).all(axis=1))[:corners]
    return Detection(ids=inside, corners=pixels[inside], size=(width, 480))


def test_a_session_learns_from_views_and_forgets_those_taken_back():
    taken = session()
    for gripper in grippers(5, 0):
        taken.add(gripper, detection(gripper))
    assert taken.belief.std_m < 0.005 and taken.residual_px < 0.05
    before = taken.belief.std_m
    taken.add(extra := grippers(6, 0)[5], detection(extra))
    assert taken.belief.std_m < before
    assert taken.remove().name == "view_06"
    assert taken.belief.std_m == pytest.approx(before)
    assert [view.name for view in taken.views.views] == [f"view_{n:02d}" for n in range(1, 6)]


def test_half_a_board_and_another_resolution_are_refused():
    gripper = grippers(1, 0)[0]
    with pytest.raises(ObjectNotFound, match="5 corners of the board are in view, want 8"):
        session().add(gripper, detection(gripper, corners=5))
    with pytest.raises(BadValue, match=r"\(1280, 480\).*this resolution"):
        session().add(gripper, detection(gripper, width=1280))
    with pytest.raises(ObjectNotFound, match="no view has been taken"):
        session().remove()
