"""One arm server at a time, for all tests of the suite; and which ones it ran on."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("rclpy", reason="no ROS here: run through `make test`")

import rclpy
from arm_client import ArmClient
from arm_servers import ARM_SERVERS, ArmServer
from stalls import Stalls

from handiwork.robots.registry import robot
from handiwork.robots.robot import Robot
from handiwork_app.domain import hold_domain
from handiwork_ros.arm_server_config import ArmServerConfig
from handiwork_ros.arm_server_node import ArmServerNode

RAN: list[str] = []
SKIPPED: dict[str, str] = {}


@pytest.fixture(scope="session", params=ARM_SERVERS, ids=lambda server: server.name)
def arm(request: pytest.FixtureRequest, stalls: Stalls) -> Iterator[ArmClient]:
    """A running arm server with its clients; tests leave it enabled and at rest."""
    server: ArmServer = request.param
    interval = sys.getswitchinterval()
    with ExitStack() as stack:
        domain = stack.enter_context(hold_domain(None))
        setting = stack.enter_context(pytest.MonkeyPatch.context())
        setting.setenv("ROS_DOMAIN_ID", str(domain))  # of emulators that speak ROS
        try:
            address = stack.enter_context(server.emulator())
        except pytest.skip.Exception as reason:
            SKIPPED[server.name] = str(reason)
            raise
        rclpy.init(args=["--ros-args", "-r", f"__ns:=/{server.robot}"], domain_id=domain)
        stack.callback(rclpy.shutdown)
        sys.setswitchinterval(0.0002)  # as the node's own process does
        stack.callback(sys.setswitchinterval, interval)
        config = ArmServerConfig(
            robot=server.robot,
            driver=server.driver,
            address=address,
            priority=0,
            state_rate=50.0,
            controller_state_rate=50.0,
            longest_stall=5.0,  # a test machine has other things to do
        )
        client = ArmClient(ArmServerNode(config), served(server), stalls)
        stack.callback(client.close)
        RAN.append(server.name)
        yield client


def served(server: ArmServer) -> Robot:
    """The robot with the groups that the server commands."""
    whole = robot(server.robot)
    groups = tuple(group for group in whole.groups if group.name in server.groups)
    return replace(whole, groups=groups or whole.groups)


@pytest.fixture(autouse=True)
def enabled(request: pytest.FixtureRequest) -> None:
    """A server that stopped in an earlier test fails the next ones at once, with its reason."""
    if "arm" in request.fixturenames:
        request.getfixturevalue("arm").check_enabled()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """These come last: the last arm server and its ROS context live until the session ends."""
    items.sort(key=lambda item: Path(__file__).parent in item.path.parents)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which arm servers were tried."""
    if RAN:
        terminalreporter.write_line(f"conformance suite ran on: {', '.join(RAN)}")
    for name, reason in SKIPPED.items():
        terminalreporter.write_line(f"arm server left out: {name}: {reason}")
