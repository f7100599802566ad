"""Whole stacks as a user starts them: two side by side, asked, refused, wounded and stopped."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

pytest.importorskip("rclpy", reason="no ROS here: run through `make test`")

from handiwork_app.environment import ros_environment

ROOT = Path(__file__).parents[2]
PATIENCE = 180.0  # [s] two stacks start at once on few cores
NODES = {"sim", "sim_camera", "perception", "policy", "executor"}
# What a newcomer to a domain finds there: nodes, and how many publish /clock.
LOOK = """
import json, rclpy, time
with rclpy.init():
    node = rclpy.create_node("onlooker")
    deadline = time.monotonic() + 150
    want = {"sim", "sim_camera", "perception", "policy", "executor"}
    while not want <= set(node.get_node_names()) and time.monotonic() < deadline:
        rclpy.spin_once(node, timeout_sec=0.2)
    time.sleep(2)  # whoever else there is gets time to be found
    names = [name for name in node.get_node_names() if name != "onlooker"]
    print(json.dumps([sorted(names), node.count_publishers("/clock")]))
"""


@dataclass
class Stack:
    """A running `handiwork up` and where its files go."""

    process: subprocess.Popen[bytes]
    folder: Path
    domain: int

    @property
    def log(self) -> str:
        return (self.folder / "logs/stack.log").read_text()

    def programs(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)


def handiwork(folder: Path, *words: str, domain: int | None = None) -> subprocess.Popen[bytes]:
    environment = {key: value for key, value in os.environ.items() if key != "ROS_DOMAIN_ID"}
    if domain is not None:
        environment["ROS_DOMAIN_ID"] = str(domain)
    words = (f"folder={folder}", "nodes.sim.camera_rate=5", *words)  # two stacks, few cores
    command = [sys.executable, "-m", "handiwork_app.cli", "up", *words]
    with (folder.parent / f"{folder.name}.txt").open("wb") as output:
        return subprocess.Popen(
            command, env=environment, stdout=output, stderr=output, cwd=ROOT, start_new_session=True
        )


def eventually(fact: Callable[[], object], within: float = PATIENCE) -> bool:
    deadline = time.monotonic() + within
    while not fact() and time.monotonic() < deadline:
        time.sleep(0.1)
    return bool(fact())


def started(folder: Path, *words: str) -> Stack:
    process = handiwork(folder, *words)
    log = folder / "logs/stack.log"
    assert eventually(lambda: log.is_file() and "ROS domain" in log.read_text())
    found = re.search(r"ROS domain (\d+)", log.read_text())
    assert found is not None
    return Stack(process=process, folder=folder, domain=int(found[1]))


@pytest.fixture(scope="module")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, Stack]]:
    folder = tmp_path_factory.mktemp("stacks")
    answer = folder / "first.json"
    both = (started(folder / "first", "--json", str(answer)), started(folder / "second"))
    yield both
    for stack in both:
        if stack.process.poll() is None:
            stack.process.send_signal(signal.SIGTERM)
            stack.process.wait(90)


def in_domain(domain: int, *command: str) -> subprocess.CompletedProcess[str]:
    environment = ros_environment(os.environ) | {"ROS_DOMAIN_ID": str(domain)}
    return subprocess.run(
        [sys.executable, *command],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        cwd=ROOT,
    )


@pytest.mark.timeout(400)
def test_two_stacks_side_by_side_do_not_hear_each_other(stacks: tuple[Stack, Stack]) -> None:
    assert stacks[0].domain != stacks[1].domain
    for stack in stacks:
        looked = in_domain(stack.domain, "-c", LOOK)
        names, clocks = json.loads(looked.stdout)
        assert set(names) == NODES and len(names) == len(NODES)
        assert clocks == 1


def test_a_domain_in_use_is_refused_before_anything_starts(
    stacks: tuple[Stack, Stack], tmp_path: Path
) -> None:
    first = stacks[0]
    third = handiwork(tmp_path / "third", domain=first.domain)
    assert third.wait(90) == 1
    said = (tmp_path / "third.txt").read_text()
    assert f"domain {first.domain} is in use by the stack with pid {first.process.pid}" in said
    assert not (tmp_path / "third" / "logs").exists()


@pytest.mark.timeout(400)
def test_the_example_lets_the_arm_push_in_a_running_stack(stacks: tuple[Stack, Stack]) -> None:
    answered = in_domain(stacks[0].domain, "examples/run_skill.py", "3")
    assert answered.returncode == 0, answered.stderr
    assert answered.stdout.startswith("outcome 1,")  # TIMED_OUT: three seconds are not enough


@pytest.mark.timeout(400)
def test_a_killed_node_ends_its_stack_and_is_named(stacks: tuple[Stack, Stack]) -> None:
    second = stacks[1]
    programs = second.programs()
    (policy,) = [item for item in programs if item.cmdline()[1].endswith("/policy")]
    policy.kill()
    assert second.process.wait(90) == 1
    assert "policy (exit code 137) ended unexpectedly" in second.log.splitlines()[-1]
    assert not any(item.is_running() for item in programs)


@pytest.mark.timeout(400)
def test_ctrl_c_ends_a_stack_well_and_leaves_nothing_running(stacks: tuple[Stack, Stack]) -> None:
    first = stacks[0]
    programs = first.programs()
    assert len(programs) == len(NODES)
    os.killpg(first.process.pid, signal.SIGINT)  # as a terminal does it
    assert first.process.wait(90) == 0
    assert not any(item.is_running() for item in programs)
    assert "Traceback" not in first.log
    result = json.loads((first.folder.parent / "first.json").read_text())
    assert result["reason"] == "stopped by SIGINT" and set(result["processes"]) == NODES
    assert 100 < result["peak_memory_mb"] < 6000
