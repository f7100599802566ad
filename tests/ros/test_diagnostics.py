"""A node's state is on /diagnostics at once when it changes, and not more often than it changes."""

import pytest
from diagnostic_msgs.msg import DiagnosticArray
from rclpy.node import Node

from handiwork_ros.diagnostics import Diagnostics, Level


@pytest.fixture
def heard(graph):
    node = graph.add(Node("speaker"))
    listener = graph.add(Node("listener"))
    statuses = []
    listener.create_subscription(
        DiagnosticArray, "/diagnostics", lambda m: statuses.extend(m.status), 10
    )
    diagnostics = Diagnostics(node, "Fine.")
    assert graph.until(lambda: statuses)  # connected
    statuses.clear()
    return diagnostics, statuses


def test_a_change_is_published_at_once_with_the_node_and_the_sentence(graph, heard):
    diagnostics, statuses = heard
    diagnostics.report(Level.ERROR, "the camera is gone. Plug it in.")
    assert graph.until(lambda: statuses, 0.3)
    status = statuses[-1]
    assert (status.level, status.name) == (b"\x02", "/widowx/speaker")
    assert status.message == "the camera is gone. Plug it in."


def test_a_growing_number_is_no_change_but_the_newest_number_is_told_at_1_hz(graph, heard):
    diagnostics, statuses = heard
    for age in range(50):
        diagnostics.report(Level.WARN, f"the image is {age / 10} s old.")
        graph.spin(0.002)
    graph.until(lambda: len(statuses) >= 2, 1.5)
    assert [status.message for status in statuses] in (
        ["the image is 0.0 s old.", "the image is 4.9 s old."],
        ["the image is 0.0 s old.", statuses[1].message, "the image is 4.9 s old."],
    )


def test_measured_figures_go_with_the_state(graph, heard):
    diagnostics, statuses = heard
    diagnostics.measure("latency_ms", 12.3456)
    diagnostics.report(Level.OK, "Seen.")
    assert graph.until(lambda: statuses, 0.3)
    assert {item.key: item.value for item in statuses[-1].values} == {"latency_ms": "12.35"}
