"""A process becomes the command line that `ros2 run` would make."""

import io
from pathlib import Path

import pytest
import yaml

from handiwork_app.process import Process
from handiwork_app.run import MissingExecutable, command_for, log_to

PROCESS = Process(
    package="pack",
    executable="node",
    name="eyes",
    namespace="/arm",
    parameters={"rate": 30.0, "on": True, "names": ["a", "b"], "text": "1"},
    remappings=(("image", "camera/image"),),
    job=True,
)


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    program = tmp_path / "prefix/lib/pack/node"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    return tmp_path / "prefix"


def test_the_command_names_node_namespace_remappings_and_parameters(
    prefix: Path, tmp_path: Path
) -> None:
    environment = {"AMENT_PREFIX_PATH": f"/elsewhere:{prefix}"}
    command = command_for(PROCESS, tmp_path, environment)
    assert command.argv == (
        str(prefix / "lib/pack/node"),
        "--ros-args",
        *("-r", "__node:=eyes", "-r", "__ns:=/arm", "-r", "image:=camera/image"),
        *("--params-file", str(tmp_path / "params/eyes.yaml")),
    )
    assert command.job and command.name == "eyes"
    written = yaml.safe_load((tmp_path / "params/eyes.yaml").read_text())
    assert written == {"/arm/eyes": {"ros__parameters": dict(PROCESS.parameters)}}


def test_the_first_prefix_that_has_the_executable_wins(prefix: Path, tmp_path: Path) -> None:
    overlay = tmp_path / "overlay/lib/pack/node"
    overlay.parent.mkdir(parents=True)
    overlay.write_text("#!/bin/sh\n")
    environment = {"AMENT_PREFIX_PATH": f"{tmp_path / 'overlay'}:{prefix}"}
    assert command_for(PROCESS, tmp_path, environment).argv[0] == str(overlay)


def test_an_executable_that_is_nowhere_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingExecutable, match=r"'node' of package 'pack'.*make setup"):
        command_for(PROCESS, tmp_path, {"AMENT_PREFIX_PATH": ""})


def test_a_log_has_the_node_s_name_before_every_line(tmp_path: Path) -> None:
    terminal = io.StringIO()
    with log_to(tmp_path / "logs/stack.log", terminal, ["sim"]) as sink:
        sink("sim", "hello")
    assert terminal.getvalue() == "[sim] hello\n"
    assert (tmp_path / "logs/stack.log").read_text() == "[sim] hello\n"


def test_names_are_coloured_on_a_terminal_and_never_in_the_file(tmp_path: Path) -> None:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Screen()
    with log_to(tmp_path / "stack.log", screen, ["sim", "policy"]) as sink:
        sink("sim", "a")
        sink("policy", "b")
    first, second = screen.getvalue().splitlines()
    assert first.startswith("\x1b[") and first.split("[sim]")[0] != second.split("[policy]")[0]
    assert (tmp_path / "stack.log").read_text() == "[sim] a\n[policy] b\n"
