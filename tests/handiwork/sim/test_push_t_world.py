import gym_pusht  # noqa: F401  (registers the published environment)
import gymnasium
import numpy as np
import pytest
import shapely

from handiwork.errors import Unreachable, WrongShape
from handiwork.robots.kinematics import Kinematics, pointing_down
from handiwork.robots.wxai import WXAI
from handiwork.sim.push_t_scene import WALLS_PX
from handiwork.sim.push_t_world import PushTWorld, clear_of_the_block, off_the_walls
from handiwork.tasks.push_t import (
    PERIOD,
    ROD_RADIUS_PX,
    TIP_HEIGHT,
    TableSquare,
    follow,
    initial_state,
    keypoints,
)

FAR_AWAY = np.array([60.0, 60.0])
METRES_PER_PX = TableSquare().metres_per_px
KINEMATICS = Kinematics(WXAI)


@pytest.fixture(scope="module")
def world() -> PushTWorld:
    return PushTWorld()


def joints_along(world: PushTWorld, path_px: np.ndarray) -> np.ndarray:
    """(N, J) joint positions that lead the tip along (N, 2) points of the plane."""
    points = np.column_stack(
        [world.config.square.to_base(path_px), np.full(len(path_px), TIP_HEIGHT)]
    )
    return KINEMATICS.follow_path(pointing_down(points), world.joint_positions)


def lead(world: PushTWorld, goal_px: np.ndarray, speed: float) -> np.ndarray:
    """Leads the tip straight to a point with a smooth start and end; lag at each step [m].

    `speed` is the highest on the way [m/s]; the curve is a quintic, so it is 1.875 of the mean.
    """
    start = world.rod_px()
    duration = 1.875 * np.linalg.norm(goal_px - start) * METRES_PER_PX / speed
    share = np.linspace(0, 1, max(int(duration / world.dt), 2))[:, None]
    path = start + (goal_px - start) * (10 * share**3 - 15 * share**4 + 6 * share**5)
    lags = []
    for joints, point in zip(joints_along(world, path), path, strict=True):
        world.step(joints)
        lags.append(np.linalg.norm(world.rod_px() - point) * METRES_PER_PX)
    return np.array(lags)


def rest(world: PushTWorld, place_px: np.ndarray, seconds: float) -> None:
    """The tip is told to stay at a place."""
    target = joints_along(world, place_px[None])[0]
    for _ in range(round(seconds / world.dt)):
        world.step(target)


def corner_error_px(pose: np.ndarray, other: np.ndarray) -> float:
    return np.linalg.norm(keypoints(pose) - keypoints(other), axis=1).mean()


def deepest_contact(world: PushTWorld) -> float:
    return -min((contact.dist for contact in world.data.contact), default=0.0)


def test_a_seed_starts_where_the_published_environment_starts(world):
    seeds_checked = 0
    for seed in range(30):
        want = initial_state(seed)
        clear = np.allclose(off_the_walls(want[2:]), want[2:]) and np.allclose(
            clear_of_the_block(want[:2], want[2:]), want[:2]
        )
        if not clear:
            continue
        np.testing.assert_allclose(world.reset(seed), want)
        np.testing.assert_allclose(world.block_pose_px(), want[2:], atol=1e-6)
        np.testing.assert_allclose(world.rod_px(), want[:2], atol=2e-3)
        seeds_checked += 1
    assert seeds_checked > 15


def test_every_start_is_free_of_contact_between_rod_block_and_walls(world):
    low, high = WALLS_PX[0] + 2, WALLS_PX[1] - 2
    for seed in range(100):
        state = initial_state(seed)
        block = off_the_walls(state[2:])
        rod = clear_of_the_block(state[:2], block)
        corners = keypoints(block)
        assert corners.min() >= low - 1e-9
        assert corners.max() <= high + 1e-9
        gap = shapely.Polygon(corners).distance(shapely.Point(rod)) - ROD_RADIUS_PX
        assert gap > 2.9
        assert low <= rod.min() <= rod.max() <= high


def test_a_rod_inside_the_block_is_moved_no_further_than_the_margin():
    block = np.array([256.0, 200.0, 0.0])
    moved = clear_of_the_block(np.array([256.0, 201.0]), block)  # 1 px inside the bar's outer edge
    np.testing.assert_allclose(moved, [256.0, 200.0 - 15.0 - 3.0], atol=0.05)


def test_a_reset_does_not_turn_time_back(world):
    world.reset(0)
    rest(world, world.rod_px(), 0.02)
    before = world.time
    world.reset(1)
    assert world.time == before
    rest(world, world.rod_px(), 0.02)
    assert world.time == pytest.approx(before + 0.02)


def test_two_worlds_given_the_same_commands_are_the_same():
    states = []
    for _ in range(2):
        world = PushTWorld()
        world.reset(np.array([256.0, 120.0, 256.0, 160.0, 0.3]))
        lead(world, np.array([256.0, 240.0]), 0.15)
        states.append(world.qpos)
    np.testing.assert_array_equal(states[0], states[1])


def test_a_state_shown_in_another_world_looks_the_same(world):
    other = PushTWorld()
    world.reset(4)
    other.set_qpos(world.qpos)
    np.testing.assert_allclose(other.rod_px(), world.rod_px(), atol=1e-9)
    np.testing.assert_allclose(other.block_pose_px(), world.block_pose_px(), atol=1e-9)
    np.testing.assert_allclose(other.joint_positions, world.joint_positions)


