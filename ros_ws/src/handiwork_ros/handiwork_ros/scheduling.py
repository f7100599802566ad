"""Before whom a thread runs: what moves the arm goes before what only looks or thinks.

Source: sched(7); ros2_control's controller manager asks for the same and goes on without it.
"""

import os
from contextlib import suppress
from pathlib import Path

from rclpy.node import Node


def ask_for_priority(node: Node, priority: int) -> bool:
    """Run the calling thread, and those it starts, before all ordinary ones (SCHED_FIFO).

    priority: 1 to 99, 0 to stay ordinary. False where the system does not allow it.
    """
    return _first(node, priority, [0])


def ask_for_process_priority(node: Node, priority: int) -> bool:
    """The same for all threads that this process has: a message waits for those of DDS before it
    comes to ours. Only for a process that holds nothing but `node`.
    """
    return _first(node, priority, [int(task.name) for task in Path("/proc/self/task").iterdir()])


def _first(node: Node, priority: int, threads: list[int]) -> bool:
    if not priority:
        return False
    try:
        for thread in threads:
            with suppress(ProcessLookupError):  # it has ended since
                os.sched_setscheduler(thread, os.SCHED_FIFO, os.sched_param(priority))
    except PermissionError:
        node.get_logger().info(
            "no real-time priority (needs CAP_SYS_NICE or an rtprio limit); going on without."
        )
        return False
    return True
