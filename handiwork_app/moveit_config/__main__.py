"""Writes the MoveIt configuration packages, or prints what MoveIt's tools want to be told.

python -m handiwork_app.moveit_config                    all packages, into ros_ws/src
python -m handiwork_app.moveit_config urdf ROBOT         the URDF that is rendered at launch
python -m handiwork_app.moveit_config parameters ROBOT   all parameters of move_group, and of
                                                         RViz, as a ROS parameters file
"""

import sys
from pathlib import Path

import yaml

from handiwork.errors import HandiworkError
from handiwork.robots.registry import ROBOTS, robot
from handiwork_app.environment import WORKSPACE
from handiwork_app.move_group import config_folder, move_group_parameters
from handiwork_app.moveit_config import package_files, package_name, robot_description

PACKAGES = WORKSPACE / "src/handiwork_moveit_config"


def write_packages(folder: Path) -> None:
    """All packages, each in a folder of its name below `folder`."""
    for each in ROBOTS.values():
        for file, text in package_files(each).items():
            path = folder / package_name(each.name) / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)


def parameters_file(name: str) -> str:
    """What any node of MoveIt may be told about a robot, for `--params-file`."""
    told = move_group_parameters(robot(name), config_folder(name), {})
    return yaml.safe_dump({"/**": {"ros__parameters": told}}, sort_keys=False)


def main(words: list[str]) -> int:
    """Do what the words ask for; 1 and one sentence when it cannot be done."""
    try:
        match words:
            case []:
                write_packages(PACKAGES)
            case ["urdf", name]:
                print(robot_description(robot(name)))
            case ["parameters", name]:
                print(parameters_file(name))
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except HandiworkError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
