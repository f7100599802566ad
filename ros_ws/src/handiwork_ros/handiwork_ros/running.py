"""Running one node as a process: until Ctrl-C, SIGTERM or a reason to stop."""

import sys
import time
from collections.abc import Callable

import rclpy
from rclpy.executors import ExternalShutdownException
from rclpy.node import Node
from rclpy.subscription import RCLError

from handiwork.errors import HandiworkError
from handiwork_ros.diagnostics import Diagnostics, Level

LAST_WORDS = 1.5  # [s]


def run(name: str, make: Callable[[], Node], args: list[str] | None = None) -> None:
    """Spin the node that `make` returns, in one thread; exit with 1 if it refuses to start."""
    try:
        with rclpy.init(args=args):
            node = make()
            try:
                rclpy.spin(node)
            except RCLError:
                if rclpy.ok():  # else a callback met the end that a signal had already brought
                    raise
            finally:
                node.destroy_node()
    except (KeyboardInterrupt, ExternalShutdownException):
        pass
    except (HandiworkError, ValueError) as error:
        _announce(name, str(error), args)
        sys.exit(1)


def _announce(name: str, sentence: str, args: list[str] | None) -> None:
    """Tell the log and /diagnostics why the node is not there; late listeners get a moment."""
    try:
        with rclpy.init(args=args):
            node = rclpy.create_node(name)
            Diagnostics(node).report(Level.ERROR, sentence)
            until = time.monotonic() + LAST_WORDS
            while (left := until - time.monotonic()) > 0:
                rclpy.spin_once(node, timeout_sec=left)
    except (KeyboardInterrupt, ExternalShutdownException):
        pass
