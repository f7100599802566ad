"""A ROS graph of its own for every test: one domain, one executor, bounded waiting."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial

import pytest

pytest.importorskip("rclpy", reason="no ROS here: run through `make test`")

import rclpy
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node

from handiwork_app.domain import hold_domain

NAMESPACE = "/widowx"
PATIENCE = 30.0  # [s] on a busy machine; nothing here takes a third of it


class Graph:
    """Nodes of one test, spun in its own thread by `until`."""

    def __init__(self, domain: int, simulated_time: bool) -> None:
        self.domain = domain
        clock = f"use_sim_time:={str(simulated_time).lower()}"
        self._arguments = ["--ros-args", "-r", f"__ns:={NAMESPACE}", "-p", clock]
        self._begin()

    def _begin(self) -> None:
        rclpy.init(args=self._arguments, domain_id=self.domain)
        self.executor = SingleThreadedExecutor()

    def end(self) -> None:
        """All nodes go."""
        for node in self.executor.get_nodes():
            node.destroy_node()
        self.executor.shutdown()
        rclpy.shutdown()

    def begin_anew(self) -> None:
        """All nodes go, and those that are added from now on are a new participant of DDS.

        Two ends in one process that DDS did not match in some seconds, it never matches.
        """
        self.end()
        self._begin()

    def add(self, node: Node) -> Node:
        """Spin this node too."""
        self.executor.add_node(node)
        return node

    def until(self, condition: Callable[[], bool], patience: float = PATIENCE) -> bool:
        """Spin until the condition holds; says whether it does."""
        deadline = time.monotonic() + patience
        while not condition():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            self.executor.spin_once(timeout_sec=min(left, 0.02))
        return True

    def listen(self, node: Node) -> dict[str, DiagnosticStatus]:
        """The newest state of every node of the namespace, by its name; kept up to date."""
        unheard = partial(DiagnosticStatus, level=DiagnosticStatus.STALE)
        states: dict[str, DiagnosticStatus] = defaultdict(unheard)

        def on_diagnostics(message: DiagnosticArray) -> None:
            for status in message.status:
                states[status.name.removeprefix(f"{NAMESPACE}/")] = status

        node.create_subscription(DiagnosticArray, "/diagnostics", on_diagnostics, 10)
        return states

    def spin(self, seconds: float) -> None:
        """Spin for so long."""
        self.until(lambda: False, seconds)


@pytest.fixture(scope="module")
def domain() -> Iterator[int]:
    """A ROS domain that no other stack uses now."""
    with hold_domain(None) as held:
        yield held


@pytest.fixture
def graph(domain: int) -> Iterator[Graph]:
    """rclpy on a domain of its own and wall time; all nodes go when the test ends."""
    yield from _graph(domain, simulated_time=False)


@pytest.fixture
def sim_graph(domain: int) -> Iterator[Graph]:
    """The same on simulated time."""
    yield from _graph(domain, simulated_time=True)


def _graph(domain: int, simulated_time: bool) -> Iterator[Graph]:
    made = Graph(domain, simulated_time)
    try:
        yield made
    finally:
        made.end()
