import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handiwork.control.joint_trajectory import JointSample
from handiwork.safety import (
    Ball,
    Gate,
    GateConfig,
    GateState,
    KeepIn,
    KeepOut,
    Watch,
    Workspace,
    audit,
    room_left,
)
from tests.handiwork.safety.arm import HOME, LIMITS

TICK = 0.004
WALL = 1.0  # [m] of the tool's x, which is the first joint's angle


def to_the_wall(positions):
    return WALL - positions[0]


WATCH = Watch(name="the wall", distance=to_the_wall, slow=0.3, stop=0.02)


def gate(*watches, start=HOME):
    made = Gate(LIMITS, GateConfig(period=TICK), start, watches)
    made.enable(start, 0.0, 0.0)
    made.step(JointSample.at_rest(start), start, TICK, TICK)
    return made


def asked(made, places, now=TICK):
    """Positions (T, 3) sent for wanted positions."""
    sent = []
    for place in places:
        now += TICK
        sent.append(made.step(JointSample.at_rest(place), made.position, now, now).position)
    return np.array(sent)


@settings(deadline=None)
@given(st.floats(-1, 1), st.floats(-1, 1))
def test_the_allowed_speed_never_grows_as_the_distance_shrinks(first, second):
    near, far = sorted((first, second))
    assert 0.0 <= WATCH.share(near) <= WATCH.share(far) <= 1.0


def test_a_distance_that_is_no_number_allows_nothing():
    assert WATCH.share(float("nan")) == 0.0


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=5, deadline=None)
def test_whatever_is_asked_the_arm_does_not_come_nearer_than_the_stop(seed):
    """With enables after each stop, and every limit kept on the way."""
    draws, made = np.random.default_rng(seed), gate(WATCH)
    now, place, sent = TICK, HOME, [HOME] * 3
    for _ in range(600):
        now += TICK
        if draws.random() < 0.02:
            place = draws.uniform(LIMITS.lower, LIMITS.upper)
        sent.append(made.step(JointSample.at_rest(place), made.position, now, now).position)
        if made.state is GateState.STOPPED and draws.random() < 0.1:
            made.enable(made.position, now, now)
            place = made.position
    positions = np.array(sent)
    assert (to_the_wall(positions.T) > WATCH.stop - 1e-3).all()
    assert audit(TICK * np.arange(len(sent)), positions, LIMITS).violations == 0


def test_near_the_wall_it_slows_down_then_stops_and_says_why():
    made = gate(WATCH)
    ramp = HOME + np.array([1.0, 0.0, 0.0]) * np.linspace(0, 3, 600)[:, None]
    sent = asked(made, ramp)[:, 0]
    speed = np.diff(sent) / TICK
    assert speed[to_the_wall([sent[:-1]]) < 0.1].max() < 0.3 * LIMITS.velocity[0]
    assert made.state is GateState.STOPPED
    assert "the wall is 0.0" in made.reason and "stop at 0.02 m" in made.reason


def test_too_near_a_motion_away_is_followed_and_one_towards_is_not():
    inside = HOME + np.array([0.99, 0.0, 0.0])
    made = gate(WATCH, start=inside)
    assert made.state is GateState.ENABLED
    away = asked(made, np.linspace(inside, HOME, 500))
    assert to_the_wall(away[-1]) > 0.5
    towards = gate(WATCH, start=inside)
    sent = asked(towards, np.linspace(inside, inside + np.array([0.05, 0, 0]), 50))
    np.testing.assert_allclose(sent, np.broadcast_to(inside, sent.shape), atol=1e-4)
    assert towards.state is GateState.STOPPED


def test_a_distance_is_asked_for_at_its_own_rate():
    calls = []

    def counted(positions):
        calls.append(positions)
        return 10.0

    made = gate(Watch(name="scene", distance=counted, slow=0.1, stop=0.01, period=0.02))
    calls.clear()
    asked(made, [HOME] * 250)  # one second
    assert 45 <= len(calls) <= 55


