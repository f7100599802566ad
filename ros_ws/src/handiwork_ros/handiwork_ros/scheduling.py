"""Before whom a thread runs: what moves the arm goes before what only looks or thinks.

Source: sched(7); ros2_control's controller manager asks for the same and goes on without it.
"""

import os

from rclpy.node import Node


def ask_for_priority(node: Node, priority: int) -> bool:
    """Run the calling thread, and those it starts, before all ordinary ones (SCHED_FIFO).

    priority: 1 to 99, 0 to stay ordinary. False where the system does not allow it.
    """
    if not priority:
        return False
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(priority))
    except PermissionError:
        node.get_logger().info(
            "no real-time priority (needs CAP_SYS_NICE or an rtprio limit); going on without."
        )
        return False
    return True
