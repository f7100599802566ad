"""The Foxglove layout for any robot; Foxglove knows no namespaces that could be set from outside.

    python -m handiwork_app.look_foxglove robot=fr3 > fr3.json

The layout that is shipped, config/handiwork_foxglove.json of handiwork_ros, is the WidowX AI's.
"""

import json
import sys
from typing import Any

from handiwork.errors import HandiworkError
from handiwork.robots.registry import robot
from handiwork_app.environment import WORKSPACE
from handiwork_app.settings import Config
from handiwork_app.words import load_config

SHIPPED = WORKSPACE / "src/handiwork_ros/config/handiwork_foxglove.json"
_OF, _BASE = "/widowx/", "base_link"


def foxglove_layout(config: Config) -> dict[str, Any]:
    """For the robot of a config: its namespace and its base frame."""
    text = SHIPPED.read_text().replace(_OF, f"/{config.robot.namespace}/")
    base = robot(config.robot.name).base_frame
    return json.loads(text.replace(json.dumps(_BASE), json.dumps(base)))


def main() -> int:
    """To stdout."""
    try:
        layout = foxglove_layout(load_config(["app=arm", *sys.argv[1:]]))
    except HandiworkError as error:
        print(f"look_foxglove: {error}", file=sys.stderr)
        return 1
    print(json.dumps(layout, indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
