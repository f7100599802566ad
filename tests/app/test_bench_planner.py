"""What `handiwork bench planner` says of a robot in a scene, and of OMPL beside it."""

import pytest

from handiwork_app.bench_planner import PlannerBench, measured


def test_a_row_has_every_path_found_none_that_touches_and_ompl_beside_it():
    done: list[int] = []
    settings = PlannerBench(problems=2)
    row = measured("wxai", "wall", settings, 0, lambda: done.append(1))
    assert (row["robot"], row["scene"], row["problems"], len(done)) == ("wxai", "wall", 2, 2)
    assert row["success_rate"] == 1.0 and row["recheck_failures"] == 0
    assert row["straight_rate"] == 0.0  # there is a wall between start and goal
    assert 0 < row["latency_p50_ms"] <= row["latency_p90_ms"] < row["trajectory_p90_ms"]
    assert row["plain_ompl_success_rate"] == 1.0 and row["plain_ompl_p90_ms"] > 0


@pytest.mark.parametrize(
    "wrong", [{"robots": ("hal",)}, {"scenes": ("moon",)}, {"problems": 0}, {"plain_seconds": 0.0}]
)
def test_a_setting_that_makes_no_sense_is_refused_by_name(wrong: dict):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        PlannerBench(**wrong)
