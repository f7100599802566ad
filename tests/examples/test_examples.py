"""Every example without ROS runs as it stands and prints what it promises."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(name: str, *arguments: str) -> str:
    command = [sys.executable, str(ROOT / "examples" / name), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=90, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_stack_is_listed_before_it_starts() -> None:
    output = run("compose_a_stack.py", "app=demo", "seed=7")
    assert "/widowx/evaluator: handiwork_ros evaluator" in output
    assert "seed: 7" in output


def test_the_shipped_policy_proposes_sixteen_targets_on_the_plane() -> None:
    rows = [line.split() for line in run("propose_a_chunk.py").splitlines()]
    assert len(rows) == 16
    assert all(0 <= float(row[3]) <= 512 and 0 <= float(row[6]) <= 512 for row in rows)


def test_examples_are_short() -> None:
    for path in (ROOT / "examples").glob("*.py"):
        assert len(path.read_text().splitlines()) < 40, path.name
