"""Two stacks on one machine never share a ROS domain."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from handiwork_app.domain import DomainInUse, hold_domain

HOLDER = """
import sys, pathlib
from handiwork_app.domain import hold_domain
with hold_domain(sys.argv[1] or None, pathlib.Path(sys.argv[2])) as domain:
    print(domain, flush=True)
    sys.stdin.read()
"""


def test_two_stacks_get_different_domains(tmp_path: Path) -> None:
    with hold_domain(None, tmp_path) as first, hold_domain(None, tmp_path) as second:
        assert first != second


def test_a_domain_is_free_again_when_its_stack_has_ended(tmp_path: Path) -> None:
    with hold_domain(None, tmp_path) as first:
        pass
    with hold_domain(None, tmp_path) as again:
        assert again == first


def test_a_wanted_domain_is_the_one_that_is_held(tmp_path: Path) -> None:
    with hold_domain("77", tmp_path) as domain:
        assert domain == 77


def test_a_wanted_domain_in_use_is_refused_naming_domain_and_pid(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, "78", str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as holder:
        assert holder.stdout and holder.stdout.readline() == "78\n"
        with pytest.raises(DomainInUse, match=f"domain 78 .* pid {holder.pid}"):
            hold_domain("78", tmp_path).__enter__()
        holder.kill()
    with hold_domain("78", tmp_path) as domain:  # a killed stack holds nothing
        assert domain == 78


def test_a_domain_whose_port_is_taken_is_passed_over(tmp_path: Path) -> None:
    with hold_domain(None, tmp_path) as free:
        pass
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("", 7410 + 250 * free))
        with hold_domain(None, tmp_path) as domain:
            assert domain > free


def test_a_started_program_does_not_inherit_the_lock(tmp_path: Path) -> None:
    with hold_domain("79", tmp_path):
        survivor = subprocess.Popen(["sleep", "30"])
    try:
        with hold_domain("79", tmp_path) as domain:
            assert domain == 79
    finally:
        survivor.kill()
        survivor.wait()


@pytest.mark.parametrize("wanted", ["x", "-1", "233"])
def test_a_domain_that_cannot_be_is_refused(wanted: str, tmp_path: Path) -> None:
    with pytest.raises(DomainInUse, match="0 to 232"):
        hold_domain(wanted, tmp_path).__enter__()
    assert not list(tmp_path.iterdir())
