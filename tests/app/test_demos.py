"""`handiwork demos` writes what the demonstrator does, whoever of its processes recorded it."""

import json
from pathlib import Path

import numpy as np
import pytest

from handiwork.data.demonstrations import open_demonstrations
from handiwork.sim.demonstrators.demonstrate import demonstrate
from handiwork.sim.demonstrators.disturbance import DisturbanceConfig
from handiwork.sim.demonstrators.planners import PLANNERS
from handiwork.sim.manipulation.tasks import TASKS
from handiwork.sim.manipulation.world import ManipulationWorld
from handiwork_app.cli import main


def test_the_command_records_the_demonstrations_of_its_seeds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["task=lift", "episodes=3", "seed=20", f"folder={tmp_path / 'lift'}"]
    assert main(["demos", *words, "--json", "-"]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    data = open_demonstrations(tmp_path / "lift")
    assert (result["episodes"], result["steps"]) == (data.episodes, data.steps) == (3, data.steps)
    assert result["success_rate"] == 1.0 and result["folder"] == str(tmp_path / "lift")
    world = ManipulationWorld(TASKS["lift"])
    alone = [demonstrate(world, PLANNERS["lift"], 20 + i, DisturbanceConfig()) for i in range(3)]
    for name, values in data.arrays.items():
        np.testing.assert_array_equal(values, np.concatenate([one.arrays[name] for one in alone]))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["task=push_t"], "'push_t' has no demonstrator. Say task=lift"),
        (["task=lift", "episodes=0"], "episodes is 0, want 1 or more"),
        (["task=lift", "obs=smell"], "no obs named 'smell'"),
    ],
)
def test_what_cannot_be_recorded_is_one_sentence(
    words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demos", *words]) == 1
    error = capsys.readouterr().err
    assert says in error and "Traceback" not in error
