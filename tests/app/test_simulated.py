"""What a policy must fit is what its environment shows."""

import pytest

from handiwork.errors import UnknownName
from handiwork.sim.manipulation.tasks import TASKS
from handiwork_app.simulated import environments, spec_of


@pytest.mark.parametrize("task", ["push_t", *TASKS])
def test_the_spec_names_every_number_that_is_observed(task: str) -> None:
    spec, seen = spec_of(task, "state"), environments(task, "state")().reset(1)
    assert seen.keys() == {"state"}
    assert len(spec.state_names) == len(spec.state_units) == len(seen["state"])


@pytest.mark.parametrize(("task", "size", "cameras"), [("push_t", 2, 1), ("lift", 5, 2)])
def test_with_pictures_the_state_is_the_robot_s_own(task: str, size: int, cameras: int) -> None:
    spec, seen = spec_of(task, "image"), environments(task, "image")().reset(1)
    assert len(spec.state_names) == len(seen["state"]) == size
    assert len(spec.cameras) == len(seen["image"]) == cameras


def test_points_of_push_t_do_not_exist() -> None:
    with pytest.raises(UnknownName, match="Known: image, state"):
        environments("push_t", "points")
