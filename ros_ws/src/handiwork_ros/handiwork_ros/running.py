"""Running one node as a process: until Ctrl-C, SIGTERM or a reason to stop."""

import gc
import os
import signal
import sys
import time
from collections.abc import Callable

import rclpy
from rclpy.executors import ExternalShutdownException
from rclpy.node import Node
from rclpy.subscription import RCLError

from handiwork.errors import HandiworkError
from handiwork_ros.diagnostics import Diagnostics, Level
from handiwork_ros.large_messages import keep_memory

DISCOVERY = 3.0  # [s] for others to find this process before it ends
LAST_WORDS = 1.2  # [s] and to hear it: diagnostics come every second


def run(name: str, make: Callable[[], Node], args: list[str] | None = None) -> None:
    """Spin the node that `make` returns, in one thread; exit with 1 if it refuses to start."""
    leave_signals_to_ros()
    keep_memory()
    try:
        with rclpy.init(args=args):
            try:
                _spin(make())
            except RCLError:
                if rclpy.ok():  # else something met the end that a signal had already brought
                    raise
    except ExternalShutdownException:
        pass
    except (HandiworkError, ValueError) as error:
        _announce(name, str(error), args)
        sys.exit(1)
    _end()


def _spin(node: Node) -> None:
    gc.freeze()  # what is made once is not walked again in the middle of a motion
    try:
        rclpy.spin(node)
    finally:
        node.destroy_node()


def _end() -> None:
    """End the process at once: everything is closed, and on the way out the bindings of ruckig and
    OMPL would name on the terminal, in hundreds of lines, all that they leave behind.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def leave_signals_to_ros() -> None:
    """Let Ctrl-C end the context, as SIGTERM does, and raise nothing.

    Python's own handler raises KeyboardInterrupt wherever the program is, also inside ROS's C++
    code, which turns it into other errors. ROS calls ours after its own.
    """
    signal.signal(signal.SIGINT, lambda *_: None)


def _announce(name: str, sentence: str, args: list[str] | None) -> None:
    """Tell the log and /diagnostics why the node is not there; late listeners get a moment."""
    try:
        with rclpy.init(args=args):
            node = rclpy.create_node(name)
            diagnostics = Diagnostics(node)
            diagnostics.report(Level.ERROR, sentence)
            give_up = time.monotonic() + DISCOVERY
            while not diagnostics.listeners and time.monotonic() < give_up:
                rclpy.spin_once(node, timeout_sec=0.05)
            until = time.monotonic() + LAST_WORDS
            while (left := until - time.monotonic()) > 0:
                rclpy.spin_once(node, timeout_sec=left)
    except ExternalShutdownException:
        pass
