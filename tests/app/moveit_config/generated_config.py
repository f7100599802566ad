"""What the generator makes of a robot, made once for all tests."""

from functools import cache

from handiwork_app.moveit_config import package_files, robot_description

files_of = cache(package_files)
description_of = cache(robot_description)