def test_an_arm_that_begins_folded_on_itself_turns_and_unfolds_but_folds_no_further():
    """The first joint turns the folded arm as a whole, the second unfolds it."""
    folded = Watch(name="itself", distance=lambda q: 0.001 + q[1] - HOME[1], slow=0.3, stop=0.02)
    ramp = np.linspace(0, 0.3, 300)[:, None]
    for joint in (0, 1):
        made = gate(folded)
        sent = asked(made, HOME + np.eye(3)[joint] * ramp)
        assert made.state is GateState.ENABLED
        assert sent[-1, joint] > HOME[joint] + 0.1
    made = gate(folded)
    sent = asked(made, HOME - np.eye(3)[1] * ramp)
    assert made.reason.startswith("itself")
    assert sent[-1, 1] > HOME[1] - 0.01


def test_the_nearest_of_several_watches_decides():
    far = Watch(name="the door", distance=lambda q: 5.0, slow=0.3, stop=0.02)
    made = gate(far, WATCH)
    asked(made, HOME + np.array([1.0, 0.0, 0.0]) * np.linspace(0, 3, 600)[:, None])
    assert made.reason.startswith("the wall")


def test_a_watch_without_room_to_slow_down_is_refused():
    with pytest.raises(ValueError, match="slow must be above stop"):
        Watch(name="", distance=to_the_wall, slow=0.1, stop=0.1)


BOX = Workspace(lower=(-1.0, -1.0, 0.0), upper=(1.0, 1.0, 2.0))


@pytest.mark.parametrize(
    ("volume", "point", "room"),
    [
        (KeepIn(point="tool", box=BOX), (0.5, 0.0, 1.0), 0.5),
        (KeepIn(point="tool", box=BOX), (0.0, 0.0, -0.2), -0.2),
        (KeepOut(point="tool", volume=BOX), (4.0, 5.0, 1.0), 5.0),
        (KeepOut(point="tool", volume=BOX), (0.9, 0.0, 1.0), -0.1),
        (KeepOut(point="tool", volume=Ball(centre=(0, 0, 0), radius=1.0)), (3.0, 4.0, 0.0), 4.0),
        (KeepOut(point="tool", volume=Ball(centre=(0, 0, 0), radius=1.0)), (0.0, 0.4, 0.0), -0.6),
    ],
)
def test_the_room_of_a_volume_is_the_distance_to_its_nearest_side(volume, point, room):
    assert volume.room(np.array(point)) == pytest.approx(room)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=5, deadline=None)
def test_named_points_stay_in_their_volumes_whatever_is_asked(seed):
    """A tool at (x, y) on two links, kept in a box, its elbow out of a ball."""

    def points(q):
        elbow = np.array([np.cos(q[0]), np.sin(q[0]), 0.0])
        ahead = q[0] + q[1]
        return {"elbow": elbow, "tool": elbow + np.array([np.cos(ahead), np.sin(ahead), 0.0])}

    volumes = (
        KeepIn(point="tool", box=Workspace(lower=(-0.5, -1.8, -1.0), upper=(1.9, 1.8, 1.0))),
        KeepOut(point="elbow", volume=Ball(centre=(0.0, -1.2, 0.0), radius=0.4)),
    )
    room = room_left(volumes, points)
    draws = np.random.default_rng(seed)
    made = gate(Watch(name="a volume", distance=room, slow=0.3, stop=0.01, period=0.01))
    assert room(HOME) > 0.1
    now, place = TICK, HOME
    for _ in range(500):
        now += TICK
        if draws.random() < 0.03:
            place = draws.uniform(LIMITS.lower, LIMITS.upper)
        sent = made.step(JointSample.at_rest(place), made.position, now, now)
        assert room(sent.position) > 0.0
        if made.state is GateState.STOPPED:
            made.enable(made.position, now, now)
            place = made.position