def test_a_block_that_nothing_touches_stays(world):
    start = np.array([*FAR_AWAY, 300.0, 300.0, 1.0])
    world.reset(start)
    rest(world, FAR_AWAY, 1.0)
    assert corner_error_px(world.block_pose_px(), start[2:]) < 0.1


def test_the_tip_lags_its_target_by_less_than_a_millimetre_at_demonstration_speed(world):
    world.reset(np.array([*FAR_AWAY, 350.0, 300.0, 1.0]))
    assert lead(world, np.array([60.0, 440.0]), 0.15).max() < 1e-3


def test_the_rod_passes_over_the_walls(world):
    world.reset(np.array([*FAR_AWAY, 350.0, 300.0, 1.0]))
    goal = np.array([2.0, 60.0])
    lead(world, goal, 0.1)
    np.testing.assert_allclose(world.rod_px(), goal, atol=1.0)


@pytest.mark.parametrize("speed", [0.15, 0.35])
def test_a_pushed_block_slides_flat_and_the_rod_does_not_sink_in(world, speed):
    world.reset(np.array([256.0, 100.0, 256.0, 160.0, 0.0]))
    path = joints_along(world, np.linspace([256.0, 100.0], [256.0, 300.0], 400))
    step = round(200 * METRES_PER_PX / speed / 400 / world.dt)
    deepest = 0.0
    for joints in np.repeat(path, max(step, 1), axis=0):
        world.step(joints)
        deepest = max(deepest, deepest_contact(world))
        height, tilt = world.qpos[8], world.qpos[10:12]
        assert abs(height) < 1e-3
        assert np.abs(tilt).max() < 0.01
    assert deepest < 5e-4
    assert world.block_pose_px()[1] > 300


def test_a_push_through_the_centre_of_gravity_does_not_turn_the_block(world):
    world.reset(np.array([256.0, 100.0, 256.0, 160.0, 0.0]))
    lead(world, np.array([256.0, 220.0]), 0.1)
    x, y, angle = world.block_pose_px()
    assert y == pytest.approx(220 + ROD_RADIUS_PX, abs=2.0)
    assert x == pytest.approx(256, abs=1.0)
    assert angle == pytest.approx(0.0, abs=0.02)


def test_the_block_rests_as_soon_as_the_rod_does(world):
    world.reset(np.array([220.0, 100.0, 256.0, 160.0, 0.0]))
    goal = np.array([220.0, 220.0])
    lead(world, goal, 0.15)
    rest(world, goal, 0.05)
    settled = world.block_pose_px()
    rest(world, goal, 0.5)
    assert corner_error_px(world.block_pose_px(), settled) < 0.2


def test_a_wall_stops_the_block(world):
    world.reset(np.array([256.0, 200.0, 256.0, 350.0, 0.0]))  # 34 px from the wall below
    lead(world, np.array([256.0, 400.0 - ROD_RADIUS_PX]), 0.1)
    assert keypoints(world.block_pose_px()).max() < 505


def test_a_block_pushed_hard_against_a_wall_stays_flat(world):
    world.reset(np.array([256.0, 250.0, 256.0, 350.0, 0.0]))
    lead(world, np.array([256.0, 430.0]), 0.2)  # far into the block, which cannot go on
    upright = world.data.body("block").xmat.reshape(3, 3)[2, 2]
    assert np.degrees(np.arccos(min(upright, 1.0))) < 2.0


@pytest.mark.parametrize(
    ("rod", "goal", "angle"),
    [
        ((215.0, 120.0), (215.0, 260.0), 0.0),  # on one arm of the bar: it turns
        ((330.0, 200.0), (200.0, 230.0), 0.0),  # from the side, into the corner
        ((150.0, 230.0), (290.0, 230.0), -1.2),
    ],
)
def test_a_push_moves_the_block_as_the_published_environment_does(world, rod, goal, angle):
    """Dry friction against the published impulses: alike, not equal. 20 px is 12 mm."""
    state = np.array([*rod, 256.0, 180.0, angle])
    actions = np.array([goal] * 20)
    published = gymnasium.make("gym_pusht/PushT-v0", obs_type="state").unwrapped
    published.reset(seed=0)
    published.agent.position = rod
    published.block.angle = angle  # turns about the centre of gravity, so it comes first
    published.block.position = tuple(state[2:4])
    for action in actions:
        published.step(action)
    want = np.array([*published.block.position, published.block.angle])

    world.reset(state)
    path, _ = follow(actions, np.array(rod), np.zeros(2))  # one point per 10 ms
    times = np.arange(world.dt, len(actions) * PERIOD, world.dt)
    knots = 0.01 * np.arange(len(path) + 1)
    joints = joints_along(world, np.vstack([rod, path]))
    for time in times:
        world.step(np.array([np.interp(time, knots, column) for column in joints.T]))
    moved = corner_error_px(want, state[2:])
    assert moved > 30
    assert corner_error_px(world.block_pose_px(), want) < 0.15 * moved


def test_a_start_beyond_the_reach_of_the_arm_is_refused(world):
    with pytest.raises(Unreachable):
        world.reset(np.array([1200.0, 256.0, 256.0, 256.0, 0.0]))


def test_a_start_of_the_wrong_size_is_refused(world):
    with pytest.raises(WrongShape, match="start"):
        world.reset(np.zeros(4))
